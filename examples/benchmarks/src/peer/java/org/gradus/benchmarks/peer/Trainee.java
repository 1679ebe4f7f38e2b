package org.gradus.benchmarks.peer;

/** A network and its optimiser: SGD with momentum {@link #MOMENTUM}. */
interface Trainee extends AutoCloseable {
  double MOMENTUM = 0.9;

  /** The learning rate of the steps from here on. */
  void learningRate(double rate);

  /** Makes ready a step on some examples, which can be taken again and again. */
  Step prepare(Examples examples);

  /** The logits [N, classes] of some examples, in inference. */
  float[] logits(Examples examples);

  /** Frees native memory, where there is any. */
  @Override
  default void close() {}

  /** Forward, loss, all gradients, optimiser. */
  interface Step extends AutoCloseable {
    /** Takes the step; the loss before it. */
    double take();

    /** Frees native memory, where there is any. */
    @Override
    default void close() {}
  }
}
