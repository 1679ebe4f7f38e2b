package org.gradus.autograd.internal.kernel.plain;

import java.util.function.BiConsumer;
import org.gradus.autograd.internal.kernel.Kernels;
import org.gradus.autograd.internal.kernel.TapsInside;
import org.gradus.autograd.internal.kernel.WindowSizes;
import org.gradus.autograd.internal.number.Bits;
import org.gradus.autograd.internal.parallel.Parallel;

/**
 * Pooling over the planes of an image, one plane at a time. Which element of a window is the
 * largest cannot be foretold, so the loops do not branch on it.
 */
@SuppressWarnings("cast") // (double) is needed in the float twin, where it reads (float)
public final class DoublePooling {
  /** The most rows, and the most columns, of a window that is added up in order. */
  private static final int SMALL = 8;

  private DoublePooling() {}

  /** As {@link Kernels#maxPool}. */
  public static void maxPool(int planes, WindowSizes s, double[] x, double[] h, double[] y) {
    if (planes == 0) { // of any size
      return;
    }
    if (s.areQuads()) {
      forEachRowOfQuads(
          planes,
          s,
          (upper, out) ->
              pickFromQuads(s.columns().output(), x, h, upper, s.fromUpperToLower(), y, out));
    } else {
      TapsInside rows = s.rows().inside(s.columns().input());
      TapsInside columns = s.columns().inside(1);
      forEachPlane(planes, s, (in, out) -> pick(rows, columns, x, h, in, y, out));
    }
  }

  /** As {@link Kernels#maxPoolInput}. */
  public static void maxPoolInput(int planes, WindowSizes s, double[] x, double[] g, double[] h) {
    if (planes == 0) { // of any size
      return;
    }
    if (s.areQuads()) {
      forEachRowOfQuads(
          planes,
          s,
          (upper, out) ->
              addToQuads(s.columns().output(), x, upper, s.fromUpperToLower(), g, out, h));
    } else {
      TapsInside rows = s.rows().inside(s.columns().input());
      TapsInside columns = s.columns().inside(1);
      forEachSharedPlane(
          planes,
          s,
          (in, out) -> add(rows, columns, x, g, out, h, in),
          (in, out, totals) -> collect(rows, columns, x, g, out, totals, in),
          h);
    }
  }

  private static void pick(
      TapsInside rows, TapsInside columns, double[] x, double[] h, int in, double[] y, int out) {
    int to = out;
    for (int i = 0; i < rows.first().length; i++) {
      for (int j = 0; j < columns.first().length; j++) {
        y[to++] = h[argMax(rows, i, columns, j, x, in)];
      }
    }
  }

  private static void add(
      TapsInside rows, TapsInside columns, double[] x, double[] g, int out, double[] h, int in) {
    int from = out;
    for (int i = 0; i < rows.first().length; i++) {
      for (int j = 0; j < columns.first().length; j++) {
        h[argMax(rows, i, columns, j, x, in)] += g[from++];
      }
    }
  }

  /** As {@link #add}, to totals of one plane. */
  private static void collect(
      TapsInside rows,
      TapsInside columns,
      double[] x,
      double[] g,
      int out,
      DoubleTotals totals,
      int in) {
    int from = out;
    for (int i = 0; i < rows.first().length; i++) {
      for (int j = 0; j < columns.first().length; j++) {
        totals.add(argMax(rows, i, columns, j, x, in) - in, g[from++]);
      }
    }
  }

  /**
   * The index of the first maximum of window (i, j), or of its first NaN; padding does not take
   * part.
   */
  private static int argMax(TapsInside rows, int i, TapsInside columns, int j, double[] x, int in) {
    int row = in + rows.first()[i] + columns.first()[j];
    int best = row;
    double sum = 0;
    for (int a = 0; a < rows.count()[i]; a++) {
      int at = row;
      for (int b = 0; b < columns.count()[j]; b++) {
        sum += x[at];
        best = x[at] > x[best] ? at : best; // which the JIT makes a conditional move
        at += columns.step();
      }
      row += rows.step();
    }
    return Double.isNaN(sum) ? argMaxWithNaN(rows, i, columns, j, x, in) : best;
  }

  /**
   * As {@link #argMax}, also where the sum is NaN, because elements are or because infinities
   * cancel.
   */
  private static int argMaxWithNaN(
      TapsInside rows, int i, TapsInside columns, int j, double[] x, int in) {
    int row = in + rows.first()[i] + columns.first()[j];
    int best = row;
    for (int a = 0; a < rows.count()[i]; a++) {
      for (int b = 0; b < columns.count()[j]; b++) {
        int at = row + b * columns.step();
        best = x[at] > x[best] || (Double.isNaN(x[at]) && !Double.isNaN(x[best])) ? at : best;
      }
      row += rows.step();
    }
    return best;
  }

  // ---- windows of 2 x 2, or 1 x 2, side by side ------------------------------------------------

  /** As {@link #pick}, of n windows; the upper rows begin in x at a place. */
  public static void pickFromQuads(
      int n, double[] x, double[] h, int upper, int apart, double[] y, int to) {
    for (int j = 0; j < n; j++) {
      y[to + j] = h[argMaxOfQuad(x, upper + 2 * j, upper + apart + 2 * j)];
    }
  }

  /** As {@link #add}, of n windows; the upper rows begin in x at a place. */
  public static void addToQuads(
      int n, double[] x, int upper, int apart, double[] g, int from, double[] h) {
    for (int j = 0; j < n; j++) {
      h[argMaxOfQuad(x, upper + 2 * j, upper + apart + 2 * j)] += g[from + j];
    }
  }

  /** As {@link #argMax}, of a pair in one row and the pair below it. */
  private static int argMaxOfQuad(double[] x, int upper, int lower) {
    double left = x[upper] - x[upper + 1] + 0; // never -0.0
    int high = upper + Bits.negative(left);
    double right = x[lower] - x[lower + 1] + 0;
    int low = lower + Bits.negative(right);
    double lead = x[high] - x[low] + 0;
    int best = high + Bits.negative(lead) * (low - high);
    return Double.isNaN(left + right + lead) ? argMaxOfQuadWithNaN(x, upper, lower) : best;
  }

  /** As {@link #argMaxOfQuad}, also where differences are NaN. */
  private static int argMaxOfQuadWithNaN(double[] x, int upper, int lower) {
    int best = upper;
    for (int at : new int[] {upper + 1, lower, lower + 1}) {
      best = x[at] > x[best] || (Double.isNaN(x[at]) && !Double.isNaN(x[best])) ? at : best;
    }
    return best;
  }

  // ---- means
  // --------------------------------------------------------------------------------------

  /** As {@link Kernels#avgPool}. */
  static void avgPool(int planes, WindowSizes s, boolean countPadding, double[] x, double[] y) {
    if (planes == 0) {
      return;
    }
    TapsInside rows = s.rows().inside(s.columns().input());
    TapsInside columns = s.columns().inside(1);
    int[] counts = counts(s, countPadding, rows, columns);
    forEachPlane(planes, s, (in, out) -> average(rows, columns, counts, x, in, y, out));
  }

  /** As {@link Kernels#avgPoolInput}. */
  static void avgPoolInput(
      int planes, WindowSizes s, boolean countPadding, double[] y, double[] x) {
    if (planes == 0) {
      return;
    }
    TapsInside rows = s.rows().inside(s.columns().input());
    TapsInside columns = s.columns().inside(1);
    int[] counts = counts(s, countPadding, rows, columns);
    forEachSharedPlane(
        planes,
        s,
        (in, out) -> share(rows, columns, counts, y, out, x, in),
        (in, out, totals) -> collectShares(rows, columns, counts, y, out, totals),
        x);
  }

  /** For each window, the number of elements that its mean is taken over. */
  private static int[] counts(
      WindowSizes s, boolean countPadding, TapsInside rows, TapsInside columns) {
    int[] down = countPadding ? s.rows().padded() : rows.count();
    int[] across = countPadding ? s.columns().padded() : columns.count();
    int[] counts = new int[s.outPlane()];
    for (int window = 0; window < counts.length; window++) {
      counts[window] = down[window / s.columns().output()] * across[window % s.columns().output()];
    }
    return counts;
  }

  private static void average(
      TapsInside rows, TapsInside columns, int[] counts, double[] x, int in, double[] y, int out) {
    int window = 0;
    for (int i = 0; i < rows.first().length; i++) {
      for (int j = 0; j < columns.first().length; j++) {
        y[out + window] = (double) (total(rows, i, columns, j, x, in) / counts[window]);
        window++;
      }
    }
  }

  /** A large window is added up as a tree. */
  private static /*wide*/ double total(
      TapsInside rows, int i, TapsInside columns, int j, double[] x, int in) {
    int row = in + rows.first()[i] + columns.first()[j];
    if (rows.count()[i] > SMALL || columns.count()[j] > SMALL) {
      return DoubleSums.ofPlane(
          x, row, rows.count()[i], rows.step(), columns.count()[j], columns.step());
    }
    /*wide*/ double total = 0;
    for (int a = 0; a < rows.count()[i]; a++) {
      for (int b = 0; b < columns.count()[j]; b++) {
        total += x[row + b * columns.step()];
      }
      row += rows.step();
    }
    return total;
  }

  private static void share(
      TapsInside rows, TapsInside columns, int[] counts, double[] y, int out, double[] x, int in) {
    int window = 0;
    for (int i = 0; i < rows.first().length; i++) {
      for (int j = 0; j < columns.first().length; j++) {
        addToAll(rows, i, columns, j, y[out + window] / counts[window], x, in);
        window++;
      }
    }
  }

  private static void addToAll(
      TapsInside rows, int i, TapsInside columns, int j, double share, double[] x, int in) {
    int row = in + rows.first()[i] + columns.first()[j];
    for (int a = 0; a < rows.count()[i]; a++) {
      for (int b = 0; b < columns.count()[j]; b++) {
        x[row + b * columns.step()] += share;
      }
      row += rows.step();
    }
  }

  /** As {@link #share}, to totals of one plane. */
  private static void collectShares(
      TapsInside rows, TapsInside columns, int[] counts, double[] y, int out, DoubleTotals totals) {
    int window = 0;
    for (int i = 0; i < rows.first().length; i++) {
      for (int j = 0; j < columns.first().length; j++) {
        /*wide*/ double share = (/*wide*/ double) y[out + window] / counts[window];
        int row = rows.first()[i] + columns.first()[j];
        for (int a = 0; a < rows.count()[i]; a++) {
          for (int b = 0; b < columns.count()[j]; b++) {
            totals.add(row + b * columns.step(), share);
          }
          row += rows.step();
        }
        window++;
      }
    }
  }

  /** Has what windows share added up by a function of theirs, without overflow on the way. */
  public static void shared(
      WindowSizes s, double[] y, double[] x, BiConsumer<double[], double[]> f) {
    if (s.windowsOfOne() <= 1) { // nothing is added up
      f.accept(y, x);
    } else {
      DoubleOverflow.linear(s.windowsOfOne() > DoubleTotals.FEW, y, x, f);
    }
  }

  // ---- planes
  // -------------------------------------------------------------------------------------

  /** The work on one plane, which begins at these indices of the input and of the output. */
  @FunctionalInterface
  public interface Plane {
    void visit(int in, int out);
  }

  /** Planes are independent, in the output and in the input; within one the order is fixed. */
  private static void forEachPlane(int planes, WindowSizes s, Plane plane) {
    planeRanges(
        planes,
        s,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            plane.visit(i * s.inPlane(), i * s.outPlane());
          }
        });
  }

  private static void planeRanges(int planes, WindowSizes s, Parallel.Range body) {
    Parallel.ranges(
        planes, (long) s.outPlane() * s.rows().kernel() * s.columns().kernel() * 2, body);
  }

  /** The work on one plane, from an index of the output on, to totals of the input's elements. */
  @FunctionalInterface
  private interface SharedPlane {
    void visit(int in, int out, DoubleTotals totals);
  }

  /**
   * For each plane, adds to its elements directly where few windows have one in common, and else by
   * totals.
   */
  private static void forEachSharedPlane(
      int planes, WindowSizes s, Plane direct, SharedPlane collecting, double[] x) {
    if (s.windowsOfOne() <= DoubleTotals.FEW) {
      forEachPlane(planes, s, direct);
      return;
    }
    planeRanges(
        planes,
        s,
        (from, to) -> {
          try (DoubleTotals totals = new DoubleTotals(s.inPlane())) {
            for (int i = from; i < to; i++) {
              collecting.visit(i * s.inPlane(), i * s.outPlane(), totals);
              totals.take(0, s.inPlane(), x, i * s.inPlane());
            }
          }
        });
  }

  /** The same for each row of windows: where its upper rows and its output begin. */
  public static void forEachRowOfQuads(int planes, WindowSizes s, Plane row) {
    forEachPlane(
        planes,
        s,
        (in, out) -> {
          for (int i = 0; i < s.rows().output(); i++) {
            row.visit(
                in + s.rows().kernel() * i * s.columns().input(), out + i * s.columns().output());
          }
        });
  }
}
