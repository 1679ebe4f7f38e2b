package org.gradus.autograd.ops;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.internal.kernel.SoftmaxSlope;

/**
 * What v is above its mean, weighted by the {@link Ops#softmax} of x.
 *
 * <pre>
 *   x, v of one shape, s = softmax(x)
 *   y = v - sum over the axis of s v
 *   VJP x: -(sum over the axis of g) softmaxInput(x, v)
 *   VJP v: logSoftmaxInput(x, g)
 * </pre>
 *
 * The adjoint in v of {@link LogSoftmaxInput}. Computed in double precision from differences to v
 * at the largest element of x. A line of x that is -infinity throughout gives 0. Refuses shapes
 * that differ, and an axis that they do not have.
 *
 * @param axis from 0, or negative to count from the end
 */
record SoftmaxCentred(int axis) implements BinaryOp {
  @Override
  public NdArray forward(List<NdArray> in) {
    return Softmax.slope(name(), SoftmaxSlope.CENTRED, axis, in);
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    Tensor x = in.get(0);
    return input == 1
        ? Tensor.of(new LogSoftmaxInput(axis), x, g)
        : Softmax.lessTotal(axis, x, in.get(1), g);
  }
}
