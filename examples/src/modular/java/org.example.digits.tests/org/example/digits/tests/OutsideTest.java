package org.example.digits.tests;

import java.util.stream.Stream;
import org.example.digits.Swish;
import org.gradus.autograd.testkit.Domain;
import org.gradus.autograd.testkit.OpGate;
import org.gradus.autograd.testkit.OpRow;

/** The gate before the ops of another module. */
public final class OutsideTest extends OpGate {
  /** The gate before all that begins with this name. */
  public OutsideTest() {
    super("org.example");
  }

  @Override
  protected Stream<OpRow> rows() {
    return Stream.of(OpRow.unary(new Swish(1), Domain.nonzero()));
  }
}
