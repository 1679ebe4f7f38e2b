package org.example.digits;

import java.util.stream.Stream;
import org.gradus.autograd.testkit.OpGate;
import org.gradus.autograd.testkit.OpRow;

/** A gate that must stay closed: the op of its package has no row. */
final class WithoutRows extends OpGate {
  WithoutRows() {
    super("org.example.digits");
  }

  @Override
  protected Stream<OpRow> rows() {
    return Stream.empty();
  }
}
