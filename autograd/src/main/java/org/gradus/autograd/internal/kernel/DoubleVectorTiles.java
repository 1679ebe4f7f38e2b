package org.gradus.autograd.internal.kernel;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The innermost loops of products: a tile of the result is held in registers, in locals, while one
 * loop runs over the depth. Each loop is a small method of its own, and the tile goes to a small
 * array, and from there to the result elsewhere: the JIT keeps vectors in registers only in methods
 * that it inlines whole.
 */
final class DoubleVectorTiles {
  private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;

  /** Lanes of a vector. */
  static final int LANES = SPECIES.length();

  /** Columns of a tile: two vectors. */
  static final int COLUMNS = 2 * LANES;

  /** Rows of a tile. */
  static final int ROWS = 4;

  /** Rows that a strip of a left factor has: a vector of them, and at least a tile. */
  static final int STRIP = Math.max(ROWS, LANES);

  /** Columns of a sweep: eight vectors. */
  static final int SWEEP = 8 * LANES;

  private DoubleVectorTiles() {}

  /**
   * The product of 4 rows of a strip [k, STRIP], read down its columns, and a panel [k, COLUMNS].
   *
   * @param stride from one row of the result to the next, in y
   */
  static void tile(
      int k, double[] a, int offsetA, double[] b, int offsetB, double[] y, int to, int stride) {
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
    c00.intoArray(y, to);
    c01.intoArray(y, to + LANES);
    c10.intoArray(y, to + stride);
    c11.intoArray(y, to + stride + LANES);
    c20.intoArray(y, to + 2 * stride);
    c21.intoArray(y, to + 2 * stride + LANES);
    c30.intoArray(y, to + 3 * stride);
    c31.intoArray(y, to + 3 * stride + LANES);
  }

  /** As {@link #tile}, of 4 rows that lie in a as rows of k elements, {@code strideA} apart. */
  static void tileOfRows(
      int k,
      double[] a,
      int offsetA,
      int strideA,
      double[] b,
      int offsetB,
      double[] y,
      int to,
      int stride) {
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
    c00.intoArray(y, to);
    c01.intoArray(y, to + LANES);
    c10.intoArray(y, to + stride);
    c11.intoArray(y, to + stride + LANES);
    c20.intoArray(y, to + 2 * stride);
    c21.intoArray(y, to + 2 * stride + LANES);
    c30.intoArray(y, to + 3 * stride);
    c31.intoArray(y, to + 3 * stride + LANES);
  }

  /**
   * Products of 4 rows with 2, over vectors of columns: t[i, j] is the vector whose lanes add up to
   * the sum over v of g[v, i] * x[p_v + o_j], where g is [n, ROWS, LANES] and p is {@code places}.
   */
  static void dots(
      int n, double[] g, int offsetG, double[] x, int[] places, int o0, int o1, double[] t) {
    DoubleVector c00 = DoubleVector.zero(SPECIES);
    DoubleVector c01 = c00;
    DoubleVector c10 = c00;
    DoubleVector c11 = c00;
    DoubleVector c20 = c00;
    DoubleVector c21 = c00;
    DoubleVector c30 = c00;
    DoubleVector c31 = c00;
    int at = offsetG;
    for (int v = 0; v < n; v++) {
      int place = places[v];
      DoubleVector x0 = DoubleVector.fromArray(SPECIES, x, place + o0);
      DoubleVector x1 = DoubleVector.fromArray(SPECIES, x, place + o1);
      DoubleVector g0 = DoubleVector.fromArray(SPECIES, g, at);
      c00 = g0.fma(x0, c00);
      c01 = g0.fma(x1, c01);
      DoubleVector g1 = DoubleVector.fromArray(SPECIES, g, at + LANES);
      c10 = g1.fma(x0, c10);
      c11 = g1.fma(x1, c11);
      DoubleVector g2 = DoubleVector.fromArray(SPECIES, g, at + 2 * LANES);
      c20 = g2.fma(x0, c20);
      c21 = g2.fma(x1, c21);
      DoubleVector g3 = DoubleVector.fromArray(SPECIES, g, at + 3 * LANES);
      c30 = g3.fma(x0, c30);
      c31 = g3.fma(x1, c31);
      at += ROWS * LANES;
    }
    c00.intoArray(t, 0);
    c01.intoArray(t, LANES);
    c10.intoArray(t, 2 * LANES);
    c11.intoArray(t, 3 * LANES);
    c20.intoArray(t, 4 * LANES);
    c21.intoArray(t, 5 * LANES);
    c30.intoArray(t, 6 * LANES);
    c31.intoArray(t, 7 * LANES);
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
        DoubleVector.fromArray(SPECIES, x, places[i] + offset).intoArray(b, row + lanes[i]);
      }
    }
  }

  /** As {@link #gather}, of two vectors for each row, at the lanes 0 and LANES. */
  static void gather2(int k, double[] x, int[] offsets, int place0, int place1, double[] b) {
    for (int r = 0; r < k; r++) {
      int offset = offsets[r];
      DoubleVector.fromArray(SPECIES, x, place0 + offset).intoArray(b, r * COLUMNS);
      DoubleVector.fromArray(SPECIES, x, place1 + offset).intoArray(b, r * COLUMNS + LANES);
    }
  }

  /** As {@link #gather}, of four vectors for each row. */
  static void gather4(int k, double[] x, int[] offsets, int[] places, int[] lanes, double[] b) {
    int place0 = places[0];
    int place1 = places[1];
    int place2 = places[2];
    int place3 = places[3];
    int lane0 = lanes[0];
    int lane1 = lanes[1];
    int lane2 = lanes[2];
    int lane3 = lanes[3];
    int row = 0;
    for (int r = 0; r < k; r++) {
      int offset = offsets[r];
      DoubleVector.fromArray(SPECIES, x, place0 + offset).intoArray(b, row + lane0);
      DoubleVector.fromArray(SPECIES, x, place1 + offset).intoArray(b, row + lane1);
      DoubleVector.fromArray(SPECIES, x, place2 + offset).intoArray(b, row + lane2);
      DoubleVector.fromArray(SPECIES, x, place3 + offset).intoArray(b, row + lane3);
      row += COLUMNS;
    }
  }

  /** Copies k rows of COLUMNS elements, {@code stride} apart in x and without gaps in b. */
  static void rows(int k, double[] x, int offset, int stride, double[] b) {
    for (int r = 0; r < k; r++) {
      int at = offset + r * stride;
      DoubleVector.fromArray(SPECIES, x, at).intoArray(b, r * COLUMNS);
      DoubleVector.fromArray(SPECIES, x, at + LANES).intoArray(b, r * COLUMNS + LANES);
    }
  }

  /** Writes whole rows of a tile to y, or adds them to it. */
  static void store(boolean add, int rows, double[] t, double[] y, int offset, int stride) {
    for (int r = 0; r < rows; r++) {
      int from = r * COLUMNS;
      int to = offset + r * stride;
      DoubleVector v0 = DoubleVector.fromArray(SPECIES, t, from);
      DoubleVector v1 = DoubleVector.fromArray(SPECIES, t, from + LANES);
      if (add) {
        v0 = v0.add(DoubleVector.fromArray(SPECIES, y, to));
        v1 = v1.add(DoubleVector.fromArray(SPECIES, y, to + LANES));
      }
      v0.intoArray(y, to);
      v1.intoArray(y, to + LANES);
    }
  }

  /** Copies n vectors that follow each other to places {@code step} apart. */
  static void spread(int n, double[] x, double[] y, int to, int step) {
    for (int i = 0; i < n; i++) {
      DoubleVector.fromArray(SPECIES, x, i * LANES).intoArray(y, to + i * step);
    }
  }

  /**
   * One row of a strip [k, STRIP] times k rows of x, in {@link #SWEEP} columns: row i begins at
   * {@code place + offsets[i]}. Nothing is copied, which pays where there are few rows to share it.
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

  /** Adds rows of n elements to others. */
  static void addRows(
      int rows, int n, double[] x, int at, int strideX, double[] y, int to, int strideY) {
    int whole = SPECIES.loopBound(Math.max(0, n));
    for (int r = 0; r < rows; r++) {
      int from = at + r * strideX;
      int into = to + r * strideY;
      for (int i = 0; i < whole; i += LANES) {
        DoubleVector.fromArray(SPECIES, y, into + i)
            .add(DoubleVector.fromArray(SPECIES, x, from + i))
            .intoArray(y, into + i);
      }
      for (int i = whole; i < n; i++) {
        y[into + i] += x[from + i];
      }
    }
  }

  /** Copies n elements, COLUMNS at a time to places {@code step} apart. */
  static void panels(int n, double[] x, int at, double[] y, int to, int step) {
    int place = to;
    for (int i = 0; i < n; i += COLUMNS) {
      DoubleVector.fromArray(SPECIES, x, at + i).intoArray(y, place);
      DoubleVector.fromArray(SPECIES, x, at + i + LANES).intoArray(y, place + LANES);
      place += step;
    }
  }
}
