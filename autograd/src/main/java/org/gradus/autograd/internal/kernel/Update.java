package org.gradus.autograd.internal.kernel;

/**
 * What {@link Kernels#update} does with each element p of a parameter, its gradient g, and what is
 * kept of it, which begins with 0. y is the next value. Numbers are rounded to the element type
 * before all loops. An average is moved by c (new - old), which stays where it is if both are
 * equal; a slope whose square is beyond the element type counts as one whose square is not, so that
 * a step is as long as it is by the formula.
 */
public sealed interface Update {

  /** How many arrays it keeps. */
  int kept();

  /**
   * Gradient descent, without a velocity.
   *
   * <pre>
   *   y = p - rate (g + decay p)
   * </pre>
   */
  record Descent(double decay, double rate) implements Update {
    @Override
    public int kept() {
      return 0;
    }
  }

  /**
   * Gradient descent along a velocity v, or, if {@code ahead}, along what the velocity would be
   * after one more step of the same gradient.
   *
   * <pre>
   *   d = g + decay p
   *   v = share d + momentum v
   *   y = p - rate v,  ahead: p - rate (d + momentum v)
   * </pre>
   */
  record Momentum(double momentum, double share, boolean ahead, double decay, double rate)
      implements Update {
    @Override
    public int kept() {
      return 1;
    }
  }

  /**
   * Adam, of averages m and v.
   *
   * <pre>
   *   d = g + decay p
   *   m = m + first (d - m)
   *   v = v + second (d^2 - v)
   *   y = p - (shrink p + rate m / (widen sqrt(v) + epsilon))
   * </pre>
   */
  record Moments(
      double first,
      double second,
      double epsilon,
      double decay,
      double shrink,
      double widen,
      double rate)
      implements Update {
    @Override
    public int kept() {
      return 2;
    }
  }

  /**
   * RMSprop, of the average v of squares, then, if there is momentum, the velocity u, then, if
   * centred, the average m of gradients, which is otherwise 0 in what follows.
   *
   * <pre>
   *   d = g + decay p
   *   v = v + second (d^2 - v)
   *   m = m + second (d - m)
   *   u = d / (sqrt(max(v - m^2, 0)) + epsilon) + momentum u
   *   y = p - rate u
   * </pre>
   */
  record RootMeanSquare(
      double second, double epsilon, double momentum, boolean centred, double decay, double rate)
      implements Update {
    @Override
    public int kept() {
      return 1 + (momentum > 0 ? 1 : 0) + (centred ? 1 : 0);
    }
  }

  /**
   * Adagrad, of the sum s of squares.
   *
   * <pre>
   *   d = g + decay p
   *   s = s + d^2
   *   y = p - rate d / (sqrt(s) + epsilon)
   * </pre>
   */
  record SquareSum(double epsilon, double decay, double rate) implements Update {
    @Override
    public int kept() {
      return 1;
    }
  }

  /**
   * Lion, of the average m; the sign of 0 is 0.
   *
   * <pre>
   *   u = m + first (g - m)
   *   y = p - (shrink p + rate sign(u))
   *   m = m + second (g - m)
   * </pre>
   */
  record Sign(double first, double second, double shrink, double rate) implements Update {
    @Override
    public int kept() {
      return 1;
    }
  }
}
