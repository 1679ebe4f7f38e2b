package org.gradus.autograd.ops;

import static org.gradus.autograd.ops.Ops.mul;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.internal.kernel.SoftmaxSlope;

/**
 * The derivative of {@link Ops#softmax} in its input, a symmetric matrix at each line, times v.
 *
 * <pre>
 *   x, v of one shape, s = softmax(x)
 *   y = s (v - sum over the axis of s v)
 *   VJP x: softmaxInput(x, (g - sum of s g) (v - sum of s v))
 *   VJP v: softmaxInput(x, g)
 * </pre>
 *
 * Computed in double precision from differences to v at the largest element of x, so that a line
 * whose softmax is nearly 0 and 1 loses nothing. A line of x that is -infinity throughout gives 0.
 * Refuses shapes that differ, and an axis that they do not have.
 *
 * @param axis from 0, or negative to count from the end
 */
record SoftmaxInput(int axis) implements BinaryOp {
  @Override
  public NdArray forward(List<NdArray> in) {
    return Softmax.slope(name(), SoftmaxSlope.SHARES, axis, in);
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    Tensor x = in.get(0);
    if (input == 1) {
      return Tensor.of(this, x, g);
    }
    SoftmaxCentred centred = new SoftmaxCentred(axis);
    Tensor product = mul(Tensor.of(centred, x, g), Tensor.of(centred, x, in.get(1)));
    return Tensor.of(this, x, product);
  }
}
