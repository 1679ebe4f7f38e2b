package org.gradus.autograd.internal.kernel.plain;

import java.util.concurrent.atomic.AtomicBoolean;
import org.gradus.autograd.internal.kernel.Kernels;
import org.gradus.autograd.internal.number.Integers;
import org.gradus.autograd.internal.parallel.Parallel;
import org.gradus.autograd.internal.parallel.Wide;

/** Sums along axes, and whether elements lie in a range. */
@SuppressWarnings("cast") // (double) is needed in the float twin, where it reads (float)
public final class DoubleReductions {
  /** Elements of a long sum that are added up by one thread: a power of two of leaves. */
  private static final int CHUNK = 16 * DoubleRuns.LEAF;

  /** What the largest numbers are divided by before they are added up: a power of two. */
  private static final /*wide*/ double LARGE = 0x1p64;

  /** What a row costs beside its elements. */
  private static final int OVERHEAD = 16;

  private DoubleReductions() {}

  /** As {@link Kernels#sum}. */
  static void sum(DoubleRuns runs, int before, int axis, int after, double[] x, double[] y) {
    sum(runs, new int[] {before, axis, after}, new boolean[] {false, true, false}, 1, x, y);
  }

  /** As {@link Kernels#sum}, over any axes. */
  static void sum(
      DoubleRuns runs,
      int[] extents,
      boolean[] summed,
      /*wide*/ double divisor,
      double[] x,
      double[] y) {
    /*wide*/ double[] totals = totals(runs, extents, summed, x);
    AtomicBoolean finite = new AtomicBoolean(true);
    Parallel.ranges(
        y.length,
        4,
        (from, to) -> {
          divide(totals, divisor, y, from, to);
          if (!areBetween(true, 0, Double.MAX_VALUE, y, from, to)) {
            finite.set(false);
          }
        });
    Wide.give(totals);
    if (!finite.get()) {
      sumOfTheLargest(runs, extents, summed, divisor, x, y);
    }
  }

  private static void divide(
      /*wide*/ double[] totals, /*wide*/ double divisor, double[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = (double) (totals[i] / divisor);
    }
  }

  /** Sums that overflow may be quotients, or have other parts, that bring them back. */
  private static void sumOfTheLargest(
      DoubleRuns runs,
      int[] extents,
      boolean[] summed,
      /*wide*/ double divisor,
      double[] x,
      double[] y) {
    double[] small = new double[x.length];
    for (int i = 0; i < small.length; i++) {
      small[i] = (double) (x[i] / LARGE);
    }
    /*wide*/ double[] totals = totals(runs, extents, summed, small);
    for (int i = 0; i < y.length; i++) {
      if (!Double.isFinite(y[i])) {
        y[i] = (double) (totals[i] / divisor * LARGE);
      }
    }
    Wide.give(totals);
  }

  /** The sums over the marked axes, from the last ones to the first, in memory from the pool. */
  private static /*wide*/ double[] totals(
      DoubleRuns runs, int[] extents, boolean[] summed, double[] x) {
    /*wide*/ double[] totals = {};
    boolean begun = false;
    int before = x.length;
    int after = 1;
    for (int axis = extents.length - 1; axis >= 0; ) {
      int extent = 1;
      boolean sum = summed[axis];
      while (axis >= 0 && summed[axis] == sum) {
        extent *= extents[axis--];
      }
      if (sum) {
        before = size(extents, axis + 1);
        totals =
            begun ? again(before, extent, after, totals) : lines(runs, before, extent, after, x);
        begun = true;
      } else {
        after *= extent;
      }
    }
    return begun ? totals : lines(runs, before, 1, 1, x);
  }

  private static /*wide*/ double[] again(
      int before, int axis, int after, /*wide*/ double[] totals) {
    /*wide*/ double[] sums = Wide.take(before * after);
    LineSums.sum(before, axis, after, totals, sums);
    Wide.give(totals);
    return sums;
  }

  private static int size(int[] extents, int axes) {
    int size = 1;
    for (int axis = 0; axis < axes; axis++) {
      size *= extents[axis];
    }
    return size;
  }

  /**
   * The sums over the middle axis, which is cut into chunks of a fixed length: each is a part of
   * the tree, so that the bits are those of one go.
   */
  private static /*wide*/ double[] lines(
      DoubleRuns runs, int before, int axis, int after, double[] x) {
    /*wide*/ double[] totals = Wide.take(before * after);
    if (after != 1) {
      int matrix = axis * after;
      DoubleColumns.sums(
          runs,
          before,
          axis,
          after,
          (b, column, row) -> DoubleColumns.rows(runs, x, b * matrix + row * after + column, after),
          totals);
      return totals;
    }
    int chunks = Math.max(1, Integers.ceilDiv(axis, CHUNK));
    if (chunks == 1) {
      rows(runs, before, axis, 1, x, totals);
      return totals;
    }
    /*wide*/ double[] parts = Wide.take(before * chunks);
    rows(runs, before, axis, chunks, x, parts);
    for (int i = 0; i < before; i++) {
      totals[i] = DoubleSums.ofParts(parts, i * chunks, 1, chunks);
    }
    Wide.give(parts);
    return totals;
  }

  private static void rows(
      DoubleRuns runs, int before, int axis, int chunks, double[] x, /*wide*/ double[] parts) {
    Parallel.ranges(
        before * chunks,
        Math.min(axis, CHUNK) / 2 + OVERHEAD,
        (from, to) -> {
          /*wide*/ double[] lanes = new /*wide*/ double[DoubleRuns.AT_ONCE * DoubleRuns.OCTET];
          if (axis <= DoubleRuns.LEAF) {
            runs.rows(x, from * axis, axis, to - from, lanes, parts, from);
            return;
          }
          for (int i = from; i < to; i++) {
            int first = i % chunks * CHUNK;
            int n = Math.min(CHUNK, axis - first);
            parts[i] = runs.tree(x, i / chunks * axis + first, n, lanes);
          }
        });
  }

  /** As {@link Kernels#isBetween}, of some elements, or of their sizes. */
  public static boolean areBetween(
      boolean sizes, double least, double most, double[] x, int from, int to) {
    for (int i = from; i < to; i++) {
      double value = sizes ? Math.abs(x[i]) : x[i];
      if (!(value >= least && value <= most)) {
        return false;
      }
    }
    return true;
  }
}
