package org.gradus.layers.train;

import java.util.function.Consumer;
import org.gradus.autograd.array.Nulls;

/**
 * Is told how a run goes. Called by the thread that trains, between steps; what it throws ends the
 * run there.
 *
 * <pre>{@code
 * trainer.telling(Listener.ofEpochs(epoch -> System.out.println(epoch.value("loss"))));
 * }</pre>
 */
public interface Listener {

  /**
   * Is told of each step alone.
   *
   * @param told called with how far the epoch is
   */
  static Listener ofSteps(Consumer<Step> told) {
    Nulls.refuse("ofSteps: told", told);
    return new Listener() {
      @Override
      public void onStep(Step step) {
        told.accept(Nulls.given("onStep: step", step));
      }
    };
  }

  /**
   * Is told of each epoch alone.
   *
   * @param told called with how the epoch went
   */
  static Listener ofEpochs(Consumer<Epoch> told) {
    Nulls.refuse("ofEpochs: told", told);
    return new Listener() {
      @Override
      public void onEpoch(Epoch epoch) {
        told.accept(Nulls.given("onEpoch: epoch", epoch));
      }
    };
  }

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
