package org.gradus.autograd.ops;

import static org.gradus.autograd.ops.Ops.neg;
import static org.gradus.autograd.ops.Ops.sumTo;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.internal.kernel.Binary;

/**
 * The difference, element by element.
 *
 * <pre>
 *   y = a - b
 *   VJP a: sumTo(g, a)
 *   VJP b: -sumTo(g, b)
 * </pre>
 *
 * Shapes broadcast by NumPy's rules; the VJPs sum over what was repeated.
 *
 * @see <a href="https://numpy.org/doc/stable/user/basics.broadcasting.html">NumPy's rules</a>
 */
public record Sub() implements BinaryOp {
  @Override
  public NdArray forward(List<NdArray> in) {
    return ArrayMath.binary(name(), Binary.SUB, in.get(0), in.get(1));
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    Tensor a = in.get(0);
    Tensor b = in.get(1);
    return input == 0 ? sumTo(g, a.shape()) : neg(sumTo(g, b.shape()));
  }
}
