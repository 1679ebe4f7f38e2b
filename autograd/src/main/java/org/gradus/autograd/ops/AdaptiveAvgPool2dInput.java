package org.gradus.autograd.ops;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.internal.kernel.WindowSizes;

/**
 * Shares each element of y equally among the places of its window: the adjoint of {@link
 * AdaptiveAvgPool2d}.
 *
 * <pre>
 *   y [N, C, OH, OW], x [N, C, H, W]
 *   x[n, c, h, v] = sum of y[n, c, i, j] / k over those windows (i, j) that have (h, v) in them
 *   VJP: adaptiveAvgPool2d(g)
 * </pre>
 *
 * However many windows share to one place, it is within 4 units of rounding (2^-24 in float32,
 * 2^-53 in float64) of the sum of the magnitudes of the shares. Refuses a y of no rows or columns.
 *
 * @param height of x, at least 1
 * @param width of x, at least 1
 */
record AdaptiveAvgPool2dInput(int height, int width) implements UnaryOp {
  @Override
  public NdArray forward(List<NdArray> in) {
    NdArray y = in.get(0);
    Shape shape = y.shape();
    Images.requirePixels(name(), shape);
    Shape whole = Shape.of(name(), shape.dim(0), shape.dim(1), height, width);
    WindowSizes sizes = AdaptiveAvgPool2d.sizes(name(), whole, shape.dim(2), shape.dim(3));
    NdArray x = ArrayMath.filled(y, whole, 0);
    ArrayMath.kernels(y)
        .avgPoolInput(PoolGeometry.planes(y), sizes, false, ArrayMath.array(y), ArrayMath.array(x));
    return x;
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor x, List<Tensor> in) {
    Shape y = in.get(0).shape();
    return Tensor.of(new AdaptiveAvgPool2d(y.dim(2), y.dim(3)), g);
  }
}
