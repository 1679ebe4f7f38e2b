package org.gradus.autograd.ops;

import static org.gradus.autograd.ops.Ops.mul;
import static org.gradus.autograd.ops.Ops.sigmoid;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
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
 * right.
 */
public record Softplus() implements UnaryOp {
  @Override
  public NdArray forward(List<NdArray> in) {
    return Compute.unary(Unary.SOFTPLUS, in.get(0));
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    return mul(g, sigmoid(in.get(0)));
  }
}
