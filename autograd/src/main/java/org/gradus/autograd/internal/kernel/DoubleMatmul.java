package org.gradus.autograd.internal.kernel;

import static org.gradus.autograd.internal.ejml.TileMultiplication_F64.tileMultPlus;
import static org.gradus.autograd.internal.ejml.TileMultiplication_F64.tileMultPlusTransB;

import java.util.Arrays;

/** Matrix products by EJML's multiplication of tiles, cut into independent tiles of the result. */
final class DoubleMatmul {
  /** Columns of a tile: a row of them stays in the first-level cache. */
  private static final int TILE_COLUMNS = 1024;

  /** Multiplications that make a tile worth a thread. */
  private static final long TILE_WORK = 1 << 16;

  private DoubleMatmul() {}

  /** As {@link Kernels#matmul}. */
  static void matmul(
      boolean transposeA,
      boolean transposeB,
      int m,
      int n,
      int k,
      double[] a,
      int[] offsetsA,
      double[] b,
      int[] offsetsB,
      double[] c) {
    Arrays.fill(c, 0);
    if (c.length == 0 || k == 0) {
      return;
    }
    int batch = offsetsA.length;
    int width = Math.min(n, TILE_COLUMNS);
    int height = (int) Math.max(1, Math.min(m, TILE_WORK / ((long) k * width)));
    int across = ceilDiv(n, width);
    int down = ceilDiv(m, height);
    double[] rowsOfA = transposeA ? transposeAll(a, k, m) : a;
    Parallel.ranges(
        batch * across * down,
        (long) k * width * height,
        (from, to) -> {
          for (int tile = from; tile < to; tile++) {
            int i = tile / (across * down);
            int row = tile / across % down * height;
            int column = tile % across * width;
            int startA = offsetsA[i] + row * k;
            int startC = i * m * n + row * n + column;
            int rows = Math.min(height, m - row);
            int columns = Math.min(width, n - column);
            if (transposeB) {
              int startB = offsetsB[i] + column * k;
              tileMultPlusTransB(rowsOfA, b, c, rows, k, columns, k, k, n, startA, startB, startC);
            } else {
              int startB = offsetsB[i] + column;
              tileMultPlus(rowsOfA, b, c, rows, k, columns, k, n, n, startA, startB, startC);
            }
          }
        });
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

  static int ceilDiv(int a, int b) {
    return (int) ((a + b - 1L) / b);
  }
}
