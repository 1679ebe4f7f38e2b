package org.gradus.autograd.inspect;

import java.util.List;
import java.util.stream.Stream;
import org.gradus.autograd.ops.Exp;
import org.gradus.autograd.ops.Mul;
import org.gradus.autograd.testkit.Domain;
import org.gradus.autograd.testkit.OpRow;

/** The rows of the ops that watch. */
public final class InspectRows {
  private InspectRows() {}

  /** The rows. */
  public static Stream<OpRow> rows() {
    return Stream.of(
        OpRow.unary(new Watch(), Domain.nonzero())
            .exact()
            .oracle(c -> c.input(0))
            .special(Double.NaN, Double.NaN, 1)
            .special(Double.NEGATIVE_INFINITY, Double.NEGATIVE_INFINITY, 1),
        OpRow.unary(Watched.here(new Exp()), Domain.nonzero())
            .factors(0, 1) // what is infinite is refused
            .oracle(c -> c.input(0).map(Math::exp))
            .special(0, 1, 1),
        OpRow.broadcasting(Watched.here(new Mul()), Domain.nonzero(), Domain.nonzero())
            .factors(0, 1e10)
            .exact(),
        OpRow.unary(new Recorded(new Exp(), Recorded.Kind.CALL, false, List.of()), Domain.nonzero())
            .oracle(c -> c.input(0).map(Math::exp))
            .special(0, 1, 1));
  }
}
