package org.gradus.autograd.ops;

import static org.gradus.autograd.ops.Ops.mul;
import static org.gradus.autograd.ops.Ops.sub;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.internal.kernel.Unary;

/**
 * The logistic function, element by element.
 *
 * <pre>
 *   y = 1 / (1 + e^-x)
 *   VJP: g y (1 - y)
 * </pre>
 *
 * Any shape. Computed without overflow; saturates at 0 and 1, where the derivative is 0.
 */
public record Sigmoid() implements UnaryOp {
  @Override
  public NdArray forward(List<NdArray> in) {
    return Compute.unary(Unary.SIGMOID, in.get(0));
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    return mul(g, mul(y, sub(1, y)));
  }
}
