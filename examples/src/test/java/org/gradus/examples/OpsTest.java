package org.gradus.examples;

import java.util.stream.Stream;
import org.gradus.autograd.testkit.Domain;
import org.gradus.autograd.testkit.Draw;
import org.gradus.autograd.testkit.OpGate;
import org.gradus.autograd.testkit.OpRow;
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
            Snake.class, Draw.numbers().filter(a -> a != 0).map(Snake::new), Domain.nonzero()));
  }
}
