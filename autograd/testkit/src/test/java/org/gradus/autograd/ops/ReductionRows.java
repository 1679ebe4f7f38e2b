package org.gradus.autograd.ops;

import static java.lang.Double.NaN;
import static net.jqwik.api.Combinators.combine;
import static org.gradus.autograd.ops.Values.shape;
import static org.gradus.autograd.testkit.Domain.distinct;
import static org.gradus.autograd.testkit.Domain.nonzero;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.IntFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import org.gradus.autograd.Op;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;
import org.gradus.autograd.testkit.Domain;
import org.gradus.autograd.testkit.Draw;
import org.gradus.autograd.testkit.OpCase;
import org.gradus.autograd.testkit.OpRow;
import org.junit.jupiter.api.function.Executable;

/** The rows of the ops that make one number of many, and of those that normalise along an axis. */
final class ReductionRows {
  private static final double INF = Double.POSITIVE_INFINITY;

  private ReductionRows() {}

  static Stream<OpRow> rows() {
    return Stream.of(sum(), mean(), variance(), max(), min(), logSumExp(), softmax(), logSoftmax());
  }

  // ---- sums and moments ------------------------------------------------------------------------

  private static OpRow sum() {
    BiFunction<List<Integer>, Boolean, Op> op = Sum::new;
    OpRow row =
        OpRow.of(Sum.class, cases(op, nonzero(), 0))
            .exact()
            .oracle(
                c -> {
                  Sum sum = c.op(Sum.class);
                  return reduced(
                      c.input(0), sum.axes(), sum.keepDims(), x -> DoubleStream.of(x).sum());
                })
            .edges(overAnything(op, nonzero()))
            .edges(overNothing(op))
            .gives(OpCase.of(op.apply(List.of(1), false), array(shape(2, 0))), vector(0, 0))
            .gives(OpCase.of(op.apply(List.of(0), false), vector(1, INF)), scalar(INF))
            .gives(OpCase.of(op.apply(List.of(0), false), vector(-INF, INF)), scalar(NaN))
            .gives(OpCase.of(op.apply(List.of(0), false), vector(1, NaN)), scalar(NaN))
            .gives( // added up in double precision: in float32, 2^26 + 1 is 2^26
                OpCase.of(op.apply(List.of(0), false), vector(0x1p26, 1, 1, 1, -0x1p26)),
                scalar(3));
    return refusesAxes(row, "sum", Ops::sum);
  }

  private static OpRow mean() {
    BiFunction<List<Integer>, Boolean, Op> op = Mean::new;
    OpRow row =
        OpRow.of(Mean.class, cases(op, nonzero(), 0))
            .exact()
            .oracle(
                c -> {
                  Mean mean = c.op(Mean.class);
                  return reduced(
                      c.input(0), mean.axes(), mean.keepDims(), ReductionRows::naiveMean);
                })
            .edges(overAnything(op, nonzero()))
            .edges(overNothing(op))
            .gives(OpCase.of(op.apply(List.of(1), false), array(shape(2, 0))), vector(NaN, NaN))
            .gives(OpCase.of(op.apply(List.of(0), false), vector(1, INF)), scalar(INF))
            .gives(OpCase.of(op.apply(List.of(0), false), vector(1, NaN)), scalar(NaN));
    return refusesAxes(row, "mean", Ops::mean);
  }

  private static OpRow variance() {
    Arbitrary<OpCase> drawn =
        reductions(0)
            .flatMap(
                r ->
                    combine(Arbitraries.integers().between(0, r.count() > 1 ? 1 : 0), Draw.seeds())
                        .as(
                            (correction, seed) ->
                                OpCase.of(
                                    new Variance(r.axes, correction, r.keepDims),
                                    nonzero().draw(r.shape, seed))));
    BiFunction<List<Integer>, Boolean, Op> op = (axes, keepDims) -> new Variance(axes, 0, keepDims);
    List<Integer> first = List.of(0);
    OpRow row =
        OpRow.of(Variance.class, drawn)
            .exact()
            .oracle(
                c -> {
                  Variance v = c.op(Variance.class);
                  return reduced(
                      c.input(0), v.axes(), v.keepDims(), x -> naiveVariance(x, v.correction()));
                })
            .edges(overAnything(op, nonzero()))
            .edges(overNothing(op))
            .gives( // a mean of 1e8 costs nothing, although in float32 neighbours are 8 apart
                OpCase.of(new Variance(first, 0, false), vector(1e8, 1e8 + 8, 1e8 + 16, 1e8 + 24)),
                scalar(80))
            .givesGradients(
                OpCase.of(new Variance(first, 0, false), vector(1e8, 1e8 + 8, 1e8 + 16, 1e8 + 24)),
                vector(-6, -2, 2, 6))
            .gives(OpCase.of(new Variance(first, 1, false), vector(1, 2, 6)), scalar(7))
            .givesGradients(
                OpCase.of(new Variance(first, 1, false), vector(1, 2, 6)), vector(-2, -1, 3))
            .gives(OpCase.of(new Variance(first, 1, false), vector(5)), scalar(NaN))
            .givesGradients(OpCase.of(new Variance(first, 1, false), vector(5)), vector(NaN))
            .gives(OpCase.of(new Variance(first, 0, false), vector(5)), scalar(0))
            .gives(OpCase.of(new Variance(first, 0, false), vector()), scalar(NaN))
            .gives(OpCase.of(new Variance(first, 1, false), vector()), scalar(NaN))
            .gives(OpCase.of(new Variance(first, 0, false), vector(1, INF)), scalar(NaN))
            .gives(OpCase.of(new Variance(first, 0, false), vector(1, NaN)), scalar(NaN));
    row = refusesAxes(row, "variance", Ops::variance);
    for (int correction : new int[] {-1, 2}) {
      row =
          row.refuses(
              IllegalArgumentException.class,
              "variance: correction %s, expected 0 or 1".formatted(correction),
              () -> new Variance(first, correction, false));
    }
    return row;
  }

  private static double naiveMean(double... x) {
    return DoubleStream.of(x).sum() / x.length;
  }

  private static double naiveVariance(double[] x, int correction) {
    double mean = naiveMean(x);
    double squares = DoubleStream.of(x).map(value -> (value - mean) * (value - mean)).sum();
    return x.length > correction ? squares / (x.length - correction) : NaN;
  }

  // ---- extremes --------------------------------------------------------------------------------

  private static OpRow max() {
    BiFunction<List<Integer>, Boolean, Op> op = Max::new;
    OpRow row =
        OpRow.of(Max.class, cases(op, distinct(), 1))
            .oracle(
                c -> {
                  Max max = c.op(Max.class);
                  return reduced(
                      c.input(0),
                      max.axes(),
                      max.keepDims(),
                      x -> DoubleStream.of(x).max().getAsDouble());
                })
            .edges(overAnything(op, distinct()))
            .givesGradients( // a tie goes to the first in row-major order
                OpCase.of(op.apply(List.of(0, 1), false), array(shape(2, 2), 1, 2, 2, 1)),
                array(shape(2, 2), 0, 1, 0, 0))
            .givesGradients(
                OpCase.of(op.apply(List.of(2, 0), false), array(shape(2, 1, 2), 1, 2, 2, 2)),
                array(shape(2, 1, 2), 0, 1, 0, 0))
            .gives(alongFirst(op, 0.0, -0.0), scalar(0))
            .gives(alongFirst(op, -0.0, 0.0), scalar(-0.0))
            .givesGradients(alongFirst(op, -0.0, 0.0), vector(1, 0))
            .gives(alongFirst(op, 1, NaN, INF, NaN), scalar(NaN))
            .givesGradients(alongFirst(op, 1, NaN, INF, NaN), vector(0, 1, 0, 0))
            .gives(alongFirst(op, -INF, -INF), scalar(-INF))
            .givesGradients(alongFirst(op, -INF, -INF), vector(1, 0));
    return refusesNothing(refusesAxes(row, "max", Ops::max), "max", op);
  }

  private static OpRow min() {
    BiFunction<List<Integer>, Boolean, Op> op = Min::new;
    OpRow row =
        OpRow.of(Min.class, cases(op, distinct(), 1))
            .oracle(
                c -> {
                  Min min = c.op(Min.class);
                  return reduced(
                      c.input(0),
                      min.axes(),
                      min.keepDims(),
                      x -> DoubleStream.of(x).min().getAsDouble());
                })
            .edges(overAnything(op, distinct()))
            .givesGradients(
                OpCase.of(op.apply(List.of(0, 1), false), array(shape(2, 2), 2, 1, 1, 2)),
                array(shape(2, 2), 0, 1, 0, 0))
            .gives(alongFirst(op, 0.0, -0.0), scalar(0))
            .givesGradients(alongFirst(op, 0.0, -0.0), vector(1, 0))
            .gives(alongFirst(op, 1, NaN, -INF, NaN), scalar(NaN))
            .givesGradients(alongFirst(op, 1, NaN, -INF, NaN), vector(0, 1, 0, 0))
            .gives(alongFirst(op, INF, INF), scalar(INF))
            .givesGradients(alongFirst(op, INF, INF), vector(1, 0));
    return refusesNothing(refusesAxes(row, "min", Ops::min), "min", op);
  }

  private static OpRow refusesNothing(
      OpRow row, String name, BiFunction<List<Integer>, Boolean, Op> op) {
    String none = " there are no elements to compare";
    return refuses(
        refuses(
            row,
            name + ": over axes [1] of [2, 0]" + none,
            () -> Tensor.of(op.apply(List.of(1), true), zeros(2, 0))),
        name + ": over axes [0, -1] of [0, 2]" + none,
        () -> Tensor.of(op.apply(List.of(0, -1), false), zeros(0, 2)));
  }

  // ---- exponentials ----------------------------------------------------------------------------

  private static OpRow logSumExp() {
    BiFunction<List<Integer>, Boolean, Op> op = LogSumExp::new;
    OpRow row =
        OpRow.of(LogSumExp.class, cases(op, nonzero(), 0))
            .oracle(
                c -> {
                  LogSumExp l = c.op(LogSumExp.class);
                  return reduced(
                      c.input(0),
                      l.axes(),
                      l.keepDims(),
                      x -> Math.log(DoubleStream.of(x).map(Math::exp).sum()));
                })
            .edges(overAnything(op, nonzero()))
            .edges(overNothing(op))
            .gives(alongFirst(op, 1000, 1000), scalar(1000 + Math.log(2)))
            .gives(alongFirst(op, -1000, -1000), scalar(-1000 + Math.log(2)))
            .gives(alongFirst(op, 1000, -1000), scalar(1000))
            .givesGradients(alongFirst(op, 1000, -1000), vector(1, 0))
            .gives(alongFirst(op, -INF, 3), scalar(3))
            .givesGradients(alongFirst(op, -INF, 3), vector(0, 1))
            .gives(alongFirst(op, -INF, -INF), scalar(-INF))
            .givesGradients(alongFirst(op, -INF, -INF), vector(0, 0))
            .gives(OpCase.of(op.apply(List.of(1), false), array(shape(2, 0))), vector(-INF, -INF))
            .gives(alongFirst(op, INF, 3), scalar(INF))
            .givesGradients(alongFirst(op, INF, 3, -INF), vector(NaN, 0, 0))
            .gives(alongFirst(op, NaN, 3), scalar(NaN))
            .givesGradients(alongFirst(op, NaN, 3), vector(NaN, NaN));
    return refusesAxes(row, "logSumExp", Ops::logSumExp);
  }

  private static OpRow softmax() {
    IntFunction<Op> op = Softmax::new;
    OpRow row =
        OpRow.of(Softmax.class, alongAxis(op))
            .oracle(c -> alongLines(c.input(0), c.op(Softmax.class).axis(), ReductionRows::share))
            .edges(alongAnything(op))
            .gives(OpCase.of(op.apply(0), vector(1000, -1000)), vector(1, 0))
            .givesGradients(OpCase.of(op.apply(0), vector(1000, -1000, -INF)), vector(0, 0, 0))
            .gives(OpCase.of(op.apply(0), vector(-1000, -1000)), vector(0.5, 0.5))
            .gives(OpCase.of(op.apply(0), vector(-INF, 3, 3)), vector(0, 0.5, 0.5))
            .gives(OpCase.of(op.apply(0), vector(-INF, -INF)), vector(0, 0))
            .givesGradients(OpCase.of(op.apply(0), vector(-INF, -INF)), vector(0, 0))
            .gives(OpCase.of(op.apply(0), vector(INF, 0)), vector(NaN, NaN))
            .gives(OpCase.of(op.apply(0), vector(NaN, 0)), vector(NaN, NaN));
    return refusesAxis(row, "softmax", Ops::softmax);
  }

  private static OpRow logSoftmax() {
    IntFunction<Op> op = LogSoftmax::new;
    OpRow row =
        OpRow.of(LogSoftmax.class, alongAxis(op))
            .oracle(
                c ->
                    alongLines(
                        c.input(0),
                        c.op(LogSoftmax.class).axis(),
                        (x, line) -> Math.log(share(x, line))))
            .edges(alongAnything(op))
            .gives(OpCase.of(op.apply(0), vector(1000, -1000)), vector(0, -2000))
            .givesGradients( // 1 - softmax(x) (1 + 1 + 1)
                OpCase.of(op.apply(0), vector(1000, -1000, -INF)), vector(-2, 1, 1))
            .gives(OpCase.of(op.apply(0), vector(-INF, 3)), vector(-INF, 0))
            .gives(OpCase.of(op.apply(0), vector(-INF, -INF)), vector(-INF, -INF))
            .givesGradients(OpCase.of(op.apply(0), vector(-INF, -INF)), vector(0, 0));
    return refusesAxis(row, "logSoftmax", Ops::logSoftmax);
  }

  private static double share(double x, double[] line) {
    return Math.exp(x) / DoubleStream.of(line).map(Math::exp).sum();
  }

  // ---- cases -----------------------------------------------------------------------------------

  /** A reduction of an array of some shape. */
  private record Reduction(Shape shape, List<Integer> axes, boolean keepDims) {
    int count() {
      return axes.stream().mapToInt(shape::dim).reduce(1, (a, b) -> a * b);
    }
  }

  /** Reductions of drawn shapes, over axes that have no fewer elements than this. */
  private static Arbitrary<Reduction> reductions(int leastExtent) {
    return Draw.shapes(0, 4)
        .flatMap(
            shape ->
                combine(Draw.axes(shape), Arbitraries.of(true, false))
                    .as(
                        (axes, keepDims) -> {
                          Shape enough = shape;
                          for (int axis : axes) {
                            enough = enough.with(axis, Math.max(leastExtent, shape.dim(axis)));
                          }
                          return new Reduction(enough, axes, keepDims);
                        }));
  }

  private static Arbitrary<OpCase> cases(
      BiFunction<List<Integer>, Boolean, Op> op, Domain domain, int leastExtent) {
    return combine(reductions(leastExtent), Draw.seeds())
        .as((r, seed) -> OpCase.of(op.apply(r.axes, r.keepDims), domain.draw(r.shape, seed)));
  }

  private static OpCase[] overAnything(BiFunction<List<Integer>, Boolean, Op> op, Domain domain) {
    return Stream.of(
            new Reduction(shape(), List.of(), false),
            new Reduction(shape(), List.of(), true),
            new Reduction(shape(1), List.of(0), false),
            new Reduction(shape(1, 1), List.of(1), true),
            new Reduction(shape(2, 3), List.of(), false),
            new Reduction(shape(2, 3), List.of(1, 0), true),
            new Reduction(shape(2, 0), List.of(0), false),
            new Reduction(shape(2, 3, 2), List.of(-1, 0), false))
        .map(r -> OpCase.of(op.apply(r.axes, r.keepDims), domain.draw(r.shape, 1)))
        .toArray(OpCase[]::new);
  }

  private static OpCase[] overNothing(BiFunction<List<Integer>, Boolean, Op> op) {
    return new OpCase[] {
      OpCase.of(op.apply(List.of(0), false), vector()),
      OpCase.of(op.apply(List.of(1), true), array(shape(2, 0))),
      OpCase.of(op.apply(List.of(0), false), array(shape(0, 2)))
    };
  }

  private static OpCase alongFirst(BiFunction<List<Integer>, Boolean, Op> op, double... values) {
    return OpCase.of(op.apply(List.of(0), false), vector(values));
  }

  private static Arbitrary<OpCase> alongAxis(IntFunction<Op> op) {
    return Draw.shapes(1, 3)
        .flatMap(
            shape ->
                combine(Draw.axis(shape), Draw.seeds())
                    .as((axis, seed) -> OpCase.of(op.apply(axis), nonzero().draw(shape, seed))));
  }

  private static OpCase[] alongAnything(IntFunction<Op> op) {
    return new OpCase[] {
      OpCase.of(op.apply(0), vector(1)),
      OpCase.of(op.apply(0), vector()),
      OpCase.of(op.apply(-1), array(shape(2, 0))),
      OpCase.of(op.apply(0), array(shape(2, 0))),
      OpCase.of(op.apply(1), array(shape(2, 1), 3, 4))
    };
  }

  // ---- oracles ---------------------------------------------------------------------------------

  /** A function of the elements, in row-major order, that share their indices on the other axes. */
  private static NdArray reduced(
      NdArray x, List<Integer> axes, boolean keepDims, ToDoubleFunction<double[]> f) {
    int rank = x.shape().rank();
    List<Integer> reduced = axes.stream().map(axis -> axis < 0 ? axis + rank : axis).toList();
    Map<List<Integer>, List<Double>> groups = new LinkedHashMap<>();
    int[] kept = x.shape().toArray();
    reduced.forEach(axis -> kept[axis] = 1);
    for (int[] index : Naive.indices(kept)) {
      groups.put(IntStream.of(index).boxed().toList(), new ArrayList<>());
    }
    Naive elements = Naive.of(x);
    for (int[] index : Naive.indices(elements.dims())) {
      List<Integer> group =
          IntStream.range(0, rank).map(k -> reduced.contains(k) ? 0 : index[k]).boxed().toList();
      groups.get(group).add(elements.at(index));
    }
    double[] results =
        groups.values().stream()
            .mapToDouble(g -> f.applyAsDouble(g.stream().mapToDouble(e -> e).toArray()))
            .toArray();
    int[] dims =
        IntStream.range(0, rank)
            .filter(k -> keepDims || !reduced.contains(k))
            .map(k -> kept[k])
            .toArray();
    return NdArray.of(results, dims);
  }

  /** A function of an element and of the line along an axis that it lies on. */
  private interface OnLine {
    double of(double element, double[] line);
  }

  private static NdArray alongLines(NdArray array, int axis, OnLine f) {
    Naive x = Naive.of(array);
    int along = axis < 0 ? axis + x.rank() : axis;
    return Naive.generate(
            x.dims(),
            index -> {
              double[] line =
                  IntStream.range(0, x.dim(along))
                      .mapToDouble(
                          i -> {
                            int[] other = index.clone();
                            other[along] = i;
                            return x.at(other);
                          })
                      .toArray();
              return f.of(x.at(index), line);
            })
        .as(DType.FLOAT64)
        .value();
  }

  // ---- wrong calls -----------------------------------------------------------------------------

  private interface OverAxes {
    Tensor of(Tensor x, int... axes);
  }

  private static OpRow refusesAxes(OpRow row, String name, OverAxes f) {
    OpRow refusing = row;
    for (int axis : new int[] {2, -3}) {
      refusing =
          refuses(
              refusing,
              name + ": there is no axis %s in [2, 3], which has rank 2".formatted(axis),
              () -> f.of(zeros(2, 3), 0, axis));
    }
    refusing =
        refuses(
            refusing,
            name + ": there is no axis 0 in [], which has rank 0",
            () -> f.of(zeros(), 0));
    return refuses(
        refusing,
        name + ": axis 1 is named twice in [1, 0, -1]",
        () -> f.of(zeros(2, 3), 1, 0, -1));
  }

  private static OpRow refusesAxis(OpRow row, String name, BiFunction<Tensor, Integer, Tensor> f) {
    OpRow refusing = row;
    for (int axis : new int[] {2, -3, Integer.MIN_VALUE}) {
      refusing =
          refuses(
              refusing,
              name + ": there is no axis %s in [2, 3], which has rank 2".formatted(axis),
              () -> f.apply(zeros(2, 3), axis));
    }
    return refuses(
        refusing,
        name + ": there is no axis -1 in [], which has rank 0",
        () -> f.apply(zeros(), -1));
  }

  private static OpRow refuses(OpRow row, String message, Executable call) {
    return row.refuses(ShapeException.class, message, call);
  }

  private static Tensor zeros(int... dims) {
    return Tensor.constant(NdArray.zeros(DType.FLOAT64, Shape.of(dims)));
  }

  private static NdArray scalar(double value) {
    return NdArray.scalar(DType.FLOAT64, value);
  }

  private static NdArray vector(double... values) {
    return array(shape(values.length), values);
  }

  private static NdArray array(Shape shape, double... values) {
    return NdArray.of(values, shape.toArray());
  }
}
