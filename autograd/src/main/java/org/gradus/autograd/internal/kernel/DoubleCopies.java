package org.gradus.autograd.internal.kernel;

import java.util.Arrays;

/** Elements taken from one place to another. */
final class DoubleCopies {
  /** Elements of a row that one thread copies in one go. */
  private static final int BLOCK = 1 << 14;

  /** Neighbouring columns that one thread adds to. */
  private static final int COLUMNS = 1024;

  private DoubleCopies() {}

  /** As {@link Kernels#copy}. Rows, which are what the last axis counts, are cut into blocks. */
  static void copy(
      int[] shape,
      double[] x,
      int offsetX,
      int[] stridesX,
      double[] y,
      int offsetY,
      int[] stridesY) {
    int last = shape.length - 1;
    int length = shape[last];
    if (length == 0) {
      return;
    }
    int block = Math.min(length, BLOCK);
    int blocks = DoubleMatmul.ceilDiv(length, block);
    int rows = 1;
    for (int axis = 0; axis < last; axis++) {
      rows *= shape[axis];
    }
    Parallel.ranges(
        rows * blocks,
        block + 8L,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            int row = i / blocks;
            int first = i % blocks * block;
            copyRow(
                Math.min(block, length - first),
                x,
                offsetX + DoubleElementwise.offset(row, shape, stridesX) + first * stridesX[last],
                stridesX[last],
                y,
                offsetY + DoubleElementwise.offset(row, shape, stridesY) + first * stridesY[last],
                stridesY[last]);
          }
        });
  }

  private static void copyRow(
      int n, double[] x, int offsetX, int strideX, double[] y, int offsetY, int strideY) {
    if (strideX == 1 && strideY == 1) {
      System.arraycopy(x, offsetX, y, offsetY, n);
    } else if (strideX == 0 && strideY == 1) {
      Arrays.fill(y, offsetY, offsetY + n, x[offsetX]);
    } else {
      for (int i = 0; i < n; i++) {
        y[offsetY + i * strideY] = x[offsetX + i * strideX];
      }
    }
  }

  /** As {@link Kernels#gather}. */
  static void gather(
      int before, int axis, int picks, int after, double[] x, int[] index, double[] y) {
    Parallel.ranges(
        before * picks,
        after * 2L,
        (from, to) -> {
          int at = from * after;
          for (int row = from; row < to; ) {
            int b = row / picks;
            int slab = b * axis * after;
            for (int end = Math.min(to, (b + 1) * picks); row < end; row++) {
              for (int a = 0; a < after; a++, at++) {
                y[at] = x[slab + index[at] * after + a];
              }
            }
          }
        });
  }

  /**
   * As {@link Kernels#scatterAdd}. A thread has some columns of y to itself, so the order stays.
   */
  static void scatterAdd(
      int before, int picks, int axis, int after, double[] x, int[] index, double[] y) {
    int block = Math.max(1, Math.min(after, COLUMNS));
    int blocks = DoubleMatmul.ceilDiv(after, block);
    Parallel.ranges(
        before * blocks,
        picks * 2L * block,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            int b = i / blocks;
            int first = i % blocks * block;
            int end = Math.min(after, first + block);
            for (int p = 0; p < picks; p++) {
              int row = (b * picks + p) * after;
              for (int a = first; a < end; a++) {
                y[(b * axis + index[row + a]) * after + a] += x[row + a];
              }
            }
          }
        });
  }
}
