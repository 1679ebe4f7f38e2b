package org.gradus.autograd.ops;

import org.gradus.autograd.array.Nulls;
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
 * @param roundUp whether elements that the last whole window leaves over get a window of their own
 * @param countPadding whether padding counts in a mean, as zeros; a maximum never looks at it
 */
public record PoolOptions(
    int height,
    int width,
    WindowOptions rows,
    WindowOptions columns,
    boolean roundUp,
    boolean countPadding) {

  /**
   * Checks the window's size.
   *
   * @throws IllegalArgumentException if it is less than 1
   */
  public PoolOptions {
    Nulls.refuse("poolOptions: rows, columns", rows, columns);
    WindowOptions.requireAtLeast("window: height", height, 1);
    WindowOptions.requireAtLeast("window: width", width, 1);
  }

  /** A square window whose stride is its size: the windows tile the image. */
  public static PoolOptions window(int size) {
    return window(size, size);
  }

  /** A window of this height and width, and strides as long: the windows tile the image. */
  public static PoolOptions window(int height, int width) {
    return new PoolOptions(height, width, WindowOptions.VALID, WindowOptions.VALID, false, true)
        .stride(height, width);
  }

  /** As {@link #window(int)}; the op is named in errors. */
  static PoolOptions tiles(String op, int size) {
    WindowOptions.requireAtLeast(op + ": size", size, 1);
    return window(size);
  }

  /** A window on the whole of each image [N, C, H, W]; the op is named in errors. */
  static PoolOptions whole(String op, Shape x) {
    Images.requirePixels(op, x);
    return window(x.dim(2), x.dim(3));
  }

  /** With one stride for both axes, at least 1. */
  public PoolOptions stride(int both) {
    return stride(both, both);
  }

  /** With strides {@code newHeight} and {@code newWidth} along these axes, at least 1. */
  public PoolOptions stride(int newHeight, int newWidth) {
    return sliding(rows.withStride(newHeight), columns.withStride(newWidth));
  }

  /** With as much padding on all sides, at least 0. */
  public PoolOptions padding(int all) {
    return padding(all, all, all, all);
  }

  /** With padding at the top, bottom, left and right, at least 0. */
  public PoolOptions padding(int top, int bottom, int left, int right) {
    return sliding(rows.withPadding(top, bottom), columns.withPadding(left, right));
  }

  /**
   * With as much padding as makes ceil(input / stride) outputs along each axis, the odd element
   * behind the input. A mean counts it as zeros, but for {@link #ignorePadding}.
   */
  public PoolOptions same() {
    return sliding(rows.asSame(), columns.asSame());
  }

  /** With one distance between elements of the window for both axes, at least 1. */
  public PoolOptions dilation(int both) {
    return sliding(rows.withDilation(both), columns.withDilation(both));
  }

  private PoolOptions sliding(WindowOptions newRows, WindowOptions newColumns) {
    return new PoolOptions(height, width, newRows, newColumns, roundUp, countPadding);
  }

  /**
   * With the number of outputs rounded up: what the last whole window leaves over gets a window
   * that hangs over the end, if it can begin inside the image or the padding before it. A mean
   * counts no element beyond the image and its padding.
   */
  public PoolOptions ceil() {
    return new PoolOptions(height, width, rows, columns, true, countPadding);
  }

  /** With means over the elements of the image alone, not over the padding's zeros too. */
  public PoolOptions ignorePadding() {
    return new PoolOptions(height, width, rows, columns, roundUp, false);
  }

  /** The geometry over images [N, C, H, W]; the op is named in errors. */
  PoolGeometry geometry(String op, Shape x) {
    Images.requireRank4(op, "input", x);
    Window down = rows.over(op, "height", x.dim(2), height, roundUp);
    Window across = columns.over(op, "width", x.dim(3), width, roundUp);
    PoolGeometry.require(op, down, across);
    return new PoolGeometry(down, across);
  }
}
