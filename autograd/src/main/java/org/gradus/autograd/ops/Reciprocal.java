package org.gradus.autograd.ops;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.internal.kernel.Factor;
import org.gradus.autograd.internal.kernel.Unary;

/**
 * The reciprocal, element by element.
 *
 * <pre>
 *   y = 1 / x
 *   VJP: -g / x^2
 * </pre>
 *
 * Any shape. Correctly rounded. Domain: x not 0; at 0 the value is infinite, with the sign of the
 * zero, and the derivative -infinity (NaN for a cotangent of 0). The VJP is rounded once, and
 * overflows only if it is too large itself.
 */
public record Reciprocal() implements UnaryOp {
  @Override
  public NdArray forward(List<NdArray> in) {
    return ArrayMath.unary(Unary.RECIPROCAL, in.get(0));
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    return Product.of(-1, g, new Factor.Power(-2), in.get(0));
  }
}
