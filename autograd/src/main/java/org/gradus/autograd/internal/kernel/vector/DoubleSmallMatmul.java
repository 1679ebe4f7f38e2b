package org.gradus.autograd.internal.kernel.vector;

import static org.gradus.autograd.internal.kernel.vector.DoubleTiles.COLUMNS;
import static org.gradus.autograd.internal.kernel.vector.DoubleTiles.LANES;
import static org.gradus.autograd.internal.kernel.vector.DoubleTiles.ROWS;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;
import org.gradus.autograd.internal.kernel.MatmulSizes;
import org.gradus.autograd.internal.parallel.Parallel;

/**
 * Products of small matrices, which stay in the first-level cache as they lie: to pack them would
 * take as long as the product. The order of sums is that of tiles. Where the last tile would reach
 * too far, it begins earlier, and some elements are computed twice, each time in the same order.
 */
final class DoubleSmallMatmul {
  private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;

  /** The most elements of the right factor. */
  private static final int SMALL = 1 << 12;

  /** The most depth. */
  private static final int DEPTH = 256;

  private DoubleSmallMatmul() {}

  /** Whether these are products for this class. */
  static boolean suits(MatmulSizes s) {
    return !s.transposeB()
        && s.m() >= ROWS
        && s.n() >= LANES
        && s.k() <= DEPTH
        && s.n() * s.k() <= SMALL;
  }

  /** As {@code Kernels.matmul}; an element that is not finite may be wrong. */
  static void matmul(MatmulSizes s, double[] a, double[] b, double[] c) {
    int groups = (s.m() + ROWS - 1) / ROWS;
    Parallel.ranges(
        s.batch() * groups,
        (long) ROWS * s.n() * s.k() / LANES + 8,
        (from, to) -> {
          for (int group = from; group < to; group++) {
            int i = group / groups;
            int row = Math.min(group % groups * ROWS, s.m() - ROWS);
            rows(
                s,
                a,
                s.offsetsA()[i] + row * s.downA(),
                b,
                s.offsetsB()[i],
                c,
                (i * s.m() + row) * s.n());
          }
        });
  }

  /** Four rows of a product. */
  private static void rows(
      MatmulSizes s, double[] a, int atA, double[] b, int atB, double[] c, int to) {
    int n = s.n();
    int j = 0;
    for (; j <= n - COLUMNS; j += COLUMNS) {
      tile(s.k(), a, atA, s.downA(), s.acrossA(), b, atB + j, n, c, to + j);
    }
    int left = n - j;
    if (left > LANES && n >= COLUMNS) {
      j = n - COLUMNS;
      tile(s.k(), a, atA, s.downA(), s.acrossA(), b, atB + j, n, c, to + j);
    } else {
      for (; j < n; j += LANES) {
        int column = Math.min(j, n - LANES);
        narrow(s.k(), a, atA, s.downA(), s.acrossA(), b, atB + column, n, c, to + column);
      }
    }
  }

  /** 4 rows times two vectors of columns. */
  private static void tile(
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
      int at = atB + p * n;
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
