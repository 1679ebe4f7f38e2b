package org.gradus.autograd.ops;

import static org.gradus.autograd.ops.Ops.abs;
import static org.gradus.autograd.ops.Ops.add;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.internal.kernel.Factor;
import org.gradus.autograd.internal.kernel.Unary;

/**
 * The op of {@link Ops#softsign}, which says what it computes.
 *
 * <pre>
 *   VJP: g / (1 + |x|)^2
 * </pre>
 */
record Softsign() implements UnaryOp {
  @Override
  public NdArray forward(List<NdArray> in) {
    return ArrayMath.unary(Unary.SOFTSIGN, in.get(0));
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    return Product.of(1, g, new Factor.Power(-2), add(abs(in.get(0)), 1));
  }
}
