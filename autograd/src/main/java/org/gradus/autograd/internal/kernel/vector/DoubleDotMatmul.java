package org.gradus.autograd.internal.kernel.vector;

import static org.gradus.autograd.internal.kernel.vector.DoubleTiles.LANES;
import static org.gradus.autograd.internal.number.Integers.ceilDiv;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.gradus.autograd.internal.kernel.MatmulSizes;
import org.gradus.autograd.internal.parallel.DoubleMemory;
import org.gradus.autograd.internal.parallel.Parallel;

/**
 * Matrix products of rows that both lie along the depth, read where they lie: nothing is packed,
 * which would take longer than the product where there are few rows.
 *
 * <p>Each element is a sum of 16 partial sums, whatever the width of the vectors: those of the
 * products 0, 16, 32, ...; 1, 17, 33, ...; and so on. Products behind the last whole 16 go to the
 * last partial sums. Then the upper half of the partial sums is added to the lower one, until one
 * is left. Vectors of fewer lanes run over the depth several times.
 */
final class DoubleDotMatmul {
  private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;

  /** Partial sums of an element. */
  static final int SUMS = 16;

  /** The most depth that is added up in one go: some rows of it stay in the first-level cache. */
  static final int DEPTH = 1024;

  /** The least depth for which sixteen partial sums pay where columns could be packed instead. */
  private static final int LEAST = 64;

  /** Rows of a tile, and columns of two tiles, whose partial sums are added up together. */
  private static final int ROWS = 4;

  /** Elements of a tile, whose partial sums are added up together. */
  private static final int TILE = ROWS * ROWS;

  /** Elements of the right factor that meet all rows of the left one, about. */
  private static final int RIGHT = 1 << 15;

  /** Parts that the work is cut into at least, where there is enough of it. */
  private static final int PARTS = 8;

  private DoubleDotMatmul() {}

  /** Whether a product of these sizes goes this way; its number of rows does not matter. */
  static boolean suits(MatmulSizes s) {
    return !s.transposeA()
        && LANES <= SUMS
        && ((s.transposeB() && s.k() >= LEAST) || (s.n() == 1 && s.k() >= SUMS));
  }

  /** How long a block of depth is, if there are so many: whole partial sums. */
  static int block(int k, int blocks) {
    return ceilDiv(ceilDiv(k, blocks), SUMS) * SUMS;
  }

  /** Writes the products over a part of the depth, or adds them. */
  static void block(
      MatmulSizes s, int start, int depth, boolean add, double[] a, double[] b, double[] c) {
    boolean few = s.m() < ROWS; // then the columns are taken for rows
    int rows = few ? s.n() : s.m();
    int columns = few ? s.m() : s.n();
    int across = Math.min(columns, Math.max(ROWS, RIGHT / depth / ROWS * ROWS));
    int acrossParts = ceilDiv(columns, across);
    int wanted = ceilDiv(PARTS, s.batch() * acrossParts);
    int down = ceilDiv(ceilDiv(rows, wanted), TILE) * TILE;
    int parts = acrossParts * ceilDiv(rows, down);
    Parallel.each(
        s.batch() * parts,
        (long) Math.min(down, rows) * across * depth,
        () -> new DoubleMemory(TILE * SUMS + TILE),
        (memory, task) -> {
          int i = task / parts;
          int row = task % parts / acrossParts * down;
          int column = task % parts % acrossParts * across;
          Part part =
              new Part(
                  few ? b : a,
                  few ? a : b,
                  (few ? s.offsetsB() : s.offsetsA())[i] + start,
                  (few ? s.offsetsA() : s.offsetsB())[i] + start,
                  s.k(),
                  depth,
                  add,
                  c,
                  i * s.m() * s.n(),
                  few ? 1 : s.n(),
                  few ? s.n() : 1,
                  memory.array(0));
          part.write(row, Math.min(rows, row + down), column, Math.min(columns, column + across));
        });
  }

  /**
   * Some elements of one product.
   *
   * @param x the rows, and y the columns, which begin {@code stride} apart
   * @param depth of the products
   * @param toC where element (0, 0) of the product is in c
   * @param t memory for partial sums, and behind them for the sums
   */
  @SuppressWarnings("ArrayRecordComponent") // a parameter object, which is never compared
  private record Part(
      double[] x,
      double[] y,
      int atX,
      int atY,
      int stride,
      int depth,
      boolean add,
      double[] c,
      int toC,
      int down,
      int across,
      double[] t) {

    void write(int firstRow, int endRow, int firstColumn, int endColumn) {
      if (endColumn - firstColumn == 1) {
        for (int row = firstRow; row < endRow; row += TILE) {
          column(row, Math.min(TILE, endRow - row), firstColumn);
        }
        return;
      }
      for (int row = firstRow; row < endRow; row += ROWS) {
        for (int column = firstColumn; column < endColumn; column += ROWS) {
          tile(row, Math.min(ROWS, endRow - row), column, Math.min(ROWS, endColumn - column));
        }
      }
    }

    /** One column of at most TILE rows. */
    private void column(int row, int rows, int column) {
      for (int r = 0; r < rows; r += ROWS) {
        one(row + r, rows - r, column, r * SUMS);
      }
      addUp(t);
      for (int r = 0; r < rows; r++) {
        put(row + r, column, t[TILE * SUMS + r]);
      }
    }

    /** At most 4 rows and columns. */
    private void tile(int row, int rows, int column, int columns) {
      for (int j = 0; j < columns; j += 2) {
        int to = j * ROWS * SUMS;
        if (j + 1 < columns) {
          two(row, rows, column + j, to);
        } else {
          one(row, rows, column + j, to);
        }
      }
      addUp(t);
      for (int j = 0; j < columns; j++) {
        for (int r = 0; r < rows; r++) {
          put(row + r, column + j, t[TILE * SUMS + j * ROWS + r]);
        }
      }
    }

    private void one(int row, int rows, int column, int to) {
      int x0 = atX + row * stride;
      int x1 = x0 + (rows > 1 ? stride : 0);
      int x2 = x1 + (rows > 2 ? stride : 0);
      int x3 = x2 + (rows > 3 ? stride : 0);
      for (int lane = 0; lane < SUMS; lane += LANES) {
        dots(depth, lane, x, x0, x1, x2, x3, y, atY + column * stride, t, to + lane);
      }
    }

    private void two(int row, int rows, int column, int to) {
      int x0 = atX + row * stride;
      int x1 = x0 + (rows > 1 ? stride : 0);
      int x2 = x1 + (rows > 2 ? stride : 0);
      int x3 = x2 + (rows > 3 ? stride : 0);
      int y0 = atY + column * stride;
      for (int lane = 0; lane < SUMS; lane += LANES) {
        dots2(depth, lane, x, x0, x1, x2, x3, y, y0, y0 + stride, t, to + lane);
      }
    }

    private void put(int row, int column, double sum) {
      int to = toC + row * down + column * across;
      c[to] = add ? sum + c[to] : sum;
    }
  }

  // ---- the innermost loops ---------------------------------------------------------------------

  /** A vector of the partial sums of the products of 4 rows with another, from a lane on. */
  private static void dots(
      int k,
      int lane,
      double[] x,
      int x0,
      int x1,
      int x2,
      int x3,
      double[] y,
      int y0,
      double[] t,
      int to) {
    DoubleVector c0 = DoubleVector.zero(SPECIES);
    DoubleVector c1 = c0;
    DoubleVector c2 = c0;
    DoubleVector c3 = c0;
    int whole = k / SUMS * SUMS;
    for (int p = lane; p < whole; p += SUMS) {
      DoubleVector v0 = DoubleVector.fromArray(SPECIES, y, y0 + p);
      c0 = DoubleVector.fromArray(SPECIES, x, x0 + p).fma(v0, c0);
      c1 = DoubleVector.fromArray(SPECIES, x, x1 + p).fma(v0, c1);
      c2 = DoubleVector.fromArray(SPECIES, x, x2 + p).fma(v0, c2);
      c3 = DoubleVector.fromArray(SPECIES, x, x3 + p).fma(v0, c3);
    }
    if (whole < k) {
      int p = k - SUMS + lane;
      VectorMask<Double> before =
          DoubleVector.zero(SPECIES)
              .addIndex(1)
              .compare(VectorOperators.LT, SUMS - (k - whole) - lane);
      DoubleVector v0 = DoubleVector.fromArray(SPECIES, y, y0 + p).blend(0, before);
      c0 = DoubleVector.fromArray(SPECIES, x, x0 + p).fma(v0, c0);
      c1 = DoubleVector.fromArray(SPECIES, x, x1 + p).fma(v0, c1);
      c2 = DoubleVector.fromArray(SPECIES, x, x2 + p).fma(v0, c2);
      c3 = DoubleVector.fromArray(SPECIES, x, x3 + p).fma(v0, c3);
    }
    c0.intoArray(t, to);
    c1.intoArray(t, to + SUMS);
    c2.intoArray(t, to + 2 * SUMS);
    c3.intoArray(t, to + 3 * SUMS);
  }

  /** As {@link #dots}, of 4 rows with two others. */
  private static void dots2(
      int k,
      int lane,
      double[] x,
      int x0,
      int x1,
      int x2,
      int x3,
      double[] y,
      int y0,
      int y1,
      double[] t,
      int to) {
    DoubleVector c00 = DoubleVector.zero(SPECIES);
    DoubleVector c01 = c00;
    DoubleVector c10 = c00;
    DoubleVector c11 = c00;
    DoubleVector c20 = c00;
    DoubleVector c21 = c00;
    DoubleVector c30 = c00;
    DoubleVector c31 = c00;
    int whole = k / SUMS * SUMS;
    for (int p = lane; p < whole; p += SUMS) {
      DoubleVector v0 = DoubleVector.fromArray(SPECIES, y, y0 + p);
      DoubleVector v1 = DoubleVector.fromArray(SPECIES, y, y1 + p);
      DoubleVector u0 = DoubleVector.fromArray(SPECIES, x, x0 + p);
      c00 = u0.fma(v0, c00);
      c01 = u0.fma(v1, c01);
      DoubleVector u1 = DoubleVector.fromArray(SPECIES, x, x1 + p);
      c10 = u1.fma(v0, c10);
      c11 = u1.fma(v1, c11);
      DoubleVector u2 = DoubleVector.fromArray(SPECIES, x, x2 + p);
      c20 = u2.fma(v0, c20);
      c21 = u2.fma(v1, c21);
      DoubleVector u3 = DoubleVector.fromArray(SPECIES, x, x3 + p);
      c30 = u3.fma(v0, c30);
      c31 = u3.fma(v1, c31);
    }
    if (whole < k) {
      int p = k - SUMS + lane;
      VectorMask<Double> before =
          DoubleVector.zero(SPECIES)
              .addIndex(1)
              .compare(VectorOperators.LT, SUMS - (k - whole) - lane);
      DoubleVector v0 = DoubleVector.fromArray(SPECIES, y, y0 + p).blend(0, before);
      DoubleVector v1 = DoubleVector.fromArray(SPECIES, y, y1 + p).blend(0, before);
      DoubleVector u0 = DoubleVector.fromArray(SPECIES, x, x0 + p);
      c00 = u0.fma(v0, c00);
      c01 = u0.fma(v1, c01);
      DoubleVector u1 = DoubleVector.fromArray(SPECIES, x, x1 + p);
      c10 = u1.fma(v0, c10);
      c11 = u1.fma(v1, c11);
      DoubleVector u2 = DoubleVector.fromArray(SPECIES, x, x2 + p);
      c20 = u2.fma(v0, c20);
      c21 = u2.fma(v1, c21);
      DoubleVector u3 = DoubleVector.fromArray(SPECIES, x, x3 + p);
      c30 = u3.fma(v0, c30);
      c31 = u3.fma(v1, c31);
    }
    c00.intoArray(t, to);
    c10.intoArray(t, to + SUMS);
    c20.intoArray(t, to + 2 * SUMS);
    c30.intoArray(t, to + 3 * SUMS);
    c01.intoArray(t, to + 4 * SUMS);
    c11.intoArray(t, to + 5 * SUMS);
    c21.intoArray(t, to + 6 * SUMS);
    c31.intoArray(t, to + 7 * SUMS);
  }

  // ---- from partial sums to sums ---------------------------------------------------------------

  /** The sums of the 16 partial sums of 16 elements, to behind them. */
  private static void addUp(double[] t) {
    fold(t);
    for (int e = 0; e < TILE; e++) {
      int at = e * SUMS;
      t[TILE * SUMS + e] =
          ((t[at] + t[at + 4]) + (t[at + 2] + t[at + 6]))
              + ((t[at + 1] + t[at + 5]) + (t[at + 3] + t[at + 7]));
    }
  }

  /** Adds the upper eight partial sums to the lower ones; longer vectors write more. */
  private static void fold(double[] t) {
    int half = SUMS / 2;
    for (int at = 0; at < TILE * SUMS; at += SUMS) {
      for (int lane = at; lane < at + half; lane += LANES) {
        DoubleVector.fromArray(SPECIES, t, lane)
            .add(DoubleVector.fromArray(SPECIES, t, lane + half))
            .intoArray(t, lane);
      }
    }
  }
}
