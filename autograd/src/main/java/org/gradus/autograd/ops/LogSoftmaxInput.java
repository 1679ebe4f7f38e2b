package org.gradus.autograd.ops;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.internal.kernel.SoftmaxSlope;

/**
 * The derivative of {@link Ops#logSoftmax}, transposed, times v: the VJP of that op.
 *
 * <pre>
 *   x, v of one shape, s = softmax(x)
 *   y[i] = v[i] - s[i] (sum over j of v[j])
 *        = v[i] (sum over the others of s) - s[i] (sum over the others of v)
 *   VJP x: -(sum over the axis of v) softmaxInput(x, g)
 *   VJP v: softmaxCentred(x, g)
 * </pre>
 *
 * Computed in double precision by the second form, which loses nothing where a softmax is nearly 1
 * and v lies there alone: each element keeps its relative accuracy, however small it is. A line of
 * x that is -infinity throughout gives 0. Refuses shapes that differ, and an axis that they do not
 * have.
 *
 * @param axis from 0, or negative to count from the end
 */
record LogSoftmaxInput(int axis) implements BinaryOp {
  @Override
  public NdArray forward(List<NdArray> in) {
    return Softmax.slope(name(), SoftmaxSlope.LOGARITHM, axis, in);
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    Tensor x = in.get(0);
    return input == 1
        ? Tensor.of(new SoftmaxCentred(axis), x, g)
        : Softmax.lessTotal(axis, x, g, in.get(1));
  }
}
