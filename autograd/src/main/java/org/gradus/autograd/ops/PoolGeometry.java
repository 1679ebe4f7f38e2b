package org.gradus.autograd.ops;

import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
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

  /**
   * Checks that each window has an element of the image in it.
   *
   * @throws ShapeException if one lies on padding alone, or is too large to count its elements
   */
  public PoolGeometry {
    Nulls.refuse("poolGeometry: rows, columns", rows, columns);
    require("pooling", rows, columns);
  }

  static void require(String op, Window rows, Window columns) {
    rows.requireOnInput(op + ": height");
    columns.requireOnInput(op + ": width");
    long taps = (long) rows.kernel() * columns.kernel();
    if (taps != (int) taps) {
      throw new ShapeException(
          op,
          "a window of %s x %s has %s elements, expected at most %s"
              .formatted(rows.kernel(), columns.kernel(), taps, Integer.MAX_VALUE));
    }
  }

  WindowSizes sizes() {
    return Window.sizes(rows, columns);
  }

  /** Zeros in the shape of the images that an array of the given shape belongs to. */
  NdArray newInput(String op, NdArray y) {
    return ArrayMath.filled(y, planes(op, y, rows.input(), columns.input()), 0);
  }

  /** An array to write the outputs to that an array of the given shape belongs to. */
  NdArray newOutput(String op, NdArray x) {
    return ArrayMath.result(x, planes(op, x, rows.output(), columns.output()));
  }

  private static Shape planes(String op, NdArray like, int height, int width) {
    return Shape.of(op, like.shape().dim(0), like.shape().dim(1), height, width);
  }

  void requireInput(String op, Shape x) {
    Images.requireSize(op, "input", x, rows.input(), columns.input());
  }

  void requireOutput(String op, Shape y) {
    Images.requireSize(op, "output", y, rows.output(), columns.output());
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
