package org.gradus.autograd.ops;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.internal.kernel.Factor;
import org.gradus.autograd.internal.kernel.Unary;

/**
 * The square root, element by element.
 *
 * <pre>
 *   y = x^(1/2)
 *   VJP: g / (2 y)
 * </pre>
 *
 * Any shape. Correctly rounded, and the VJP within 2 units in the last place. Domain x >= 0: at 0
 * the derivative is infinite (and NaN for a cotangent of 0), below it the value is NaN.
 */
public record Sqrt() implements UnaryOp {
  @Override
  public NdArray forward(List<NdArray> in) {
    return ArrayMath.unary(Unary.SQRT, in.get(0));
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    return Product.of(0.5, g, new Factor.Power(-0.5), in.get(0));
  }
}
