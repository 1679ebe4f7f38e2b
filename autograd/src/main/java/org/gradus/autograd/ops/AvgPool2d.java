package org.gradus.autograd.ops;

import static org.gradus.autograd.ops.Ops.avgPool2dInput;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;

/**
 * The op of {@link Ops#avgPool2d(Tensor, PoolOptions)}, which says what it computes.
 *
 * <pre>
 *   VJP: avgPool2dInput(g)
 * </pre>
 *
 * @param geometry how the window slides
 * @param countPadding whether padding counts in the mean
 */
record AvgPool2d(PoolGeometry geometry, boolean countPadding) implements UnaryOp {
  @Override
  public NdArray forward(List<NdArray> in) {
    NdArray x = in.get(0);
    geometry.requireInput(name(), x.shape());
    NdArray y = geometry.newOutput(name(), x);
    ArrayMath.kernels(x)
        .avgPool(
            PoolGeometry.planes(x),
            geometry.sizes(),
            countPadding,
            ArrayMath.array(x),
            ArrayMath.array(y));
    return y;
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    return avgPool2dInput(g, geometry, countPadding);
  }
}
