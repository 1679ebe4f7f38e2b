package org.gradus.benchmarks.peer;

import java.util.List;

/** One case as one library computes it, with all that it needs at hand. */
interface Side extends AutoCloseable {
  /** Does the work once: this is what is timed. */
  void run();

  /**
   * Does the work, and returns what shows that it is the same work: its results, or the losses of
   * some steps. Both sides return numbers of the same meaning in the same order.
   */
  List<float[]> check();

  /** Frees native memory, where there is any. */
  @Override
  default void close() {}
}
