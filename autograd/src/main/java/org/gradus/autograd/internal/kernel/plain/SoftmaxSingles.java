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
final class SoftmaxSingles extends SoftmaxBlock {
  private static final int OCTET = DoubleRuns.OCTET;

  /** The most rows at once, and the most elements of them that stay in the nearest cache. */
  private static final int ROWS = 64;

  private static final int MOST = 1 << 10;

  /** Shorter rows are faster turned, as doubles side by side; their cross-entropy is not. */
  private static final int SHORTEST = 8;

  /** The longest rows: a lane adds up to so many eighths, one after the other. */
  private static final int LONGEST = 1024;

  /**
   * The longest rows that are not padded, where {@link SingleFunctions#ROOM} does not divide them.
   */
  private static final int SHORT = 2 * SingleFunctions.ROOM;

  private final BlockFunctions functions;
  private final RowSingles f;
  private final int axis;
  private final int stride;
  private final DoubleMemory memory;
  private final double[] lanes;
  private final FloatMemory spread;
  private float[] x; // where the rows of a block are read from, and where they begin there
  private int from;
  private int room; // of their elements, with what pads them
  private boolean isDirect; // whether nothing does
  private boolean areFinite;

  private SoftmaxSingles(BlockFunctions functions, int axis) {
    super(stride(axis) * rows(axis), ROWS);
    this.functions = functions;
    this.axis = axis;
    this.stride = stride(axis);
    this.memory = new DoubleMemory(ROWS * OCTET);
    this.lanes = memory.array(0);
    int ofShort = isShort(axis) ? given.length : 0;
    this.spread = new FloatMemory(ofShort, ofShort);
    RowSingles rows = functions.rows().singles();
    this.f =
        isShort(axis) ? new ShortRowSingles(rows, functions.columns().singles(), spread) : rows;
    this.x = given;
  }

  @Override
  public void close() {
    super.close();
    memory.close();
    spread.close();
  }

  /** Whether rows of such a length are not padded. */
  private static boolean isShort(int axis) {
    return axis % SingleFunctions.ROOM != 0 && axis < SHORT;
  }

  private static int stride(int axis) {
    return isShort(axis) ? axis : Integers.roundUp(axis, SingleFunctions.ROOM);
  }

  /** As many short rows as end with a whole vector: only the last block of them is copied. */
  private static int rows(int axis) {
    int rows = Math.min(ROWS, MOST / stride(axis));
    return Math.max(1, isShort(axis) ? rows & -SingleFunctions.ROOM : rows);
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
    boolean areRows = after == 1 && axis >= SHORTEST && suits(axis);
    if (areColumns) {
      SoftmaxColumnSingles.softmax(functions, logarithm, before, axis, after, x, y);
    } else if (areRows) {
      forEachBlock(
          functions, before, axis, (block, first, n) -> block.softmax(logarithm, x, first, n, y));
    }
    return areColumns || areRows;
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

  private void read(float[] array, int first, int n) {
    room = Integers.roundUp(n * stride, SingleFunctions.ROOM);
    isDirect = room == n * axis;
    x = isDirect ? array : given;
    from = isDirect ? first * axis : 0;
    if (!isDirect) {
      for (int i = 0; i < n; i++) {
        System.arraycopy(array, (first + i) * axis, given, i * stride, axis);
        Arrays.fill(given, i * stride + axis, (i + 1) * stride, Float.NEGATIVE_INFINITY);
      }
      Arrays.fill(given, n * stride, room, Float.NEGATIVE_INFINITY);
    }
  }

  private void begin(float[] array, int first, int n) {
    read(array, first, n);
    f.largest(x, from, stride, n, most);
    f.distances(x, from, stride, n, most, distances, lost);
    int largest = f.powers(distances, lost, room, powers, rests, others);
    areFinite = areFinite(n);
    if (areFinite && largest == n) {
      Arrays.fill(counts, 0, n, 1);
    } else {
      for (int i = 0; i < n; i++) {
        counts[i] = PlainRowSingles.count(distances, i * stride, axis);
      }
    }
    f.sum(others, stride, n, lanes, sums);
    lower(n);
  }

  private void softmax(boolean logarithm, float[] array, int first, int n, float[] y) {
    begin(array, first, n);
    float[] to = isDirect ? y : result;
    if (logarithm) {
      f.log1p(sums, logs, n);
      splitLogs(n);
      f.logarithms(distances, lost, stride, n, high, low, to, from);
    } else {
      splitFactors(n);
      f.shares(powers, rests, stride, n, high, low, to, from);
    }
    copyBack(first, n, y);
    mend(first, n, (one, i) -> one.softmax(logarithm, array, y, i));
  }

  private void copyBack(int first, int n, float[] y) {
    if (!isDirect) {
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
