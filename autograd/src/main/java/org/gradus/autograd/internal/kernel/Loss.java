package org.gradus.autograd.internal.kernel;

import org.gradus.autograd.internal.number.Elementary;
import org.gradus.autograd.internal.number.SpecialFunctions;

/** What two numbers cost that should be alike; without overflow but where the result does. */
public enum Loss {
  /** (a - b)^2. */
  SQUARED,
  /** |a - b|. */
  ABSOLUTE,
  /** (a - b)^2 / 2 up to a distance of c, and c (|a - b| - c / 2) beyond it. */
  HUBER,
  /** b softplus(-a) + (1 - b) softplus(a), where 0 times anything is 0. */
  BINARY_CROSS_ENTROPY,
  /** b (ln b - a), 0 if b is 0 and a is not NaN. */
  DIVERGENCE;

  /**
   * The loss, divided by the square of a unit.
   *
   * @param unit a power of two by which a and b are divided before anything can overflow
   */
  public double of(double c, double a, double b, double unit) {
    return switch (this) {
      case SQUARED -> {
        double distance = a / unit - b / unit;
        yield distance * distance;
      }
      case ABSOLUTE -> Math.abs(a / unit - b / unit) / unit;
      case HUBER -> {
        double distance = Math.abs(a / unit - b / unit);
        double bound = c / unit;
        yield distance <= bound ? distance * distance / 2 : bound * (distance - bound / 2);
      }
      case BINARY_CROSS_ENTROPY ->
          times(b / unit, SpecialFunctions.softplus(-a) / unit)
              + times((1 - b) / unit, SpecialFunctions.softplus(a) / unit);
      case DIVERGENCE ->
          b == 0 && !Double.isNaN(a) ? 0 : b / unit * (Elementary.log(b) / unit - a / unit);
    };
  }

  private static double times(double weight, double loss) {
    return weight == 0 ? 0 : weight * loss;
  }
}
