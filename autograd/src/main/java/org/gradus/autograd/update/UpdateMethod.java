package org.gradus.autograd.update;

import java.util.List;

/**
 * A method of optimising, as {@link Sgd} or {@link Adam}: a value, which says what is kept of each
 * element of a parameter and by which rule a step changes it. It remembers nothing itself, so one
 * method serves any number of parameters. A record of the method's numbers is the natural form; see
 * the guide of this package for one.
 */
public interface UpdateMethod {

  /** The learning rate to begin with; an optimiser may change it from step to step. */
  double rate();

  /**
   * The names of the numbers that are kept of each element, such as {@code momentum_buffer}: no two
   * alike, none of them blank. An optimiser's state has them behind the name of the parameter.
   */
  List<String> kept();

  /**
   * The rule of one step.
   *
   * @param rate the learning rate of this step
   * @param step how many steps the parameter takes with this one, from 1 on
   */
  UpdateRule rule(double rate, long step);
}
