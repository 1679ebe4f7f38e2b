package org.gradus.autograd.internal.kernel.plain;

import org.gradus.autograd.internal.kernel.Kernels;
import org.gradus.autograd.internal.parallel.Parallel;

/** The largest and smallest elements along an axis, and where they are. */
public final class DoubleExtremes {
  private DoubleExtremes() {}

  /** As {@link Kernels#argMax}. */
  static void argMax(boolean largest, int before, int axis, int after, double[] x, int[] index) {
    Parallel.ranges(
        before * after,
        axis * 2L,
        (from, to) -> {
          for (int line = from; line < to; line++) {
            index[line] = first(largest, x, start(line, axis, after), axis, after);
          }
        });
  }

  /** As {@link Kernels#max}. */
  static void max(boolean largest, int before, int axis, int after, double[] x, double[] y) {
    Parallel.ranges(
        before * after,
        axis * 2L,
        (from, to) -> {
          for (int line = from; line < to; line++) {
            int start = start(line, axis, after);
            y[line] = x[start + first(largest, x, start, axis, after) * after];
          }
        });
  }

  private static int start(int line, int axis, int after) {
    return line / after * axis * after + line % after;
  }

  /** The position of the first extreme of n elements that are a stride apart. */
  private static int first(boolean largest, double[] x, int offset, int n, int stride) {
    int best = 0;
    double extreme = x[offset];
    for (int i = 1; i < n && !Double.isNaN(extreme); i++) {
      double value = x[offset + i * stride];
      if (Double.isNaN(value) || (largest ? value > extreme : value < extreme)) {
        best = i;
        extreme = value;
      }
    }
    return best;
  }

  /**
   * The position of the first of n elements, a stride apart, that equals a number, which one of
   * them does, or is NaN as that is.
   */
  public static int position(double number, double[] x, int offset, int n, int stride) {
    int i = 0;
    if (Double.isNaN(number)) {
      while (i < n - 1 && !Double.isNaN(x[offset + i * stride])) {
        i++;
      }
    } else {
      while (i < n - 1 && x[offset + i * stride] != number) {
        i++;
      }
    }
    return i;
  }
}
