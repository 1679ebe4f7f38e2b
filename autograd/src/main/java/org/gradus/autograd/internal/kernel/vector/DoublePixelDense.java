package org.gradus.autograd.internal.kernel.vector;

import static org.gradus.autograd.internal.kernel.vector.DoublePixelBlock.PIXELS;
import static org.gradus.autograd.internal.kernel.vector.DoublePixelBlock.TOGETHER;
import static org.gradus.autograd.internal.kernel.vector.DoubleTiles.COLUMNS;
import static org.gradus.autograd.internal.kernel.vector.DoubleTiles.LANES;
import static org.gradus.autograd.internal.kernel.vector.DoubleTiles.ROWS;
import static org.gradus.autograd.internal.number.Integers.ceilDiv;
import static org.gradus.autograd.internal.number.Integers.roundUp;

import org.gradus.autograd.internal.kernel.PixelConv;
import org.gradus.autograd.internal.kernel.PixelKernels;
import org.gradus.autograd.internal.parallel.Spares;

/**
 * A convolution in which each output reads all channels. The weights are panels of two vectors of
 * outputs, and perhaps a last one of one vector; each meets blocks of pixels, whose windows are
 * read where they lie.
 */
final class DoublePixelDense implements PixelKernels.Prepared<double[]> {
  /** Parts that the work is cut into at least, where there is enough of it. */
  private static final int PARTS = 4;

  /** Panels that meet one pixel at once, where there are few pixels. */
  private static final int PANELS = 4;

  /** Numbers of a row of a window that are too few for a loop of their own. */
  private static final int SHORT = 9;

  /** The most numbers of a row whose weights stay in the first-level cache. */
  private static final int CHUNK = 256;

  /** The most numbers of several rows that meet pixels at once. */
  private static final int ROW_NUMBERS = 384;

  /** The most rows, for which there are loops. */
  private static final int ROWS_AT_ONCE = 3;

  private final PixelConv s;
  private final double[] panels;
  private final double[] bias;
  private final DoublePixelFinish finish;
  private final Spares<DoublePixelBlock> spares;
  private final int[] windows;
  private final int[] places;

  /** Where the numbers of a window lie, if its rows are short; otherwise none. */
  private final int[] numbers;

  private final int pixels;
  private final int outputs;
  private final int depth;

  /** The outputs up to which panels are full, and written where they belong. */
  private final int direct;

  /** Numbers of a row of a window that meet all pixels of a block before the next ones do. */
  private final int chunk;

  /** Rows of a window that meet a pixel at once; one where all pixels may be {@link #few}. */
  private final int rows;

  /** How the work is cut: blocks of pixels, and of panels. */
  private final int blocks;

  private final int groups;
  private final int together;
  private final long cost;

  DoublePixelDense(
      PixelConv s,
      double[] panels,
      double[] bias,
      DoublePixelFinish finish,
      Spares<DoublePixelBlock> spares) {
    this.spares = spares;
    this.s = s;
    this.panels = panels;
    this.bias = bias;
    this.finish = finish;
    this.windows = s.windows();
    this.places = PixelConv.places(s.out());
    this.numbers = s.run() < SHORT && s.kernelRows() > 1 ? s.numbers() : new int[0];
    this.pixels = s.out().images() * places.length;
    this.outputs = s.out().channels();
    this.depth = s.depth();
    this.direct = outputs % LANES == 0 ? outputs : outputs / COLUMNS * COLUMNS;
    this.chunk = ceilDiv(s.run(), ceilDiv(s.run(), CHUNK));
    this.rows =
        places.length < ROWS
            ? 1
            : Math.max(
                1,
                Math.min(
                    s.kernelRows(), Math.min(ROWS_AT_ONCE, ROW_NUMBERS / Math.max(1, s.run()))));
    int count = ceilDiv(outputs, COLUMNS);
    this.blocks = ceilDiv(pixels, PIXELS);
    int wanted = Math.min(count, ceilDiv(PARTS, Math.max(1, blocks)));
    int each = ceilDiv(count, wanted);
    this.together = pixels < ROWS ? roundUp(each, PANELS) : each;
    this.groups = ceilDiv(count, together);
    long vectors = (long) Math.min(pixels, PIXELS) * together * depth * COLUMNS / LANES;
    this.cost = pixels < ROWS ? 2 * vectors : vectors; // the weights come from afar
  }

  /** The outputs, with those that fill the last panel. */
  static int padded(int outputs) {
    int last = outputs % COLUMNS;
    return outputs - last + (last == 0 ? 0 : width(last));
  }

  /** The outputs of the next panel, if so many are left. */
  static int width(int left) {
    return left <= LANES ? LANES : COLUMNS;
  }

  @Override
  public PixelKernels.Ready<double[]> ready() {
    return new DoublePixelTask<>(blocks * groups, cost, spares::take, this::part);
  }

  private void part(DoublePixelBlock block, int part, double[] x, double[] added, double[] y) {
    int first = part / groups * PIXELS;
    int count = Math.min(PIXELS, pixels - first);
    int from = part % groups * together * COLUMNS;
    int end = Math.min(outputs, from + together * COLUMNS);
    block.find(s, windows, places, first, count);
    if (count < ROWS && rows == 1 && numbers.length == 0) {
      few(count, from, end, block, x, y);
    } else {
      many(count, from, end, block, x, y);
    }
    if (finish.adds()) {
      finish.finish(first, count, from, end - from, added, y, block.places);
    }
  }

  private void many(int count, int from, int end, DoublePixelBlock block, double[] x, double[] y) {
    for (int first = from; first < end; first += COLUMNS) {
      panel(count, first, Math.min(COLUMNS, end - first), block, x, y);
    }
  }

  /** The sums of some pixels and the outputs of one panel. */
  private void panel(int count, int first, int n, DoublePixelBlock block, double[] x, double[] y) {
    if (first < direct) {
      sums(count, n, first, block, x, y, block.places, first);
      return;
    }
    double[] sums = block.sums;
    sums(count, n, first, block, x, sums, block.starts, 0);
    if (outputs < COLUMNS && s.out().border() == 0) {
      DoublePixelLanes.pack(count, n, sums, COLUMNS, y, block.places[0]);
      return;
    }
    for (int i = 0; i < count; i++) {
      System.arraycopy(sums, i * COLUMNS, y, block.places[i] + first, n);
    }
  }

  /** Writes sums to places of y, and {@code more} behind them. */
  private void sums(
      int count,
      int n,
      int first,
      DoublePixelBlock block,
      double[] x,
      double[] y,
      int[] to,
      int more) {
    int at = first * depth;
    if (numbers.length > 0) {
      shortRows(count, n, first, block, x, y, to, more);
      return;
    }
    int width = n <= LANES ? LANES : COLUMNS;
    int[] a = block.windows;
    int down = s.in().row();
    for (int row = 0; row < s.kernelRows(); row += rows) {
      int some = Math.min(rows, s.kernelRows() - row);
      for (int start = 0; start < s.run(); start += chunk) { // a whole row, where there are several
        int run = Math.min(chunk, s.run() - start);
        int place = row * down + start;
        boolean begins = row == 0 && start == 0;
        boolean ends = row + some == s.kernelRows() && start + run == s.run();
        double[] from = begins ? bias : y;
        int[] f = begins ? block.zeros : to;
        int moreFrom = begins ? first : more;
        double least = ends ? finish.leastAtOnce() : Double.NEGATIVE_INFINITY;
        for (int i = 0; i < count; ) {
          if (n > LANES) {
            i +=
                DoublePixelTiles.wide(
                    count - i, some, run, down, x, a, i, place, panels, at, from, f, moreFrom, y,
                    to, more, least);
          } else {
            DoublePixelTiles.eightByOne(
                some, run, down, x, a, i, place, panels, at, from, f, moreFrom, y, to, more, least);
            i += TOGETHER;
          }
        }
        at += some * run * width;
      }
    }
    finish.limitAbove(count, n <= LANES, y, to, more);
  }

  /** The sums over windows with short rows. */
  private void shortRows(
      int count,
      int n,
      int first,
      DoublePixelBlock block,
      double[] x,
      double[] y,
      int[] to,
      int more) {
    int[] a = block.windows;
    int at = first * depth;
    if (n <= LANES) {
      for (int i = 0; i < count; i += TOGETHER) {
        DoublePixelLoops.eightAt(numbers, x, a, i, panels, at, bias, first, y, to, more);
      }
      finish.limit(count, true, y, to, more);
      return;
    }
    for (int i = 0; i < count; i += ROWS) {
      DoublePixelLoops.fourAt(
          numbers,
          x,
          a[i],
          a[i + 1],
          a[i + 2],
          a[i + 3],
          panels,
          at,
          bias,
          first,
          y,
          to[i] + more,
          to[i + 1] + more,
          to[i + 2] + more,
          to[i + 3] + more);
    }
    finish.limit(count, false, y, to, more);
  }

  /** As {@link #many}, of one pixel after the other, which meets four panels at once. */
  private void few(int count, int from, int end, DoublePixelBlock block, double[] x, double[] y) {
    int first = from;
    for (; end - first > (PANELS - 1) * COLUMNS + LANES; first += PANELS * COLUMNS) {
      int n = Math.min(PANELS * COLUMNS, end - first);
      for (int i = 0; i < count; i++) {
        boolean whole = n == PANELS * COLUMNS;
        double[] sums = whole ? y : block.sums;
        int to = whole ? block.places[i] + first : 0;
        int at = first * depth;
        for (int row = 0; row < s.kernelRows(); row++) {
          for (int start = 0; start < s.run(); start += chunk) { // in the order of many pixels
            int run = Math.min(chunk, s.run() - start);
            boolean begins = row == 0 && start == 0;
            DoublePixelLoops.one(
                run,
                x,
                block.windows[i] + row * s.in().row() + start,
                panels,
                at,
                COLUMNS * depth,
                begins ? bias : sums,
                begins ? first : to,
                sums,
                to);
            at += run * COLUMNS;
          }
        }
        if (!finish.adds()) {
          finish.limit(n, sums, to);
        }
        if (!whole) {
          System.arraycopy(sums, to, y, block.places[i] + first, n);
        }
      }
    }
    many(count, first, end, block, x, y);
  }
}
