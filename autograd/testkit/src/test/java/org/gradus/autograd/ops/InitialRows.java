package org.gradus.autograd.ops;

import static java.lang.Double.NaN;
import static net.jqwik.api.Combinators.combine;
import static org.gradus.autograd.ops.Axes.axes;
import static org.gradus.autograd.ops.Values.INF;
import static org.gradus.autograd.ops.Values.shape;
import static org.gradus.autograd.ops.Values.zeros;
import static org.gradus.autograd.testkit.Call.array;
import static org.gradus.autograd.testkit.Call.call;
import static org.gradus.autograd.testkit.Call.scalar;
import static org.gradus.autograd.testkit.Call.vector;
import static org.gradus.autograd.testkit.Domain.distinct;

import java.util.List;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.testkit.Draw;
import org.gradus.autograd.testkit.OpCase;
import org.gradus.autograd.testkit.OpRow;

/** The rows of the extremes that start from a number, so that there are some of no elements. */
final class InitialRows {
  private static final NdArray X = array(shape(2, 3), 1, 9, -3, 7, 5, -6);

  private InitialRows() {}

  static Stream<OpRow> rows() {
    return Stream.of(max(), min());
  }

  record From(boolean largest, List<Integer> axes, boolean keepDims, double initial)
      implements Function<List<Tensor>, Tensor> {
    @Override
    public Tensor apply(List<Tensor> in) {
      Axes over = new Axes(axes, keepDims);
      return largest ? Ops.max(in.get(0), over, initial) : Ops.min(in.get(0), over, initial);
    }

    OpCase of(NdArray x) {
      String name = "%s over %s from %s".formatted(largest ? "max" : "min", axes, initial);
      return OpCase.of(name, this, List.of(x));
    }

    OpCase drawn(Shape shape, long seed) {
      return of(distinct().draw(shape, seed));
    }
  }

  private static OpRow max() {
    return row(true)
        .calls(
            "max",
            call(x -> Ops.max(x, axes(0), 0), X).gives(vector(7, 9, 0)),
            call(x -> Ops.max(x, axes(1), -4), X).gives(vector(9, 7)),
            call(x -> Ops.max(x, axes(-1).keepDims(), 8), X).gives(array(shape(2, 1), 9, 8)),
            call(x -> Ops.max(x, axes(), 10), X).gives(scalar(10)),
            call(x -> Ops.max(x, axes(), 10), scalar(11)).gives(scalar(11)),
            // of nothing it is the number
            call(x -> Ops.max(x, axes(1), -1.5), array(shape(2, 0))).gives(vector(-1.5, -1.5)),
            call(x -> Ops.max(x, axes(0).keepDims(), -INF), array(shape(0, 2)))
                .gives(array(shape(1, 2), -INF, -INF))
                .gradients(array(shape(0, 2))),
            call(x -> Ops.max(x, axes(), 3), vector()).gives(scalar(3)).gradients(vector()),
            call(x -> Ops.max(x, axes(0), 3), array(shape(3, 0))).gives(vector()),
            // the number has no gradient, and an element only where it is as large
            call(x -> Ops.max(x, axes(0), 7), X)
                .gives(vector(7, 9, 7))
                .cotangent(2, 3, 4)
                .gradients(array(shape(2, 3), 0, 3, 0, 2, 0, 0)),
            // a tie goes to the first element
            call(x -> Ops.max(x, axes(), 5), vector(1, 5, 5)).gradients(vector(0, 1, 0)),
            call(x -> Ops.max(x, axes(), -INF), vector(-INF, -INF))
                .gives(scalar(-INF))
                .gradients(vector(1, 0)),
            call(x -> Ops.max(x, axes(), 0), vector(-0.0)).gradients(vector(1)),
            call(x -> Ops.max(x, axes(), INF), vector(1, NaN)).gives(scalar(NaN)),
            call(x -> Ops.max(Ops.square(x), axes(), 5), vector(2, -3))
                .about()
                .derivatives(vector(0, -6), vector(0, 2), vector(0, 0)),
            // rounded to the element type
            call(x -> Ops.max(x, axes(), 0.1), vector()).in(DType.FLOAT32).gives(scalar(0.1f)),
            call(x -> Ops.max(x, axes(), 0.1), vector(-1)).in(DType.FLOAT32).gives(scalar(0.1f)));
  }

  private static OpRow min() {
    return row(false)
        .calls(
            "min",
            call(x -> Ops.min(x, axes(0), 0), X).gives(vector(0, 0, -6)),
            call(x -> Ops.min(x, axes(1), -4), X).gives(vector(-4, -6)),
            call(x -> Ops.min(x, axes(-1).keepDims(), 8), X).gives(array(shape(2, 1), -3, -6)),
            call(x -> Ops.min(x, axes(), -10), X).gives(scalar(-10)),
            call(x -> Ops.min(x, axes(1), 1.5), array(shape(2, 0))).gives(vector(1.5, 1.5)),
            call(x -> Ops.min(x, axes(0).keepDims(), INF), array(shape(0, 2)))
                .gives(array(shape(1, 2), INF, INF))
                .gradients(array(shape(0, 2))),
            call(x -> Ops.min(x, axes(0), 1), X)
                .gives(vector(1, 1, -6))
                .cotangent(2, 3, 4)
                .gradients(array(shape(2, 3), 2, 0, 0, 0, 0, 4)),
            call(x -> Ops.min(x, axes(), 5), vector(7, 5, 5)).gradients(vector(0, 1, 0)),
            call(x -> Ops.min(x, axes(), INF), vector(INF, INF))
                .gives(scalar(INF))
                .gradients(vector(1, 0)),
            call(x -> Ops.min(x, axes(), -INF), vector(1, NaN)).gives(scalar(NaN)),
            call(x -> Ops.min(Ops.square(x), axes(), 5), vector(2, -3))
                .about()
                .derivatives(vector(4, 0), vector(2, 0), vector(0, 0)));
  }

  private static OpRow row(boolean largest) {
    String name = largest ? "max" : "min";
    OpRow row =
        OpRow.function(
                name + " from a number",
                combine(
                        ReductionRows.reductions(0),
                        Arbitraries.of(-1000.0, -0.155, 0.155, 5.005, 1000.0),
                        Draw.seeds())
                    .as(
                        (r, initial, seed) ->
                            new From(largest, r.axes(), r.keepDims(), initial)
                                .drawn(r.shape(), seed)))
            .oracle(c -> byHand(c.input(0), c.function(From.class)))
            .edges(
                new From(largest, List.of(), true, 0.155).drawn(shape(), 1),
                new From(largest, List.of(0), false, 0.155).drawn(shape(0), 1),
                new From(largest, List.of(1), true, -0.155).drawn(shape(2, 0), 1),
                new From(largest, List.of(0), false, -0.155).drawn(shape(2, 0), 1),
                new From(largest, List.of(), false, 0.155).drawn(shape(0, 3), 1),
                new From(largest, List.of(-1, 0), false, 0.155).drawn(shape(2, 3, 2), 1))
            .refuses(
                IllegalArgumentException.class,
                name + ": initial NaN, expected a number",
                () -> new From(largest, List.of(0), false, NaN).apply(List.of(zeros(2))));
    return ReductionRows.refusesAxes(
        row,
        name,
        (x, numbers) -> largest ? Ops.max(x, axes(numbers), 0) : Ops.min(x, axes(numbers), 0));
  }

  private static NdArray byHand(NdArray x, From from) {
    List<Integer> axes = new Axes(from.axes, from.keepDims).in(x.shape());
    return ReductionRows.reduced(
        x,
        axes,
        from.keepDims,
        elements -> {
          DoubleStream all = DoubleStream.concat(DoubleStream.of(elements), one(from.initial));
          return (from.largest ? all.max() : all.min()).getAsDouble();
        });
  }

  private static DoubleStream one(double number) {
    return DoubleStream.of(number);
  }
}
