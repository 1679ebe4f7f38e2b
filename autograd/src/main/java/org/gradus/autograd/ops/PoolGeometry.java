package org.gradus.autograd.ops;

import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;
import org.gradus.autograd.internal.kernel.WindowSizes;

/**
 * How a pooling window slides over images.
 *
 * @param rows along the height
 * @param columns along the width
 */
public record PoolGeometry(Window rows, Window columns) {

  WindowSizes sizes() {
    return Window.sizes(rows, columns);
  }

  /** Zeros in the shape of the images that an array of the given shape belongs to. */
  NdArray newInput(NdArray y) {
    return NdArray.zeros(y.dtype(), y.shape().with(2, rows.input()).with(3, columns.input()));
  }

  /** Zeros in the shape of the outputs that an array of the given shape belongs to. */
  NdArray newOutput(NdArray x) {
    return NdArray.zeros(x.dtype(), x.shape().with(2, rows.output()).with(3, columns.output()));
  }

  void requireInput(String op, Shape x) {
    require(op, "input", x, rows.input(), columns.input());
  }

  void requireOutput(String op, Shape y) {
    require(op, "output", y, rows.output(), columns.output());
  }

  private static void require(String op, String what, Shape shape, int height, int width) {
    requireRank4(op, shape);
    if (shape.dim(2) != height || shape.dim(3) != width) {
      throw new ShapeException(
          op,
          "%s %s is %d x %d, but the geometry expects %d x %d"
              .formatted(what, shape, shape.dim(2), shape.dim(3), height, width));
    }
  }

  static void requireRank4(String op, Shape shape) {
    if (shape.rank() != 4) {
      throw new ShapeException(
          op, "input %s has rank %d, expected 4".formatted(shape, shape.rank()));
    }
  }

  /** Refuses two arrays that differ in images or channels. */
  static void requireSamePlanes(String op, Shape a, Shape b) {
    if (a.dim(0) != b.dim(0) || a.dim(1) != b.dim(1)) {
      throw new ShapeException(op, "%s and %s differ in images or channels".formatted(a, b));
    }
  }

  static int planes(NdArray x) {
    return x.shape().size(0, 2);
  }
}
