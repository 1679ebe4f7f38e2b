package org.gradus.autograd.ops;

import static org.gradus.autograd.ops.Ops.less;
import static org.gradus.autograd.ops.Ops.sumTo;
import static org.gradus.autograd.ops.Ops.where;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.internal.kernel.Binary;

/**
 * The smaller of two, element by element.
 *
 * <pre>
 *   y = min(a, b)
 *   VJP a: sumTo(g where not b &lt; a, a)
 *   VJP b: sumTo(g where b &lt; a, b)
 *   both with 0 elsewhere
 * </pre>
 *
 * Shapes broadcast by NumPy's rules; the VJPs sum over what was repeated. A tie, which is a kink,
 * goes to a. NaN if one of the two is NaN; the gradient goes to a then, too.
 *
 * <p>A gradient of 0 is passed on to the op that made the input; if the derivative of that op is
 * infinite, the product is NaN. Where that may happen, choose a safe input of that op first: {@code
 * log(where(greater(x, 0), x, 1))}, for example, in place of {@code log(x)}.
 *
 * @see <a href="https://numpy.org/doc/stable/user/basics.broadcasting.html">NumPy's rules</a>
 */
public record Minimum() implements BinaryOp {
  @Override
  public NdArray forward(List<NdArray> in) {
    return ArrayMath.binary(name(), Binary.MINIMUM, in.get(0), in.get(1));
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    Tensor a = in.get(0);
    Tensor b = in.get(1);
    Tensor second = less(b, a);
    return input == 0
        ? sumTo(where(second, 0, g), a.shape())
        : sumTo(where(second, g, 0), b.shape());
  }
}
