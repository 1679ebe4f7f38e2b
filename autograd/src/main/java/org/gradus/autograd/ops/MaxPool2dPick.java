package org.gradus.autograd.ops;

import static org.gradus.autograd.ops.Ops.maxPool2dInput;
import static org.gradus.autograd.ops.Ops.zeros;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;

/**
 * From each window of h, the element at the place where x has its first maximum. Max-pooling is the
 * case h = x; this op is linear in h, and is the VJP of {@link MaxPool2dInput}.
 *
 * <pre>
 *   x [N, C, H, W], h [N, C, H, W], y [N, C, OH, OW]
 *   y[n, c, i, j] = h[n, c, m],  m = argmax of x[n, c] over the window
 *   VJP x: 0, since m is constant between the kinks
 *   VJP h: maxPool2dInput(x, g)
 * </pre>
 *
 * Refuses arrays that differ in shape or do not fit the geometry.
 *
 * @param geometry how the window slides
 */
record MaxPool2dPick(PoolGeometry geometry) implements BinaryOp {
  @Override
  public NdArray forward(List<NdArray> in) {
    return pick(name(), geometry, in.get(0), in.get(1));
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    Tensor x = in.get(0);
    return input == 0 ? zeros(x) : maxPool2dInput(x, g, geometry);
  }

  static NdArray pick(String op, PoolGeometry geometry, NdArray x, NdArray h) {
    geometry.requireInput(op, x.shape());
    geometry.requireInput(op, h.shape());
    PoolGeometry.requireSamePlanes(op, x.shape(), h.shape());
    NdArray y = geometry.newOutput(op, x);
    ArrayMath.kernels(x)
        .maxPool(
            PoolGeometry.planes(x),
            geometry.sizes(),
            ArrayMath.array(x),
            ArrayMath.array(h),
            ArrayMath.array(y));
    return y;
  }
}
