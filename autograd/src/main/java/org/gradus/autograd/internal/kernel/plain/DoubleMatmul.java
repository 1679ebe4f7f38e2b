package org.gradus.autograd.internal.kernel.plain;

import static org.gradus.autograd.internal.ejml.TileMultiplication_F64.tileMultPlus;
import static org.gradus.autograd.internal.ejml.TileMultiplication_F64.tileMultPlusTransB;

import java.util.Arrays;
import org.gradus.autograd.internal.kernel.Kernels;
import org.gradus.autograd.internal.kernel.MatmulSizes;
import org.gradus.autograd.internal.number.Integers;
import org.gradus.autograd.internal.parallel.Parallel;

/**
 * Matrix products by EJML's multiplication of tiles, cut into independent tiles of the result. Each
 * element is off by at most DEPTH + 2 units of rounding of the sum of magnitudes of its products.
 */
public final class DoubleMatmul {
  /** Columns of a tile: a row of them stays in the first-level cache. */
  private static final int TILE_COLUMNS = 1024;

  /** Multiplications that make a tile worth a thread. */
  private static final long TILE_WORK = 1 << 16;

  /** The most depth that EJML adds up in order; the sums of such blocks are collected. */
  private static final int DEPTH = 512;

  private DoubleMatmul() {}

  /** As {@link Kernels#matmul}. */
  static void matmul(MatmulSizes s, double[] a, double[] b, double[] c) {
    Arrays.fill(c, 0);
    if (c.length == 0 || s.k() == 0) {
      return;
    }
    int width = Math.min(s.n(), TILE_COLUMNS);
    int height = (int) Math.max(1, Math.min(s.m(), TILE_WORK / ((long) s.k() * width)));
    int across = Integers.ceilDiv(s.n(), width);
    int down = Integers.ceilDiv(s.m(), height);
    double[] rows = s.transposeA() ? transposeAll(a, s.k(), s.m()) : a;
    Product product = new Product(s.transposeB(), s.n(), s.k(), rows, b);
    Parallel.ranges(
        s.batch() * across * down,
        (long) s.k() * width * height,
        (from, to) -> {
          try (DoubleTotals totals = new DoubleTotals(s.k() > DEPTH ? width * height : 0)) {
            for (int tile = from; tile < to; tile++) {
              int i = tile / (across * down);
              int row = tile / across % down * height;
              int column = tile % across * width;
              int startA = s.offsetsA()[i] + row * s.k();
              int startB = s.offsetsB()[i] + column * s.acrossB();
              int startC = i * s.m() * s.n() + row * s.n() + column;
              int tileRows = Math.min(height, s.m() - row);
              int tileColumns = Math.min(width, s.n() - column);
              if (s.k() > DEPTH) {
                product.collect(tileRows, tileColumns, startA, startB, totals, c, startC);
              } else {
                product.add(tileRows, tileColumns, s.k(), startA, startB, c, startC, s.n());
              }
            }
          }
        });
  }

  /** The factors of a product of depth k and n columns: rows of a, and columns or rows of b. */
  @SuppressWarnings("ArrayRecordComponent") // a parameter object, which is never compared
  private record Product(boolean transposeB, int n, int k, double[] a, double[] b) {

    /** Adds a tile of the product, of some depth, to c, where rows are a stride apart. */
    void add(
        int rows, int columns, int depth, int startA, int startB, double[] c, int to, int stride) {
      if (transposeB) {
        tileMultPlusTransB(a, b, c, rows, depth, columns, k, k, stride, startA, startB, to);
      } else {
        tileMultPlus(a, b, c, rows, depth, columns, k, n, stride, startA, startB, to);
      }
    }

    /** Writes a tile of the product, of its whole depth, to c. */
    void collect(
        int rows, int columns, int startA, int startB, DoubleTotals totals, double[] c, int to) {
      double[] part = new double[rows * columns];
      for (int first = 0; first < k; first += DEPTH) {
        Arrays.fill(part, 0);
        int depth = Math.min(DEPTH, k - first);
        add(
            rows,
            columns,
            depth,
            startA + first,
            startB + first * (transposeB ? 1 : n),
            part,
            0,
            columns);
        for (int i = 0; i < part.length; i++) {
          totals.add(i, part[i]);
        }
      }
      for (int i = 0; i < part.length; i++) {
        c[to + i / columns * n + i % columns] = totals.take(i);
      }
    }
  }

  /** The transposes of all the rows x columns matrices that x holds, one behind the other. */
  static double[] transposeAll(double[] x, int rows, int columns) {
    double[] y = new double[x.length];
    int size = rows * columns;
    Parallel.ranges(
        x.length / size,
        size,
        (from, to) -> {
          for (int start = from * size; start < to * size; start += size) {
            for (int r = 0; r < rows; r++) {
              for (int c = 0; c < columns; c++) {
                y[start + c * rows + r] = x[start + r * columns + c];
              }
            }
          }
        });
    return y;
  }
}
