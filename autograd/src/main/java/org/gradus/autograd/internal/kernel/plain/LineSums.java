package org.gradus.autograd.internal.kernel.plain;

/**
 * Sums of what has been added up before, in double precision whatever the element type, and as
 * trees, as {@link DoubleSums} has them.
 */
final class LineSums {
  private static final DoubleRuns PLAIN = new DoubleRuns();

  private LineSums() {}

  /** The sum of n numbers, with memory for OCTET of them. */
  static double of(int n, double[] x, double[] lanes) {
    return PLAIN.tree(x, 0, n, lanes);
  }

  /** Adds n numbers to as many sums. */
  static void add(double[] sums, int at, double[] x, int n) {
    for (int i = 0; i < n; i++) {
      sums[at + i] += x[i];
    }
  }

  /** The sums over the middle axis of x [before, axis, after]. */
  static double[] of(int before, int axis, int after, double[] x) {
    double[] totals = new double[before * after];
    sum(before, axis, after, x, totals);
    return totals;
  }

  /** The same, written to an array. */
  static void sum(int before, int axis, int after, double[] x, double[] totals) {
    if (after == 1) {
      for (int b = 0; b < before; b++) {
        totals[b] = DoubleSums.sum(x, b * axis, axis);
      }
      return;
    }
    try (DoubleColumns columns = new DoubleColumns(PLAIN)) {
      for (int b = 0; b < before; b++) {
        for (int first = 0; first < after; first += DoubleColumns.WIDTH) {
          int n = Math.min(DoubleColumns.WIDTH, after - first);
          columns.sum(x, b * axis * after + first, axis, after, n, totals, b * after + first);
        }
      }
    }
  }
}
