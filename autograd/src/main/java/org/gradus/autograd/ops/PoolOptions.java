package org.gradus.autograd.ops;

import org.gradus.autograd.array.Shape;

/**
 * How a pooling window slides over images. Start with {@link #window} and add to it:
 *
 * <pre>{@code
 * maxPool2d(x, window(3).stride(2).padding(1))
 * }</pre>
 *
 * <p>One number speaks of both axes; of two, the first speaks of rows (height), the second of
 * columns (width).
 *
 * @param height of the window
 * @param width of the window
 * @param rows how it slides along the height
 * @param columns how it slides along the width
 */
public record PoolOptions(int height, int width, Slide rows, Slide columns) {

  /**
   * Checks the window's size.
   *
   * @throws IllegalArgumentException if it is less than 1
   */
  public PoolOptions {
    Slide.requireAtLeast("window: height", height, 1);
    Slide.requireAtLeast("window: width", width, 1);
  }

  /** A square window whose stride is its size: the windows tile the image. */
  public static PoolOptions window(int size) {
    return window(size, size);
  }

  /** A window whose stride is its size: the windows tile the image. */
  public static PoolOptions window(int height, int width) {
    return new PoolOptions(height, width, Slide.VALID, Slide.VALID).stride(height, width);
  }

  /** With a stride, at least 1. */
  public PoolOptions stride(int both) {
    return stride(both, both);
  }

  /** With a stride for each axis, at least 1. */
  public PoolOptions stride(int newHeight, int newWidth) {
    return new PoolOptions(height, width, rows.withStride(newHeight), columns.withStride(newWidth));
  }

  /** With padding on every side, at least 0. */
  public PoolOptions padding(int all) {
    return padding(all, all, all, all);
  }

  /** With padding on each side by itself, at least 0. */
  public PoolOptions padding(int top, int bottom, int left, int right) {
    return new PoolOptions(
        height, width, rows.withPadding(top, bottom), columns.withPadding(left, right));
  }

  /** With a distance between neighbouring elements of the window, at least 1. */
  public PoolOptions dilation(int both) {
    return new PoolOptions(height, width, rows.withDilation(both), columns.withDilation(both));
  }

  /** The geometry over images [N, C, H, W]; the op is named in errors. */
  PoolGeometry geometry(String op, Shape x) {
    Images.requireRank4(op, "input", x);
    Window down = rows.over(op, "height", x.dim(2), height);
    Window across = columns.over(op, "width", x.dim(3), width);
    PoolGeometry.require(op, down, across);
    return new PoolGeometry(down, across);
  }
}
