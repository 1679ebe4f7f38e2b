package org.example.digits;

import java.util.stream.Stream;
import org.gradus.autograd.testkit.Domain;
import org.gradus.autograd.testkit.OpGate;
import org.gradus.autograd.testkit.OpRow;

/** The gate in the package that it guards, where a build puts tests into the module. */
final class InsideTest extends OpGate {
  InsideTest() {
    super("org.example.digits");
  }

  @Override
  protected Stream<OpRow> rows() {
    return Stream.of(OpRow.unary(new Swish(1), Domain.nonzero()));
  }
}
