package org.gradus.autograd;

import java.util.stream.Stream;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;
import org.gradus.autograd.testkit.Domain;
import org.gradus.autograd.testkit.Draw;
import org.gradus.autograd.testkit.OpCase;
import org.gradus.autograd.testkit.OpRow;

/** The row of the engine's own op, which the engine's package keeps to itself. */
public final class EngineRows {
  private EngineRows() {}

  /** The rows. */
  public static Stream<OpRow> rows() {
    Op accumulate = new Gradients.Accumulate();
    return Stream.of(
        OpRow.pairs(accumulate, Draw.shapes(0, 3), Domain.nonzero())
            .exact()
            .oracle(c -> c.input(0).zip(c.input(1), Double::sum))
            .edges(
                OpCase.of(accumulate, zeros(), zeros()), OpCase.of(accumulate, zeros(0), zeros(0)))
            .refuses(
                ShapeException.class,
                "plusScaled: shapes [2] and [3] differ",
                () -> Tensor.of(accumulate, Tensor.constant(zeros(2)), Tensor.constant(zeros(3)))));
  }

  private static NdArray zeros(int... dims) {
    return NdArray.zeros(DType.FLOAT64, Shape.of(dims));
  }
}
