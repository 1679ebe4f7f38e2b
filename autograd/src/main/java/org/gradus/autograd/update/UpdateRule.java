package org.gradus.autograd.update;

/**
 * What becomes of one number of a parameter in one step of an optimiser. A value: what it remembers
 * from step to step is kept by an {@link UpdateState}, so one rule serves any number of parameters.
 */
public interface UpdateRule {

  /** How many numbers are kept of each element, from 0 on. */
  int kept();

  /**
   * The next value of one element. Computed in double precision; what comes out of it is rounded to
   * the element type of the parameter.
   *
   * @param value of the element
   * @param gradient of the loss with respect to it
   * @param kept what was kept of this element, {@link #kept()} numbers, 0 before the first step;
   *     modified: holds what is to be kept afterwards
   */
  double next(double value, double gradient, double[] kept);
}
