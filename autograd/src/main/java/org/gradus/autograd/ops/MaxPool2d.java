package org.gradus.autograd.ops;

import static org.gradus.autograd.ops.Ops.maxPool2dInput;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;

/**
 * The op of {@link Ops#maxPool2d(Tensor, PoolOptions)}, which says what it computes.
 *
 * <pre>
 *   VJP: maxPool2dInput(x, g): g goes to the place of the window's first maximum
 * </pre>
 *
 * @param geometry how the window slides
 */
record MaxPool2d(PoolGeometry geometry) implements UnaryOp {
  @Override
  public NdArray forward(List<NdArray> in) {
    NdArray x = in.get(0);
    return MaxPool2dPick.pick(name(), geometry, x, x);
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    return maxPool2dInput(in.get(0), g, geometry);
  }
}
