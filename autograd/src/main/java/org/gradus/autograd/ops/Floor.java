package org.gradus.autograd.ops;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.internal.kernel.Unary;

/**
 * The largest whole number that is not above x, element by element.
 *
 * <pre>
 *   y = floor(x)
 *   VJP: 0, since y is constant between its jumps; NaN where x is NaN
 *   Ops.floor is a constant: it has no gradient at all
 * </pre>
 *
 * Any shape. Exact; -0.5 becomes -1, and -0 and whole numbers stay as they are. NaN stays NaN,
 * infinities stay.
 */
public record Floor() implements UnaryOp {
  @Override
  public NdArray forward(List<NdArray> in) {
    return ArrayMath.unary(Unary.FLOOR, in.get(0));
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    return Tensor.of(new Flat(), in.get(0));
  }
}
