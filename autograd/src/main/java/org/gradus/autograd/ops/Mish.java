package org.gradus.autograd.ops;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.internal.kernel.Factor;
import org.gradus.autograd.internal.kernel.Unary;

/**
 * The op of {@link Ops#mish}, which says what it computes.
 *
 * <pre>
 *   VJP: g (t + x (1 - t^2) sigmoid(x)), t = tanh(softplus(x))
 * </pre>
 */
record Mish() implements UnaryOp {
  @Override
  public NdArray forward(List<NdArray> in) {
    return ArrayMath.unary(Unary.MISH, in.get(0));
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    return Product.of(1, g, new Factor.MishSlope(1), in.get(0));
  }
}
