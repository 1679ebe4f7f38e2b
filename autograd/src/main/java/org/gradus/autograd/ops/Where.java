package org.gradus.autograd.ops;

import static org.gradus.autograd.ops.Ops.sumTo;
import static org.gradus.autograd.ops.Ops.where;
import static org.gradus.autograd.ops.Ops.zeros;

import java.util.List;
import org.gradus.autograd.Op;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;

/**
 * A choice between two, element by element.
 *
 * <pre>
 *   y = a where mask is not 0, otherwise b
 *   VJP mask: 0, since y is constant in it on both sides of 0
 *   VJP a: sumTo(g where mask is not 0, a)
 *   VJP b: sumTo(g where mask is 0, b)
 *   both with 0 elsewhere
 * </pre>
 *
 * Shapes broadcast by NumPy's rules, all three together; the VJPs sum over what was repeated. A
 * mask of NaN chooses a. What is not chosen is not touched: where it is infinite or NaN, values and
 * gradients are not.
 *
 * <p>A gradient of 0 is passed on to the op that made the input; if the derivative of that op is
 * infinite, the product is NaN. Where that may happen, choose a safe input of that op first: {@code
 * log(where(greater(x, 0), x, 1))}, for example, in place of {@code log(x)}.
 *
 * @see <a href="https://numpy.org/doc/stable/user/basics.broadcasting.html">NumPy's rules</a>
 */
public record Where() implements Op {
  @Override
  public int arity() {
    return 3;
  }

  @Override
  public NdArray forward(List<NdArray> in) {
    return ArrayMath.where(name(), in.get(0), in.get(1), in.get(2));
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    Tensor mask = in.get(0);
    Tensor a = in.get(1);
    Tensor b = in.get(2);
    return switch (input) {
      case 0 -> zeros(mask);
      case 1 -> sumTo(where(mask, g, 0), a.shape());
      default -> sumTo(where(mask, 0, g), b.shape());
    };
  }
}
