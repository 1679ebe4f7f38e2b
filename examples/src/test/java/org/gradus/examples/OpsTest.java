package org.gradus.examples;

import java.util.List;
import java.util.stream.Stream;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;
import org.gradus.autograd.testkit.Domain;
import org.gradus.autograd.testkit.Draw;
import org.gradus.autograd.testkit.OpCase;
import org.gradus.autograd.testkit.OpGate;
import org.gradus.autograd.testkit.OpRow;
import org.gradus.examples.AnswersTest.Length;
import org.gradus.examples.YourOwnOp.Snake;

/** The gate before the examples: each op of theirs has its row. */
class OpsTest extends OpGate {
  OpsTest() {
    super("org.gradus.examples");
  }

  @Override
  protected Stream<OpRow> rows() {
    return Stream.of(
        OpRow.unary(
            Snake.class, Draw.numbers().filter(a -> a != 0).map(Snake::new), Domain.nonzero()),
        OpRow.pairs(new Length(), Draw.shapes(0, 3), Domain.nonzero())
            .edges(ofLength(Shape.of(0)), ofLength(Shape.of(1, 1)))
            .refuses(
                ShapeException.class,
                "length: inputs [2] and [3] differ",
                () ->
                    new Length()
                        .forward(List.of(NdArray.of(3.0, 4.0), NdArray.of(1.0, 2.0, 3.0)))));
  }

  private static OpCase ofLength(Shape shape) {
    return OpCase.of(
        new Length(), Domain.nonzero().draw(shape, 1), Domain.nonzero().draw(shape, 2));
  }
}
