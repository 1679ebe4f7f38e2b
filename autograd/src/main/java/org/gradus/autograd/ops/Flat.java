package org.gradus.autograd.ops;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.internal.kernel.Binary;

/**
 * The derivative of what is constant between its jumps: 0 at every number, and NaN at NaN, so that
 * higher derivatives do not hide it.
 *
 * <pre>
 *   y = 0, or NaN where x is NaN
 *   VJP: the same
 * </pre>
 *
 * Any shape. 0 at the infinities.
 */
record Flat() implements UnaryOp {
  @Override
  public NdArray forward(List<NdArray> in) {
    NdArray x = in.get(0);
    NdArray numbers = ArrayMath.binary(name(), Binary.EQUAL, x, x);
    return ArrayMath.binary(name(), Binary.DIV, NdArray.scalar(x.dtype(), 0), numbers);
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    return Tensor.of(this, in.get(0));
  }
}
