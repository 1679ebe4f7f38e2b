package org.gradus.benchmarks.peer;

/** A network and its optimiser: SGD with momentum {@link #MOMENTUM}. */
interface Trainee extends AutoCloseable {
  double MOMENTUM = 0.9;

  /** The learning rate of the steps from here on. */
  void learningRate(double rate);

  /** Takes a step on a batch (forward, loss, all gradients, optimiser); the loss before it. */
  double step(float[] images, int[] labels);

  /** The logits [count, classes] of some images. */
  float[] logits(float[] images, int count);

  /** Frees native memory, where there is any. */
  @Override
  default void close() {}
}
