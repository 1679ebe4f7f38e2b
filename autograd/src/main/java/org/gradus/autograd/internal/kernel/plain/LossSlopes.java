package org.gradus.autograd.internal.kernel.plain;

import org.gradus.autograd.internal.kernel.BlockFunctions;
import org.gradus.autograd.internal.kernel.Loss;
import org.gradus.autograd.internal.kernel.PairFunctions;
import org.gradus.autograd.internal.number.SpecialFunctions;
import org.gradus.autograd.internal.parallel.Parallel;

/** Slopes of losses of pairs, times a factor. */
final class LossSlopes {
  private LossSlopes() {}

  /** About how many additions one pair is worth. */
  static long cost(Loss f, BlockFunctions functions) {
    return f == Loss.BINARY_CROSS_ENTROPY ? Math.max(1, 32 / functions.speed()) : 1;
  }

  /** As Kernels.lossInput, of n floats from an index on. */
  static void slopes(
      BlockFunctions functions,
      Loss f,
      double c,
      double factor,
      float[] a,
      float[] b,
      float[] y,
      int from,
      int n) {
    PairFunctions pairs = functions.pairs();
    switch (f) {
      case ABSOLUTE -> pairs.signs(factor, a, b, y, from, n);
      case HUBER -> pairs.held(factor, c, a, b, y, from, n);
      case BINARY_CROSS_ENTROPY -> pairs.logistic(factor, a, b, y, from, n);
      default -> throw new IllegalArgumentException(f + " has no slopes here");
    }
  }

  /** The same of doubles. */
  static void slopes(
      BlockFunctions functions,
      Loss f,
      double c,
      double factor,
      double[] a,
      double[] b,
      double[] y,
      int from,
      int n) {
    for (int i = from; i < from + n; i++) {
      y[i] = factor * slope(f, c, a[i], b[i]);
    }
  }

  /** Doubles may be near the ends of a double, and are computed one by one. */
  static boolean scaledDifference(
      BlockFunctions functions, double c, double[] a, double[] b, double[] s, double[] y) {
    return false;
  }

  /** y = c (a - b) s, if s is one number, and a and b are not broadcast. */
  static boolean scaledDifference(
      BlockFunctions functions, double c, float[] a, float[] b, float[] s, float[] y) {
    if (s.length != 1 || a.length != y.length || b.length != y.length) {
      return false;
    }
    double factor = c * s[0];
    Parallel.ranges(
        y.length,
        1,
        (from, to) ->
            functions.pairs().held(factor, Double.POSITIVE_INFINITY, a, b, y, from, to - from));
    return true;
  }

  private static double slope(Loss f, double c, double a, double b) {
    return switch (f) {
      case ABSOLUTE -> Math.signum(a - b);
      case HUBER -> Math.max(-c, Math.min(a - b, c));
      case BINARY_CROSS_ENTROPY ->
          (1 - b) * SpecialFunctions.sigmoid(a) - b * SpecialFunctions.sigmoid(-a);
      default -> throw new IllegalArgumentException(f + " has no slopes here");
    };
  }
}
