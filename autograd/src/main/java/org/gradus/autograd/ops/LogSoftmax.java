package org.gradus.autograd.ops;

import static org.gradus.autograd.ops.Ops.exp;
import static org.gradus.autograd.ops.Ops.mul;
import static org.gradus.autograd.ops.Ops.sub;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;

/**
 * The logarithm of {@link Softmax}, exact where the softmax itself would underflow.
 *
 * <pre>
 *   y[..., i, ...] = x[..., i, ...] - ln(sum over j of e^x[..., j, ...])
 *   VJP: g - e^y (sum over the axis of g)
 * </pre>
 *
 * Any shape of rank 1 or higher. Refuses an axis that x does not have.
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
    return sub(g, mul(exp(y), Softmax.sumAlong(g, axis)));
  }
}
