package org.gradus.autograd.internal.kernel;

import static org.gradus.autograd.internal.kernel.DoubleMatmul.ceilDiv;
import static org.gradus.autograd.internal.kernel.DoubleVectorTiles.COLUMNS;
import static org.gradus.autograd.internal.kernel.DoubleVectorTiles.ROWS;

import java.util.Arrays;

/**
 * Matrix products, by blocks of depth and blocks of columns: the columns are packed into panels,
 * which stay in the cache while they meet all rows.
 */
final class DoubleVectorMatmul {
  /** The most depth of one product of tiles; more is added up block by block, in order. */
  private static final int DEPTH = 512;

  /** Elements of the left factor that meet all panels before the next ones do, about. */
  private static final int LEFT = 1 << 15;

  /** Elements of the panels that are packed together, about. */
  private static final int PACKED = 1 << 15;

  /** Parts that the work is cut into at least, where there is enough of it. */
  private static final int PARTS = 8;

  private DoubleVectorMatmul() {}

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
    if (c.length == 0 || k == 0) {
      Arrays.fill(c, 0);
      return;
    }
    int batch = offsetsA.length;
    int panels = ceilDiv(n, COLUMNS);
    int block = ceilDiv(k, ceilDiv(k, DEPTH));
    for (int first = 0; first < k; first += block) {
      int start = first;
      int depth = Math.min(block, k - first);
      DoubleVectorPanels[] left = new DoubleVectorPanels[batch];
      for (int i = 0; i < batch; i++) {
        int offset = offsetsA[i] + start * (transposeA ? m : 1);
        left[i] =
            i > 0 && offsetsA[i] == offsetsA[i - 1]
                ? left[i - 1]
                : DoubleVectorPanels.pack(
                    m,
                    depth,
                    DoubleVectorPanels.strided(
                        depth, a, offset, transposeA ? 1 : k, transposeA ? m : 1));
      }
      int together =
          Math.max(1, Math.min(PACKED / (depth * COLUMNS), ceilDiv(panels, ceilDiv(PARTS, batch))));
      int parts = ceilDiv(panels, together);
      int rows = DoubleVectorPanels.block(LEFT / depth);
      Parallel.each(
          batch * parts,
          (long) together * depth * m,
          () -> new DoubleMemory(together * depth * COLUMNS, ROWS * COLUMNS),
          (memory, task) -> {
            int i = task / parts;
            int column = task % parts * together * COLUMNS;
            int columns = Math.min(together * COLUMNS, n - column);
            double[] packed = memory.array(0);
            if (transposeB) {
              packRows(depth, columns, b, offsetsB[i] + column * k + start, k, packed);
            } else {
              packColumns(depth, columns, b, offsetsB[i] + start * n + column, n, packed);
            }
            for (int row = 0; row < m; row += rows) {
              for (int j = 0; j < columns; j += COLUMNS) {
                left[i].times(
                    row,
                    Math.min(m, row + rows),
                    packed,
                    j * depth,
                    Math.min(COLUMNS, columns - j),
                    memory.array(1),
                    start > 0,
                    c,
                    i * m * n + column + j,
                    n);
              }
            }
          });
      DoubleVectorPanels.release(left);
    }
  }

  /** Panels of columns that lie in x as columns: rows of it are {@code stride} apart. */
  private static void packColumns(
      int depth, int columns, double[] x, int offset, int stride, double[] packed) {
    int whole = columns / COLUMNS * COLUMNS;
    for (int d = 0; d < depth; d++) {
      DoubleVectorTiles.panels(whole, x, offset + d * stride, packed, d * COLUMNS, depth * COLUMNS);
      int to = whole * depth + d * COLUMNS;
      for (int j = whole; j < columns; j++) {
        packed[to + j - whole] = x[offset + d * stride + j];
      }
    }
  }

  /** Panels of columns that lie in x as rows, {@code stride} apart. */
  private static void packRows(
      int depth, int columns, double[] x, int offset, int stride, double[] packed) {
    for (int j = 0; j < columns; j++) {
      int to = j / COLUMNS * COLUMNS * depth + j % COLUMNS;
      int from = offset + j * stride;
      for (int d = 0; d < depth; d++) {
        packed[to + d * COLUMNS] = x[from + d];
      }
    }
  }
}
