package org.gradus.autograd.internal.kernel.vector;

import static org.gradus.autograd.internal.kernel.vector.DoubleTiles.COLUMNS;
import static org.gradus.autograd.internal.kernel.vector.DoubleTiles.ROWS;
import static org.gradus.autograd.internal.number.Integers.ceilDiv;

import org.gradus.autograd.internal.kernel.MatmulSizes;
import org.gradus.autograd.internal.parallel.DoubleMemory;
import org.gradus.autograd.internal.parallel.Parallel;

/**
 * Matrix products by panels: the columns of the right factor are packed, and stay in the cache
 * while they meet all rows.
 */
final class DoublePackedMatmul {
  /** Elements of the left factor that meet all panels before the next ones do, about. */
  private static final int LEFT = 1 << 15;

  /** Elements of the panels that are packed together, about. */
  private static final int PACKED = 1 << 15;

  /** Parts that the work is cut into at least, where there is enough of it. */
  private static final int PARTS = 8;

  /** Memory of a task, by number. */
  private static final int PANELS = 0;

  private static final int TILE = 1;

  private final MatmulSizes s;
  private final double[] a;
  private final double[] b;

  DoublePackedMatmul(MatmulSizes s, double[] a, double[] b) {
    this.s = s;
    this.a = a;
    this.b = b;
  }

  /** Writes the products over a part of the depth, or adds them. */
  void block(int start, int depth, boolean add, double[] c) {
    int panels = ceilDiv(s.n(), COLUMNS);
    int wanted = ceilDiv(panels, ceilDiv(PARTS, s.batch()));
    int together = Math.max(1, Math.min(PACKED / (depth * COLUMNS), wanted));
    int parts = ceilDiv(panels, together);
    int rows = DoubleStrips.block(LEFT / depth);
    DoubleStrips[] left = left(start, depth);
    Parallel.each(
        s.batch() * parts,
        (long) together * depth * s.m(),
        () -> new DoubleMemory(together * depth * COLUMNS, ROWS * COLUMNS),
        (memory, task) -> {
          int i = task / parts;
          int column = task % parts * together * COLUMNS;
          int columns = Math.min(together * COLUMNS, s.n() - column);
          double[] packed = memory.array(PANELS);
          pack(i, start, depth, column, columns, packed);
          for (int row = 0; row < s.m(); row += rows) {
            for (int j = 0; j < columns; j += COLUMNS) {
              left[i].times(
                  row,
                  Math.min(s.m(), row + rows),
                  packed,
                  j * depth,
                  Math.min(COLUMNS, columns - j),
                  memory.array(TILE),
                  add,
                  c,
                  i * s.m() * s.n() + column + j,
                  s.n());
            }
          }
        });
    DoubleStrips.release(left);
  }

  /** The left factors, packed. */
  private DoubleStrips[] left(int start, int depth) {
    int[] offsets = s.offsetsA();
    DoubleStrips[] left = new DoubleStrips[offsets.length];
    for (int i = 0; i < left.length; i++) {
      int offset = offsets[i] + start * s.acrossA();
      left[i] =
          i > 0 && offsets[i] == offsets[i - 1]
              ? left[i - 1]
              : DoubleStrips.pack(
                  s.m(), depth, DoubleStrips.strided(depth, a, offset, s.downA(), s.acrossA()));
    }
    return left;
  }

  /** Packs columns of a right factor into panels. */
  private void pack(int i, int start, int depth, int column, int columns, double[] packed) {
    int offset = s.offsetsB()[i] + start * s.downB() + column * s.acrossB();
    if (s.transposeB()) {
      packRows(depth, columns, b, offset, s.k(), packed);
    } else {
      packColumns(depth, columns, b, offset, s.n(), packed);
    }
  }

  /** Panels of columns that lie in x as columns: rows of it are {@code stride} apart. */
  private static void packColumns(
      int depth, int columns, double[] x, int offset, int stride, double[] packed) {
    int whole = columns / COLUMNS * COLUMNS;
    for (int d = 0; d < depth; d++) {
      DoubleTiles.panels(whole, x, offset + d * stride, packed, d * COLUMNS, depth * COLUMNS);
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
