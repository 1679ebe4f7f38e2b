package org.gradus.autograd.internal.kernel.plain;

import org.gradus.autograd.internal.kernel.BlockFunctions;
import org.gradus.autograd.internal.kernel.RowFunctions;
import org.gradus.autograd.internal.kernel.SoftmaxSlope;
import org.gradus.autograd.internal.number.Integers;
import org.gradus.autograd.internal.parallel.DoubleMemory;
import org.gradus.autograd.internal.parallel.Parallel;

/**
 * The slopes of the softmax of rows of floats, some at once: each step is done for all of them
 * before the next, so that none waits for the sum or the largest number of a row. Rows whose
 * largest number is not finite are left to {@link SoftmaxLine}.
 */
final class SoftmaxRows implements Parallel.State {
  private static final int OCTET = DoubleRuns.OCTET;

  /** The most rows at once, and the most elements of them that stay in the nearest cache. */
  private static final int ROWS = 64;

  private static final int MOST = 1 << 10;

  /** The shortest rows: others would be padded by much. */
  private static final int SHORTEST = 16;

  /** The longest rows: a lane adds up to so many eighths, one after the other. */
  private static final int LONGEST = 1024;

  private final BlockFunctions functions;
  private final RowFunctions f;
  private final int axis;
  private final int stride;
  private final DoubleMemory memory;
  private final double[] distances;
  private final double[] powers;
  private final double[] g;
  private final double[] lanes;
  private final double[] most;
  private final double[] sums; // of the powers, but of the first largest
  private final double[] counts; // of the largest
  private final double[] factors;
  private final double[] chosen;

  private SoftmaxRows(BlockFunctions functions, int axis) {
    this.functions = functions;
    this.f = functions.rows();
    this.axis = axis;
    this.stride = Integers.roundUp(axis, OCTET);
    int rows = rows(axis);
    int size = stride * rows;
    this.memory =
        new DoubleMemory(size, size, size, 2 * OCTET * rows, ROWS, ROWS, ROWS, ROWS, ROWS);
    this.distances = memory.array(0);
    this.powers = memory.array(1);
    this.g = memory.array(2);
    this.lanes = memory.array(3);
    this.most = memory.array(4);
    this.sums = memory.array(5);
    this.counts = memory.array(6);
    this.factors = memory.array(7);
    this.chosen = memory.array(8);
  }

  @Override
  public void close() {
    memory.close();
  }

  private static int rows(int axis) {
    return Math.max(1, Math.min(ROWS, MOST / axis));
  }

  /** Whether rows of such a length are computed so. */
  static boolean suits(int axis) {
    return axis >= SHORTEST && axis <= LONGEST;
  }

  /** The work on n rows from a first one on. */
  @FunctionalInterface
  private interface Work {
    void on(SoftmaxRows block, int first, int n);
  }

  private static void forEachBlock(BlockFunctions functions, int count, int axis, Work work) {
    int rows = rows(axis);
    Parallel.each(
        Integers.ceilDiv(count, rows),
        (long) rows * axis * 32L / functions.speed(),
        () -> new SoftmaxRows(functions, axis),
        (block, i) -> work.on(block, i * rows, Math.min(rows, count - i * rows)));
  }

  /** y = a linear function of g, of each of some rows. */
  static void slope(
      BlockFunctions functions,
      SoftmaxSlope slope,
      int count,
      int axis,
      float[] x,
      float[] g,
      float[] y) {
    forEachBlock(
        functions, count, axis, (block, first, n) -> block.slope(slope, x, g, first, n, y));
  }

  private void begin(float[] x, int first, int n) {
    f.read(x, first * axis, axis, n, Double.NEGATIVE_INFINITY, distances, stride);
    f.largest(distances, stride, n, most);
    f.lower(distances, stride, n, most);
    functions.columns().powers(distances, 0, powers, n * stride);
    f.addPowers(distances, powers, stride, n, lanes, sums, counts);
    for (int i = 0; i < n; i++) {
      sums[i] += counts[i] - 1;
      factors[i] = 1 / (1 + sums[i]);
    }
  }

  private void slope(SoftmaxSlope slope, float[] x, float[] second, int first, int n, float[] y) {
    begin(x, first, n);
    f.read(second, first * axis, axis, n, 0, g, stride);
    if (slope == SoftmaxSlope.SHARES) {
      slopesOfShares(first, n, y);
    } else {
      slopesOfLogarithm(first, n, y);
    }
    mend(first, n, (one, i) -> one.slope(slope, x, second, y, i));
  }

  /** From all of g its mean at the largest shares is subtracted, which changes nothing. */
  private void slopesOfShares(int first, int n, float[] y) {
    f.choose(distances, g, stride, n, lanes, chosen);
    for (int i = 0; i < n; i++) {
      chosen[i] /= counts[i];
    }
    f.sumProducts(g, chosen, powers, stride, n, lanes, sums);
    for (int i = 0; i < n; i++) {
      sums[i] *= factors[i];
    }
    f.slopes(g, sums, powers, factors, stride, n, y, first * axis, axis);
  }

  private void slopesOfLogarithm(int first, int n, float[] y) {
    f.sumExactly(g, stride, n, lanes, chosen, counts);
    f.slopesOfLogarithm(g, chosen, counts, powers, sums, factors, stride, n, y, first * axis, axis);
    for (int i = 0; i < n; i++) {
      most[i] += chosen[i] * 0; // NaN if the sum is not finite
    }
  }

  /** The work on a row by itself. */
  @FunctionalInterface
  private interface Single {
    void on(SoftmaxLine line, int i);
  }

  private void mend(int first, int n, Single work) {
    if (!functions.areWithin(-Double.MAX_VALUE, Double.MAX_VALUE, most, n)) {
      try (SoftmaxLine one = new SoftmaxLine(functions, axis, 1)) {
        for (int i = 0; i < n; i++) {
          if (!(Math.abs(most[i]) <= Double.MAX_VALUE)) {
            work.on(one, first + i);
          }
        }
      }
    }
  }
}
