package org.gradus.autograd.ops;

import static java.lang.Double.NaN;
import static net.jqwik.api.Combinators.combine;
import static org.gradus.autograd.ops.Axes.axes;
import static org.gradus.autograd.ops.Values.INF;
import static org.gradus.autograd.ops.Values.count;
import static org.gradus.autograd.ops.Values.shape;
import static org.gradus.autograd.ops.Values.zeros;
import static org.gradus.autograd.testkit.Call.array;
import static org.gradus.autograd.testkit.Call.call;
import static org.gradus.autograd.testkit.Call.scalar;
import static org.gradus.autograd.testkit.Call.vector;
import static org.gradus.autograd.testkit.Domain.distinct;
import static org.gradus.autograd.testkit.Domain.nonzero;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import org.gradus.autograd.Op;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;
import org.gradus.autograd.testkit.Domain;
import org.gradus.autograd.testkit.Draw;
import org.gradus.autograd.testkit.OpCase;
import org.gradus.autograd.testkit.OpRow;
import org.junit.jupiter.api.function.Executable;

/** The rows of the ops that make one number of many. */
final class ReductionRows {
  private ReductionRows() {}

  static Stream<OpRow> rows() {
    return Stream.of(sum(), mean(), variance(), max(), min(), logSumExp());
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
            .calls(
                call(Ops::sum, count(2, 3, 2)).gives(scalar(78)),
                call(x -> Ops.sum(x, 0), count(2, 3, 2))
                    .gives(array(shape(3, 2), 8, 10, 12, 14, 16, 18)),
                call(x -> Ops.sum(x, 1), count(2, 3, 2)).gives(array(shape(2, 2), 9, 12, 27, 30)),
                call(x -> Ops.sum(x, -1), count(2, 3, 2))
                    .gives(array(shape(2, 3), 3, 7, 11, 15, 19, 23)),
                call(x -> Ops.sum(x, 2, 0), count(2, 3, 2)).gives(vector(18, 26, 34)),
                call(x -> Ops.sum(x, 1, -1), count(2, 3, 2)).gives(vector(21, 57)),
                call(x -> Ops.sum(x, 0, 1, 2), count(2, 3, 2)).gives(scalar(78)),
                call(x -> Ops.sum(x, axes(1).keepDims()), count(2, 3, 2))
                    .gives(array(shape(2, 1, 2), 9, 12, 27, 30)),
                call(x -> Tensor.of(new Sum(List.of(), false), x), count(2, 3, 2))
                    .gives(count(2, 3, 2)),
                call(x -> Ops.sum(x, axes().keepDims()), count(2, 3, 2))
                    .gives(array(shape(1, 1, 1), 78)),
                call(x -> Ops.sum(x, axes(2, 0)), count(2, 3, 2)).gives(vector(18, 26, 34)),
                call(Ops::sum, scalar(5)).gives(scalar(5)),
                // added up in double precision: in float32, 1e8 + 1 is 1e8
                call(Ops::sum, vector(1e8, 1, 1, 1, -1e8)).gives(scalar(3)),
                call(x -> Ops.sum(x, 0), array(shape(4, 2), 1e8, 1e8, 1, 2, 1, 2, -1e8, -1e8))
                    .gives(vector(2, 4)),
                call(x -> Ops.sum(x, 1), array(shape(3, 0))).gives(vector(0, 0, 0)),
                call(x -> Ops.sum(x, 0), array(shape(3, 0))).gives(vector()),
                call(x -> Ops.sum(x, 1), count(2, 1, 3)).gives(count(2, 3)),
                call(Ops::sum, vector()).gives(scalar(0)),
                call(Ops::sum, array(shape(0, 3))).gradients(array(shape(0, 3))),
                call(x -> Ops.sum(x, 2, 1), count(2, 1, 3))
                    .cotangent(7, 8)
                    .gradients(array(shape(2, 1, 3), 7, 7, 7, 8, 8, 8)),
                call(x -> Ops.sum(x, 0), count(2, 1, 3))
                    .cotangent(1, 2, 3)
                    .gradients(array(shape(2, 1, 3), 1, 2, 3, 1, 2, 3)),
                call(op.apply(List.of(1), false), array(shape(2, 0))).gives(vector(0, 0)),
                call(op.apply(List.of(0), false), vector(1, INF)).gives(scalar(INF)),
                call(op.apply(List.of(0), false), vector(-INF, INF)).gives(scalar(NaN)),
                call(op.apply(List.of(0), false), vector(1, NaN)).gives(scalar(NaN)),
                // added up in double precision: in float32, 2^26 + 1 is 2^26
                call(op.apply(List.of(0), false), vector(0x1p26, 1, 1, 1, -0x1p26))
                    .gives(scalar(3)));
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
            .calls(
                call(Ops::mean, count(2, 2, 2)).gives(scalar(4.5)),
                call(x -> Ops.mean(x, 0), count(2, 2, 2)).gives(array(shape(2, 2), 3, 4, 5, 6)),
                call(x -> Ops.mean(x, 1), count(2, 2, 2)).gives(array(shape(2, 2), 2, 3, 6, 7)),
                call(x -> Ops.mean(x, 0, -1), count(2, 2, 2)).gives(vector(3.5, 5.5)),
                call(x -> Ops.mean(x, axes(0, 2).keepDims()), count(2, 2, 2))
                    .gives(array(shape(1, 2, 1), 3.5, 5.5)),
                call(Ops::mean, scalar(5)).gives(scalar(5)),
                call(Ops::mean, vector(0, 1, 1)).about().gives(scalar(2 / 3.0)),
                call(x -> Ops.mean(x, 0), array(shape(3, 0))).gives(vector()),
                call(Ops::mean, vector()).gives(scalar(NaN)),
                call(x -> Ops.mean(x, 1), array(shape(2, 0))).gives(vector(NaN, NaN)),
                call(Ops::mean, array(shape(0, 3))).gradients(array(shape(0, 3))),
                // each element has a third of its row's mean, half of its column's, and a sixth of
                // that of all
                call(x -> Ops.mean(x, 1), count(2, 3))
                    .cotangent(6, 9)
                    .about()
                    .gradients(array(shape(2, 3), 2, 2, 2, 3, 3, 3)),
                call(x -> Ops.mean(x, 0), count(2, 3))
                    .cotangent(2, 4, 6)
                    .about()
                    .gradients(array(shape(2, 3), 1, 2, 3, 1, 2, 3)),
                call(Ops::mean, count(2, 3))
                    .cotangent(12)
                    .about()
                    .gradients(array(shape(2, 3), 2, 2, 2, 2, 2, 2)),
                call(op.apply(List.of(1), false), array(shape(2, 0))).gives(vector(NaN, NaN)),
                call(op.apply(List.of(0), false), vector(1, INF)).gives(scalar(INF)),
                call(op.apply(List.of(0), false), vector(1, NaN)).gives(scalar(NaN)));
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
            .calls(
                call(Ops::variance, count(2, 2, 2)).gives(scalar(5.25)),
                call(x -> Ops.variance(x, 0), count(2, 2, 2)).gives(array(shape(2, 2), 4, 4, 4, 4)),
                call(x -> Ops.variance(x, 1), count(2, 2, 2)).gives(array(shape(2, 2), 1, 1, 1, 1)),
                // of 1 2 5 6
                call(x -> Ops.variance(x, -1, 0), count(2, 2, 2)).gives(vector(4.25, 4.25)),
                call(x -> Ops.variance(x, axes(1, 2).keepDims()), count(2, 2, 2))
                    .gives(array(shape(2, 1, 1), 1.25, 1.25)),
                // of a sample: (4 + 1 + 9) / (3 - 1)
                call(x -> Ops.variance(x, axes(0), 1), vector(1, 2, 6)).gives(scalar(7)),
                call(Ops::variance, scalar(5)).gives(scalar(0)),
                call(Ops::variance, vector(1e8, 1e8 + 8)).gives(scalar(16)),
                call(x -> Ops.variance(x, 0), array(shape(3, 0))).gives(vector()),
                call(Ops::variance, vector()).gives(scalar(NaN)),
                call(Ops::variance, array(shape(0, 3))).gradients(array(shape(0, 3))),
                // a mean of 1e8 costs nothing, although in float32 neighbours are 8 apart
                call(new Variance(first, 0, false), vector(1e8, 1e8 + 8, 1e8 + 16, 1e8 + 24))
                    .gives(scalar(80))
                    .gradients(vector(-6, -2, 2, 6)),
                call(new Variance(first, 1, false), vector(1, 2, 6))
                    .gives(scalar(7))
                    .gradients(vector(-2, -1, 3)),
                call(new Variance(first, 1, false), vector(5))
                    .gives(scalar(NaN))
                    .gradients(vector(NaN)),
                call(new Variance(first, 0, false), vector(5)).gives(scalar(0)),
                call(new Variance(first, 0, false), vector()).gives(scalar(NaN)),
                call(new Variance(first, 1, false), vector()).gives(scalar(NaN)),
                call(new Variance(first, 0, false), vector(1, INF)).gives(scalar(NaN)),
                call(new Variance(first, 0, false), vector(1, NaN)).gives(scalar(NaN)));
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

  static double naiveVariance(double[] x, int correction) {
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
            .calls(
                call(Ops::max, array(shape(2, 3), 1, 9, -3, 7, 5, -6)).gives(scalar(9)),
                call(x -> Ops.max(x, axes(0)), array(shape(2, 3), 1, 9, -3, 7, 5, -6))
                    .gives(vector(7, 9, -3)),
                call(x -> Ops.max(x, axes(-1)), array(shape(2, 3), 1, 9, -3, 7, 5, -6))
                    .gives(vector(9, 7)),
                call(x -> Ops.max(x, axes(1, 0)), array(shape(2, 3), 1, 9, -3, 7, 5, -6))
                    .gives(scalar(9)),
                call(x -> Ops.max(x, axes(0).keepDims()), array(shape(2, 3), 1, 9, -3, 7, 5, -6))
                    .gives(array(shape(1, 3), 7, 9, -3)),
                call(
                        x -> Tensor.of(new Max(List.of(), false), x),
                        array(shape(2, 3), 1, 9, -3, 7, 5, -6))
                    .gives(array(shape(2, 3), 1, 9, -3, 7, 5, -6)),
                call(x -> Ops.max(x, axes(1)), count(2, 3, 2))
                    .gives(array(shape(2, 2), 5, 6, 11, 12)),
                call(x -> Ops.max(x, axes(2, 0)), count(2, 3, 2)).gives(vector(8, 10, 12)),
                call(x -> Ops.max(x, axes(0)), array(shape(3, 0))).gives(vector()),
                // a tie goes to the first in row-major order
                call(Ops::max, array(shape(2, 3), 1, 5, 5, 5, 2, 5))
                    .cotangent(7)
                    .gradients(array(shape(2, 3), 0, 7, 0, 0, 0, 0)),
                // also when the axes are named in another order
                call(x -> Ops.max(x, axes(1, 0)), array(shape(2, 3), 1, 5, 5, 5, 2, 5))
                    .cotangent(7)
                    .gradients(array(shape(2, 3), 0, 7, 0, 0, 0, 0)),
                call(x -> Ops.max(x, axes(0)), array(shape(2, 3), 1, 5, 5, 5, 2, 5))
                    .cotangent(7, 8, 9)
                    .gradients(array(shape(2, 3), 0, 8, 9, 7, 0, 0)),
                call(x -> Ops.max(x, axes(1)), array(shape(2, 3), 1, 5, 5, 5, 2, 5))
                    .cotangent(7, 8)
                    .gradients(array(shape(2, 3), 0, 7, 0, 8, 0, 0)),
                // whichever element is the largest, it stays so: only the square's own derivative
                // is left
                call(x -> Ops.mul(Ops.max(x), Ops.max(x)), vector(3, -4, 3))
                    .derivatives(vector(6, 0, 0), vector(2, 0, 0)),
                call(Ops::max, vector(-0.0, 0.0)).gives(scalar(-0.0)),
                call(Ops::max, vector(1, INF, -INF)).gives(scalar(INF)),
                call(Ops::max, vector(INF, NaN, 1)).gives(scalar(NaN)),
                call(x -> Ops.max(x, axes(1)), array(shape(0, 3))).gradients(array(shape(0, 3))),
                // a tie goes to the first in row-major order
                call(op.apply(List.of(0, 1), false), array(shape(2, 2), 1, 2, 2, 1))
                    .gradients(array(shape(2, 2), 0, 1, 0, 0)),
                call(op.apply(List.of(2, 0), false), array(shape(2, 1, 2), 1, 2, 2, 2))
                    .gradients(array(shape(2, 1, 2), 0, 1, 0, 0)),
                call(alongFirst(op, 0.0, -0.0)).gives(scalar(0)),
                call(alongFirst(op, -0.0, 0.0)).gives(scalar(-0.0)).gradients(vector(1, 0)),
                call(alongFirst(op, 1, NaN, INF, NaN))
                    .gives(scalar(NaN))
                    .gradients(vector(0, 1, 0, 0)),
                call(alongFirst(op, -INF, -INF)).gives(scalar(-INF)).gradients(vector(1, 0)));
    return refusesNothing(
        refusesAxes(row, "max", (x, numbers) -> Ops.max(x, axes(numbers))), "max", op);
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
            .calls(
                call(Ops::min, array(shape(2, 3), 1, 9, -3, 7, 5, -6)).gives(scalar(-6)),
                call(x -> Ops.min(x, axes(0)), array(shape(2, 3), 1, 9, -3, 7, 5, -6))
                    .gives(vector(1, 5, -6)),
                call(x -> Ops.min(x, axes(1)), array(shape(2, 3), 1, 9, -3, 7, 5, -6))
                    .gives(vector(-3, -6)),
                call(x -> Ops.min(x, axes(-1).keepDims()), array(shape(2, 3), 1, 9, -3, 7, 5, -6))
                    .gives(array(shape(2, 1), -3, -6)),
                call(x -> Ops.min(x, axes(0, 2)), count(2, 3, 2)).gives(vector(1, 3, 5)),
                call(Ops::min, scalar(5)).gives(scalar(5)),
                call(x -> Ops.min(x, axes(1)), array(shape(2, 3), 5, 1, 1, 1, 2, 1))
                    .cotangent(7, 8)
                    .gradients(array(shape(2, 3), 0, 7, 0, 8, 0, 0)),
                call(Ops::min, array(shape(2, 3), 5, 1, 1, 1, 2, 1))
                    .cotangent(7)
                    .gradients(array(shape(2, 3), 0, 7, 0, 0, 0, 0)),
                call(Ops::min, vector(1, INF, -INF)).gives(scalar(-INF)),
                call(Ops::min, vector(-INF, NaN, 1)).gives(scalar(NaN)),
                call(op.apply(List.of(0, 1), false), array(shape(2, 2), 2, 1, 1, 2))
                    .gradients(array(shape(2, 2), 0, 1, 0, 0)),
                call(alongFirst(op, 0.0, -0.0)).gives(scalar(0)).gradients(vector(1, 0)),
                call(alongFirst(op, 1, NaN, -INF, NaN))
                    .gives(scalar(NaN))
                    .gradients(vector(0, 1, 0, 0)),
                call(alongFirst(op, INF, INF)).gives(scalar(INF)).gradients(vector(1, 0)));
    return refusesNothing(
        refusesAxes(row, "min", (x, numbers) -> Ops.min(x, axes(numbers))), "min", op);
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
            .calls(
                call(Ops::logSumExp, array(shape(2, 2), 0, Math.log(2), Math.log(3), Math.log(4)))
                    .about()
                    .gives(scalar(Math.log(10))),
                call(
                        x -> Ops.logSumExp(x, 0),
                        array(shape(2, 2), 0, Math.log(2), Math.log(3), Math.log(4)))
                    .about()
                    .gives(vector(Math.log(4), Math.log(6))),
                call(
                        x -> Ops.logSumExp(x, -1),
                        array(shape(2, 2), 0, Math.log(2), Math.log(3), Math.log(4)))
                    .about()
                    .gives(vector(Math.log(3), Math.log(7))),
                call(
                        x -> Ops.logSumExp(x, axes(1).keepDims()),
                        array(shape(2, 2), 0, Math.log(2), Math.log(3), Math.log(4)))
                    .about()
                    .gives(array(shape(2, 1), Math.log(3), Math.log(7))),
                call(Ops::logSumExp, scalar(5)).gives(scalar(5)),
                call(x -> Ops.logSumExp(x, 0), array(shape(3, 0))).gives(vector()),
                // the gradient is the softmax, however large the numbers
                call(Ops::logSumExp, vector(0, 0)).gradients(vector(0.5, 0.5)),
                call(Ops::logSumExp, vector(1e3, 1e3)).gradients(vector(0.5, 0.5)),
                call(Ops::logSumExp, vector(1e8, 1e8)).gradients(vector(0.5, 0.5)),
                call(Ops::logSumExp, vector(1e9, 1e9)).gradients(vector(0.5, 0.5)),
                call(Ops::logSumExp, vector(1e17, 1e17)).gradients(vector(0.5, 0.5)),
                call(Ops::logSumExp, vector(-1e17, -1e17)).gradients(vector(0.5, 0.5)),
                call(Ops::logSumExp, vector(1000, 1000)).about().gives(scalar(1000 + Math.log(2))),
                call(Ops::logSumExp, vector(-1000, -1000))
                    .about()
                    .gives(scalar(-1000 + Math.log(2))),
                call(Ops::logSumExp, vector(-INF, -INF)).gives(scalar(-INF)),
                call(Ops::logSumExp, vector(INF, INF)).gives(scalar(INF)),
                call(Ops::logSumExp, vector(NaN, INF)).gives(scalar(NaN)),
                // rows that are left out, as by a mask, have gradient 0, and so has that gradient
                call(x -> Ops.logSumExp(x, 1), array(shape(2, 2), -INF, -INF, -INF, 3))
                    .gradients(array(shape(2, 2), 0, 0, 0, 1))
                    .about()
                    .derivatives(array(shape(2, 2), 0, 0, 0, 1), array(shape(2, 2), 0, 0, 0, 0)),
                call(Ops::logSumExp, vector()).gives(scalar(-INF)),
                call(x -> Ops.logSumExp(x, 0), array(shape(0, 3))).gradients(array(shape(0, 3))),
                call(alongFirst(op, 1000, 1000)).nearly().gives(scalar(1000 + Math.log(2))),
                call(alongFirst(op, -1000, -1000)).nearly().gives(scalar(-1000 + Math.log(2))),
                call(alongFirst(op, 1000, -1000)).gives(scalar(1000)).gradients(vector(1, 0)),
                call(alongFirst(op, -INF, 3)).gives(scalar(3)).gradients(vector(0, 1)),
                call(alongFirst(op, -INF, -INF)).gives(scalar(-INF)).gradients(vector(0, 0)),
                call(op.apply(List.of(1), false), array(shape(2, 0))).gives(vector(-INF, -INF)),
                call(alongFirst(op, INF, 3)).gives(scalar(INF)),
                call(alongFirst(op, INF, 3, -INF)).gradients(vector(NaN, 0, 0)),
                call(alongFirst(op, NaN, 3)).gives(scalar(NaN)).gradients(vector(NaN, NaN)));
    return refusesAxes(row, "logSumExp", Ops::logSumExp);
  }

  // ---- cases -----------------------------------------------------------------------------------

  /** A reduction of an array of some shape. */
  record Reduction(Shape shape, List<Integer> axes, boolean keepDims) {
    int count() {
      return axes.stream().mapToInt(shape::dim).reduce(1, (a, b) -> a * b);
    }
  }

  /** Reductions of drawn shapes, over axes that have no fewer elements than this. */
  static Arbitrary<Reduction> reductions(int leastExtent) {
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

  static Arbitrary<OpCase> cases(
      BiFunction<List<Integer>, Boolean, Op> op, Domain domain, int leastExtent) {
    return combine(reductions(leastExtent), Draw.seeds())
        .as((r, seed) -> OpCase.of(op.apply(r.axes, r.keepDims), domain.draw(r.shape, seed)));
  }

  static OpCase[] overAnything(BiFunction<List<Integer>, Boolean, Op> op, Domain domain) {
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

  static OpCase[] overNothing(BiFunction<List<Integer>, Boolean, Op> op) {
    return new OpCase[] {
      OpCase.of(op.apply(List.of(0), false), vector()),
      OpCase.of(op.apply(List.of(1), true), array(shape(2, 0))),
      OpCase.of(op.apply(List.of(0), false), array(shape(0, 2)))
    };
  }

  private static OpCase alongFirst(BiFunction<List<Integer>, Boolean, Op> op, double... values) {
    return OpCase.of(op.apply(List.of(0), false), vector(values));
  }

  // ---- oracles ---------------------------------------------------------------------------------

  /** A function of the elements, in row-major order, that share their indices on the other axes. */
  static NdArray reduced(
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

  // ---- wrong calls -----------------------------------------------------------------------------

  interface OverAxes {
    Tensor of(Tensor x, int... axes);
  }

  static OpRow refusesAxes(OpRow row, String name, OverAxes f) {
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

  private static OpRow refuses(OpRow row, String message, Executable call) {
    return row.refuses(ShapeException.class, message, call);
  }
}
