package org.gradus.autograd.internal.kernel.plain;

/**
 * Sums of what has been added up before, in double precision whatever the element type, and as
 * trees, as {@link DoubleSums} has them.
 */
final class LineSums {
  private LineSums() {}

  /** The sums over the middle axis of x [before, axis, after]. */
  static double[] of(int before, int axis, int after, double[] x) {
    double[] totals = new double[before * after];
    for (int b = 0; b < before; b++) {
      if (after == 1) {
        totals[b] = DoubleSums.sum(x, b * axis, axis);
      } else {
        double[] sums = DoubleSums.columns(x, b * axis * after, axis, after, after);
        System.arraycopy(sums, 0, totals, b * after, after);
      }
    }
    return totals;
  }
}
