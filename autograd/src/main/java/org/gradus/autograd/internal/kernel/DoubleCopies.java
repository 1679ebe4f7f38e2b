package org.gradus.autograd.internal.kernel;

import java.util.Arrays;

/** Elements taken from one place to another. */
final class DoubleCopies {
  /** Elements of a row that one thread copies in one go. */
  private static final int BLOCK = 1 << 14;

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
}
