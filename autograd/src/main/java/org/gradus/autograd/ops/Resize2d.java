package org.gradus.autograd.ops;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;

/**
 * Images in another size.
 *
 * <pre>
 *   x [N, C, H, W], y [N, C, OH, OW]
 *   y[n, c, i, j] = sum over h, v of  r[i, h] s[j, v] x[n, c, h, v]
 *     r[i], s[j]: at most two neighbours, of weights that sum to 1; see {@link Resampling}
 *   VJP: resize2dInput(g)
 * </pre>
 *
 * Linear. An element of weight 0 is not looked at, be it infinite or NaN. Nothing is smoothed where
 * the image gets smaller. Refuses images of another size than the geometry has.
 *
 * @param rows along the height
 * @param columns along the width
 */
public record Resize2d(Resampling rows, Resampling columns) implements UnaryOp {
  /** Refuses null. */
  public Resize2d {
    Nulls.refuse("resize2d: rows, columns", rows, columns);
  }

  @Override
  public String name() {
    return rows.mode() == Resampling.Mode.NEAREST ? "upsampleNearest" : "upsampleBilinear";
  }

  @Override
  public NdArray forward(List<NdArray> in) {
    NdArray x = in.get(0);
    Shape shape = x.shape();
    Images.requireSize(name(), "input", shape, rows.input(), columns.input());
    NdArray y =
        ArrayMath.result(
            x, Shape.of(name(), shape.dim(0), shape.dim(1), rows.output(), columns.output()));
    if (y.size() == 0) { // of any extents
      return y;
    }
    ArrayMath.kernels(x)
        .resize(
            shape.size(0, 2), rows.taps(), columns.taps(), ArrayMath.array(x), ArrayMath.array(y));
    return y;
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    return Tensor.of(new Resize2dInput(rows, columns), g);
  }

  /** Each pixel of x [N, C, H, W] as this many rows and columns. */
  static Tensor nearest(Tensor x, int rowScale, int columnScale) {
    Nulls.refuse("upsampleNearest: x", x);
    Images.requirePixels("upsampleNearest", x.shape());
    int height = scaled("height", x.shape().dim(2), rowScale);
    int width = scaled("width", x.shape().dim(3), columnScale);
    return resize(x, height, width, Resampling.Mode.NEAREST);
  }

  private static int scaled(String axis, int size, int scale) {
    long scaled = (long) size * scale;
    if (scale < 1 || scaled != (int) scaled) {
      throw new ShapeException(
          "upsampleNearest: " + axis,
          "%s times %s is %s, expected a scale of at least 1 and a size of at most %s"
              .formatted(size, scale, scaled, Integer.MAX_VALUE));
    }
    return (int) scaled;
  }

  /** x [N, C, H, W] in another size, its pixels mixed. */
  static Tensor bilinear(Tensor x, int height, int width, boolean alignCorners) {
    String op = "upsampleBilinear";
    Nulls.refuse("upsampleBilinear: x", x);
    Images.requirePixels(op, x.shape());
    WindowOptions.requireAtLeast(op + ": height", height, 1);
    WindowOptions.requireAtLeast(op + ": width", width, 1);
    return resize(
        x,
        height,
        width,
        alignCorners ? Resampling.Mode.ALIGN_CORNERS : Resampling.Mode.HALF_PIXEL);
  }

  private static Tensor resize(Tensor x, int height, int width, Resampling.Mode mode) {
    Resampling rows = new Resampling(x.shape().dim(2), height, mode);
    Resampling columns = new Resampling(x.shape().dim(3), width, mode);
    return Tensor.of(new Resize2d(rows, columns), x);
  }
}
