package org.gradus.autograd.ops;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;

/**
 * The logarithm of {@link Softmax}, accurate where the softmax itself would underflow.
 *
 * <pre>
 *   y[..., i, ...] = x[..., i, ...] - ln(sum over j of e^x[..., j, ...])
 *   VJP: g - softmax(x) (sum over the axis of g)
 * </pre>
 *
 * Any shape of rank 1 or higher. Within 2 units in the last place in float32, and as accurate as a
 * {@link Sum} of exponentials in float64, also where one element dominates and the largest y is
 * just below 0. What the VJP gives to that element, which is minus the sum of the other
 * probabilities, keeps its relative accuracy. Where a whole line is -infinity there is no
 * distribution: y is -infinity throughout, and the gradient is 0. Refuses an axis that x does not
 * have.
 *
 * @param axis from 0, or negative to count from the end
 */
public record LogSoftmax(int axis) implements UnaryOp {
  @Override
  public NdArray forward(List<NdArray> in) {
    return Softmax.compute(name(), true, axis, in.get(0));
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    return Tensor.of(new LogSoftmaxInput(axis), in.get(0), g);
  }
}
