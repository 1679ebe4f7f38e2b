package org.gradus.autograd.internal.kernel.plain;

import java.util.List;
import org.gradus.autograd.internal.kernel.Kernels;
import org.gradus.autograd.internal.kernel.Update;
import org.gradus.autograd.internal.parallel.Parallel;

/** Steps of optimisers, each in one pass over memory. */
@SuppressWarnings("cast") // (double) is needed in the float twin, where it reads (float)
public final class DoubleUpdates {
  private static final double MOST = Double.MAX_VALUE;

  /** Elements that two loops in turn go over: what they read and write stays in the cache. */
  private static final int BLOCK = 1024;

  /** Its square is a number of the element type, and that of the next power of 2 is none. */
  public static final double ROOT = (double) Math.scalb(1.0, Double.MAX_EXPONENT / 2);

  private DoubleUpdates() {}

  /** As {@link Kernels#update}. */
  static void update(Update rule, double[] g, double[] p, List<double[]> kept, double[] y) {
    Parallel.ranges(y.length, cost(rule), (first, end) -> update(rule, g, p, kept, y, first, end));
  }

  /** About how many elementary operations one element takes. */
  public static long cost(Update rule) {
    return rule instanceof Update.Descent || rule instanceof Update.Momentum ? 3 : 4;
  }

  /** The elements from {@code first} (included) to {@code end} (excluded). */
  public static void update(
      Update rule, double[] g, double[] p, List<double[]> kept, double[] y, int first, int end) {
    if (rule instanceof Update.Descent descent) {
      descend(descent, g, p, y, first, end);
    } else if (rule instanceof Update.Momentum momentum) {
      descend(momentum, g, p, kept.get(0), y, first, end);
    } else if (rule instanceof Update.Moments moments) {
      moments(moments, g, p, kept.get(0), kept.get(1), y, first, end);
    } else if (rule instanceof Update.RootMeanSquare root) {
      rootMeanSquare(root, g, p, kept, y, first, end);
    } else if (rule instanceof Update.SquareSum sum) {
      squareSum(sum, g, p, kept.get(0), y, first, end);
    } else {
      sign((Update.Sign) rule, g, p, kept.get(0), y, first, end);
    }
  }

  private static void descend(
      Update.Descent rule, double[] g, double[] p, double[] y, int first, int end) {
    double decay = (double) rule.decay();
    double rate = (double) rule.rate();
    for (int i = first; i < end; i++) {
      double value = p[i];
      y[i] = value - rate * (g[i] + decay * value);
    }
  }

  private static void descend(
      Update.Momentum rule, double[] g, double[] p, double[] v, double[] y, int first, int end) {
    double momentum = (double) rule.momentum();
    double share = (double) rule.share();
    double decay = (double) rule.decay();
    double rate = (double) rule.rate();
    if (rule.ahead()) {
      for (int i = first; i < end; i++) {
        double value = p[i];
        double slope = g[i] + decay * value;
        double velocity = share * slope + momentum * v[i];
        v[i] = velocity;
        y[i] = value - rate * (slope + momentum * velocity);
      }
    } else {
      for (int i = first; i < end; i++) {
        double value = p[i];
        double velocity = share * (g[i] + decay * value) + momentum * v[i];
        v[i] = velocity;
        y[i] = value - rate * velocity;
      }
    }
  }

  /** In two loops over what stays in the cache: of one that long, the JIT makes no vectors. */
  private static void moments(
      Update.Moments rule,
      double[] g,
      double[] p,
      double[] mean,
      double[] square,
      double[] y,
      int first,
      int end) {
    for (int from = first; from < end; from += BLOCK) {
      int to = Math.min(end, from + BLOCK);
      averages(rule, g, p, mean, square, from, to);
      descend(rule, p, mean, square, y, from, to);
    }
  }

  private static void averages(
      Update.Moments rule,
      double[] g,
      double[] p,
      double[] mean,
      double[] square,
      int first,
      int end) {
    double c = (double) rule.first();
    double c2 = (double) rule.second();
    double decay = (double) rule.decay();
    for (int i = first; i < end; i++) {
      double slope = held(g[i] + decay * p[i]);
      double m = mean[i];
      double v = square[i];
      mean[i] = m + (c * slope - c * m);
      square[i] = v + (c2 * (slope * slope) - c2 * v);
    }
  }

  private static void descend(
      Update.Moments rule,
      double[] p,
      double[] mean,
      double[] square,
      double[] y,
      int first,
      int end) {
    double epsilon = positive(rule.epsilon());
    double shrink = (double) rule.shrink();
    double widen = (double) rule.widen();
    double rate = (double) rule.rate();
    for (int i = first; i < end; i++) {
      double value = p[i];
      double root = (double) Math.sqrt(square[i]) * widen + epsilon;
      y[i] = value - (shrink * value + rate * (mean[i] / root));
    }
  }

  private static void rootMeanSquare(
      Update.RootMeanSquare rule,
      double[] g,
      double[] p,
      List<double[]> kept,
      double[] y,
      int first,
      int end) {
    double c2 = (double) rule.second();
    double epsilon = positive(rule.epsilon());
    double momentum = (double) rule.momentum();
    double decay = (double) rule.decay();
    double rate = (double) rule.rate();
    double[] square = kept.get(0);
    double[] velocity = rule.momentum() > 0 ? kept.get(1) : new double[0];
    double[] mean = rule.centred() ? kept.get(kept.size() - 1) : new double[0];
    for (int i = first; i < end; i++) {
      double value = p[i];
      double slope = held(g[i] + decay * value);
      double v = square[i];
      v += c2 * (slope * slope) - c2 * v;
      square[i] = v;
      double spread = v;
      if (mean.length > 0) {
        double m = mean[i];
        m += c2 * slope - c2 * m;
        mean[i] = m;
        spread = Math.max(v - m * m, 0);
      }
      double step = slope / ((double) Math.sqrt(spread) + epsilon);
      if (velocity.length > 0) {
        step += momentum * velocity[i];
        velocity[i] = step;
      }
      y[i] = value - rate * step;
    }
  }

  private static void squareSum(
      Update.SquareSum rule, double[] g, double[] p, double[] sum, double[] y, int first, int end) {
    double epsilon = positive(rule.epsilon());
    double decay = (double) rule.decay();
    double rate = (double) rule.rate();
    for (int i = first; i < end; i++) {
      double value = p[i];
      double slope = held(g[i] + decay * value);
      double s = Math.min(sum[i] + slope * slope, MOST);
      sum[i] = s;
      y[i] = value - rate * (slope / ((double) Math.sqrt(s) + epsilon));
    }
  }

  private static void sign(
      Update.Sign rule, double[] g, double[] p, double[] mean, double[] y, int first, int end) {
    double c = (double) rule.first();
    double c2 = (double) rule.second();
    double shrink = (double) rule.shrink();
    double rate = (double) rule.rate();
    for (int i = first; i < end; i++) {
      double value = p[i];
      double slope = g[i];
      double m = mean[i];
      double direction = Math.signum(m + (c * slope - c * m));
      mean[i] = m + (c2 * slope - c2 * m);
      y[i] = value - (shrink * value + rate * direction);
    }
  }

  /** A slope whose square the element type holds. */
  private static double held(double slope) {
    return Math.max(-ROOT, Math.min(slope, ROOT));
  }

  /** What keeps a quotient of zeros from being NaN must not be rounded to 0 itself. */
  public static double positive(/*wide*/ double epsilon) {
    return Math.max((double) epsilon, Double.MIN_NORMAL);
  }
}
