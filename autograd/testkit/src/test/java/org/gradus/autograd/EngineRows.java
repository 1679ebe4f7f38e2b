package org.gradus.autograd;

import static org.gradus.autograd.testkit.Call.call;
import static org.gradus.autograd.testkit.Call.vector;

import java.util.Collections;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Combinators;
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
        OpRow.of(
                Gradients.Accumulate.class,
                Combinators.combine(
                        Draw.shapes(0, 3), Arbitraries.integers().between(1, 3), Draw.seeds())
                    .as(
                        (shape, count, seed) ->
                            OpCase.of(
                                accumulate,
                                Draw.fill(
                                    seed,
                                    Domain.nonzero(),
                                    Collections.nCopies(count, shape).toArray(Shape[]::new)))))
            .exact()
            .oracle(c -> c.inputs().stream().reduce((a, b) -> a.zip(b, Double::sum)).orElseThrow())
            .calls(call(accumulate, vector(1, 2), vector(10, 20)).gives(vector(11, 22)))
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
