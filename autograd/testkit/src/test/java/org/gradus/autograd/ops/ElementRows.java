package org.gradus.autograd.ops;

import static org.gradus.autograd.testkit.Domain.nonzero;

import java.util.stream.Stream;
import org.gradus.autograd.testkit.OpRow;

/** The rows of the elementwise ops. */
final class ElementRows {
  private ElementRows() {}

  static Stream<OpRow> rows() {
    return Stream.of(
        OpRow.unary(new Exp(), nonzero())
            .oracle(c -> c.input(0).map(Math::exp))
            .special(0, 1, 1)
            .special(Double.NEGATIVE_INFINITY, 0, 0)
            .special(Double.NaN, Double.NaN, Double.NaN),
        OpRow.broadcasting(new Add(), nonzero(), nonzero()).exact());
  }
}
