package org.gradus.layers.optim;

import org.gradus.autograd.Gradients;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.Nulls;

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

  /**
   * Takes one step that makes a loss smaller, and takes back the memory of the graph that led to
   * it, which makes training faster. Of all that was computed on the way to the loss, what was
   * asked for by {@link Tensor#value} before stays readable; the rest is refused afterwards,
   * whatever its size. To keep all of it, call {@link #step} with {@code Gradients.backward(loss)}.
   *
   * @param loss one element, computed with the parameters' current variables
   * @return its value, before the step
   * @throws IllegalArgumentException if the loss has more or fewer than one element
   * @throws IllegalStateException as {@link #step}, or if memory of the graph was taken back
   *     before, or is taken by another thread
   */
  default double minimize(Tensor loss) {
    step(Gradients.backward(Nulls.given("minimize: loss", loss), Gradients.Mode.CONSUMING));
    return loss.item();
  }
}
