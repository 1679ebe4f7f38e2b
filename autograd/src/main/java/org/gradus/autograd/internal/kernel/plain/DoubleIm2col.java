package org.gradus.autograd.internal.kernel.plain;

import static org.gradus.autograd.internal.ejml.TileMultiplication_F64.tileMultPlus;
import static org.gradus.autograd.internal.ejml.TileMultiplication_F64.tileMultPlusTransB;
import static org.gradus.autograd.internal.number.Integers.ceilDiv;

import java.util.Arrays;
import org.gradus.autograd.internal.kernel.ConvSizes;
import org.gradus.autograd.internal.kernel.Kernels;
import org.gradus.autograd.internal.kernel.WindowSizes;
import org.gradus.autograd.internal.parallel.Parallel;

/**
 * The three convolutions as matrix products. The windows of a block of output pixels become the
 * columns of a matrix {@code cols} [filterSize, pixels], small enough to stay in the cache; then
 *
 * <pre>
 *   y    = w * cols            conv2d
 *   cols = w^T * y             conv2dInput, and cols are added back to where they came from
 *   w    = y * cols^T          conv2dWeight, summed over images and blocks
 * </pre>
 *
 * for each image and group.
 */
public final class DoubleIm2col {
  /** Elements of one matrix of columns. */
  private static final int COLS_SIZE = 1 << 16;

  /** Parts that a sum over images is cut into; part of the result's bits. */
  private static final int SUM_PARTS = 16;

  /** The most products that EJML adds up in order to one weight; part of the result's bits. */
  private static final int PIXELS = 1 << 12;

  /** Elements that all these parts may have together, if there is more than one. */
  private static final int SUM_SIZE = 1 << 22;

  private DoubleIm2col() {}

  /** As {@link Kernels#conv2d}. */
  static void conv2d(ConvSizes s, double[] x, double[] w, double[] b, double[] y) {
    Arrays.fill(y, 0);
    if (y.length == 0) {
      return;
    }
    int blocks = Block.count(s);
    DoubleConvolutionByDefinition.Mend mend = DoubleConvolutionByDefinition.outputs(s, x, w, b, y);
    Parallel.each(
        s.batch() * s.groups() * blocks,
        task -> {
          int image = task / (s.groups() * blocks);
          int group = task / blocks % s.groups();
          Block block = Block.number(task % blocks, s);
          int pixels = block.pixels();
          double[] cols = new double[s.filterSize() * pixels];
          im2col(s, x, inputOffset(s, image, group), s.groupChannels(), block, cols);
          tileMultPlus(
              w,
              cols,
              y,
              s.groupFilters(),
              s.filterSize(),
              pixels,
              s.filterSize(),
              pixels,
              s.window().outPlane(),
              group * s.groupFilters() * s.filterSize(),
              0,
              outputOffset(s, image, group) + block.start(s));
          addBias(
              b,
              group * s.groupFilters(),
              s.groupFilters(),
              y,
              outputOffset(s, image, group) + block.start(s),
              s.window().outPlane(),
              pixels);
          for (int f = 0; f < s.groupFilters(); f++) {
            int plane = outputOffset(s, image, group) + f * s.window().outPlane();
            mend.mend(plane + block.start(s), pixels);
          }
        });
  }

  /**
   * Adds to the outputs of some filters what each has as its bias.
   *
   * @param b of all filters, or nothing
   * @param plane from one filter's outputs to the next
   * @param n outputs of each filter
   */
  public static void addBias(
      double[] b, int filter, int filters, double[] y, int offset, int plane, int n) {
    if (b.length == 0) {
      return;
    }
    for (int f = 0; f < filters; f++) {
      double bias = b[filter + f];
      int from = offset + f * plane;
      for (int i = from; i < from + n; i++) {
        y[i] += bias;
      }
    }
  }

  /** As {@link Kernels#conv2dInput}. */
  static void conv2dInput(ConvSizes s, double[] w, double[] y, double[] x) {
    Arrays.fill(x, 0);
    if (w.length == 0 || y.length == 0) {
      return;
    }
    double[] transposed = DoubleMatmul.transposeAll(w, s.groupFilters(), s.filterSize());
    int blocks = Block.count(s);
    int taps = s.window().rows().kernel() * s.window().columns().kernel();
    int slices = Math.min(s.groupChannels(), ceilDiv(SUM_PARTS, s.batch() * s.groups()));
    int sliceChannels = ceilDiv(s.groupChannels(), slices);
    DoubleConvolutionByDefinition.Mend mend = DoubleConvolutionByDefinition.inputs(s, w, y, x);
    Parallel.each(
        s.batch() * s.groups() * slices,
        task -> {
          int image = task / (s.groups() * slices);
          int group = task / slices % s.groups();
          int channel = task % slices * sliceChannels;
          int channels = Math.min(sliceChannels, s.groupChannels() - channel);
          int offset = inputOffset(s, image, group) + channel * s.window().inPlane();
          for (int i = 0; i < blocks && channels > 0; i++) {
            Block block = Block.number(i, s);
            int pixels = block.pixels();
            double[] cols = new double[channels * taps * pixels];
            tileMultPlus(
                transposed,
                y,
                cols,
                channels * taps,
                s.groupFilters(),
                pixels,
                s.groupFilters(),
                s.window().outPlane(),
                pixels,
                (group * s.filterSize() + channel * taps) * s.groupFilters(),
                outputOffset(s, image, group) + block.start(s),
                0);
            col2im(s, cols, channels, block, x, offset);
          }
          mend.mend(offset, Math.max(0, channels) * s.window().inPlane());
        });
  }

  /** As {@link Kernels#conv2dWeight}. */
  static void conv2dWeight(ConvSizes s, double[] x, double[] y, double[] w) {
    if (w.length == 0 || y.length == 0) {
      Arrays.fill(w, 0);
      return;
    }
    int blocks = Block.count(s);
    int items = s.batch() * blocks;
    int parts = Math.max(1, Math.min(Math.min(items, SUM_PARTS), SUM_SIZE / w.length));
    int groupWeights = s.groupFilters() * s.filterSize();
    DoubleTotals[] partial = DoubleConvolutionByDefinition.parts(parts, w.length);
    Parallel.each(
        parts * s.groups(),
        task -> {
          int part = task / s.groups();
          int group = task % s.groups();
          int end = (int) ((part + 1L) * items / parts);
          for (int item = (int) ((long) part * items / parts); item < end; item++) {
            int image = item / blocks;
            Block block = Block.number(item % blocks, s);
            int pixels = block.pixels();
            double[] cols = new double[s.filterSize() * pixels];
            im2col(s, x, inputOffset(s, image, group), s.groupChannels(), block, cols);
            int start = outputOffset(s, image, group) + block.start(s);
            for (int first = 0; first < pixels; first += PIXELS) {
              double[] weights = new double[groupWeights];
              tileMultPlusTransB(
                  y,
                  cols,
                  weights,
                  s.groupFilters(),
                  Math.min(PIXELS, pixels - first),
                  s.filterSize(),
                  s.window().outPlane(),
                  pixels,
                  s.filterSize(),
                  start + first,
                  first,
                  0);
              partial[part].addAll(group * groupWeights, weights, 0, groupWeights);
            }
          }
        });
    DoubleConvolutionByDefinition.sum(partial, w);
    DoubleConvolutionByDefinition.weights(s, x, y, w);
  }

  /**
   * Writes the windows of a block as columns, one row of {@code cols} for each tap; {@code cols}
   * starts as zeros, which is what padding is.
   */
  private static void im2col(
      ConvSizes s, double[] x, int offset, int channels, Block block, double[] cols) {
    int stride = s.window().columns().stride();
    forEachRun(
        s,
        offset,
        channels,
        block,
        (start, at, n) -> {
          if (stride == 1) {
            System.arraycopy(x, start, cols, at, n);
          } else {
            for (int k = 0; k < n; k++) {
              cols[at + k] = x[start + k * stride];
            }
          }
        });
  }

  /** The adjoint of {@link #im2col}: adds each element of {@code cols} to where it came from. */
  private static void col2im(
      ConvSizes s, double[] cols, int channels, Block block, double[] x, int offset) {
    int stride = s.window().columns().stride();
    forEachRun(
        s,
        offset,
        channels,
        block,
        (start, at, n) -> {
          for (int k = 0; k < n; k++) {
            x[start + k * stride] += cols[at + k];
          }
        });
  }

  /** n neighbours in cols from {@code at}, a stride apart in x from {@code start}. */
  @FunctionalInterface
  private interface Run {
    void visit(int start, int at, int n);
  }

  /** The correspondence between an image and its columns, one output row of one tap at a time. */
  private static void forEachRun(ConvSizes s, int offset, int channels, Block block, Run run) {
    WindowSizes v = s.window();
    int taps = v.rows().kernel() * v.columns().kernel();
    for (int tap = 0; tap < channels * taps; tap++) {
      int plane = offset + tap / taps * v.inPlane();
      int i = tap / v.columns().kernel() % v.rows().kernel();
      int j = tap % v.columns().kernel();
      int from = Math.max(block.column, v.columns().firstInside(j));
      int n = Math.min(block.column + block.columns, v.columns().endInside(j)) - from;
      for (int r = 0; r < block.rows && n > 0; r++) {
        int row = v.rows().at(block.row + r, i);
        if (row >= 0 && row < v.rows().input()) {
          int start = plane + row * v.columns().input() + v.columns().at(from, j);
          run.visit(start, (tap * block.rows + r) * block.columns + from - block.column, n);
        }
      }
    }
  }

  /** Output pixels whose windows go into one matrix: whole rows, or a part of one row. */
  private record Block(int row, int rows, int column, int columns) {

    static int count(ConvSizes s) {
      return ceilDiv(s.window().rows().output(), mostRows(s))
          * ceilDiv(s.window().columns().output(), mostColumns(s));
    }

    static Block number(int index, ConvSizes s) {
      int across = ceilDiv(s.window().columns().output(), mostColumns(s));
      int row = index / across * mostRows(s);
      int column = index % across * mostColumns(s);
      return new Block(
          row,
          Math.min(mostRows(s), s.window().rows().output() - row),
          column,
          Math.min(mostColumns(s), s.window().columns().output() - column));
    }

    private static int mostColumns(ConvSizes s) {
      return Math.max(
          1, Math.min(s.window().columns().output(), COLS_SIZE / Math.max(1, s.filterSize())));
    }

    private static int mostRows(ConvSizes s) {
      long row = Math.max(1L, (long) s.filterSize() * s.window().columns().output());
      return (int) Math.max(1, Math.min(s.window().rows().output(), COLS_SIZE / row));
    }

    int pixels() {
      return rows * columns;
    }

    /** Where the block begins in an output plane, in which its pixels follow each other. */
    int start(ConvSizes s) {
      return row * s.window().columns().output() + column;
    }
  }

  private static int inputOffset(ConvSizes s, int image, int group) {
    return (image * s.channels() + group * s.groupChannels()) * s.window().inPlane();
  }

  private static int outputOffset(ConvSizes s, int image, int group) {
    return (image * s.filters() + group * s.groupFilters()) * s.window().outPlane();
  }
}
