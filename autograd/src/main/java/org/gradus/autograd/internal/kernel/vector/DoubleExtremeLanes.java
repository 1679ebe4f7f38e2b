package org.gradus.autograd.internal.kernel.vector;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.gradus.autograd.internal.kernel.Kernels;
import org.gradus.autograd.internal.kernel.plain.DoubleExtremes;
import org.gradus.autograd.internal.kernel.plain.DoubleReductions;
import org.gradus.autograd.internal.number.Integers;
import org.gradus.autograd.internal.parallel.DoubleMemory;
import org.gradus.autograd.internal.parallel.Parallel;

/**
 * Extremes by vectors: first the number, and then, where it is asked for, its first place. Vectors
 * tell -0 from 0 and do not tell which NaN was first, so that for these the place is looked up.
 */
final class DoubleExtremeLanes {
  private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;
  private static final int LANES = SPECIES.length();

  /** The most columns at once: their extremes stay in a core's first cache. */
  private static final int WIDTH = 512;

  /** What a row or a block costs beside its elements. */
  private static final int OVERHEAD = 16;

  private DoubleExtremeLanes() {}

  /** As {@link Kernels#max}. */
  static void max(boolean largest, int before, int axis, int after, double[] x, double[] y) {
    if (after == 1) {
      Parallel.ranges(
          before,
          axis / 4 + OVERHEAD,
          (from, to) -> {
            for (int row = from; row < to; row++) {
              y[row] = ofRow(largest, x, row * axis, axis);
            }
          });
      return;
    }
    forEachBlock(
        before, axis, after, (at, n, to) -> ofColumns(largest, x, at, axis, after, n, y, to));
  }

  /** As {@link Kernels#argMax}. */
  static void argMax(boolean largest, int before, int axis, int after, double[] x, int[] index) {
    if (after == 1) {
      Parallel.ranges(
          before,
          axis / 2 + OVERHEAD,
          (from, to) -> {
            for (int row = from; row < to; row++) {
              double extreme = ofRow(largest, x, row * axis, axis);
              index[row] = place(extreme, x, row * axis, axis);
            }
          });
      return;
    }
    forEachBlock(
        before,
        axis,
        after,
        (at, n, to) -> {
          try (DoubleMemory memory = new DoubleMemory(n)) {
            double[] extremes = memory.array(0);
            ofColumns(largest, x, at, axis, after, n, extremes, 0);
            places(extremes, x, at, axis, after, n, index, to);
          }
        });
  }

  /** As {@link Kernels#isBetween}, or {@link Kernels#isWithin}, of the sizes. */
  static boolean areBetween(boolean sizes, double least, double most, double[] x) {
    AtomicBoolean all = new AtomicBoolean(true);
    Parallel.ranges(
        x.length,
        1,
        (from, to) -> {
          int whole = from + ((to - from) & -LANES);
          if (all.get()
              && !((sizes
                      ? areSizesBetween(least, most, x, from, whole)
                      : areBetween(least, most, x, from, whole))
                  && DoubleReductions.areBetween(sizes, least, most, x, whole, to))) {
            all.set(false);
          }
        });
    return all.get();
  }

  private static boolean areBetween(double least, double most, double[] x, int from, int to) {
    for (int i = from; i < to; i += LANES) {
      DoubleVector v = DoubleVector.fromArray(SPECIES, x, i);
      if (!v.compare(VectorOperators.GE, least)
          .and(v.compare(VectorOperators.LE, most))
          .allTrue()) {
        return false;
      }
    }
    return true;
  }

  private static boolean areSizesBetween(double least, double most, double[] x, int from, int to) {
    for (int i = from; i < to; i += LANES) {
      DoubleVector v = DoubleVector.fromArray(SPECIES, x, i).abs();
      if (!v.compare(VectorOperators.GE, least)
          .and(v.compare(VectorOperators.LE, most))
          .allTrue()) {
        return false;
      }
    }
    return true;
  }

  /** The work on some columns. */
  @FunctionalInterface
  private interface Block {
    void run(int at, int n, int to);
  }

  /** Blocks are as even as can be, and at least two where there is work for two threads. */
  private static void forEachBlock(int before, int axis, int after, Block body) {
    if (after == 0) {
      return;
    }
    int blocks = Math.max(1, Integers.ceilDiv(after, WIDTH));
    if (before == 1 && blocks == 1 && after >= 8 * LANES) {
      blocks = 2;
    }
    int width = Integers.ceilDiv(Integers.ceilDiv(after, blocks), LANES) * LANES;
    int count = Integers.ceilDiv(after, width);
    Parallel.ranges(
        before * count,
        (long) axis * Math.min(width, after) / 4 + OVERHEAD,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            int b = i / count;
            int first = i % count * width;
            body.run(b * axis * after + first, Math.min(width, after - first), b * after + first);
          }
        });
  }

  // ---- rows ------------------------------------------------------------------------------------

  private static double ofRow(boolean largest, double[] x, int from, int n) {
    double extreme;
    if (n < LANES) {
      extreme = largest ? maxOfFew(x, from, n) : minOfFew(x, from, n);
    } else if (n < 8 * LANES) {
      extreme = largest ? maxOfSome(x, from, n) : minOfSome(x, from, n);
    } else {
      extreme = largest ? maxOfMany(x, from, n) : minOfMany(x, from, n);
    }
    return isAmbiguous(extreme)
        ? x[from + DoubleExtremes.position(extreme, x, from, n, 1)]
        : extreme;
  }

  private static boolean isAmbiguous(double extreme) {
    return extreme == 0 || Double.isNaN(extreme);
  }

  private static double maxOfFew(double[] x, int from, int n) {
    double extreme = x[from];
    for (int i = from + 1; i < from + n; i++) {
      extreme = Math.max(extreme, x[i]);
    }
    return extreme;
  }

  private static double minOfFew(double[] x, int from, int n) {
    double extreme = x[from];
    for (int i = from + 1; i < from + n; i++) {
      extreme = Math.min(extreme, x[i]);
    }
    return extreme;
  }

  /** The last vector may have elements of the one before, which changes no extreme. */
  private static double maxOfSome(double[] x, int from, int n) {
    int last = from + n - LANES;
    DoubleVector a = DoubleVector.fromArray(SPECIES, x, last);
    for (int i = from; i < last; i += LANES) {
      a = DoubleVector.fromArray(SPECIES, x, i).max(a);
    }
    return a.reduceLanes(VectorOperators.MAX);
  }

  private static double minOfSome(double[] x, int from, int n) {
    int last = from + n - LANES;
    DoubleVector a = DoubleVector.fromArray(SPECIES, x, last);
    for (int i = from; i < last; i += LANES) {
      a = DoubleVector.fromArray(SPECIES, x, i).min(a);
    }
    return a.reduceLanes(VectorOperators.MIN);
  }

  private static double maxOfMany(double[] x, int from, int n) {
    int last = from + n - 4 * LANES;
    DoubleVector a = DoubleVector.fromArray(SPECIES, x, last);
    DoubleVector b = DoubleVector.fromArray(SPECIES, x, last + LANES);
    DoubleVector c = DoubleVector.fromArray(SPECIES, x, last + 2 * LANES);
    DoubleVector d = DoubleVector.fromArray(SPECIES, x, last + 3 * LANES);
    for (int i = from; i < last; i += 4 * LANES) {
      a = DoubleVector.fromArray(SPECIES, x, i).max(a);
      b = DoubleVector.fromArray(SPECIES, x, i + LANES).max(b);
      c = DoubleVector.fromArray(SPECIES, x, i + 2 * LANES).max(c);
      d = DoubleVector.fromArray(SPECIES, x, i + 3 * LANES).max(d);
    }
    return a.max(b).max(c.max(d)).reduceLanes(VectorOperators.MAX);
  }

  private static double minOfMany(double[] x, int from, int n) {
    int last = from + n - 4 * LANES;
    DoubleVector a = DoubleVector.fromArray(SPECIES, x, last);
    DoubleVector b = DoubleVector.fromArray(SPECIES, x, last + LANES);
    DoubleVector c = DoubleVector.fromArray(SPECIES, x, last + 2 * LANES);
    DoubleVector d = DoubleVector.fromArray(SPECIES, x, last + 3 * LANES);
    for (int i = from; i < last; i += 4 * LANES) {
      a = DoubleVector.fromArray(SPECIES, x, i).min(a);
      b = DoubleVector.fromArray(SPECIES, x, i + LANES).min(b);
      c = DoubleVector.fromArray(SPECIES, x, i + 2 * LANES).min(c);
      d = DoubleVector.fromArray(SPECIES, x, i + 3 * LANES).min(d);
    }
    return a.min(b).min(c.min(d)).reduceLanes(VectorOperators.MIN);
  }

  private static int place(double extreme, double[] x, int from, int n) {
    int i = Double.isNaN(extreme) ? 0 : skipped(extreme, x, from, n);
    return i + DoubleExtremes.position(extreme, x, from + i, n - i, 1);
  }

  /** How many of the first elements, some whole vectors, are all other numbers. */
  private static int skipped(double extreme, double[] x, int from, int n) {
    DoubleVector wanted = DoubleVector.broadcast(SPECIES, extreme);
    int i = 0;
    while (i <= n - LANES
        && !DoubleVector.fromArray(SPECIES, x, from + i)
            .compare(VectorOperators.EQ, wanted)
            .anyTrue()) {
      i += LANES;
    }
    return Math.min(i, n - 1);
  }

  // ---- columns ---------------------------------------------------------------------------------

  /** The extremes of n columns with rows that are a stride apart. */
  private static void ofColumns(
      boolean largest, double[] x, int at, int rows, int stride, int n, double[] y, int to) {
    System.arraycopy(x, at, y, to, n);
    for (int row = 1; row < rows; row++) {
      if (largest) {
        max(x, at + row * stride, n, y, to);
      } else {
        min(x, at + row * stride, n, y, to);
      }
    }
    for (int i = 0; i < n; i++) {
      if (isAmbiguous(y[to + i])) {
        int place = DoubleExtremes.position(y[to + i], x, at + i, rows, stride);
        y[to + i] = x[at + i + place * stride];
      }
    }
  }

  private static void max(double[] x, int at, int n, double[] y, int to) {
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      DoubleVector.fromArray(SPECIES, y, to + i)
          .max(DoubleVector.fromArray(SPECIES, x, at + i))
          .intoArray(y, to + i);
    }
    for (; i < n; i++) {
      y[to + i] = Math.max(y[to + i], x[at + i]);
    }
  }

  private static void min(double[] x, int at, int n, double[] y, int to) {
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      DoubleVector.fromArray(SPECIES, y, to + i)
          .min(DoubleVector.fromArray(SPECIES, x, at + i))
          .intoArray(y, to + i);
    }
    for (; i < n; i++) {
      y[to + i] = Math.min(y[to + i], x[at + i]);
    }
  }

  /** Where the extremes of columns are first; NaN is looked for by itself. */
  private static void places(
      double[] extremes, double[] x, int at, int rows, int stride, int n, int[] index, int to) {
    Arrays.fill(index, to, to + n, -1);
    int left = n;
    for (int row = 0; row < rows && left > 0; row++) {
      left -= found(extremes, x, at + row * stride, row, n, index, to);
    }
    for (int i = 0; left > 0 && i < n; i++) {
      if (index[to + i] < 0) {
        index[to + i] = DoubleExtremes.position(extremes[i], x, at + i, rows, stride);
      }
    }
  }

  private static int found(
      double[] extremes, double[] x, int at, int row, int n, int[] index, int to) {
    int found = 0;
    for (int i = 0; i < n; i++) {
      if (x[at + i] == extremes[i] && index[to + i] < 0) {
        index[to + i] = row;
        found++;
      }
    }
    return found;
  }
}
