package org.gradus.autograd.internal.kernel.plain;

import java.util.Arrays;
import org.gradus.autograd.internal.kernel.Kernels;
import org.gradus.autograd.internal.number.Integers;
import org.gradus.autograd.internal.parallel.Parallel;

/** Margins of one value around an array: each row of the result is written once. */
final class DoublePadding {
  /** Elements of a row that one thread writes in one go. */
  private static final int BLOCK = 1 << 14;

  /** Rows of at most so many elements are filled as a whole, many at once. */
  private static final int SHORT = 256;

  /** Elements that are filled at once. */
  private static final int FILLED = 1024;

  private final int[] shape;
  private final int[] before;
  private final int[] extents;
  private final double value;
  private final double[] x;
  private final double[] y;

  /**
   * Of the last axis: how long its rows are in y and in x, and how much comes before the latter.
   */
  private final int length;

  private final int n;
  private final int left;

  private DoublePadding(
      int[] shape, int[] before, int[] extents, double value, double[] x, double[] y) {
    this.shape = shape;
    this.before = before;
    this.extents = extents;
    this.value = value;
    this.x = x;
    this.y = y;
    int last = shape.length - 1;
    this.length = shape[last];
    this.n = extents[last];
    this.left = before[last];
  }

  /** As {@link Kernels#pad}. */
  static void pad(int[] shape, int[] before, int[] extents, double value, double[] x, double[] y) {
    if (y.length > 0) {
      new DoublePadding(shape, before, extents, value, x, y).pad();
    }
  }

  private void pad() {
    int block = Math.min(length, BLOCK);
    int blocks = Integers.ceilDiv(length, block);
    Parallel.ranges(
        y.length / length * blocks,
        block + 8L,
        (from, to) -> {
          for (int i = from; i < to; ) {
            int row = i / blocks;
            int source = source(row);
            int first = i % blocks * block;
            if (blocks > 1) {
              part(row, source, first, Math.min(first + block, length));
              i++;
            } else {
              int count = Math.min(to - i, together(row));
              rows(count, row, source);
              i += count;
            }
          }
        });
  }

  /** The row of x that goes to a row of y, counted over all axes but the last; -1: none. */
  private int source(int row) {
    int rest = row;
    int source = 0;
    int step = 1;
    for (int axis = shape.length - 2; axis >= 0; axis--) {
      int index = rest % shape[axis] - before[axis];
      if (index < 0 || index >= extents[axis]) {
        return -1;
      }
      source += index * step;
      step *= extents[axis];
      rest /= shape[axis];
    }
    return source;
  }

  /** How many rows from this one on follow each other in x, too, or are all margin. */
  private int together(int row) {
    int axis = shape.length - 2;
    if (axis < 0) {
      return 1;
    }
    int index = row % shape[axis];
    int behind = before[axis] + extents[axis];
    return (index < before[axis] ? before[axis] : index < behind ? behind : shape[axis]) - index;
  }

  private void rows(int rows, int row, int source) {
    int start = row * length;
    if (source < 0) {
      Arrays.fill(y, start, start + rows * length, value);
    } else if (length > SHORT) {
      for (int r = 0; r < rows; r++) {
        part(row + r, source + r, 0, length);
      }
    } else { // fewer calls if margins and all between them are filled, which stay in the cache
      int most = FILLED / length;
      for (int r = 0; r < rows; r += most) {
        int count = Math.min(most, rows - r);
        int to = start + r * length;
        Arrays.fill(y, to, to + count * length, value);
        DoubleCopies.copyRows(count, n, x, (source + r) * n, n, y, to + left, length);
      }
    }
  }

  /** The elements of a row of y from the first (included) to the end (excluded). */
  private void part(int row, int source, int first, int end) {
    int start = row * length;
    int copied = source < 0 ? end : Math.min(end, Math.max(first, left));
    int behind = source < 0 ? end : Math.min(end, Math.max(first, left + n));
    Arrays.fill(y, start + first, start + copied, value);
    if (behind > copied) {
      System.arraycopy(x, source * n + copied - left, y, start + copied, behind - copied);
    }
    Arrays.fill(y, start + behind, start + end, value);
  }
}
