package org.gradus.autograd.ops;

import static org.gradus.autograd.testkit.Domain.integers;
import static org.gradus.autograd.testkit.Domain.nonzero;

import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import org.gradus.autograd.Op;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.testkit.Domain;
import org.gradus.autograd.testkit.OpRow;

/**
 * What the rows of elementwise ops share. Their oracles are formulas in {@link Math}, or series,
 * and know nothing of the kernels.
 */
final class Elementwise {
  private Elementwise() {}

  static OpRow unary(Op op, Domain domain, DoubleUnaryOperator f) {
    return OpRow.unary(op, domain).oracle(c -> c.input(0).map(f));
  }

  static OpRow broadcasting(Op op, DoubleBinaryOperator f) {
    return broadcasting(op, nonzero(), nonzero(), f);
  }

  /** Between pairs that do not tie. */
  static OpRow comparing(Op op, DoubleBinaryOperator f) {
    Domain halves = (shape, seed) -> integers(-3, 3).draw(shape, seed).map(x -> x + 0.5);
    return broadcasting(op, integers(-3, 3), halves, f);
  }

  static OpRow broadcasting(Op op, Domain first, Domain second, DoubleBinaryOperator f) {
    return OpRow.broadcasting(op, first, second)
        .oracle(
            c -> {
              Naive a = Naive.of(c.input(0));
              Naive b = Naive.of(c.input(1));
              Shape shape = Shape.broadcast("oracle", a.shape(), b.shape());
              return Naive.generate(
                      shape.toArray(), i -> f.applyAsDouble(a.broadcastAt(i), b.broadcastAt(i)))
                  .as(DType.FLOAT64)
                  .value();
            });
  }
}
