package org.gradus.benchmarks.peer;

/** One piece of work as one of the two does it, with all that it needs at hand. */
interface Side extends AutoCloseable {
  /** Does the work once: this is what is timed. */
  void run();

  /**
   * Does the work, and returns what shows that it is the same work: its results, or the losses of
   * some steps. Both sides return numbers of the same meaning in the same order.
   */
  float[] check();

  /** Frees native memory, where there is any. */
  @Override
  default void close() {}
}
