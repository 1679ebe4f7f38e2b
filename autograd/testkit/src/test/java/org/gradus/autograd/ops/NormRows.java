package org.gradus.autograd.ops;

import static java.lang.Double.NaN;
import static net.jqwik.api.Combinators.combine;
import static org.gradus.autograd.ops.Axes.axes;
import static org.gradus.autograd.ops.ReductionRows.cases;
import static org.gradus.autograd.ops.ReductionRows.naiveVariance;
import static org.gradus.autograd.ops.ReductionRows.overAnything;
import static org.gradus.autograd.ops.ReductionRows.overNothing;
import static org.gradus.autograd.ops.ReductionRows.reduced;
import static org.gradus.autograd.ops.ReductionRows.reductions;
import static org.gradus.autograd.ops.ReductionRows.refusesAxes;
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

import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;
import org.gradus.autograd.testkit.Draw;
import org.gradus.autograd.testkit.OpCase;
import org.gradus.autograd.testkit.OpRow;

/** The rows of lengths and directions of vectors, of standard deviations, and of moments. */
final class NormRows {
  private NormRows() {}

  static Stream<OpRow> rows() {
    return Stream.of(norm(), direction(), directionInput(), std(), channelMoments());
  }

  private static OpRow norm() {
    OpRow row =
        OpRow.of(Norm.class, cases(Norm::new, nonzero(), 0))
            .orders(3)
            .oracle(
                c -> {
                  Norm norm = c.op(Norm.class);
                  return reduced(c.input(0), norm.axes(), norm.keepDims(), NormRows::length);
                })
            .edges(overAnything(Norm::new, nonzero()))
            .edges(overNothing(Norm::new))
            .calls(
                call(Ops::norm, vector(3, -4)).gives(scalar(5)).gradients(vector(0.6, -0.8)),
                call(x -> Ops.norm(x, 1), array(shape(2, 2), 3, 4, 5, 12)).gives(vector(5, 13)),
                call(x -> Ops.norm(x, axes(-1).keepDims()), array(shape(2, 2), 3, 4, 5, 12))
                    .cotangent(10, 13)
                    .gives(array(shape(2, 1), 5, 13))
                    .nearly()
                    .gradients(array(shape(2, 2), 6, 8, 5, 12)),
                call(Ops::norm, count(2, 2, 2)).nearly().gives(scalar(Math.sqrt(204))),
                call(x -> Ops.norm(x, 0, 2), array(shape(2, 1, 2), 1, 5, 5, 7)).gives(vector(10)),
                call(Ops::norm, scalar(-5)).gives(scalar(5)).gradients(scalar(-1)),
                call(Ops::norm, vector()).gives(scalar(0)),
                call(x -> Ops.norm(x, 0), array(shape(3, 0))).gives(vector()),
                // (1 - u^2) / r across, 0 along
                call(Ops::norm, vector(3, 4))
                    .about()
                    .derivatives(
                        vector(0.6, 0.8), vector(0.2 * (0.64 - 0.48), 0.2 * (0.36 - 0.48))),
                // squares would overflow or vanish, and so would the last sum itself in float32
                call(Ops::norm, vector(3 * 0x1p100, 4 * 0x1p100))
                    .gives(scalar(5 * 0x1p100))
                    .gradients(vector(0.6, 0.8)),
                call(Ops::norm, vector(3 * 0x1p-120, 4 * 0x1p-120))
                    .gives(scalar(5 * 0x1p-120))
                    .gradients(vector(0.6, 0.8)),
                call(Ops::norm, vector(3 * 0x1p1000, 4 * 0x1p1000))
                    .gives(scalar(5 * 0x1p1000))
                    .gradients(vector(0.6, 0.8)),
                call(Ops::norm, vector(3 * 0x1p-1070, 4 * 0x1p-1070))
                    .gives(scalar(5 * 0x1p-1070))
                    .gradients(vector(0.6, 0.8)),
                call(Ops::norm, vector(0x1.8p127, 0x1.8p127))
                    .gives(scalar(INF))
                    .nearly()
                    .gradients(vector(Math.sqrt(0.5), Math.sqrt(0.5)))
                    .in(DType.FLOAT32),
                // at the kink
                call(Ops::norm, vector(0, 0, 0))
                    .gives(scalar(0))
                    .gradients(vector(0, 0, 0))
                    .derivatives(vector(0, 0, 0), vector(0, 0, 0)),
                call(Ops::norm, vector(INF, 1)).gives(scalar(INF)).gradients(vector(NaN, 0)),
                call(Ops::norm, vector(-INF, NaN)).gives(scalar(NaN)),
                call(Ops::norm, vector(1, NaN)).gives(scalar(NaN)).gradients(vector(NaN, NaN)));
    return refusesAxes(row, "norm", Ops::norm);
  }

  private static double length(double... x) {
    return Math.sqrt(DoubleStream.of(x).map(v -> v * v).sum());
  }

  private static OpRow direction() {
    OpRow row =
        OpRow.of(Direction.class, cases((axes, kept) -> new Direction(axes), nonzero(), 0))
            .orders(3)
            .oracle(
                c -> {
                  Naive x = Naive.of(c.input(0));
                  Naive r = lengths(c.input(0), c.op(Direction.class).axes());
                  return generate(x, i -> x.at(i) / r.broadcastAt(i));
                })
            .edges(overAnything((axes, kept) -> new Direction(axes), nonzero()))
            .edges(overNothing((axes, kept) -> new Direction(axes)))
            .calls(
                call(new Direction(List.of(0)), vector(3, -4)).gives(vector(0.6, -0.8)),
                call(new Direction(List.of(0)), vector(0, 0)).gives(vector(0, 0)));
    return refusesAxes(row, "direction", (x, a) -> Tensor.of(new Direction(list(a)), x));
  }

  private static OpRow directionInput() {
    OpRow row =
        OpRow.of(
                DirectionInput.class,
                combine(reductions(0), Draw.seeds())
                    .as((r, seed) -> directionInputOf(r.shape(), r.axes(), seed)))
            .oracle(
                c -> {
                  List<Integer> axes = c.op(DirectionInput.class).axes();
                  NdArray products = c.input(0).zip(c.input(1), (a, b) -> a * b);
                  Naive x = Naive.of(c.input(0));
                  Naive v = Naive.of(c.input(1));
                  Naive r = lengths(c.input(0), axes);
                  Naive dot =
                      Naive.of(reduced(products, axes, true, each -> DoubleStream.of(each).sum()));
                  return generate(
                      x,
                      i -> {
                        double length = r.broadcastAt(i);
                        double along = dot.broadcastAt(i) / length / length;
                        return (v.at(i) - x.at(i) * along) / length;
                      });
                })
            .edges(
                directionInputOf(shape(), List.of(), 1),
                directionInputOf(shape(1), List.of(0), 1),
                directionInputOf(shape(0), List.of(0), 1),
                directionInputOf(shape(2, 0), List.of(0), 1),
                directionInputOf(shape(2, 2, 2, 2, 2), List.of(0, 2, -1), 1))
            .calls(
                // ((10, 5) - (3, 4) / 5 * 10) / 5
                call(new DirectionInput(List.of(0)), vector(3, 4), vector(10, 5))
                    .about()
                    .gives(vector(0.8, -0.6)),
                call(new DirectionInput(List.of(0)), vector(0, 0), vector(10, 5))
                    .gives(vector(0, 0))
                    .gradients(vector(-0.0, -0.0), vector(0, 0)))
            .refuses(
                ShapeException.class,
                "directionInput: input [2, 3] and cotangent [3] differ in shape",
                () -> Tensor.of(new DirectionInput(List.of(0)), zeros(2, 3), zeros(3)));
    return refusesAxes(
        row, "directionInput", (x, a) -> Tensor.of(new DirectionInput(list(a)), x, x));
  }

  private static OpCase directionInputOf(Shape shape, List<Integer> axes, long seed) {
    return OpCase.of(new DirectionInput(axes), Draw.fill(seed, nonzero(), shape, shape));
  }

  private static List<Integer> list(int... axes) {
    return Arrays.stream(axes).boxed().toList();
  }

  private static Naive lengths(NdArray x, List<Integer> axes) {
    return Naive.of(reduced(x, axes, true, NormRows::length));
  }

  private interface At {
    double of(int[] index);
  }

  private static NdArray generate(Naive like, At f) {
    return Naive.generate(like.dims(), f::of).as(DType.FLOAT64).value();
  }

  // ---- the standard deviation ------------------------------------------------------------------

  private static OpRow std() {
    OpRow row =
        OpRow.of(
                Std.class,
                reductions(0)
                    .flatMap(
                        r ->
                            combine(
                                    Arbitraries.integers().between(0, r.count() > 1 ? 1 : 0),
                                    Draw.seeds())
                                .as(
                                    (correction, seed) ->
                                        stdOf(r.shape(), r.axes(), correction, seed))))
            .oracle(
                c -> {
                  Std std = c.op(Std.class);
                  return reduced(
                      c.input(0),
                      std.axes(),
                      std.keepDims(),
                      x -> Math.sqrt(naiveVariance(x, std.correction())));
                })
            .edges(
                stdOf(shape(1), List.of(0), 0, 1),
                stdOf(shape(1, 3), List.of(0), 0, 1),
                stdOf(shape(0), List.of(0), 0, 1),
                stdOf(shape(2, 0), List.of(0), 0, 1),
                stdOf(shape(2, 0), List.of(1), 0, 1),
                stdOf(shape(2, 3, 2), List.of(-1, 0), 1, 1))
            .calls(
                call(Ops::std, vector(1, 3)).gives(scalar(1)).nearly().gradients(vector(-0.5, 0.5)),
                call(x -> Ops.std(x, 1), array(shape(2, 4), 2, 4, 4, 6, 1, 1, 1, 9))
                    .nearly()
                    .gives(vector(Math.sqrt(2), Math.sqrt(12))),
                call(x -> Ops.std(x, axes(1).keepDims()), array(shape(2, 2), 1, 3, 5, 15))
                    .gives(array(shape(2, 1), 1, 5)),
                // of a sample: (4 + 1 + 9) / (3 - 1) is 7
                call(x -> Ops.std(x, axes(0), 1), vector(1, 2, 6))
                    .nearly()
                    .gives(scalar(Math.sqrt(7))),
                call(x -> Ops.std(x, axes(0), 1), vector(1, 3))
                    .nearly()
                    .gives(scalar(Math.sqrt(2))),
                // a mean of 1e8 costs nothing, although in float32 neighbours are 8 apart
                call(Ops::std, vector(1e8, 1e8 + 16))
                    .gives(scalar(8))
                    .nearly()
                    .gradients(vector(-0.5, 0.5)),
                // the variance would be too large, and too small
                call(Ops::std, vector(0x1p100, 3 * 0x1p100)).gives(scalar(0x1p100)),
                call(Ops::std, vector(0x1p1000, 3 * 0x1p1000)).gives(scalar(0x1p1000)),
                call(Ops::std, vector(0x1p-120, 3 * 0x1p-120)).gives(scalar(0x1p-120)),
                call(Ops::std, vector(0x1p-1000, 3 * 0x1p-1000)).gives(scalar(0x1p-1000)),
                // at the kink, of whatever number
                call(Ops::std, vector(0.1, 0.1, 0.1))
                    .gives(scalar(0))
                    .gradients(vector(0, 0, 0))
                    .derivatives(vector(0, 0, 0), vector(0, 0, 0)),
                call(Ops::std, vector(1e30, 1e30, 1e30, 1e30, 1e30, 1e30, 1e30))
                    .gives(scalar(0))
                    .gradients(vector(0, 0, 0, 0, 0, 0, 0)),
                call(Ops::std, scalar(5)).gives(scalar(0)).gradients(scalar(0)),
                call(Ops::std, vector()).gives(scalar(NaN)),
                call(x -> Ops.std(x, axes(0), 1), vector(5))
                    .gives(scalar(NaN))
                    .gradients(vector(NaN)),
                call(x -> Ops.std(x, axes(0), 1), vector()).gives(scalar(NaN)),
                call(x -> Ops.std(x, 0), array(shape(3, 0))).gives(vector()),
                call(Ops::std, vector(1, INF)).gives(scalar(NaN)),
                call(Ops::std, vector(1, NaN)).gives(scalar(NaN)))
            .refuses(
                IllegalArgumentException.class,
                "std: correction 2, expected 0 or 1",
                () -> Ops.std(zeros(3), axes(0), 2));
    return refusesAxes(row, "std", Ops::std);
  }

  /** Of elements that all differ. */
  private static OpCase stdOf(Shape shape, List<Integer> axes, int correction, long seed) {
    return OpCase.of(new Std(axes, correction, seed % 2 == 0), distinct().draw(shape, seed));
  }

  private static OpRow channelMoments() {
    OpRow row =
        OpRow.of(
                ChannelMoments.class,
                combine(Draw.shapes(2, 4), Draw.seeds())
                    .as((shape, seed) -> channelMoments(nonzero().draw(shape, seed))))
            .oracle(
                c -> {
                  NdArray x = c.input(0);
                  List<Integer> axes = allButChannels(x.shape());
                  Naive means =
                      Naive.of(reduced(x, axes, false, n -> DoubleStream.of(n).sum() / n.length));
                  Naive variances = Naive.of(reduced(x, axes, false, n -> naiveVariance(n, 0)));
                  return Naive.generate(
                          new int[] {2, x.shape().dim(1)},
                          i -> (i[0] == 0 ? means : variances).at(i[1]))
                      .as(DType.FLOAT64)
                      .value();
                })
            .edges(
                channelMoments(nonzero().draw(shape(1, 1), 1)),
                channelMoments(nonzero().draw(shape(3, 2), 2)),
                channelMoments(nonzero().draw(shape(2, 3, 4), 3)),
                channelMoments(nonzero().draw(shape(2, 2, 2, 2, 2), 4)),
                channelMoments(array(shape(0, 2))),
                channelMoments(array(shape(2, 0, 3))),
                channelMoments(array(shape(2, 2, 0))))
            .calls(
                // (1, 3) and (2, 8): g/2, and 2/2 of the distance from the mean
                call(new ChannelMoments(), array(shape(2, 2), 1, 2, 3, 8))
                    .cotangent(2, 4, 10, 1)
                    .gives(array(shape(2, 2), 2, 5, 1, 9))
                    .gradients(array(shape(2, 2), 1 - 10, 2 - 3, 1 + 10, 2 + 3)),
                call(new ChannelMoments(), array(shape(1, 1), 5))
                    .gives(array(shape(2, 1), 5, 0))
                    .gradients(array(shape(1, 1), 1)),
                call(new ChannelMoments(), array(shape(2, 1), INF, 1))
                    .gives(array(shape(2, 1), INF, NaN)));
    return row.refuses(
        ShapeException.class,
        "batchStatistics: input [3] has rank 1, expected 2 or higher",
        () -> Tensor.of(new ChannelMoments(), zeros(3)));
  }

  private static OpCase channelMoments(NdArray x) {
    return OpCase.of(new ChannelMoments(), x);
  }

  private static List<Integer> allButChannels(Shape shape) {
    return IntStream.range(0, shape.rank()).filter(axis -> axis != 1).boxed().toList();
  }
}
