package org.gradus.autograd.ops;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.internal.kernel.Binary;

/**
 * Every element to a power of its own.
 *
 * <pre>
 *   y = x^p
 *   VJP x: sumTo(g p x^(p-1), x)
 *   VJP p: sumTo(g x^p ln x, p)
 * </pre>
 *
 * Shapes broadcast by NumPy's rules; the VJPs sum over what was repeated. Within 2 units in the
 * last place, and each product of the VJPs within a few: slopes that are too large or too small for
 * the element type do no harm to a product that is not.
 *
 * <p>Domain: x > 0.
 *
 * <ul>
 *   <li>Where x is negative, y and the derivative in x are numbers if p is a whole number, and
 *       otherwise NaN. The derivative in p is NaN in any case: between whole numbers there is no
 *       power.
 *   <li>Where x = 0, y is 0 for p > 0, 1 for p = 0, and infinite for p &lt; 0. The derivative in x
 *       is infinite for p &lt; 1, unless p = 0, where it is 0. That in p is 0 for p > 0, since y
 *       stays 0; 0 for p = 0 too, where y jumps; and -infinity for p &lt; 0.
 *   <li>By Java's rules y is NaN where x is 1 or -1 and p infinite, or p NaN (NumPy has 1).
 *   <li>An infinite p has values, but mostly no derivatives: they are NaN, as infinity times 0 is.
 * </ul>
 *
 * An infinite derivative times a cotangent of 0 is NaN.
 *
 * @see <a href="https://numpy.org/doc/stable/user/basics.broadcasting.html">NumPy's rules</a>
 */
public record Power() implements BinaryOp {
  @Override
  public String name() {
    return "pow";
  }

  @Override
  public NdArray forward(List<NdArray> in) {
    return ArrayMath.binary(name(), Binary.POW, in.get(0), in.get(1));
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    PowerSlope slope = input == 0 ? new PowerSlope(1, 0) : new PowerSlope(0, 1);
    return slope.times(g, in, input);
  }
}
