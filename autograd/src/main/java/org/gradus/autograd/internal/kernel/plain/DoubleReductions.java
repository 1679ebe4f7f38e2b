package org.gradus.autograd.internal.kernel.plain;

import org.gradus.autograd.internal.kernel.Kernels;
import org.gradus.autograd.internal.number.Integers;
import org.gradus.autograd.internal.parallel.Parallel;

/** Sums along axes, and where the extremes are. */
@SuppressWarnings("cast") // (double) is needed in the float twin, where it reads (float)
final class DoubleReductions {
  /** Elements of a long sum that are added up by one thread: a power of two of leaves. */
  private static final int SUM_CHUNK = 64 * DoubleSums.LEAF;

  /** What the largest numbers are divided by before they are added up: a power of two. */
  private static final /*wide*/ double LARGE = 0x1p64;

  private DoubleReductions() {}

  /** As {@link Kernels#sum}. */
  static void sum(int before, int axis, int after, double[] x, double[] y) {
    sum(new int[] {before, axis, after}, new boolean[] {false, true, false}, 1, x, y);
  }

  /** As {@link Kernels#sum}, over any axes. */
  static void sum(
      int[] extents, boolean[] summed, /*wide*/ double divisor, double[] x, double[] y) {
    /*wide*/ double[] totals = totals(extents, summed, x);
    boolean finite = true;
    for (int i = 0; i < y.length; i++) {
      y[i] = (double) (totals[i] / divisor);
      finite &= Double.isFinite(y[i]);
    }
    if (!finite) {
      sumOfTheLargest(extents, summed, divisor, x, y);
    }
  }

  /** LineSums that overflow may be quotients, or have other parts, that bring them back. */
  private static void sumOfTheLargest(
      int[] extents, boolean[] summed, /*wide*/ double divisor, double[] x, double[] y) {
    double[] small = new double[x.length];
    for (int i = 0; i < small.length; i++) {
      small[i] = (double) (x[i] / LARGE);
    }
    /*wide*/ double[] totals = totals(extents, summed, small);
    for (int i = 0; i < y.length; i++) {
      if (!Double.isFinite(y[i])) {
        y[i] = (double) (totals[i] / divisor * LARGE);
      }
    }
  }

  /** The sums over the marked axes, from the last ones to the first. */
  private static /*wide*/ double[] totals(int[] extents, boolean[] summed, double[] x) {
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
            begun ? LineSums.of(before, extent, after, totals) : lines(before, extent, after, x);
        begun = true;
      } else {
        after *= extent;
      }
    }
    return begun ? totals : lines(before, 1, 1, x);
  }

  private static int size(int[] extents, int axes) {
    int size = 1;
    for (int axis = 0; axis < axes; axis++) {
      size *= extents[axis];
    }
    return size;
  }

  /** The sums over the middle axis. */
  private static /*wide*/ double[] lines(int before, int axis, int after, double[] x) {
    /*wide*/ double[] totals = new /*wide*/ double[before * after];
    if (after == 1 && before == 1) {
      totals[0] = sumInChunks(x, axis);
    } else if (after == 1) {
      Parallel.ranges(
          before,
          axis,
          (from, to) -> {
            for (int b = from; b < to; b++) {
              totals[b] = DoubleSums.sum(x, b * axis, axis);
            }
          });
    } else {
      int block = Math.max(1, Math.min(after, 1024));
      int blocks = Integers.ceilDiv(after, block);
      Parallel.ranges(
          before * blocks,
          (long) axis * block,
          (from, to) -> {
            for (int i = from; i < to; i++) {
              int first = i % blocks * block;
              int length = Math.min(block, after - first);
              int b = i / blocks;
              int at = b * after + first;
              sumColumns(x, b * axis * after + first, axis, after, length, totals, at);
            }
          });
    }
    return totals;
  }

  /** Chunks of a fixed length, each a part of the tree: the same bits as in one go. */
  private static /*wide*/ double sumInChunks(double[] x, int n) {
    int chunks = Math.max(1, Integers.ceilDiv(n, SUM_CHUNK));
    /*wide*/ double[] partial = new /*wide*/ double[chunks];
    Parallel.each(
        chunks,
        i -> partial[i] = DoubleSums.sum(x, i * SUM_CHUNK, Math.min(SUM_CHUNK, n - i * SUM_CHUNK)));
    return DoubleSums.ofParts(partial, 0, chunks);
  }

  private static void sumColumns(
      double[] x, int offset, int rows, int stride, int n, /*wide*/ double[] totals, int at) {
    System.arraycopy(DoubleSums.columns(x, offset, rows, stride, n), 0, totals, at, n);
  }

  /** As {@link Kernels#isBetween}. */
  static boolean isBetween(/*wide*/ double least, /*wide*/ double most, double[] x) {
    double lower = (double) least;
    double upper = (double) most;
    for (double value : x) {
      if (!(value >= lower && value <= upper)) {
        return false;
      }
    }
    return true;
  }

  /** As {@link Kernels#isWithin}. */
  static boolean isWithin(/*wide*/ double least, /*wide*/ double most, double[] x) {
    double lower = (double) least;
    double upper = (double) most;
    for (double value : x) {
      double size = Math.abs(value);
      if (!(size >= lower && size <= upper)) {
        return false;
      }
    }
    return true;
  }

  /** As {@link Kernels#argMax}. */
  static void argMax(boolean largest, int rows, int n, double[] x, int[] index) {
    Parallel.ranges(
        rows,
        n * 2L,
        (from, to) -> {
          for (int row = from; row < to; row++) {
            index[row] = argMaxRow(largest, x, row * n, n);
          }
        });
  }

  private static int argMaxRow(boolean largest, double[] x, int offset, int n) {
    int best = 0;
    double extreme = x[offset];
    for (int i = 1; i < n && !Double.isNaN(extreme); i++) {
      double value = x[offset + i];
      if (Double.isNaN(value) || (largest ? value > extreme : value < extreme)) {
        best = i;
        extreme = value;
      }
    }
    return best;
  }
}
