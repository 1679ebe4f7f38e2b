package org.gradus.autograd.ops;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.internal.kernel.Factor;
import org.gradus.autograd.internal.kernel.Unary;

/**
 * The op of {@link Ops#geluTanh}, which says what it computes.
 *
 * <pre>
 *   VJP: g (s + x s (1 - s) u'), s = sigmoid(u), u = 2 sqrt(2 / pi) (x + 0.044715 x^3)
 * </pre>
 */
record GeluTanh() implements UnaryOp {
  @Override
  public NdArray forward(List<NdArray> in) {
    return ArrayMath.unary(Unary.GELU_TANH, in.get(0));
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    return Product.of(1, g, new Factor.GeluTanhSlope(1), in.get(0));
  }
}
