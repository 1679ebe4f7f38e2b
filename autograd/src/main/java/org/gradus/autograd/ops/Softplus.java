package org.gradus.autograd.ops;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.internal.kernel.Factor;
import org.gradus.autograd.internal.kernel.Unary;

/**
 * The softplus function, a smooth {@link Relu}, element by element.
 *
 * <pre>
 *   y = ln(1 + e^x) = max(x, 0) + ln(1 + e^-|x|)
 *   VJP: g sigmoid(x)
 * </pre>
 *
 * Any shape. Computed in the second form, without overflow: far out it is e^x on the left, x on the
 * right. Within 2 units in the last place, and so is the VJP.
 */
public record Softplus() implements UnaryOp {
  @Override
  public NdArray forward(List<NdArray> in) {
    return Compute.unary(Unary.SOFTPLUS, in.get(0));
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    return Product.of(1, g, new Factor.Logistic(), in.get(0));
  }
}
