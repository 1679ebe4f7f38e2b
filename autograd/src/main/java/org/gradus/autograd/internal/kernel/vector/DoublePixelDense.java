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
  private static final int SHORT = 40;

  /** The most numbers whose weights stay in the first-level cache. */
  private static final int CHUNK = 256;

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
    if (count < ROWS && numbers.length == 0) {
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
      finish.limit(count, n <= LANES, y, block.places, first);
      return;
    }
    double[] sums = block.sums;
    sums(count, n, first, block, x, sums, block.starts, 0);
    if (!finish.adds()) {
      finish.limit(count * COLUMNS, sums, 0);
    }
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
    for (int row = 0; row < s.kernelRows(); row++) {
      for (int start = 0; start < s.run(); start += chunk) {
        int run = Math.min(chunk, s.run() - start);
        int place = row * s.in().row() + start;
        boolean begins = row == 0 && start == 0;
        if (n <= LANES) {
          narrow(run, count, place, at, begins ? first : -1, block, x, y, to, more);
        } else {
          wide(run, count, place, at, begins ? first : -1, block, x, y, to, more);
        }
        at += run * width;
      }
    }
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
  }

  /**
   * Adds a part of a row of the windows to two vectors of outputs.
   *
   * @param place of the part in a window, and {@code at} in the panels
   * @param first where the bias begins, if this is the first part; otherwise -1
   */
  private void wide(
      int run,
      int count,
      int place,
      int at,
      int first,
      DoublePixelBlock block,
      double[] x,
      double[] y,
      int[] to,
      int more) {
    int[] a = block.windows;
    boolean begins = first >= 0;
    double[] from = begins ? bias : y;
    for (int i = 0; i < count; i += ROWS) {
      int y0 = to[i] + more;
      int y1 = to[i + 1] + more;
      int y2 = to[i + 2] + more;
      int y3 = to[i + 3] + more;
      DoublePixelLoops.four(
          run,
          x,
          a[i] + place,
          a[i + 1] + place,
          a[i + 2] + place,
          a[i + 3] + place,
          panels,
          at,
          from,
          begins ? first : y0,
          begins ? first : y1,
          begins ? first : y2,
          begins ? first : y3,
          y,
          y0,
          y1,
          y2,
          y3);
    }
  }

  /** As {@link #wide}, to one vector of outputs. */
  private void narrow(
      int run,
      int count,
      int place,
      int at,
      int first,
      DoublePixelBlock block,
      double[] x,
      double[] y,
      int[] to,
      int more) {
    boolean begins = first >= 0;
    for (int i = 0; i < count; i += TOGETHER) {
      DoublePixelLoops.eight(
          run,
          x,
          block.windows,
          i,
          place,
          panels,
          at,
          begins ? bias : y,
          begins ? block.zeros : to,
          begins ? first : more,
          y,
          to,
          more);
    }
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
