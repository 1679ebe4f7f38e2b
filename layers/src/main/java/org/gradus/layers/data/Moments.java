package org.gradus.layers.data;

import org.gradus.autograd.array.Shape;

/**
 * How many numbers there are, their mean, and the sum of their squared distances from it. The mean
 * is counted from an origin, one of the numbers, so that little is lost where they are large and
 * lie near each other. Distances are counted in a unit, a power of two, so that the squares of very
 * large and very small ones are float64 numbers.
 *
 * @param origin what is taken off each number
 * @param count as a double, so that its products do not overflow
 * @param exponent of the unit; 0 for distances whose squares need none
 * @param centre the mean less the origin, in units
 * @param squares the sum of the squared distances, in squared units
 */
record Moments(double origin, double count, int exponent, double centre, double squares) {
  /** Distances up to 2 to this power, and down to its inverse, need no unit. */
  private static final int MOST = 400;

  /**
   * Those of one channel.
   *
   * @param values [N, C, ...], of this shape, which has elements
   */
  static Moments of(double[] values, Shape shape, int channel, double origin) {
    int channels = shape.dim(1);
    int length = shape.size(2, shape.rank());
    double count = (double) shape.dim(0) * length;
    double largest = 0;
    for (int n = 0; n < shape.dim(0); n++) {
      int from = (n * channels + channel) * length;
      for (int i = from; i < from + length; i++) {
        largest = Math.max(largest, Math.abs(values[i] - origin));
      }
    }
    if (largest == 0) {
      return new Moments(origin, count, Double.MIN_EXPONENT - 1, 0, 0);
    }
    int exponent = Math.min(Double.MAX_EXPONENT, Math.getExponent(largest));
    exponent = Math.abs(exponent) <= MOST ? 0 : exponent;
    double sum = 0;
    for (int n = 0; n < shape.dim(0); n++) {
      int from = (n * channels + channel) * length;
      for (int i = from; i < from + length; i++) {
        sum += distance(values[i], origin, exponent);
      }
    }
    double centre = sum / count;
    double squares = 0;
    for (int n = 0; n < shape.dim(0); n++) {
      int from = (n * channels + channel) * length;
      for (int i = from; i < from + length; i++) {
        double distance = distance(values[i], origin, exponent) - centre;
        squares += distance * distance;
      }
    }
    return new Moments(origin, count, exponent, centre, squares);
  }

  private static double distance(double value, double origin, int exponent) {
    return exponent == 0
        ? value - origin
        : Math.scalb(value, -exponent) - Math.scalb(origin, -exponent);
  }

  /** Those of these numbers and of others, which are counted from the same origin. */
  Moments and(Moments other) {
    int unit = Math.max(exponent, other.exponent);
    Moments one = in(unit);
    Moments two = other.in(unit);
    double total = count + other.count;
    double distance = two.centre - one.centre;
    return new Moments(
        origin,
        total,
        unit,
        one.centre + distance * (other.count / total),
        one.squares + two.squares + distance * distance * (count * other.count / total));
  }

  /** These in another unit, at least as large. */
  private Moments in(int unit) {
    int less = exponent - unit;
    return new Moments(
        origin, count, unit, Math.scalb(centre, less), Math.scalb(squares, 2 * less));
  }

  /** The mean. */
  double mean() {
    return exponent > 0
        ? Math.scalb(Math.scalb(origin, -exponent) + centre, exponent)
        : origin + Math.scalb(centre, exponent);
  }

  /** The square root of the mean squared distance. */
  double deviation() {
    return Math.scalb(Math.sqrt(Math.max(0, squares) / count), exponent);
  }
}
