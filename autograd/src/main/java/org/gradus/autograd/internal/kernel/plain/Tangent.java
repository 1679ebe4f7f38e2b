package org.gradus.autograd.internal.kernel.plain;

/**
 * What the derivative of a normalisation takes from each number v of a slice, in double precision.
 *
 * @param mean of v
 * @param along the mean of the products of v and the normalized x
 * @param power of two that results are multiplied by in the end; 0 for all usual numbers
 */
public record Tangent(double mean, double along, int power) {
  /** Of one element, but for the power of two. */
  double gradient(Centre centre, double x, double v) {
    return (v - mean - centre.normalized(x) * along) * centre.factor();
  }
}
