package org.gradus.autograd.ops;

import static org.gradus.autograd.ops.Ops.div;
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
 * rounded once, and overflow only if they are too large themselves.
 *
 * @see <a href="https://numpy.org/doc/stable/user/basics.broadcasting.html">NumPy's rules</a>
 */
public record Div() implements BinaryOp {
  @Override
  public NdArray forward(List<NdArray> in) {
    return Compute.binary(name(), Binary.DIV, in.get(0), in.get(1));
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    Tensor a = in.get(0);
    Tensor b = in.get(1);
    Tensor product = input == 0 ? div(g, b) : Product.of(-1, g, new Factor.Power(-2), b, a);
    return sumTo(product, in.get(input).shape());
  }
}
