package org.gradus.autograd.ops;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.internal.kernel.Axis;
import org.gradus.autograd.internal.kernel.WindowSizes;

/**
 * The op of {@link Ops#adaptiveAvgPool2d}, which says what it computes.
 *
 * <pre>
 *   VJP: adaptiveAvgPool2dInput(g)
 * </pre>
 *
 * @param height of the output
 * @param width of the output
 */
record AdaptiveAvgPool2d(int height, int width) implements UnaryOp {
  @Override
  public NdArray forward(List<NdArray> in) {
    NdArray x = in.get(0);
    Shape shape = x.shape();
    WindowSizes sizes = sizes(name(), shape, height, width);
    NdArray y = ArrayMath.result(x, Shape.of(name(), shape.dim(0), shape.dim(1), height, width));
    ArrayMath.kernels(x)
        .avgPool(PoolGeometry.planes(x), sizes, false, ArrayMath.array(x), ArrayMath.array(y));
    return y;
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    Shape x = in.get(0).shape();
    return Tensor.of(new AdaptiveAvgPool2dInput(x.dim(2), x.dim(3)), g);
  }

  /** The windows of so many outputs over images, which must have pixels. */
  static WindowSizes sizes(String op, Shape x, int height, int width) {
    Images.requirePixels(op, x);
    WindowOptions.requireAtLeast(op + ": height", height, 1);
    WindowOptions.requireAtLeast(op + ": width", width, 1);
    return new WindowSizes(Axis.spread(x.dim(2), height), Axis.spread(x.dim(3), width));
  }
}
