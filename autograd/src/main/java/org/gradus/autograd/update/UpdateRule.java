package org.gradus.autograd.update;

/**
 * What becomes of one number of a parameter in one step of an optimiser. What is remembered from
 * step to step is kept by an {@link UpdateState}.
 */
@FunctionalInterface
public interface UpdateRule {

  /**
   * The next value of one element. Computed in double precision; what comes out of it is rounded to
   * the element type of the parameter.
   *
   * @param value of the element
   * @param gradient of the loss with respect to it
   * @param kept what was kept of this element, one number for each name in {@link
   *     UpdateMethod#kept}, 0 before the first step; modified: holds what is to be kept afterwards
   */
  double next(double value, double gradient, double[] kept);
}
