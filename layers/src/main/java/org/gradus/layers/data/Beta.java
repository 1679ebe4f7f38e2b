package org.gradus.layers.data;

import java.util.random.RandomGenerator;

/**
 * Draws from the distributions Gamma(a, 1) and Beta(a, a), by the method of Marsaglia and Tsang. A
 * draw of Gamma(a, 1) for a below 1 is one of Gamma(a + 1, 1) times u^(1 / a). Draws are logarithms
 * until the end, since a small power of u may be too small for a double; the functions are those of
 * {@link StrictMath}, which are the same everywhere.
 *
 * @see <a href="https://doi.org/10.1145/358407.358414">Marsaglia and Tsang, A simple method for
 *     generating gamma variables, 2000</a>
 */
final class Beta {
  private Beta() {}

  /**
   * A number from 0 to 1, distributed as Beta(a, a): x / (x + y), where x and y are distributed as
   * Gamma(a, 1).
   *
   * @param a from 0.001 to 1000
   */
  static double symmetric(double a, RandomGenerator random) {
    double x = logGamma(a, random);
    double y = logGamma(a, random);
    return 1 / (1 + StrictMath.exp(y - x));
  }

  /**
   * The logarithm of a number distributed as Gamma(a, 1).
   *
   * @param a from 0.001 to 1000
   */
  static double logGamma(double a, RandomGenerator random) {
    return a < 1 ? atLeastOne(a + 1, random) + logUniform(random) / a : atLeastOne(a, random);
  }

  private static double atLeastOne(double a, RandomGenerator random) {
    double d = a - 1.0 / 3;
    double c = 1 / Math.sqrt(9 * d);
    while (true) {
      double x = random.nextGaussian();
      double root = 1 + c * x;
      if (root > 0) {
        double v = root * root * root;
        double logV = 3 * StrictMath.log1p(c * x);
        if (logUniform(random) < x * x / 2 + d * (1 - v + logV)) {
          return StrictMath.log(d) + logV;
        }
      }
    }
  }

  /** The logarithm of a number from 0, which is left out, to 1. */
  private static double logUniform(RandomGenerator random) {
    return StrictMath.log(1 - random.nextDouble());
  }
}
