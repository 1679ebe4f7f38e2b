package org.gradus.autograd.internal.kernel.plain;

import java.util.Arrays;
import org.gradus.autograd.internal.kernel.BlockFunctions;
import org.gradus.autograd.internal.kernel.RowSingles;
import org.gradus.autograd.internal.kernel.SingleFunctions;
import org.gradus.autograd.internal.number.Integers;
import org.gradus.autograd.internal.parallel.DoubleMemory;
import org.gradus.autograd.internal.parallel.FloatMemory;
import org.gradus.autograd.internal.parallel.Parallel;

/**
 * The softmax of rows of floats in single precision, some at once, with the sums of rows in double
 * precision: results are off by less than 2 units in the last place. Rows whose largest number is
 * not finite are left to {@link SoftmaxLine}.
 */
final class SoftmaxSingles implements Parallel.State {
  private static final int OCTET = DoubleRuns.OCTET;

  /** The most rows at once, and the most elements of them that stay in the nearest cache. */
  private static final int ROWS = 64;

  private static final int MOST = 1 << 10;

  /** The longest rows: a lane adds up to so many eighths, one after the other. */
  private static final int LONGEST = 1024;

  private final BlockFunctions functions;
  private final RowSingles f;
  private final int axis;
  private final int stride;
  private final FloatMemory memory;
  private final float[] given;
  private final float[] distances;
  private final float[] lost;
  private final float[] powers;
  private final float[] rests;
  private final float[] others;
  private final float[] result; // of rows that are padded
  private final float[] most = new float[ROWS];
  private final float[] high = new float[ROWS];
  private final float[] low = new float[ROWS];
  private final int[] counts = new int[ROWS]; // of the largest
  private final DoubleMemory wide;
  private final double[] lanes;
  private final double[] sums; // of the powers, but of the first largest
  private final double[] logs;
  private float[] x; // where the rows of a block are read from, and where they begin there
  private int from;
  private boolean areFinite;

  private SoftmaxSingles(BlockFunctions functions, int axis) {
    this.functions = functions;
    this.f = functions.rows().singles();
    this.axis = axis;
    this.stride = Integers.roundUp(axis, SingleFunctions.ROOM);
    int size = stride * rows(axis) + RowSingles.AHEAD;
    this.memory = new FloatMemory(size, size, size, size, size, size, size);
    this.given = memory.array(0);
    this.distances = memory.array(1);
    this.lost = memory.array(2);
    this.powers = memory.array(3);
    this.rests = memory.array(4);
    this.others = memory.array(5);
    this.result = memory.array(6);
    this.wide = new DoubleMemory(ROWS * OCTET, ROWS, ROWS);
    this.lanes = wide.array(0);
    this.sums = wide.array(1);
    this.logs = wide.array(2);
    this.x = given;
  }

  @Override
  public void close() {
    memory.close();
    wide.close();
  }

  private static int rows(int axis) {
    return Math.max(1, Math.min(ROWS, MOST / Integers.roundUp(axis, SingleFunctions.ROOM)));
  }

  /** Whether rows of such a length are computed so. */
  private static boolean suits(int axis) {
    return axis > 0 && axis <= LONGEST;
  }

  // ---- kernels ---------------------------------------------------------------------------------

  /** The work on n rows from a first one on. */
  @FunctionalInterface
  private interface Work {
    void on(SoftmaxSingles block, int first, int n);
  }

  private static void forEachBlock(BlockFunctions functions, int count, int axis, Work work) {
    int rows = rows(axis);
    Parallel.each(
        Integers.ceilDiv(count, rows),
        (long) rows * axis * 16L / functions.speed(),
        () -> new SoftmaxSingles(functions, axis),
        (block, i) -> work.on(block, i * rows, Math.min(rows, count - i * rows)));
  }

  /** Doubles are computed line by line. */
  static boolean softmax(
      BlockFunctions functions,
      boolean logarithm,
      int before,
      int axis,
      int after,
      double[] x,
      double[] y) {
    return false;
  }

  /** y = softmax(x), or its logarithm, over the middle axis, if lines are computed so. */
  static boolean softmax(
      BlockFunctions functions,
      boolean logarithm,
      int before,
      int axis,
      int after,
      float[] x,
      float[] y) {
    boolean areColumns = after > 1 && SoftmaxColumnSingles.suits(axis, after);
    if (areColumns) {
      SoftmaxColumnSingles.softmax(functions, logarithm, before, axis, after, x, y);
    } else if (after == 1 && suits(axis)) {
      forEachBlock(
          functions, before, axis, (block, first, n) -> block.softmax(logarithm, x, first, n, y));
    }
    return areColumns || (after == 1 && suits(axis));
  }

  /** Doubles are computed line by line. */
  static boolean labelCrossEntropies(
      BlockFunctions functions, int axis, double[] x, int[] labels, double[] losses) {
    return false;
  }

  /** The loss of each row, if rows are computed so. */
  static boolean labelCrossEntropies(
      BlockFunctions functions, int axis, float[] x, int[] labels, double[] losses) {
    if (!suits(axis)) {
      return false;
    }
    forEachBlock(
        functions,
        labels.length,
        axis,
        (block, first, n) -> block.labelCrossEntropies(x, labels, first, n, losses));
    return true;
  }

  // ---- one block -------------------------------------------------------------------------------

  private void copy(float[] array, int first, int n, float pad, float[] rows) {
    for (int i = 0; i < n; i++) {
      System.arraycopy(array, (first + i) * axis, rows, i * stride, axis);
      Arrays.fill(rows, i * stride + axis, (i + 1) * stride, pad);
    }
  }

  private void read(float[] array, int first, int n) {
    if (stride == axis) {
      x = array;
      from = first * axis;
    } else {
      copy(array, first, n, Float.NEGATIVE_INFINITY, given);
      x = given;
      from = 0;
    }
  }

  private void begin(float[] array, int first, int n) {
    read(array, first, n);
    f.largest(x, from, stride, n, most);
    f.distances(x, from, stride, n, most, distances, lost);
    int largest = f.powers(distances, lost, n * stride, powers, rests, others);
    areFinite = areFinite(n);
    if (areFinite && largest == n) {
      Arrays.fill(counts, 0, n, 1);
    } else {
      for (int i = 0; i < n; i++) {
        counts[i] = PlainRowSingles.count(distances, i * stride, axis);
      }
    }
    f.sum(others, stride, n, lanes, sums);
    for (int i = 0; i < n; i++) {
      sums[i] = sums[i] * RowSingles.LOWERED + (counts[i] - 1);
    }
  }

  /** Whether the largest numbers are. */
  private boolean areFinite(int n) {
    boolean finite = true;
    for (int i = 0; i < n; i++) {
      finite &= Float.isFinite(most[i]);
    }
    return finite;
  }

  /** What makes shares of raised powers. */
  private void divide(int n) {
    for (int i = 0; i < n; i++) {
      double quotient = RowSingles.LOWERED / (1 + sums[i]);
      high[i] = (float) quotient;
      low[i] = (float) (quotient - high[i]);
    }
  }

  private void softmax(boolean logarithm, float[] array, int first, int n, float[] y) {
    begin(array, first, n);
    float[] to = stride == axis ? y : result;
    int at = stride == axis ? first * axis : 0;
    if (logarithm) {
      f.log1p(sums, logs, n);
      for (int i = 0; i < n; i++) {
        high[i] = (float) logs[i];
        low[i] = (float) (logs[i] - high[i]);
      }
      f.logarithms(distances, lost, stride, n, high, low, to, at);
    } else {
      divide(n);
      f.shares(powers, rests, stride, n, high, low, to, at);
    }
    copyBack(first, n, y);
    mend(first, n, (one, i) -> one.softmax(logarithm, array, y, i));
  }

  private void copyBack(int first, int n, float[] y) {
    if (stride != axis) {
      for (int i = 0; i < n; i++) {
        System.arraycopy(result, i * stride, y, (first + i) * axis, axis);
      }
    }
  }

  private void labelCrossEntropies(float[] array, int[] labels, int first, int n, double[] losses) {
    begin(array, first, n);
    f.log1p(sums, logs, n);
    for (int i = 0; i < n; i++) {
      int at = i * stride + labels[first + i];
      losses[first + i] = logs[i] + ((double) distances[at] + lost[at]);
    }
    mend(
        first,
        n,
        (one, i) -> {
          one.read(array, i);
          losses[i] = one.labelCrossEntropy(labels[i], 0, 1);
        });
  }

  // ---- rows by themselves ----------------------------------------------------------------------

  /** The work on a row by itself. */
  @FunctionalInterface
  private interface Single {
    void on(SoftmaxLine line, int i);
  }

  /** Computes the rows again whose largest number is not finite, if there are some. */
  private void mend(int first, int n, Single work) {
    if (!areFinite) {
      try (SoftmaxLine one = new SoftmaxLine(functions, axis, 1)) {
        for (int i = 0; i < n; i++) {
          if (!Float.isFinite(most[i])) {
            work.on(one, first + i);
          }
        }
      }
    }
  }
}
