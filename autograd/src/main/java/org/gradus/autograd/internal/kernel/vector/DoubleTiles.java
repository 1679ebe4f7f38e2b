package org.gradus.autograd.internal.kernel.vector;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.gradus.autograd.internal.kernel.plain.DoubleConvolutionByDefinition;

/**
 * The innermost loops of products: a tile of the result is held in registers, in locals, while one
 * loop runs over the depth. Each loop is a small method of its own, that takes and returns no
 * vector: then the JIT keeps all of them in registers. The order of loads, and how the loop is
 * written, decide whether it does so well; NOTES.md has the measurements.
 */
final class DoubleTiles {
  private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;

  /** Lanes of a vector. */
  static final int LANES = SPECIES.length();

  /**
   * Lanes that sums are spread over, and vectors are counted by, whatever the processor's: 512 bits
   * of them. A narrower vector takes the first ones, then the next.
   */
  static final int VIRTUAL_LANES = 64 / Double.BYTES;

  /** Columns of a tile: two vectors. */
  static final int COLUMNS = 2 * LANES;

  /** Rows of a tile. */
  static final int ROWS = 4;

  /** Rows that a strip of a left factor has: a vector of them, and at least a tile. */
  static final int STRIP = Math.max(ROWS, LANES);

  /** Rows of the products in {@link #dots}. */
  static final int DOTS = 6;

  /** Columns of a sweep: eight vectors. */
  static final int SWEEP_COLUMNS = 8 * LANES;

  private DoubleTiles() {}

  /**
   * The product of 4 rows of a strip [k, STRIP], read down its columns, and a panel [k, COLUMNS];
   * written to y, or added to it.
   *
   * @param to0 where the first row begins in y, and so on
   * @param next from the first vector of a row to the second, in y
   */
  static void tile(
      int k,
      double[] a,
      int offsetA,
      double[] b,
      int offsetB,
      boolean add,
      double[] y,
      int to0,
      int to1,
      int to2,
      int to3,
      int next) {
    DoubleVector c00 = DoubleVector.zero(SPECIES);
    DoubleVector c01 = c00;
    DoubleVector c10 = c00;
    DoubleVector c11 = c00;
    DoubleVector c20 = c00;
    DoubleVector c21 = c00;
    DoubleVector c30 = c00;
    DoubleVector c31 = c00;
    int atB = offsetB;
    int end = offsetA + k * STRIP;
    for (int atA = offsetA; atA < end; atA += STRIP) {
      DoubleVector b0 = DoubleVector.fromArray(SPECIES, b, atB);
      DoubleVector b1 = DoubleVector.fromArray(SPECIES, b, atB + LANES);
      DoubleVector a0 = DoubleVector.broadcast(SPECIES, a[atA]);
      c00 = a0.fma(b0, c00);
      c01 = a0.fma(b1, c01);
      DoubleVector a1 = DoubleVector.broadcast(SPECIES, a[atA + 1]);
      c10 = a1.fma(b0, c10);
      c11 = a1.fma(b1, c11);
      DoubleVector a2 = DoubleVector.broadcast(SPECIES, a[atA + 2]);
      c20 = a2.fma(b0, c20);
      c21 = a2.fma(b1, c21);
      DoubleVector a3 = DoubleVector.broadcast(SPECIES, a[atA + 3]);
      c30 = a3.fma(b0, c30);
      c31 = a3.fma(b1, c31);
      atB += COLUMNS;
    }
    if (add) {
      c00 = DoubleVector.fromArray(SPECIES, y, to0).add(c00);
      c01 = DoubleVector.fromArray(SPECIES, y, to0 + next).add(c01);
      c10 = DoubleVector.fromArray(SPECIES, y, to1).add(c10);
      c11 = DoubleVector.fromArray(SPECIES, y, to1 + next).add(c11);
      c20 = DoubleVector.fromArray(SPECIES, y, to2).add(c20);
      c21 = DoubleVector.fromArray(SPECIES, y, to2 + next).add(c21);
      c30 = DoubleVector.fromArray(SPECIES, y, to3).add(c30);
      c31 = DoubleVector.fromArray(SPECIES, y, to3 + next).add(c31);
    }
    c00.intoArray(y, to0);
    c01.intoArray(y, to0 + next);
    c10.intoArray(y, to1);
    c11.intoArray(y, to1 + next);
    c20.intoArray(y, to2);
    c21.intoArray(y, to2 + next);
    c30.intoArray(y, to3);
    c31.intoArray(y, to3 + next);
  }

  /** As {@link #tile}, of 4 rows that lie in a as rows of k elements, {@code strideA} apart. */
  static void tileOfRows(
      int k,
      double[] a,
      int offsetA,
      int strideA,
      double[] b,
      int offsetB,
      boolean add,
      double[] y,
      int to,
      int stride,
      int next) {
    DoubleVector c00 = DoubleVector.zero(SPECIES);
    DoubleVector c01 = c00;
    DoubleVector c10 = c00;
    DoubleVector c11 = c00;
    DoubleVector c20 = c00;
    DoubleVector c21 = c00;
    DoubleVector c30 = c00;
    DoubleVector c31 = c00;
    int row2 = 2 * strideA;
    int row3 = 3 * strideA;
    int atB = offsetB;
    int end = offsetA + k;
    for (int atA = offsetA; atA < end; atA++) {
      DoubleVector b0 = DoubleVector.fromArray(SPECIES, b, atB);
      DoubleVector b1 = DoubleVector.fromArray(SPECIES, b, atB + LANES);
      DoubleVector a0 = DoubleVector.broadcast(SPECIES, a[atA]);
      c00 = a0.fma(b0, c00);
      c01 = a0.fma(b1, c01);
      DoubleVector a1 = DoubleVector.broadcast(SPECIES, a[atA + strideA]);
      c10 = a1.fma(b0, c10);
      c11 = a1.fma(b1, c11);
      DoubleVector a2 = DoubleVector.broadcast(SPECIES, a[atA + row2]);
      c20 = a2.fma(b0, c20);
      c21 = a2.fma(b1, c21);
      DoubleVector a3 = DoubleVector.broadcast(SPECIES, a[atA + row3]);
      c30 = a3.fma(b0, c30);
      c31 = a3.fma(b1, c31);
      atB += COLUMNS;
    }
    if (add) {
      c00 = DoubleVector.fromArray(SPECIES, y, to).add(c00);
      c01 = DoubleVector.fromArray(SPECIES, y, to + next).add(c01);
      c10 = DoubleVector.fromArray(SPECIES, y, to + stride).add(c10);
      c11 = DoubleVector.fromArray(SPECIES, y, to + stride + next).add(c11);
      c20 = DoubleVector.fromArray(SPECIES, y, to + 2 * stride).add(c20);
      c21 = DoubleVector.fromArray(SPECIES, y, to + 2 * stride + next).add(c21);
      c30 = DoubleVector.fromArray(SPECIES, y, to + 3 * stride).add(c30);
      c31 = DoubleVector.fromArray(SPECIES, y, to + 3 * stride + next).add(c31);
    }
    c00.intoArray(y, to);
    c01.intoArray(y, to + next);
    c10.intoArray(y, to + stride);
    c11.intoArray(y, to + stride + next);
    c20.intoArray(y, to + 2 * stride);
    c21.intoArray(y, to + 2 * stride + next);
    c30.intoArray(y, to + 3 * stride);
    c31.intoArray(y, to + 3 * stride + next);
  }

  /**
   * Products of 6 rows with 2, over vectors of columns: t[i, j] is the vector whose lanes add up to
   * the sum over v, from first to end - 1, of g[v, i] * x[p_v + o_j], where g is [n, DOTS,
   * VIRTUAL_LANES] and p is {@code places}. Of these vectors, and of those of t, it is LANES lanes
   * from {@code lane} on.
   */
  static void dots(
      int first,
      int end,
      int lane,
      double[] g,
      int offsetG,
      double[] x,
      int[] places,
      int o0,
      int o1,
      double[] t) {
    DoubleVector c00 = DoubleVector.zero(SPECIES);
    DoubleVector c01 = c00;
    DoubleVector c10 = c00;
    DoubleVector c11 = c00;
    DoubleVector c20 = c00;
    DoubleVector c21 = c00;
    DoubleVector c30 = c00;
    DoubleVector c31 = c00;
    DoubleVector c40 = c00;
    DoubleVector c41 = c00;
    DoubleVector c50 = c00;
    DoubleVector c51 = c00;
    int at = offsetG + first * DOTS * VIRTUAL_LANES + lane;
    for (int v = first; v < end; v++) {
      int place = places[v] + lane;
      DoubleVector x0 = DoubleVector.fromArray(SPECIES, x, place + o0);
      DoubleVector x1 = DoubleVector.fromArray(SPECIES, x, place + o1);
      DoubleVector g0 = DoubleVector.fromArray(SPECIES, g, at);
      c00 = g0.fma(x0, c00);
      c01 = g0.fma(x1, c01);
      DoubleVector g1 = DoubleVector.fromArray(SPECIES, g, at + VIRTUAL_LANES);
      c10 = g1.fma(x0, c10);
      c11 = g1.fma(x1, c11);
      DoubleVector g2 = DoubleVector.fromArray(SPECIES, g, at + 2 * VIRTUAL_LANES);
      c20 = g2.fma(x0, c20);
      c21 = g2.fma(x1, c21);
      DoubleVector g3 = DoubleVector.fromArray(SPECIES, g, at + 3 * VIRTUAL_LANES);
      c30 = g3.fma(x0, c30);
      c31 = g3.fma(x1, c31);
      DoubleVector g4 = DoubleVector.fromArray(SPECIES, g, at + 4 * VIRTUAL_LANES);
      c40 = g4.fma(x0, c40);
      c41 = g4.fma(x1, c41);
      DoubleVector g5 = DoubleVector.fromArray(SPECIES, g, at + 5 * VIRTUAL_LANES);
      c50 = g5.fma(x0, c50);
      c51 = g5.fma(x1, c51);
      at += DOTS * VIRTUAL_LANES;
    }
    c00.intoArray(t, lane);
    c01.intoArray(t, lane + VIRTUAL_LANES);
    c10.intoArray(t, lane + 2 * VIRTUAL_LANES);
    c11.intoArray(t, lane + 3 * VIRTUAL_LANES);
    c20.intoArray(t, lane + 4 * VIRTUAL_LANES);
    c21.intoArray(t, lane + 5 * VIRTUAL_LANES);
    c30.intoArray(t, lane + 6 * VIRTUAL_LANES);
    c31.intoArray(t, lane + 7 * VIRTUAL_LANES);
    c40.intoArray(t, lane + 8 * VIRTUAL_LANES);
    c41.intoArray(t, lane + 9 * VIRTUAL_LANES);
    c50.intoArray(t, lane + 10 * VIRTUAL_LANES);
    c51.intoArray(t, lane + 11 * VIRTUAL_LANES);
  }

  /**
   * Copies {@code count} vectors to each of k rows of COLUMNS elements: number i of row r from
   * {@code x[places[i] + offsets[r]]} to lane {@code lanes[i]}. A vector may reach into what later
   * ones write, and the last ones of a row into the next row.
   */
  static void gather(
      int k, double[] x, int[] offsets, int count, int[] places, int[] lanes, double[] b) {
    for (int r = 0; r < k; r++) {
      int offset = offsets[r];
      int row = r * COLUMNS;
      for (int i = 0; i < count; i++) {
        DoubleMoves.move(x, places[i] + offset, b, row + lanes[i]);
      }
    }
  }

  /** As {@link #gather}, of two vectors for each row, at the lanes 0 and LANES, from b[at] on. */
  static void gather2(
      int k, double[] x, int[] offsets, int place0, int place1, double[] b, int at) {
    for (int r = 0; r < k; r++) {
      int offset = offsets[r];
      DoubleMoves.move(x, place0 + offset, b, at + r * COLUMNS);
      DoubleMoves.move(x, place1 + offset, b, at + r * COLUMNS + LANES);
    }
  }

  /**
   * As {@link #gather2}, of vectors that may lie in two rows each.
   *
   * @param behind0 where lane 0 would be if the first vector lay in the second of its rows alone
   * @param split0 the first of its lanes that are there
   */
  static void gatherSplit(
      int k,
      double[] x,
      int[] offsets,
      int place0,
      int behind0,
      int split0,
      int place1,
      int behind1,
      int split1,
      double[] b) {
    DoubleVector lanes = DoubleVector.zero(SPECIES).addIndex(1);
    VectorMask<Double> last0 = lanes.compare(VectorOperators.GE, split0);
    VectorMask<Double> last1 = lanes.compare(VectorOperators.GE, split1);
    for (int r = 0; r < k; r++) {
      int offset = offsets[r];
      DoubleVector.fromArray(SPECIES, x, place0 + offset)
          .blend(DoubleVector.fromArray(SPECIES, x, behind0 + offset), last0)
          .intoArray(b, r * COLUMNS);
      DoubleVector.fromArray(SPECIES, x, place1 + offset)
          .blend(DoubleVector.fromArray(SPECIES, x, behind1 + offset), last1)
          .intoArray(b, r * COLUMNS + LANES);
    }
  }

  /** Copies n vectors that are VIRTUAL_LANES apart to places {@code step} apart. */
  static void scatter(int n, double[] x, int at, double[] y, int to, int step) {
    for (int i = 0; i < n; i++) {
      DoubleMoves.move(x, at + i * VIRTUAL_LANES, y, to + i * step);
    }
  }

  /**
   * One row of a strip [k, STRIP] times k rows of x, in {@link #SWEEP_COLUMNS} columns: row i
   * begins at {@code place + offsets[i]}. Nothing is copied, which pays where there are few rows to
   * share it.
   */
  static void sweep(
      int k, double[] a, int offsetA, double[] x, int[] offsets, int place, double[] y, int to) {
    DoubleVector c0 = DoubleVector.zero(SPECIES);
    DoubleVector c1 = c0;
    DoubleVector c2 = c0;
    DoubleVector c3 = c0;
    DoubleVector c4 = c0;
    DoubleVector c5 = c0;
    DoubleVector c6 = c0;
    DoubleVector c7 = c0;
    int atA = offsetA;
    for (int i = 0; i < k; i++) {
      int at = place + offsets[i];
      DoubleVector v = DoubleVector.broadcast(SPECIES, a[atA]);
      c0 = v.fma(DoubleVector.fromArray(SPECIES, x, at), c0);
      c1 = v.fma(DoubleVector.fromArray(SPECIES, x, at + LANES), c1);
      c2 = v.fma(DoubleVector.fromArray(SPECIES, x, at + 2 * LANES), c2);
      c3 = v.fma(DoubleVector.fromArray(SPECIES, x, at + 3 * LANES), c3);
      c4 = v.fma(DoubleVector.fromArray(SPECIES, x, at + 4 * LANES), c4);
      c5 = v.fma(DoubleVector.fromArray(SPECIES, x, at + 5 * LANES), c5);
      c6 = v.fma(DoubleVector.fromArray(SPECIES, x, at + 6 * LANES), c6);
      c7 = v.fma(DoubleVector.fromArray(SPECIES, x, at + 7 * LANES), c7);
      atA += STRIP;
    }
    c0.intoArray(y, to);
    c1.intoArray(y, to + LANES);
    c2.intoArray(y, to + 2 * LANES);
    c3.intoArray(y, to + 3 * LANES);
    c4.intoArray(y, to + 4 * LANES);
    c5.intoArray(y, to + 5 * LANES);
    c6.intoArray(y, to + 6 * LANES);
    c7.intoArray(y, to + 7 * LANES);
  }

  /**
   * As {@link #sweep}, of two rows of a strip and four vectors of columns at places of their own.
   *
   * @param next from the first row to the second, in y
   */
  static void sweep2(
      int k,
      double[] a,
      int offsetA,
      double[] x,
      int[] offsets,
      int[] places,
      double[] y,
      int offsetY,
      int[] to,
      int next) {
    DoubleVector c00 = DoubleVector.zero(SPECIES);
    DoubleVector c01 = c00;
    DoubleVector c02 = c00;
    DoubleVector c03 = c00;
    DoubleVector c10 = c00;
    DoubleVector c11 = c00;
    DoubleVector c12 = c00;
    DoubleVector c13 = c00;
    int place0 = places[0];
    int place1 = places[1];
    int place2 = places[2];
    int place3 = places[3];
    int atA = offsetA;
    for (int i = 0; i < k; i++) {
      int at = offsets[i];
      DoubleVector x0 = DoubleVector.fromArray(SPECIES, x, place0 + at);
      DoubleVector x1 = DoubleVector.fromArray(SPECIES, x, place1 + at);
      DoubleVector x2 = DoubleVector.fromArray(SPECIES, x, place2 + at);
      DoubleVector x3 = DoubleVector.fromArray(SPECIES, x, place3 + at);
      DoubleVector a0 = DoubleVector.broadcast(SPECIES, a[atA]);
      c00 = a0.fma(x0, c00);
      c01 = a0.fma(x1, c01);
      c02 = a0.fma(x2, c02);
      c03 = a0.fma(x3, c03);
      DoubleVector a1 = DoubleVector.broadcast(SPECIES, a[atA + 1]);
      c10 = a1.fma(x0, c10);
      c11 = a1.fma(x1, c11);
      c12 = a1.fma(x2, c12);
      c13 = a1.fma(x3, c13);
      atA += STRIP;
    }
    c00.intoArray(y, offsetY + to[0]);
    c01.intoArray(y, offsetY + to[1]);
    c02.intoArray(y, offsetY + to[2]);
    c03.intoArray(y, offsetY + to[3]);
    c10.intoArray(y, offsetY + to[0] + next);
    c11.intoArray(y, offsetY + to[1] + next);
    c12.intoArray(y, offsetY + to[2] + next);
    c13.intoArray(y, offsetY + to[3] + next);
  }

  /** Copies n elements, COLUMNS at a time to places {@code step} apart. */
  static void panels(int n, double[] x, int at, double[] y, int to, int step) {
    int place = to;
    for (int i = 0; i < n; i += COLUMNS) {
      DoubleMoves.move(x, at + i, y, place);
      DoubleMoves.move(x, at + i + LANES, y, place + LANES);
      place += step;
    }
  }

  /** Copies rows of n elements, at least a vector of them. */
  static void rows(int rows, int n, double[] x, int at, int stride, double[] y, int to, int pitch) {
    for (int c = 0; c < n; c += LANES) {
      int column = Math.min(c, n - LANES); // some elements twice
      int from = at + column;
      int place = to + column;
      for (int row = 0; row < rows; row++) {
        DoubleMoves.move(x, from, y, place);
        from += stride;
        place += pitch;
      }
    }
  }

  /** Whether n elements are finite. */
  static boolean areFinite(double[] x, int at, int n) {
    DoubleVector zero = DoubleVector.zero(SPECIES);
    DoubleVector even = zero; // 0 times what is not finite is NaN
    DoubleVector odd = zero;
    int end = at + n - LANES;
    int i = at;
    for (; i <= end - 3 * LANES; i += 4 * LANES) {
      DoubleVector x0 = DoubleVector.fromArray(SPECIES, x, i).mul(zero);
      DoubleVector x1 = DoubleVector.fromArray(SPECIES, x, i + LANES).mul(zero);
      even = DoubleVector.fromArray(SPECIES, x, i + 2 * LANES).mul(zero).add(x0).add(even);
      odd = DoubleVector.fromArray(SPECIES, x, i + 3 * LANES).mul(zero).add(x1).add(odd);
    }
    for (; i <= end; i += LANES) {
      even = DoubleVector.fromArray(SPECIES, x, i).mul(zero).add(even);
    }
    return even.add(odd).compare(VectorOperators.EQ, zero).allTrue()
        && DoubleConvolutionByDefinition.areFinite(x, i, at + n - i);
  }

  /** How many of n elements are not 0. */
  static int countNonzero(double[] x, int at, int n) {
    int count = 0;
    int i = at;
    for (; i <= at + n - LANES; i += LANES) {
      count += DoubleVector.fromArray(SPECIES, x, i).compare(VectorOperators.NE, 0).trueCount();
    }
    for (; i < at + n; i++) {
      count += x[i] != 0 ? 1 : 0;
    }
    return count;
  }
}
