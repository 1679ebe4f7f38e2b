package org.gradus.autograd.internal.kernel.vector;

import static org.gradus.autograd.internal.kernel.vector.DoubleTiles.COLUMNS;
import static org.gradus.autograd.internal.kernel.vector.DoubleTiles.ROWS;
import static org.gradus.autograd.internal.number.Integers.ceilDiv;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import org.gradus.autograd.internal.kernel.Kernels;
import org.gradus.autograd.internal.kernel.plain.DoubleElementwise;
import org.gradus.autograd.internal.parallel.DoubleArrays;
import org.gradus.autograd.internal.parallel.DoubleMemory;
import org.gradus.autograd.internal.parallel.Parallel;

/**
 * Matrix products, by blocks of depth and blocks of columns: the columns are packed into panels,
 * which stay in the cache while they meet all rows. Each element is off by at most DEPTH + TOGETHER
 * + log2(k / DEPTH) units of rounding of the sum of magnitudes of its products.
 */
final class DoublePackedMatmul {
  /** The most depth of one product of tiles; more is added up block by block. */
  private static final int DEPTH = 512;

  /** The most blocks of depth that are added up in order; more such groups are added as a tree. */
  private static final int TOGETHER = 8;

  /** Elements of the left factor that meet all panels before the next ones do, about. */
  private static final int LEFT = 1 << 15;

  /** Elements of the panels that are packed together, about. */
  private static final int PACKED = 1 << 15;

  /** Parts that the work is cut into at least, where there is enough of it. */
  private static final int PARTS = 8;

  private DoublePackedMatmul() {}

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
    Product product =
        new Product(transposeA, transposeB, m, n, k, a, offsetsA, b, offsetsB, ceilDiv(k, DEPTH));
    if (product.blocks <= TOGETHER) {
      product.write(0, product.blocks, c);
    } else {
      product.writeTree(c);
    }
  }

  /**
   * The factors of products.
   *
   * @param blocks that the depth is cut into
   */
  @SuppressWarnings("ArrayRecordComponent") // a parameter object, which is never compared
  private record Product(
      boolean transposeA,
      boolean transposeB,
      int m,
      int n,
      int k,
      double[] a,
      int[] offsetsA,
      double[] b,
      int[] offsetsB,
      int blocks) {

    /** Writes the products of all blocks of depth: a tree over groups of them. */
    void writeTree(double[] c) {
      Deque<double[]> parts = new ArrayDeque<>();
      for (int group = 0; group * TOGETHER < blocks; group++) {
        double[] part = DoubleArrays.POOL.take(c.length);
        write(group * TOGETHER, Math.min(blocks, (group + 1) * TOGETHER), part);
        parts.push(part);
        for (int pairs = group; pairs % 2 == 1; pairs /= 2) { // two parts of one size
          addLast(parts);
        }
      }
      while (parts.size() > 1) {
        addLast(parts);
      }
      double[] total = parts.pop();
      System.arraycopy(total, 0, c, 0, c.length);
      DoubleArrays.POOL.give(total);
    }

    private static void addLast(Deque<double[]> parts) {
      double[] last = parts.pop();
      double[] before = parts.element();
      DoubleElementwise.axpy(1, last, before, before);
      DoubleArrays.POOL.give(last);
    }

    /** Writes the products of some blocks of depth, added up in order. */
    void write(int firstBlock, int endBlock, double[] c) {
      int block = ceilDiv(k, blocks);
      for (int i = firstBlock; i < endBlock; i++) {
        int start = i * block;
        writeBlock(start, Math.min(block, k - start), i > firstBlock, c);
      }
    }

    private void writeBlock(int start, int depth, boolean add, double[] c) {
      int batch = offsetsA.length;
      int panels = ceilDiv(n, COLUMNS);
      DoubleStrips[] left = left(start, depth);
      int together =
          Math.max(1, Math.min(PACKED / (depth * COLUMNS), ceilDiv(panels, ceilDiv(PARTS, batch))));
      int parts = ceilDiv(panels, together);
      int rows = DoubleStrips.block(LEFT / depth);
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
                    add,
                    c,
                    i * m * n + column + j,
                    n);
              }
            }
          });
      DoubleStrips.release(left);
    }

    /** The left factors, packed. */
    private DoubleStrips[] left(int start, int depth) {
      DoubleStrips[] left = new DoubleStrips[offsetsA.length];
      for (int i = 0; i < left.length; i++) {
        int offset = offsetsA[i] + start * (transposeA ? m : 1);
        left[i] =
            i > 0 && offsetsA[i] == offsetsA[i - 1]
                ? left[i - 1]
                : DoubleStrips.pack(
                    m,
                    depth,
                    DoubleStrips.strided(depth, a, offset, transposeA ? 1 : k, transposeA ? m : 1));
      }
      return left;
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
