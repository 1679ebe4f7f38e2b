package org.gradus.autograd.ops;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;

/**
 * The op of {@link Ops#logSoftmax}, which says what it computes.
 *
 * <pre>
 *   VJP: g - softmax(x) (sum over the axis of g)
 * </pre>
 */
record LogSoftmax(int axis) implements UnaryOp {
  @Override
  public NdArray forward(List<NdArray> in) {
    return Softmax.compute(name(), true, axis, in.get(0));
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    return Tensor.of(new LogSoftmaxInput(axis), in.get(0), g);
  }
}
