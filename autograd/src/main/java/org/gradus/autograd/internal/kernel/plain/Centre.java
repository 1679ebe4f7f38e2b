package org.gradus.autograd.internal.kernel.plain;

/**
 * What normalisation does to the elements of one slice, in double precision for kernels of both.
 *
 * @param scale a power of two, which elements are multiplied by first; 1 for all usual numbers
 * @param mean of what is scaled, rounded
 * @param rest of the mean, which that has lost
 * @param factor one divided by the deviation
 */
public record Centre(double scale, double mean, double rest, double factor) {
  /** An element, normalized. */
  public double normalized(double x) {
    return (x * scale - mean - rest) * factor;
  }
}
