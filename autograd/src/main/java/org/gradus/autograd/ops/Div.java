package org.gradus.autograd.ops;

import static org.gradus.autograd.ops.Ops.div;
import static org.gradus.autograd.ops.Ops.mul;
import static org.gradus.autograd.ops.Ops.scalar;
import static org.gradus.autograd.ops.Ops.sumTo;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.internal.kernel.Binary;
import org.gradus.autograd.internal.kernel.Factor;

/**
 * The quotient, element by element.
 *
 * <pre>
 *   y = a / b
 *   VJP a: sumTo(g / b, a)
 *   VJP b: -sumTo(g a / b^2, b)
 * </pre>
 *
 * Shapes broadcast by NumPy's rules; the VJPs sum over what was repeated. Where b is 0, values and
 * derivatives are infinite or NaN, as IEEE 754 has it. Elsewhere the products of the VJPs are
 * rounded once, and overflow only if they are too large themselves. A number in place of a tensor
 * is rounded to the element type first, unless it is too small or too large for that.
 *
 * @see <a href="https://numpy.org/doc/stable/user/basics.broadcasting.html">NumPy's rules</a>
 */
public record Div() implements BinaryOp {
  /** a / b, where the element type may not have b. */
  static Tensor by(Tensor a, double b) {
    double inverse = Math.max(-Double.MAX_VALUE, Math.min(1 / b, Double.MAX_VALUE)); // 0 stays 0
    return ArrayMath.fits(b, a.dtype()) ? div(a, scalar(a, b)) : mul(a, inverse);
  }

  /** a / b, where the element type may not have a. */
  static Tensor of(double a, Tensor b) {
    return ArrayMath.fits(a, b.dtype())
        ? div(scalar(b, a), b)
        : Tensor.of(new Product(a, List.of(new Factor.Power(-1))), b);
  }

  @Override
  public NdArray forward(List<NdArray> in) {
    return ArrayMath.binary(name(), Binary.DIV, in.get(0), in.get(1));
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    Tensor a = in.get(0);
    Tensor b = in.get(1);
    Tensor product = input == 0 ? div(g, b) : Product.of(-1, g, new Factor.Power(-2), b, a);
    return sumTo(product, in.get(input).shape());
  }
}
