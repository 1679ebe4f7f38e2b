package org.gradus.autograd.internal.kernel.plain;

import java.util.Arrays;
import org.gradus.autograd.internal.kernel.BlockFunctions;
import org.gradus.autograd.internal.kernel.ColumnFunctions;
import org.gradus.autograd.internal.kernel.SoftmaxSlope;
import org.gradus.autograd.internal.number.Integers;
import org.gradus.autograd.internal.parallel.DoubleMemory;
import org.gradus.autograd.internal.parallel.Parallel;

/**
 * The slopes of the softmax of several lines of floats at once, side by side: of lines that lie so,
 * and of short rows, which are turned for it. The sum of a line's powers has the order of the line.
 * Lines whose largest number is not finite are left to {@link SoftmaxLine}.
 */
final class SoftmaxColumns implements Parallel.State {
  /** Lines at once, and the most elements of them that stay in the nearest cache. */
  private static final int WIDTH = 64;

  private static final int MOST = 1 << 12;

  /** Fewer lines that lie side by side are no faster at once. */
  private static final int LEAST = 16;

  /** The longest lines: up to so many terms are added up one after the other. */
  private static final int LONGEST = 512;

  /** The longest rows that are worth turning. */
  private static final int LONGEST_ROW = 128;

  private final BlockFunctions functions;
  private final ColumnFunctions f;
  private final int axis;
  private final int after;
  private final int width;
  private final DoubleMemory memory;
  private final double[] distances;
  private final double[] powers;
  private final double[] g;
  private final double[] most;
  private final double[] sums; // of the powers, but of the largest
  private final double[] counts; // of the largest
  private final double[] factors;
  private final double[] chosen;
  private final float[] turned;

  private SoftmaxColumns(BlockFunctions functions, int axis, int after) {
    this.functions = functions;
    this.f = functions.columns();
    this.axis = axis;
    this.after = after;
    this.width = width(axis);
    int size = axis * width;
    this.memory = new DoubleMemory(size, size, size, width, width, width, width, width);
    this.distances = memory.array(0);
    this.powers = memory.array(1);
    this.g = memory.array(2);
    this.most = memory.array(3);
    this.sums = memory.array(4);
    this.counts = memory.array(5);
    this.factors = memory.array(6);
    this.chosen = memory.array(7);
    this.turned = after == 1 ? new float[width] : new float[0];
  }

  @Override
  public void close() {
    memory.close();
  }

  private static int width(int axis) {
    return Math.max(LEAST, Math.min(WIDTH, MOST / axis & -LEAST));
  }

  /** Whether lines of such sizes are computed so. */
  private static boolean suits(int axis, int after) {
    return axis > 0 && (after == 1 ? axis <= LONGEST_ROW : axis <= LONGEST && after >= LEAST);
  }

  // ---- kernels ---------------------------------------------------------------------------------

  /** Doubles are computed line by line. */
  static boolean slope(
      BlockFunctions functions,
      SoftmaxSlope slope,
      int before,
      int axis,
      int after,
      double[] x,
      double[] g,
      double[] y) {
    return false;
  }

  /** y = a linear function of g, over the middle axis, if lines are computed so. */
  static boolean slope(
      BlockFunctions functions,
      SoftmaxSlope slope,
      int before,
      int axis,
      int after,
      float[] x,
      float[] g,
      float[] y) {
    boolean has = slope == SoftmaxSlope.SHARES || slope == SoftmaxSlope.LOGARITHM;
    if (has && after == 1 && SoftmaxRows.suits(axis)) {
      SoftmaxRows.slope(functions, slope, before, axis, x, g, y);
      return true;
    }
    return has
        && suits(axis, after)
        && forEachBlock(
            functions,
            before,
            axis,
            after,
            (block, first, n) -> block.slope(slope, x, g, first, n, y));
  }

  /** The work on n lines from a first one on. */
  @FunctionalInterface
  private interface Work {
    void on(SoftmaxColumns block, int first, int n);
  }

  /** Blocks of lines that are neighbours: none goes on in another slab of the axis. */
  private static boolean forEachBlock(
      BlockFunctions functions, int before, int axis, int after, Work work) {
    int width = width(axis);
    int group = after == 1 ? before : after;
    int blocks = Integers.ceilDiv(group, width);
    Parallel.each(
        after == 1 ? blocks : before * blocks,
        (long) width * axis * 32L / functions.speed(),
        () -> new SoftmaxColumns(functions, axis, after),
        (block, i) -> {
          int first = i % blocks * width;
          work.on(block, i / blocks * group + first, Math.min(width, group - first));
        });
    return true;
  }

  // ---- one block -------------------------------------------------------------------------------

  /** Where a line begins. */
  private int offset(int line) {
    return line / after * axis * after + line % after;
  }

  private void read(float[] x, int line, int n, double[] rows) {
    int offset = offset(line);
    if (after == 1) {
      for (int i = 0; i < n; i++) {
        turn(x, offset + i * axis, axis, rows, i, width);
      }
    } else {
      for (int k = 0; k < axis; k++) {
        f.read(x, offset + k * after, rows, k * width, n);
      }
    }
  }

  private static void turn(float[] x, int from, int n, double[] rows, int at, int width) {
    for (int i = 0; i < n; i++) {
      rows[at + i * width] = x[from + i];
    }
  }

  private void begin(float[] x, int line, int n) {
    read(x, line, n, distances);
    Arrays.fill(most, Double.NEGATIVE_INFINITY);
    Arrays.fill(sums, 0);
    Arrays.fill(counts, 0);
    for (int k = 0; k < axis; k++) {
      f.raise(distances, k * width, most, n);
    }
    for (int k = 0; k < axis; k++) {
      f.lower(distances, k * width, most, n);
      f.powers(distances, k * width, powers, n);
      f.addPowers(distances, k * width, powers, sums, counts, n);
    }
    for (int i = 0; i < n; i++) {
      sums[i] += counts[i] - 1;
      factors[i] = 1 / (1 + sums[i]);
    }
  }

  private void slope(SoftmaxSlope slope, float[] x, float[] second, int line, int n, float[] y) {
    begin(x, line, n);
    read(second, line, n, g);
    if (slope == SoftmaxSlope.SHARES) {
      slopeOfShares(line, n, y);
    } else {
      slopeOfLogarithm(line, n, y);
    }
    if (!functions.areWithin(-Double.MAX_VALUE, Double.MAX_VALUE, most, n)) {
      mend(n, (one, i) -> one.slope(slope, x, second, y, line + i));
    }
  }

  private void slopeOfShares(int line, int n, float[] y) {
    for (int k = axis - 1; k >= 0; k--) { // the first largest one is the last
      f.choose(distances, k * width, g, chosen, n);
    }
    Arrays.fill(sums, 0);
    for (int k = 0; k < axis; k++) {
      f.addProducts(g, k * width, chosen, powers, sums, n);
    }
    for (int i = 0; i < n; i++) {
      sums[i] *= factors[i];
    }
    for (int k = 0; k < axis; k++) {
      int to = place(line, k);
      f.slopes(g, k * width, sums, powers, factors, after == 1 ? turned : y, to, n);
      turnBack(y, offset(line) + k, n);
    }
  }

  /**
   * As {@link SoftmaxLine} has it, where the sum of g without one of them is that of all less that
   * one: with what rounding has taken from it, nothing of the others is lost beside a large one.
   */
  private void slopeOfLogarithm(int line, int n, float[] y) {
    Arrays.fill(chosen, 0);
    Arrays.fill(counts, 0);
    for (int k = 0; k < axis; k++) {
      f.addExactly(g, k * width, chosen, counts, n);
    }
    for (int k = 0; k < axis; k++) {
      float[] to = after == 1 ? turned : y;
      f.slopesOfLogarithm(
          g, k * width, chosen, counts, powers, sums, factors, to, place(line, k), n);
      turnBack(y, offset(line) + k, n);
    }
    for (int i = 0; i < n; i++) {
      most[i] += chosen[i] * 0; // NaN if the sum is not finite
    }
  }

  /** Where element number k of a line's first n ones is written to: before it is turned, at 0. */
  private int place(int line, int k) {
    return after == 1 ? 0 : offset(line) + k * after;
  }

  private void turnBack(float[] y, int at, int n) {
    if (after == 1) {
      for (int i = 0; i < n; i++) {
        y[at + i * axis] = turned[i];
      }
    }
  }

  /** The work on a line by itself. */
  @FunctionalInterface
  private interface Single {
    void on(SoftmaxLine line, int i);
  }

  private void mend(int n, Single work) {
    try (SoftmaxLine one = new SoftmaxLine(functions, axis, after)) {
      for (int i = 0; i < n; i++) {
        if (!(Math.abs(most[i]) <= Double.MAX_VALUE)) {
          work.on(one, i);
        }
      }
    }
  }
}
