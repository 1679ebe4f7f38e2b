package org.gradus.autograd.internal.kernel;

/** A function of several numbers, in double precision. */
@FunctionalInterface
public interface Pointwise {
  /**
   * The function's value.
   *
   * @param x the numbers, in an array that is used again: it must not be kept or modified
   */
  double at(double[] x);
}
