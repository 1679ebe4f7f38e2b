package org.gradus.autograd.ops;

import static org.gradus.autograd.ops.Ops.mul;
import static org.gradus.autograd.ops.Ops.sub;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;

/**
 * Exponentials along an axis, normalised to a sum of 1.
 *
 * <pre>
 *   y[..., i, ...] = e^x[..., i, ...] / sum over j of e^x[..., j, ...]
 *   VJP: y (g - sum over the axis of g y)
 * </pre>
 *
 * Any shape of rank 1 or higher. The largest element is subtracted first, so that no exponential
 * overflows. The exponentials are added up in double precision, as a tree. Refuses an axis that x
 * does not have.
 *
 * @param axis from 0, or negative to count from the end
 */
public record Softmax(int axis) implements UnaryOp {
  @Override
  public NdArray forward(List<NdArray> in) {
    return compute(name(), false, axis, in.get(0));
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    return mul(y, sub(g, sumAlong(mul(g, y), axis)));
  }

  static NdArray compute(String op, boolean logarithm, int axis, NdArray x) {
    int index = x.shape().axis(op, axis);
    NdArray y = Compute.result(x, x.shape());
    Compute.kernels(x)
        .softmax(
            logarithm,
            x.shape().size(0, index),
            x.shape().dim(index),
            x.shape().size(index + 1, x.shape().rank()),
            x.buffer().array(),
            y.buffer().array());
    return y;
  }

  /** The sum over one axis, which stays with extent 1. */
  static Tensor sumAlong(Tensor x, int axis) {
    return Tensor.of(new Sum(List.of(axis), true), x);
  }
}
