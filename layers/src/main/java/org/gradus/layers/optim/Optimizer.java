package org.gradus.layers.optim;

import org.gradus.autograd.Gradients;

/** Changes the parameters that it was made with, to make a loss smaller. */
@FunctionalInterface
public interface Optimizer {

  /**
   * Takes one step: gives every parameter a new value.
   *
   * @param gradients of a loss that was computed with the parameters' current variables. A
   *     parameter that the loss does not depend on has gradient zero
   * @throws IllegalArgumentException if the gradients were not asked for all parameters
   * @throws IllegalStateException if the loss depends on none of the parameters' current variables,
   *     as it does when it was computed before an earlier step; then none has changed
   */
  void step(Gradients gradients);
}
