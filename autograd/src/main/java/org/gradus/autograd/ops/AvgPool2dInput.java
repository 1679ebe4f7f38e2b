package org.gradus.autograd.ops;

import static org.gradus.autograd.ops.Ops.avgPool2d;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;

/**
 * Shares each element of y equally among the places of its window: the adjoint of {@link
 * AvgPool2d}.
 *
 * <pre>
 *   y [N, C, OH, OW], x [N, C, H, W]
 *   x[n, c, h, v] = sum of y[n, c, i, j] / k over those windows (i, j) that have a tap at (h, v)
 *   VJP: avgPool2d(g)
 * </pre>
 *
 * However many windows share to one place, it is within 4 units of rounding (2^-24 in float32,
 * 2^-53 in float64) of the sum of the magnitudes of the shares. Refuses an array that does not fit
 * the geometry.
 *
 * @param geometry how the window slides over x
 * @param countPadding whether padding counts in the mean
 */
record AvgPool2dInput(PoolGeometry geometry, boolean countPadding) implements UnaryOp {
  @Override
  public NdArray forward(List<NdArray> in) {
    NdArray y = in.get(0);
    geometry.requireOutput(name(), y.shape());
    NdArray x = geometry.newInput(name(), y);
    ArrayMath.kernels(y)
        .avgPoolInput(
            PoolGeometry.planes(y),
            geometry.sizes(),
            countPadding,
            ArrayMath.array(y),
            ArrayMath.array(x));
    return x;
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor x, List<Tensor> in) {
    return avgPool2d(g, geometry, countPadding);
  }
}
