package org.gradus.autograd.internal.kernel.vector;

import static org.gradus.autograd.internal.number.Integers.ceilDiv;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import org.gradus.autograd.internal.kernel.Kernels;
import org.gradus.autograd.internal.kernel.MatmulSizes;
import org.gradus.autograd.internal.kernel.plain.DoubleElementwise;
import org.gradus.autograd.internal.kernel.plain.DoubleOverflow;
import org.gradus.autograd.internal.parallel.DoubleArrays;

/**
 * Matrix products: which way they go, and the blocks of depth that they are added up by.
 *
 * <p>There are two orders of sums, and the depth, the columns and the transposes alone say which
 * one is taken. So a row has the same bits by itself and among others, and a product the same bits
 * alone and in a batch:
 *
 * <ul>
 *   <li>sixteen partial sums along the depth: {@link DoubleDotMatmul}, and {@link DoubleDotPanels}
 *       where there are many rows, or {@link DoubleSmallMatmul};
 *   <li>one fused multiplication and addition after the other: {@link DoubleRowMatmul} where there
 *       are few rows, {@link DoubleSmallMatmul} where the right factor is small, and otherwise
 *       {@link DoublePackedMatmul}.
 * </ul>
 *
 * Each element is off by at most DEPTH + TOGETHER + log2(k / DEPTH) units of rounding of the sum of
 * magnitudes of its products.
 */
final class DoubleVectorMatmul {
  /** The most depth that is added up in one go; more is added up block by block. */
  private static final int DEPTH = 512;

  /** The most blocks of depth that are added up in order; more such groups are added as a tree. */
  private static final int TOGETHER = 8;

  private final MatmulSizes s;
  private final Block way;

  /** Blocks that the depth is cut into, and how long they are but for the last one. */
  private final int blocks;

  private final int block;

  private DoubleVectorMatmul(MatmulSizes s, boolean dots, Block way) {
    this.s = s;
    this.way = way;
    this.blocks = ceilDiv(s.k(), dots ? DoubleDotMatmul.DEPTH : DEPTH);
    this.block = dots ? DoubleDotMatmul.block(s.k(), blocks) : ceilDiv(s.k(), blocks);
  }

  /** Writes to c, or adds to it, the products over a part of the depth. */
  @FunctionalInterface
  private interface Block {
    void write(int start, int depth, boolean add, double[] c);
  }

  /** As {@link Kernels#matmul}. */
  static void matmul(MatmulSizes given, double[] a, double[] b, double[] c) {
    if (c.length == 0 || given.k() == 0) {
      Arrays.fill(c, 0);
      return;
    }
    MatmulSizes s = merged(given);
    DoubleVectorMatmul product = DoubleDotMatmul.suits(s) ? byDots(s, a, b) : inOrder(s, a, b);
    product.write(c);
    if (!DoubleTiles.areFinite(c, 0, c.length)) {
      DoubleOverflow.products(s, a, b, c);
    }
  }

  private static DoubleVectorMatmul byDots(MatmulSizes s, double[] a, double[] b) {
    return new DoubleVectorMatmul(
        s,
        true,
        DoubleDotPanels.suits(s)
            ? (start, depth, add, y) -> DoubleDotPanels.block(s, start, depth, add, a, b, y)
            : DoubleSmallMatmul.suitsDots(s)
                ? (start, depth, add, y) -> DoubleSmallMatmul.dots(s, a, b, y)
                : (start, depth, add, y) -> DoubleDotMatmul.block(s, start, depth, add, a, b, y));
  }

  private static DoubleVectorMatmul inOrder(MatmulSizes s, double[] a, double[] b) {
    if (s.transposeA() && s.n() == 1) { // one row, of the other factor
      MatmulSizes turned =
          new MatmulSizes(false, false, 1, s.m(), s.k(), s.offsetsB(), s.offsetsA());
      return new DoubleVectorMatmul(
          turned,
          false,
          (start, depth, add, y) -> DoubleRowMatmul.block(turned, start, depth, add, b, a, y));
    }
    if (DoubleRowMatmul.suits(s)) {
      return new DoubleVectorMatmul(
          s, false, (start, depth, add, y) -> DoubleRowMatmul.block(s, start, depth, add, a, b, y));
    }
    if (DoubleSmallMatmul.suits(s)) {
      return new DoubleVectorMatmul(
          s, false, (start, depth, add, y) -> DoubleSmallMatmul.matmul(s, a, b, y));
    }
    DoublePackedMatmul packed = new DoublePackedMatmul(s, a, b);
    return new DoubleVectorMatmul(s, false, packed::block);
  }

  /**
   * The rows of left factors that lie one behind the other and meet one right factor: one matrix.
   */
  private static MatmulSizes merged(MatmulSizes s) {
    int[] a = s.offsetsA();
    int[] b = s.offsetsB();
    if (a.length < 2 || s.transposeA()) {
      return s;
    }
    for (int i = 1; i < a.length; i++) {
      if (b[i] != b[0] || a[i] != a[i - 1] + s.m() * s.k()) {
        return s;
      }
    }
    return new MatmulSizes(
        false, s.transposeB(), a.length * s.m(), s.n(), s.k(), new int[] {a[0]}, new int[] {b[0]});
  }

  private void write(double[] c) {
    if (blocks <= TOGETHER) {
      write(0, blocks, c);
    } else {
      writeTree(c);
    }
  }

  /** Writes the products of all blocks of depth: a tree over groups of them. */
  private void writeTree(double[] c) {
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
  private void write(int firstBlock, int endBlock, double[] c) {
    for (int i = firstBlock; i < endBlock; i++) {
      int start = i * block;
      if (start < s.k()) { // whole partial sums may need fewer blocks
        way.write(start, Math.min(block, s.k() - start), i > firstBlock, c);
      }
    }
  }
}
