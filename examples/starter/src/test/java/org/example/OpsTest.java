package org.example;

import java.util.stream.Stream;
import org.gradus.autograd.testkit.Domain;
import org.gradus.autograd.testkit.OpGate;
import org.gradus.autograd.testkit.OpRow;

/** Compares the derivatives of all ops of this package with finite differences. */
class OpsTest extends OpGate {

  OpsTest() {
    super("org.example");
  }

  @Override
  protected Stream<OpRow> rows() {
    return Stream.of(OpRow.unary(new Snake(2), Domain.nonzero()));
  }
}
