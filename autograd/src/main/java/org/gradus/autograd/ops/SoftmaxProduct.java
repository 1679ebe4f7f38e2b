package org.gradus.autograd.ops;

import static org.gradus.autograd.ops.Ops.mul;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.internal.kernel.SoftmaxSlope;

/**
 * The {@link Ops#softmax} of x times v, element by element: the VJP of {@link LogSumExp}.
 *
 * <pre>
 *   x, v of one shape, s = softmax(x)
 *   y = s v
 *   VJP x: softmaxInput(x, g v)
 *   VJP v: softmaxProduct(x, g)
 * </pre>
 *
 * Computed in double precision and rounded once, so that a softmax which is too small for the
 * element type does no harm to a product that is not. A line of x that is -infinity throughout
 * gives 0. Refuses shapes that differ, and an axis that they do not have.
 *
 * @param axis from 0, or negative to count from the end
 */
record SoftmaxProduct(int axis) implements BinaryOp {
  @Override
  public NdArray forward(List<NdArray> in) {
    return Softmax.slope(name(), SoftmaxSlope.WEIGHTED, axis, in);
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    Tensor x = in.get(0);
    return input == 0
        ? Tensor.of(new SoftmaxInput(axis), x, mul(g, in.get(1)))
        : Tensor.of(this, x, g);
  }
}
