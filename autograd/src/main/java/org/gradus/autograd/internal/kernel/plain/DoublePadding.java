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
    if (length <= SHORT) {
      int most = FILLED / length;
      Parallel.ranges(
          y.length / length,
          length + 8L,
          (from, to) -> {
            for (int row = from; row < to; row += most) {
              shortRows(row, Math.min(to, row + most));
            }
          });
      return;
    }
    int blocks = Integers.ceilDiv(length, BLOCK);
    Parallel.ranges(
        y.length / length * blocks,
        Math.min(length, BLOCK) + 8L,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            int first = i % blocks * BLOCK;
            part(i / blocks, first, Math.min(first + BLOCK, length));
          }
        });
  }

  /** Fewer calls if margins and all between them are filled, which then is in the cache. */
  private void shortRows(int from, int to) {
    Arrays.fill(y, from * length, to * length, value);
    int count;
    for (int row = from; row < to; row += count) {
      int source = source(row);
      count = Math.min(to - row, together(row));
      if (source >= 0) {
        DoubleCopies.copyRows(count, n, x, source * n, n, y, row * length + left, length);
      }
    }
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

  /** The elements of a row of y from the first (included) to the end (excluded). */
  private void part(int row, int first, int end) {
    int source = source(row);
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
