package org.gradus.autograd.internal.kernel;

import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/**
 * Loops over independent parts of a result. They run on the common fork-join pool, or, when called
 * from a task of another fork-join pool, on that one.
 */
final class Parallel {
  /** About how many elementary operations make a part worth handing to another thread. */
  private static final long GRAIN = 1 << 15;

  private Parallel() {}

  /** The body of a loop over the indices {@code from} (included) to {@code to} (excluded). */
  @FunctionalInterface
  interface Range {
    void run(int from, int to);
  }

  /** Calls the body once for each index from 0 to count - 1; each call should be worth a thread. */
  static void each(int count, IntConsumer body) {
    if (count == 1) {
      body.accept(0);
    } else {
      IntStream.range(0, count).parallel().forEach(body);
    }
  }

  /**
   * Calls the body for ranges that together cover 0 to n - 1.
   *
   * @param cost about how many elementary operations one index takes
   */
  static void ranges(int n, long cost, Range body) {
    long length = Math.max(1, GRAIN / Math.max(1, cost));
    int parts = (int) ((n + length - 1) / length);
    each(parts, i -> body.run((int) (i * length), (int) Math.min(n, (i + 1) * length)));
  }
}
