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
import org.gradus.autograd.internal.parallel.Parallel;

/**
 * A convolution in which each output reads all channels. The weights are panels of two vectors of
 * outputs, and perhaps a last one of one vector; each meets blocks of pixels, whose windows are
 * read where they lie.
 */
final class DoublePixelDense implements PixelKernels.Ready<double[]> {
  /** Parts that the work is cut into at least, where there is enough of it. */
  private static final int PARTS = 4;

  /** Panels that meet one pixel at once, where there are few pixels. */
  private static final int PANELS = 4;

  private final PixelConv s;
  private final double[] panels;
  private final double[] bias;
  private final DoublePixelFinish finish;
  private final int[] windows;
  private final int[] places;
  private final int pixels;
  private final int outputs;
  private final int depth;

  /** How the work is cut: blocks of pixels, and of panels. */
  private final int blocks;

  private final int groups;
  private final int together;
  private final long cost;

  DoublePixelDense(PixelConv s, double[] panels, double[] bias, DoublePixelFinish finish) {
    this.s = s;
    this.panels = panels;
    this.bias = bias;
    this.finish = finish;
    this.windows = s.windows();
    this.places = PixelConv.places(s.out());
    this.pixels = s.out().images() * places.length;
    this.outputs = s.out().channels();
    this.depth = s.depth();
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
  public void run(double[] x, double[] added, double[] y) {
    Parallel.each(
        blocks * groups,
        cost,
        DoublePixelBlock::new,
        (block, task) -> {
          int first = task / groups * PIXELS;
          int count = Math.min(PIXELS, pixels - first);
          int from = task % groups * together * COLUMNS;
          int end = Math.min(outputs, from + together * COLUMNS);
          block.find(s, windows, places, first, count);
          if (count < ROWS) {
            few(count, from, end, block, x, y);
          } else {
            many(count, from, end, block, x, y);
          }
          finish.finish(first, count, from, end - from, added, y, block.places);
        });
  }

  private void many(int count, int from, int end, DoublePixelBlock block, double[] x, double[] y) {
    for (int first = from; first < end; first += COLUMNS) {
      panel(count, first, Math.min(COLUMNS, end - first), block, x, y);
    }
  }

  /** The sums of some pixels and the outputs of one panel. */
  private void panel(int count, int first, int n, DoublePixelBlock block, double[] x, double[] y) {
    int[] to = block.places;
    boolean direct = n == COLUMNS || n == LANES;
    double[] sums = direct ? y : block.tile;
    int[] places = direct ? to : block.starts;
    int more = direct ? first : 0;
    int step = n <= LANES ? TOGETHER : ROWS;
    for (int i = 0; i < count; i += step) {
      if (n <= LANES) {
        narrow(i, first, block, x, sums, places, more);
      } else {
        wide(i, first, block, x, sums, places, more);
      }
      for (int j = i; !direct && j < Math.min(count, i + step); j++) {
        System.arraycopy(sums, places[j], y, to[j] + first, n);
      }
    }
  }

  /** The sums of 4 pixels, from number i of the block on, and two vectors of outputs. */
  private void wide(
      int i, int first, DoublePixelBlock block, double[] x, double[] y, int[] to, int more) {
    int[] a = block.windows;
    int run = s.run();
    int down = s.in().row();
    int y0 = to[i] + more;
    int y1 = to[i + 1] + more;
    int y2 = to[i + 2] + more;
    int y3 = to[i + 3] + more;
    for (int row = 0; row < s.kernelRows(); row++) {
      boolean begins = row == 0;
      int place = row * down;
      DoublePixelLoops.four(
          run,
          x,
          a[i] + place,
          a[i + 1] + place,
          a[i + 2] + place,
          a[i + 3] + place,
          panels,
          first * depth + row * run * COLUMNS,
          begins ? bias : y,
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

  /** The sums of 8 pixels, from number i of the block on, and one vector of outputs. */
  private void narrow(
      int i, int first, DoublePixelBlock block, double[] x, double[] y, int[] to, int more) {
    int run = s.run();
    for (int row = 0; row < s.kernelRows(); row++) {
      boolean begins = row == 0;
      DoublePixelLoops.eight(
          run,
          x,
          block.windows,
          i,
          row * s.in().row(),
          panels,
          first * depth + row * run * LANES,
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
        boolean direct = n == PANELS * COLUMNS;
        double[] sums = direct ? y : block.tile;
        int to = direct ? block.places[i] + first : 0;
        for (int row = 0; row < s.kernelRows(); row++) {
          boolean begins = row == 0;
          DoublePixelLoops.one(
              s.run(),
              x,
              block.windows[i] + row * s.in().row(),
              panels,
              first * depth + row * s.run() * COLUMNS,
              COLUMNS * depth,
              begins ? bias : sums,
              begins ? first : to,
              sums,
              to);
        }
        if (!direct) {
          System.arraycopy(sums, to, y, block.places[i] + first, n);
        }
      }
    }
    many(count, first, end, block, x, y);
  }
}
