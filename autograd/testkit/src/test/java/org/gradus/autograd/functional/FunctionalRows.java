package org.gradus.autograd.functional;

import static org.gradus.autograd.ops.Ops.mul;
import static org.gradus.autograd.ops.Ops.sum;
import static org.gradus.autograd.ops.Ops.tanh;
import static org.gradus.autograd.testkit.Call.call;
import static org.gradus.autograd.testkit.Call.vector;

import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Combinators;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;
import org.gradus.autograd.testkit.Domain;
import org.gradus.autograd.testkit.Draw;
import org.gradus.autograd.testkit.OpCase;
import org.gradus.autograd.testkit.OpRow;

/** The rows of the ops that are made of functions. */
public final class FunctionalRows {
  private FunctionalRows() {}

  /** The rows. */
  public static Stream<OpRow> rows() {
    return Stream.of(ofOne(), ofTwo());
  }

  /** Of a single input, which is not packed. */
  private static OpRow ofOne() {
    return OpRow.of(
            Checkpoint.class,
            Combinators.combine(Draw.shapes(0, 3), Draw.seeds()).as(FunctionalRows::ofOne))
        .oracle(c -> c.input(0).map(x -> x * Math.tanh(x)))
        .calls(
            call(
                    new Checkpoint(in -> mul(in.get(0), in.get(0)), List.of(Shape.of(2))),
                    vector(3, -2))
                .gives(vector(9, 4))
                .gradients(vector(6, -4)))
        .edges(
            ofOne(Shape.of(), 1),
            ofOne(Shape.of(0), 1),
            ofOne(Shape.of(1, 1), 1),
            ofOne(Shape.of(2, 0, 3), 1))
        .refuses(
            ShapeException.class,
            "checkpoint: input [3] does not hold inputs of shapes [[2]]",
            () ->
                Tensor.of(
                    new Checkpoint(in -> in.get(0), List.of(Shape.of(2))),
                    Tensor.constant(NdArray.zeros(DType.FLOAT64, Shape.of(3)))));
  }

  private static OpCase ofOne(Shape shape, long seed) {
    return OpCase.of(
        new Checkpoint(in -> mul(in.get(0), tanh(in.get(0))), List.of(shape)),
        Domain.nonzero().draw(shape, seed));
  }

  /** a tanh(b), a and b of shapes that broadcast, packed into one input. */
  private static OpRow ofTwo() {
    return OpRow.of(
            Checkpoint.class,
            Combinators.combine(Draw.broadcastable(), Draw.seeds())
                .as((shapes, seed) -> ofTwo(shapes.get(0), shapes.get(1), seed)))
        .edges(
            ofTwo(Shape.of(), Shape.of(), 1),
            ofTwo(Shape.of(2, 0), Shape.of(0), 1),
            ofTwo(Shape.of(1), Shape.of(0), 1),
            ofTwo(Shape.of(1, 1), Shape.of(2, 1), 1))
        .refuses(
            IllegalArgumentException.class,
            "checkpoint: the function depends on a variable that is not among its inputs; pass it"
                + " as an input",
            () -> {
              Tensor x = Tensor.variable(NdArray.scalar(DType.FLOAT64, 1));
              Checkpoint.checkpoint(in -> mul(in.get(0), sum(x)), List.of(x, x));
            });
  }

  private static OpCase ofTwo(Shape a, Shape b, long seed) {
    return OpCase.of(
        new Checkpoint(in -> mul(in.get(0), tanh(in.get(1))), List.of(a, b)),
        Domain.nonzero().draw(Shape.of(a.size() + b.size()), seed));
  }
}
