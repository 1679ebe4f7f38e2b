package org.gradus.examples.explain;

import static org.gradus.autograd.ops.ConvOptions.valid;
import static org.gradus.autograd.ops.Ops.conv2d;

import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.ops.ConvOptions;

/**
 * A convolution whose numbers are shown one by one.
 *
 * @param input rows and columns of a channel
 * @param kernel rows and columns of a filter
 * @param stride how far the window moves, in both directions
 * @param padding zeros on each side
 * @param dilation from one element of the window to the next
 * @param channels of the input
 * @param filters of the kernel, and channels of the output
 * @param groups into which channels and filters are divided
 */
public record Geometry(
    Extent input,
    Extent kernel,
    int stride,
    int padding,
    int dilation,
    int channels,
    int filters,
    int groups) {
  /** Of the products of an output, each of which is a line of the page. */
  private static final long MOST_PRODUCTS = 40_000;

  /**
   * Rows and columns.
   *
   * @param rows at least 1
   * @param columns at least 1
   */
  public record Extent(int rows, int columns) {
    /**
     * Refuses what is no extent.
     *
     * @throws IllegalArgumentException if there are fewer
     */
    public Extent {
      if (rows < 1 || columns < 1) {
        throw new IllegalArgumentException(
            "%sx%s, expected at least 1 row and 1 column".formatted(rows, columns));
      }
    }

    /** For example {@code 5x5}. */
    @Override
    public String toString() {
      return rows + "x" + columns;
    }
  }

  /**
   * Refuses what is no convolution, and what has more products than a page can show.
   *
   * @throws IllegalArgumentException if a number is too small or too large for the others
   */
  public Geometry {
    if (channels < 1 || filters < 1 || groups < 1 || channels % groups != 0) {
      throw new IllegalArgumentException(
          "%s channels, %s filters and %s groups, expected at least 1 of each, and groups that divide the channels"
              .formatted(channels, filters, groups));
    }
    requireFew("an input", (long) channels * input.rows * input.columns);
    requireFew("a kernel", (long) filters * (channels / groups) * kernel.rows * kernel.columns);
    int outputs =
        output(input, kernel, stride, padding, dilation, channels, filters, groups).size();
    requireFew("an output", (long) outputs * (channels / groups) * kernel.rows * kernel.columns);
  }

  private static void requireFew(String what, long products) {
    if (products > MOST_PRODUCTS) {
      throw new IllegalArgumentException(
          "%s of %s numbers or products, expected at most %s, which a page can show"
              .formatted(what, products, MOST_PRODUCTS));
    }
  }

  private static Shape output(
      Extent input,
      Extent kernel,
      int stride,
      int padding,
      int dilation,
      int channels,
      int filters,
      int groups) {
    Tensor x = zeros(1, channels, input.rows, input.columns);
    Tensor w = zeros(filters, channels / groups, kernel.rows, kernel.columns);
    ConvOptions options = valid().stride(stride).padding(padding).dilation(dilation);
    return conv2d(x, w, options.groups(groups)).shape();
  }

  private static Tensor zeros(int... dims) {
    return Tensor.constant(NdArray.zeros(DType.FLOAT64, Shape.of(dims)));
  }

  /** One channel and one filter. */
  static Geometry single(Extent input, Extent kernel, int padding) {
    return new Geometry(input, kernel, 1, padding, 1, 1, 1, 1);
  }

  ConvOptions options() {
    return valid().stride(stride).padding(padding).dilation(dilation).groups(groups);
  }

  Shape inputShape() {
    return Shape.of(1, channels, input.rows, input.columns);
  }

  Shape kernelShape() {
    return Shape.of(filters, channels / groups, kernel.rows, kernel.columns);
  }

  /** Whether there is one channel and one filter, so that elements need no other index. */
  boolean isFlat() {
    return channels == 1 && filters == 1;
  }

  /** In words, for a title. */
  @Override
  public String toString() {
    return "input %s, kernel %s, stride %s, padding %s, dilation %s, channels %s, filters %s, groups %s"
        .formatted(input, kernel, stride, padding, dilation, channels, filters, groups);
  }
}
