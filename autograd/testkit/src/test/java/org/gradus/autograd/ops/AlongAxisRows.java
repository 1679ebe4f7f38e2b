package org.gradus.autograd.ops;

import static java.lang.Double.NaN;
import static net.jqwik.api.Combinators.combine;
import static org.gradus.autograd.ops.Values.INF;
import static org.gradus.autograd.ops.Values.count;
import static org.gradus.autograd.ops.Values.shape;
import static org.gradus.autograd.ops.Values.zeros;
import static org.gradus.autograd.testkit.Call.array;
import static org.gradus.autograd.testkit.Call.call;
import static org.gradus.autograd.testkit.Call.vector;
import static org.gradus.autograd.testkit.Domain.distinct;
import static org.gradus.autograd.testkit.Domain.nonzero;

import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
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

/** The rows of what is done along one axis, which stays: sums so far, the largest elements. */
final class AlongAxisRows {
  private AlongAxisRows() {}

  static Stream<OpRow> rows() {
    return Stream.of(cumSum(), topK());
  }

  private static OpRow cumSum() {
    double most = Double.MAX_VALUE;
    return OpRow.of(
            CumSum.class,
            Draw.shapes(1, 3)
                .flatMap(
                    shape ->
                        combine(Draw.axis(shape), Arbitraries.of(true, false), Draw.seeds())
                            .as((axis, reversed, seed) -> sumsOf(shape, axis, reversed, seed))))
        .exact()
        .oracle(
            c -> {
              CumSum op = c.op(CumSum.class);
              Naive x = Naive.of(c.input(0));
              int along = c.input(0).shape().axis("oracle", op.axis());
              return Naive.generate(
                      x.dims(),
                      index -> {
                        double sum = 0;
                        for (int i = 0; i < x.dim(along); i++) {
                          int[] other = index.clone();
                          other[along] = i;
                          boolean counts = op.reversed() ? i >= index[along] : i <= index[along];
                          sum += counts ? x.at(other) : 0;
                        }
                        return sum;
                      })
                  .as(DType.FLOAT64)
                  .value();
            })
        .edges(
            sumsOf(shape(1), 0, false, 1),
            sumsOf(shape(0), 0, false, 1),
            sumsOf(shape(2, 0), 0, true, 1),
            sumsOf(shape(2, 0), 1, false, 1),
            sumsOf(shape(0, 2), -2, false, 1),
            sumsOf(shape(1, 3, 1), 1, true, 1))
        .calls(
            call(x -> Ops.cumSum(x, 0), vector(1, 2, 3))
                .cotangent(1, 10, 100)
                .gives(vector(1, 3, 6))
                .gradients(vector(111, 110, 100)),
            call(x -> Ops.cumSum(x, 0), count(3, 2)).gives(array(shape(3, 2), 1, 2, 4, 6, 9, 12)),
            call(x -> Ops.cumSum(x, -1), count(3, 2)).gives(array(shape(3, 2), 1, 3, 3, 7, 5, 11)),
            call(new CumSum(0, true), vector(1, 2, 3)).gives(vector(6, 5, 3)),
            call(new CumSum(1, true), count(2, 2, 2))
                .gives(array(shape(2, 2, 2), 4, 6, 3, 4, 12, 14, 7, 8)),
            // what an addition rounds away comes back
            call(x -> Ops.cumSum(x, 0), vector(0x1p26, 1, 1, 1, -0x1p26))
                .gives(vector(0x1p26, 0x1p26, 0x1p26, 0x1p26, 3))
                .in(DType.FLOAT32),
            call(x -> Ops.cumSum(x, 0), vector(0x1p60, 1, 1, 1, -0x1p60))
                .gives(vector(0x1p60, 0x1p60, 0x1p60, 0x1p60, 3))
                .in(DType.FLOAT64),
            // a sum that is too large does no harm to those after it
            call(x -> Ops.cumSum(x, 0), vector(most, most, -most, -most))
                .gives(vector(most, INF, most, 0)),
            call(x -> Ops.cumSum(x, 0), vector(0x1p127, 0x1p127, -0x1p127))
                .gives(vector(0x1p127, INF, 0x1p127))
                .in(DType.FLOAT32),
            call(x -> Ops.cumSum(x, 0), vector(1, INF, 1, -INF, 1))
                .gives(vector(1, INF, INF, NaN, NaN)),
            call(x -> Ops.cumSum(x, 0), vector(1, NaN, 1)).gives(vector(1, NaN, NaN)))
        .refuses(
            ShapeException.class,
            "cumSum: there is no axis 2 in [2, 3], which has rank 2",
            () -> Ops.cumSum(zeros(2, 3), 2))
        .refuses(
            ShapeException.class,
            "cumSum: there is no axis 0 in [], which has rank 0",
            () -> Ops.cumSum(zeros(), 0));
  }

  private static OpCase sumsOf(Shape shape, int axis, boolean reversed, long seed) {
    return OpCase.of(new CumSum(axis, reversed), nonzero().draw(shape, seed));
  }

  // ---- the largest -----------------------------------------------------------------------------

  /** A named function, whose attributes the oracle asks for. */
  private record TopK(int axis, int k) implements Function<List<Tensor>, Tensor> {
    @Override
    public Tensor apply(List<Tensor> in) {
      return Ops.topK(in.get(0), axis, k);
    }

    OpCase of(Shape shape, long seed) {
      String name = "topK of %s along %s".formatted(k, axis);
      return OpCase.of(name, this, List.of(distinct().draw(shape, seed)));
    }
  }

  private static OpRow topK() {
    return OpRow.function(
            "topK",
            Draw.shapes(1, 3)
                .flatMap(
                    shape ->
                        Draw.axis(shape)
                            .flatMap(
                                axis ->
                                    combine(
                                            Arbitraries.integers()
                                                .between(0, shape.dim(shape.axis("topK", axis))),
                                            Draw.seeds())
                                        .as((k, seed) -> new TopK(axis, k).of(shape, seed)))))
        .oracle(AlongAxisRows::sorted)
        .edges(
            new TopK(0, 1).of(shape(1), 1),
            new TopK(0, 0).of(shape(3), 1),
            new TopK(0, 0).of(shape(0), 1),
            new TopK(1, 2).of(shape(0, 3), 1),
            new TopK(0, 1).of(shape(2, 0), 1),
            new TopK(-2, 3).of(shape(2, 3, 2), 1))
        .calls(
            call(x -> Ops.topK(x, 0, 2), vector(1, 9, -3, 7))
                .cotangent(10, 20)
                .gives(vector(9, 7))
                .gradients(vector(0, 10, 0, 20)),
            call(x -> Ops.topK(x, -1, 3), array(shape(2, 3), 1, 9, -3, 7, 5, 6))
                .gives(array(shape(2, 3), 9, 1, -3, 7, 6, 5)),
            call(x -> Ops.topK(x, 0, 1), array(shape(2, 3), 1, 9, -3, 7, 5, 6))
                .gives(array(shape(1, 3), 7, 9, 6)),
            call(x -> Ops.topK(x, 0, 0), vector(1, 2)).gives(vector()).gradients(vector(0, 0)),
            // of those that tie, the first
            call(x -> Ops.topK(x, 0, 2), vector(5, 7, 7, 5, 7))
                .cotangent(10, 20)
                .gives(vector(7, 7))
                .gradients(vector(0, 10, 20, 0, 0)),
            call(x -> Ops.topK(x, 0, 3), vector(-0.0, 0, -0.0, 0))
                .cotangent(10, 20, 30)
                .gives(vector(-0.0, 0, -0.0))
                .gradients(vector(10, 20, 30, 0)),
            call(x -> Ops.topK(x, 0, 4), vector(INF, NaN, -INF, NaN, 1))
                .cotangent(10, 20, 30, 40)
                .gives(vector(NaN, NaN, INF, 1))
                .gradients(vector(30, 10, 0, 20, 40)),
            call(x -> Ops.square(Ops.topK(x, 0, 1)), vector(2, 3))
                .derivatives(vector(0, 6), vector(0, 2)))
        .refuses(
            ShapeException.class,
            "topK: 4 elements along axis 1 of [2, 3], expected 0 to 3",
            () -> Ops.topK(zeros(2, 3), -1, 4))
        .refuses(
            ShapeException.class,
            "topK: -1 elements along axis 0 of [2, 3], expected 0 to 2",
            () -> Ops.topK(zeros(2, 3), 0, -1))
        .refuses(
            ShapeException.class,
            "topK: there is no axis 2 in [2, 3], which has rank 2",
            () -> Ops.topK(zeros(2, 3), 2, 1))
        .refuses(
            ShapeException.class,
            "argTopK: 4 elements along axis 1 of [2, 3], expected 0 to 3",
            () -> Ops.argTopK(zeros(2, 3), 1, 4));
  }

  private static NdArray sorted(OpCase c) {
    TopK top = c.function(TopK.class);
    Naive x = Naive.of(c.input(0));
    int along = c.input(0).shape().axis("oracle", top.axis);
    return Naive.generate(
            c.input(0).shape().with(along, top.k).toArray(),
            index ->
                IntStream.range(0, x.dim(along))
                    .mapToObj(
                        i -> {
                          int[] other = index.clone();
                          other[along] = i;
                          return x.at(other);
                        })
                    .sorted(Comparator.reverseOrder())
                    .skip(index[along])
                    .findFirst()
                    .orElseThrow())
        .as(DType.FLOAT64)
        .value();
  }
}
