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
 * does no harm to a VJP that is not, for exponents up to 1000 in size. Within 2 units in the last
 * place, and the VJP within a few. An infinite exponent has values, but mostly no derivatives: they
 * are NaN, as infinity times 0 is. Refuses an exponent that is NaN.
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
    return ArrayMath.unary(Unary.POW, exponent, in.get(0));
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    Tensor x = in.get(0);
    if (exponent == 0) {
      return zeros(x);
    }
    if (exponent == 1) {
      return g;
    }
    Factor.Term slope = new Factor.Power(exponent).derivative().get(0);
    return Product.of(slope.coefficient(), g, slope.factor(), x);
  }
}
