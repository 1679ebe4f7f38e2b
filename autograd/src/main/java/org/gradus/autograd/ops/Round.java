package org.gradus.autograd.ops;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.internal.kernel.Unary;

/**
 * The nearest whole number, element by element; half way between two, the even one, as NumPy and
 * IEEE 754 have it.
 *
 * <pre>
 *   y = round(x): 0.5 and -0.5 become zeros, 1.5 and 2.5 become 2
 *   VJP: 0, since y is constant between its jumps; NaN where x is NaN
 *   Ops.round is a constant: it has no gradient at all
 * </pre>
 *
 * Any shape. Exact; the sign stays, also that of a zero. NaN stays NaN, infinities stay.
 */
public record Round() implements UnaryOp {
  @Override
  public NdArray forward(List<NdArray> in) {
    return ArrayMath.unary(Unary.ROUND, in.get(0));
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    return Tensor.of(new Flat(), in.get(0));
  }
}
