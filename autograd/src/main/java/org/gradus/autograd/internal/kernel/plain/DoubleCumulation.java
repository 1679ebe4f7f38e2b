package org.gradus.autograd.internal.kernel.plain;

import org.gradus.autograd.internal.kernel.Kernels;
import org.gradus.autograd.internal.parallel.Parallel;

/**
 * Sums of all elements up to each one. Floats are added up in double, and for doubles it is kept
 * beside the sum what each addition has rounded away.
 */
@SuppressWarnings("cast") // (double) is needed in the float twin, where it reads (float)
final class DoubleCumulation {
  /** Whether the sums are no wider than what is added, which is so in this file's double form. */
  private static final boolean COMPENSATED = Double.BYTES == Long.BYTES;

  private DoubleCumulation() {}

  /** As {@link Kernels#cumSum}. */
  static void cumSum(boolean reversed, int before, int axis, int after, double[] x, double[] y) {
    Parallel.ranges(
        before * after,
        axis * 4L,
        (from, to) -> {
          for (int line = from; line < to; line++) {
            int first = line / after * axis * after + line % after;
            int last = first + (axis - 1) * after;
            addUp(x, y, reversed ? last : first, reversed ? -after : after, axis);
          }
        });
  }

  private static void addUp(double[] x, double[] y, int start, int step, int n) {
    /*wide*/ double sum = 0;
    /*wide*/ double lost = 0;
    for (int i = 0, at = start; i < n; i++, at += step) {
      /*wide*/ double before = sum;
      sum += x[at];
      if (COMPENSATED) {
        lost += DoubleSums.lost(before, x[at], sum);
      }
      // what is not finite has lost NaN
      y[at] = (double) (COMPENSATED && Double.isFinite((double) sum) ? sum + lost : sum);
    }
  }
}
