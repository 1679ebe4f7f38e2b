package org.gradus.layers;

import java.util.Map;
import org.gradus.autograd.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * What is the same in all places of a net that a {@link Pass} is handed through.
 *
 * @param training whether it is a pass of training
 * @param seed of the run
 * @param step the number of the pass
 * @param gradients whether parameters are variables, and not constants
 * @param given tensors in the place of parameters
 * @param seen what was observed
 * @param visitor is told of each call of a layer
 */
record Setting(
    boolean training,
    long seed,
    long step,
    boolean gradients,
    Map<Parameter, Tensor> given,
    Observations seen,
    Pass.@Nullable Visitor visitor) {

  Setting(boolean training, long seed, long step) {
    this(training, seed, step, true, Map.of(), new Observations(), null);
  }

  /** Whether layers compute as frozen ones do. */
  boolean isFrozen() {
    return !training && !gradients;
  }

  Setting withoutGradients(boolean trains) {
    return new Setting(trains, seed, step, false, given, seen, visitor);
  }

  Setting with(Map<Parameter, Tensor> tensors) {
    return new Setting(training, seed, step, gradients, tensors, seen, visitor);
  }

  Setting visited(Pass.Visitor by) {
    return new Setting(training, seed, step, gradients, given, seen, by);
  }

  Setting seeing(Observations others) {
    return new Setting(training, seed, step, gradients, given, others, visitor);
  }

  /** For one call of a net, whose observations count once it is over. */
  Setting apart() {
    return seeing(new Observations());
  }

  /** For a part of a batch. */
  Setting part(int number) {
    long own = number == 0 ? seed : Mix.of(seed, number, "part");
    return new Setting(training, own, step, gradients, given, new Observations(), visitor);
  }
}
