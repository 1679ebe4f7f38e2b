package org.gradus.autograd.ops;

import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.array.Shape;

/**
 * How filters slide over images. Start with {@link #valid} or {@link #same} and add to it:
 *
 * <pre>{@code
 * conv2d(x, w, valid().stride(2).padding(1))
 * }</pre>
 *
 * <p>One number speaks of both axes; of two, the first speaks of rows (height), the second of
 * columns (width).
 *
 * @param rows along the height
 * @param columns along the width
 * @param groups into how many parts the channels are cut; each filter sees one of them
 */
public record ConvOptions(WindowOptions rows, WindowOptions columns, int groups) {

  /**
   * Checks the groups.
   *
   * @throws IllegalArgumentException if there are fewer than 1
   */
  public ConvOptions {
    Nulls.refuse("convOptions: rows, columns", rows, columns);
    ConvGeometry.requireGroups(groups);
  }

  /** Stride 1, no padding, no dilation, one group. */
  public static ConvOptions valid() {
    return new ConvOptions(WindowOptions.VALID, WindowOptions.VALID, 1);
  }

  /**
   * Padding by which the output has ceil(input / stride) elements along each axis, the odd zero
   * after the input; else as {@link #valid}.
   */
  public static ConvOptions same() {
    return new ConvOptions(WindowOptions.SAME, WindowOptions.SAME, 1);
  }

  /** With one stride for both axes, at least 1. */
  public ConvOptions stride(int both) {
    return stride(both, both);
  }

  /** With strides along the height and the width, at least 1. */
  public ConvOptions stride(int height, int width) {
    return new ConvOptions(rows.withStride(height), columns.withStride(width), groups);
  }

  /** With as many zeros on all sides, at least 0. */
  public ConvOptions padding(int all) {
    return padding(all, all, all, all);
  }

  /** With zeros above and below (height), and to the left and right (width), at least 0. */
  public ConvOptions padding(int height, int width) {
    return padding(height, height, width, width);
  }

  /** With zeros at the top, bottom, left and right, at least 0. */
  public ConvOptions padding(int top, int bottom, int left, int right) {
    return new ConvOptions(rows.withPadding(top, bottom), columns.withPadding(left, right), groups);
  }

  /** With one distance between neighbouring taps for both axes, at least 1. */
  public ConvOptions dilation(int both) {
    return dilation(both, both);
  }

  /** With distances between taps along the height and the width, at least 1. */
  public ConvOptions dilation(int height, int width) {
    return new ConvOptions(rows.withDilation(height), columns.withDilation(width), groups);
  }

  /** With the channels and filters in a count of groups that do not see each other. */
  public ConvOptions groups(int count) {
    return new ConvOptions(rows, columns, count);
  }

  /** Refusing a stride that does not divide: one that leaves inputs at the end unread. */
  public ConvOptions strict() {
    return new ConvOptions(rows.asStrict(), columns.asStrict(), groups);
  }

  /**
   * The geometry of a convolution of images x [N, C, H, W] with weights w [F, C / groups, KH, KW].
   *
   * @throws org.gradus.autograd.array.ShapeException if the shapes are not of rank 4, or the window
   *     does not fit
   * @throws IllegalArgumentException if {@link #strict} and the stride does not divide
   */
  public ConvGeometry geometry(Shape x, Shape w) {
    Nulls.refuse("convOptions: x, w", x, w);
    return geometry("conv2d", x, w);
  }

  ConvGeometry geometry(String op, Shape x, Shape w) {
    Images.requireRank4(op, "input", x);
    Images.requireRank4(op, "weights", w);
    return new ConvGeometry(
        rows.over(op, "height", x.dim(2), w.dim(2), false),
        columns.over(op, "width", x.dim(3), w.dim(3), false),
        groups);
  }
}
