package org.gradus.autograd.ops;

import static org.gradus.autograd.ops.Ops.zeros;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.internal.kernel.Factor;
import org.gradus.autograd.internal.kernel.Unary;

/**
 * Every element to the power of a number.
 *
 * <pre>
 *   y = x^p
 *   VJP: g p x^(p-1); 0 if p = 0
 * </pre>
 *
 * Any shape. Domain: x > 0, or any x if p is a whole number, except 0 if p is negative; outside of
 * it the value is NaN or infinite. At x = 0 the derivative is infinite for p &lt; 1 (p not 0), and
 * NaN for a cotangent of 0. Elsewhere a slope that is too large or too small for the element type
 * does no harm to a VJP that is not. Refuses an exponent that is NaN.
 *
 * @param exponent p
 */
public record Pow(double exponent) implements UnaryOp {

  /**
   * Checks the exponent.
   *
   * @throws IllegalArgumentException if it is NaN
   */
  public Pow {
    if (Double.isNaN(exponent)) {
      throw new IllegalArgumentException("pow: exponent NaN, expected a number");
    }
  }

  @Override
  public NdArray forward(List<NdArray> in) {
    return Compute.unary(Unary.POW, exponent, in.get(0));
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    Tensor x = in.get(0);
    if (exponent == 0) {
      return zeros(x);
    }
    return exponent == 1 ? g : Product.of(exponent, g, new Factor.Power(exponent - 1), x);
  }
}
