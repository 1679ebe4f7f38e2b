package org.gradus.layers.train;

import org.gradus.autograd.array.Nulls;

/**
 * Is told how a run goes. Called by the thread that trains, between steps; what it throws ends the
 * run there.
 */
public interface Listener {

  /**
   * A step was taken.
   *
   * @param step how far the epoch is
   */
  default void onStep(Step step) {
    Nulls.refuse("onStep: step", step);
  }

  /**
   * An epoch is over.
   *
   * @param epoch how it went
   */
  default void onEpoch(Epoch epoch) {
    Nulls.refuse("onEpoch: epoch", epoch);
  }
}
