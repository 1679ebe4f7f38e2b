package org.gradus.autograd.ops;

import static org.gradus.autograd.ops.Ops.mul;
import static org.gradus.autograd.ops.Ops.sub;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.internal.kernel.Unary;

/**
 * The hyperbolic tangent, element by element.
 *
 * <pre>
 *   y = tanh x
 *   VJP: g (1 - y^2)
 * </pre>
 *
 * Any shape. Saturates at -1 and 1, where the derivative is 0.
 */
public record Tanh() implements UnaryOp {
  @Override
  public NdArray forward(List<NdArray> in) {
    return Compute.unary(Unary.TANH, in.get(0));
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    return mul(g, sub(1, mul(y, y)));
  }
}
