package org.gradus.autograd.ops;

import static org.gradus.autograd.ops.Ops.maxPool2dPick;
import static org.gradus.autograd.ops.Ops.zeros;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;

/**
 * Takes each element of y to the place of its window's first maximum in x, where they add up: the
 * VJP of {@link Ops#maxPool2d(Tensor, PoolOptions)}, and the adjoint of {@link MaxPool2dPick} in h.
 *
 * <pre>
 *   x [N, C, H, W], y [N, C, OH, OW], h [N, C, H, W]
 *   h[n, c, m] = sum of y[n, c, i, j] over those windows (i, j) whose argmax of x[n, c] is m
 *   VJP x: 0, since the places are constant between the kinks
 *   VJP y: maxPool2dPick(x, g)
 * </pre>
 *
 * However many elements go to one place, it is within 4 units of rounding (2^-24 in float32, 2^-53
 * in float64) of the sum of their magnitudes. Refuses arrays that do not fit each other or the
 * geometry.
 *
 * @param geometry how the window slides over x
 */
record MaxPool2dInput(PoolGeometry geometry) implements BinaryOp {
  @Override
  public NdArray forward(List<NdArray> in) {
    NdArray x = in.get(0);
    NdArray y = in.get(1);
    geometry.requireInput(name(), x.shape());
    geometry.requireOutput(name(), y.shape());
    PoolGeometry.requireSamePlanes(name(), x.shape(), y.shape());
    NdArray h = ArrayMath.filled(x, x.shape(), 0);
    ArrayMath.kernels(x)
        .maxPoolInput(
            PoolGeometry.planes(x),
            geometry.sizes(),
            ArrayMath.array(x),
            ArrayMath.array(y),
            ArrayMath.array(h));
    return h;
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor h, List<Tensor> in) {
    Tensor x = in.get(0);
    return input == 0 ? zeros(x) : maxPool2dPick(x, g, geometry);
  }
}
