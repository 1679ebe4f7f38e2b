package org.gradus.autograd.ops;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.internal.kernel.Factor;
import org.gradus.autograd.internal.kernel.Unary;

/**
 * The op of {@link Ops#sigmoid}, which says what it computes.
 *
 * <pre>
 *   VJP: g / (4 cosh(x / 2)^2), which is g y (1 - y)
 * </pre>
 */
record Sigmoid() implements UnaryOp {
  @Override
  public NdArray forward(List<NdArray> in) {
    return ArrayMath.unary(Unary.SIGMOID, in.get(0));
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    return Product.of(0.25, g, new Factor.Hyperbolic(0.5, 0, 2), in.get(0));
  }
}
