package org.gradus.autograd.internal.kernel.vector;

import static org.gradus.autograd.internal.kernel.vector.DoubleDotMatmul.SUMS;
import static org.gradus.autograd.internal.kernel.vector.DoubleTiles.COLUMNS;
import static org.gradus.autograd.internal.kernel.vector.DoubleTiles.LANES;
import static org.gradus.autograd.internal.kernel.vector.DoubleTiles.ROWS;
import static org.gradus.autograd.internal.number.Integers.ceilDiv;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;
import org.gradus.autograd.internal.kernel.MatmulSizes;
import org.gradus.autograd.internal.parallel.DoubleMemory;
import org.gradus.autograd.internal.parallel.Parallel;

/**
 * Products of small matrices, which stay in the first-level cache as they lie: to pack them would
 * take as long as the product. A right factor that lies transposed is turned, once for each
 * product. The order of sums is that of tiles, or, of {@link #dots}, that of {@link
 * DoubleDotMatmul}. Where the last tile would reach too far, it begins earlier, and some elements
 * are computed twice, each time in the same order.
 */
final class DoubleSmallMatmul {
  private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;

  /** The most elements of the right factor. */
  private static final int SMALL = 1 << 12;

  /** The most elements of one that is turned for {@link #dots}. */
  private static final int TURNED_SMALL = 1 << 14;

  /** The most depth. */
  private static final int DEPTH = 256;

  /** The least rows for which it pays to turn the right factor, in place of packing it. */
  private static final int TURNED = 16;

  /** Parts that the work is cut into at least, where there is enough of it. */
  private static final int PARTS = 8;

  private DoubleSmallMatmul() {}

  /** Whether these are products for this class. */
  static boolean suits(MatmulSizes s) {
    return s.m() >= (s.transposeB() ? TURNED : ROWS)
        && s.n() >= LANES
        && s.k() <= DEPTH
        && s.n() * s.k() <= SMALL;
  }

  /** Whether these are products for {@link #dots}, of those that go by partial sums. */
  static boolean suitsDots(MatmulSizes s) {
    return s.transposeB()
        && s.m() >= TURNED
        && s.n() >= COLUMNS
        && s.k() <= DEPTH
        && s.n() * s.k() <= TURNED_SMALL
        && s.k() % SUMS == 0;
  }

  /** As {@code Kernels.matmul}; an element that is not finite may be wrong. */
  static void matmul(MatmulSizes s, double[] a, double[] b, double[] c) {
    if (s.transposeB()) {
      turned(s, a, b, c, false);
      return;
    }
    int groups = ceilDiv(s.m(), ROWS);
    Parallel.ranges(
        s.batch() * groups,
        (long) ROWS * s.n() * s.k() / LANES + 8,
        (from, to) -> {
          for (int group = from; group < to; group++) {
            int i = group / groups;
            int row = Math.min(group % groups * ROWS, s.m() - ROWS);
            rows(s, a, row, i, b, s.offsetsB()[i], c);
          }
        });
  }

  /** As {@link DoubleDotMatmul} to the bit: the sixteen partial sums of a tile by themselves. */
  static void dots(MatmulSizes s, double[] a, double[] b, double[] c) {
    turned(s, a, b, c, true);
  }

  /** Products by right factors that lie as rows [n, k]. */
  private static void turned(MatmulSizes s, double[] a, double[] b, double[] c, boolean dots) {
    int groups = ceilDiv(s.m(), ROWS);
    int parts = Math.min(ceilDiv(PARTS, s.batch()), ceilDiv(groups, TURNED));
    int each = ceilDiv(groups, parts);
    Parallel.each(
        s.batch() * parts,
        (long) (each * ROWS + TURNED) * s.n() * s.k() / LANES + 8,
        () -> new DoubleMemory(s.n() * s.k(), SUMS * ROWS * COLUMNS),
        (memory, task) -> {
          int i = task / parts;
          double[] right = memory.array(0);
          turn(s.n(), s.k(), b, s.offsetsB()[i], right);
          int end = Math.min(groups, (task % parts + 1) * each);
          for (int group = task % parts * each; group < end; group++) {
            int row = Math.min(group * ROWS, s.m() - ROWS);
            if (dots) {
              rowsOfDots(s, a, row, i, right, memory.array(1), c);
            } else {
              rows(s, a, row, i, right, 0, c);
            }
          }
        });
  }

  /** Writes rows of k elements as columns. */
  private static void turn(int n, int k, double[] x, int from, double[] y) {
    int j = 0;
    for (; j + 4 <= n; j += 4) {
      turnFour(n, k, x, from + j * k, y, j);
    }
    for (; j < n; j++) {
      for (int p = 0; p < k; p++) {
        y[p * n + j] = x[from + j * k + p];
      }
    }
  }

  private static void turnFour(int n, int k, double[] x, int from0, double[] y, int to) {
    int from1 = from0 + k;
    int from2 = from1 + k;
    int from3 = from2 + k;
    for (int p = 0; p < k; p++) {
      int at = to + p * n;
      y[at] = x[from0 + p];
      y[at + 1] = x[from1 + p];
      y[at + 2] = x[from2 + p];
      y[at + 3] = x[from3 + p];
    }
  }

  /** Four rows of product i. */
  private static void rows(
      MatmulSizes s, double[] a, int row, int i, double[] b, int atB, double[] c) {
    int n = s.n();
    int atA = s.offsetsA()[i] + row * s.downA();
    int to = (i * s.m() + row) * n;
    int j = 0;
    for (; j <= n - COLUMNS; j += COLUMNS) {
      tile(s.k(), a, atA, s.downA(), s.acrossA(), b, atB + j, n, c, to + j, n);
    }
    int left = n - j;
    if (left > LANES && n >= COLUMNS) {
      j = n - COLUMNS;
      tile(s.k(), a, atA, s.downA(), s.acrossA(), b, atB + j, n, c, to + j, n);
    } else {
      for (; j < n; j += LANES) {
        int column = Math.min(j, n - LANES);
        narrow(s.k(), a, atA, s.downA(), s.acrossA(), b, atB + column, n, c, to + column);
      }
    }
  }

  /** Four rows of product i, whose partial sums are computed in t. */
  private static void rowsOfDots(
      MatmulSizes s, double[] a, int row, int i, double[] b, double[] t, double[] c) {
    int n = s.n();
    int k = s.k();
    int atA = s.offsetsA()[i] + row * k;
    int to = (i * s.m() + row) * n;
    for (int first = 0; first < n; first += COLUMNS) {
      int j = Math.min(first, n - COLUMNS);
      for (int sum = 0; sum < SUMS; sum++) {
        int at = sum * ROWS * COLUMNS;
        tile(k / SUMS, a, atA + sum, k, SUMS, b, sum * n + j, n * SUMS, t, at, COLUMNS);
      }
      for (int lane = 0; lane < ROWS * COLUMNS; lane += LANES) {
        DoubleDotPanels.addUp(t, lane);
      }
      for (int r = 0; r < ROWS; r++) {
        System.arraycopy(t, r * COLUMNS, c, to + r * n + j, COLUMNS);
      }
    }
  }

  /** 4 rows times two vectors of columns; rows of b and of c are strides apart. */
  private static void tile(
      int k,
      double[] a,
      int atA,
      int down,
      int across,
      double[] b,
      int atB,
      int strideB,
      double[] c,
      int to,
      int n) {
    DoubleVector c00 = DoubleVector.zero(SPECIES);
    DoubleVector c01 = c00;
    DoubleVector c10 = c00;
    DoubleVector c11 = c00;
    DoubleVector c20 = c00;
    DoubleVector c21 = c00;
    DoubleVector c30 = c00;
    DoubleVector c31 = c00;
    int a1 = atA + down;
    int a2 = a1 + down;
    int a3 = a2 + down;
    for (int p = 0; p < k; p++) {
      int at = atB + p * strideB;
      int step = p * across;
      DoubleVector b0 = DoubleVector.fromArray(SPECIES, b, at);
      DoubleVector b1 = DoubleVector.fromArray(SPECIES, b, at + LANES);
      DoubleVector x0 = DoubleVector.broadcast(SPECIES, a[atA + step]);
      c00 = x0.fma(b0, c00);
      c01 = x0.fma(b1, c01);
      DoubleVector x1 = DoubleVector.broadcast(SPECIES, a[a1 + step]);
      c10 = x1.fma(b0, c10);
      c11 = x1.fma(b1, c11);
      DoubleVector x2 = DoubleVector.broadcast(SPECIES, a[a2 + step]);
      c20 = x2.fma(b0, c20);
      c21 = x2.fma(b1, c21);
      DoubleVector x3 = DoubleVector.broadcast(SPECIES, a[a3 + step]);
      c30 = x3.fma(b0, c30);
      c31 = x3.fma(b1, c31);
    }
    c00.intoArray(c, to);
    c01.intoArray(c, to + LANES);
    c10.intoArray(c, to + n);
    c11.intoArray(c, to + n + LANES);
    c20.intoArray(c, to + 2 * n);
    c21.intoArray(c, to + 2 * n + LANES);
    c30.intoArray(c, to + 3 * n);
    c31.intoArray(c, to + 3 * n + LANES);
  }

  /** 4 rows times one vector of columns. */
  private static void narrow(
      int k,
      double[] a,
      int atA,
      int down,
      int across,
      double[] b,
      int atB,
      int n,
      double[] c,
      int to) {
    DoubleVector c0 = DoubleVector.zero(SPECIES);
    DoubleVector c1 = c0;
    DoubleVector c2 = c0;
    DoubleVector c3 = c0;
    int a1 = atA + down;
    int a2 = a1 + down;
    int a3 = a2 + down;
    for (int p = 0; p < k; p++) {
      int step = p * across;
      DoubleVector v = DoubleVector.fromArray(SPECIES, b, atB + p * n);
      c0 = v.fma(DoubleVector.broadcast(SPECIES, a[atA + step]), c0);
      c1 = v.fma(DoubleVector.broadcast(SPECIES, a[a1 + step]), c1);
      c2 = v.fma(DoubleVector.broadcast(SPECIES, a[a2 + step]), c2);
      c3 = v.fma(DoubleVector.broadcast(SPECIES, a[a3 + step]), c3);
    }
    c0.intoArray(c, to);
    c1.intoArray(c, to + n);
    c2.intoArray(c, to + 2 * n);
    c3.intoArray(c, to + 3 * n);
  }
}
