package org.gradus.autograd.ops;

import static java.lang.Double.NaN;
import static net.jqwik.api.Combinators.combine;
import static org.gradus.autograd.ops.Values.count;
import static org.gradus.autograd.ops.Values.shape;
import static org.gradus.autograd.ops.Values.zeros;
import static org.gradus.autograd.testkit.Call.array;
import static org.gradus.autograd.testkit.Call.call;
import static org.gradus.autograd.testkit.Call.vector;
import static org.gradus.autograd.testkit.Domain.nonzero;

import java.util.SplittableRandom;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import org.gradus.autograd.testkit.OpRow;

/** The row of dropout. */
final class DropoutRows {
  private DropoutRows() {}

  static Stream<OpRow> rows() {
    return Stream.of(dropout());
  }

  private static OpRow dropout() {
    return OpRow.unary(
            Dropout.class,
            combine(Arbitraries.of(0.0, 0.25, 0.5, 0.9, 1.0), Arbitraries.longs()).as(Dropout::new),
            nonzero())
        .exact()
        .oracle(
            c -> {
              Dropout op = c.op(Dropout.class);
              SplittableRandom seeds = new SplittableRandom(op.seed());
              SplittableRandom random = new SplittableRandom(seeds.nextLong());
              return c.input(0).map(x -> random.nextDouble() < op.rate() ? 0 : x / (1 - op.rate()));
            })
        .calls( // the elements that a seed keeps are part of the interface: they never change
            call(x -> Ops.dropout(x, 0.5, 0), count(2, 4))
                .gives(array(shape(2, 4), 2, 4, 0, 8, 10, 0, 14, 0)),
            call(x -> Ops.dropout(x, 0.5, 1), count(2, 4))
                .gives(array(shape(2, 4), 0, 4, 0, 8, 0, 12, 14, 0)),
            call(x -> Ops.dropout(x, 0.875, 1), vector(1, 1, 1, 1, 1, 1, 1, 1))
                .gives(vector(0, 8, 0, 0, 0, 0, 0, 0)),
            call(x -> Ops.dropout(x, 0, 5), count(2, 4)).gives(count(2, 4)),
            call(x -> Ops.dropout(x, 0.5, 1), vector()).gives(vector()),
            // the first is kept, the third dropped
            call(new Dropout(0.5, 0), vector(NaN, 1, NaN)).gives(vector(NaN, 2, 0)),
            // all dropped
            call(new Dropout(1, 0), vector(NaN, -1, 2))
                .gives(vector(0, 0, 0))
                .gradients(vector(0, 0, 0)))
        .refuses(
            IllegalArgumentException.class,
            "dropout: rate 1.0000000000000002, expected 0 to 1",
            () -> Ops.dropout(zeros(2), Math.nextUp(1.0), 0))
        .refuses(
            IllegalArgumentException.class,
            "dropout: rate -0.1, expected 0 to 1",
            () -> Ops.dropout(zeros(2), -0.1, 0))
        .refuses(
            IllegalArgumentException.class,
            "dropout: rate NaN, expected 0 to 1",
            () -> Ops.dropout(zeros(2), NaN, 0));
  }
}
