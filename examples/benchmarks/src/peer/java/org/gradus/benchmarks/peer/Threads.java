package org.gradus.benchmarks.peer;

import java.util.concurrent.ForkJoinPool;

/**
 * How many threads each library computes with: one number for all, in this process and children.
 */
final class Threads {
  private static final String WORKERS = "java.util.concurrent.ForkJoinPool.common.parallelism";

  private Threads() {}

  /**
   * Sets the number, at least 1, before anything is computed: Gradus computes on the common pool
   * and on the thread that calls it.
   */
  static void set(int count) {
    System.setProperty(WORKERS, String.valueOf(count - 1));
  }

  /** The number that was set. */
  static int count() {
    return Integer.getInteger(WORKERS, 0) + 1;
  }

  /** The number that Gradus has in fact. */
  static int ofGradus() {
    return ForkJoinPool.commonPool().getParallelism() + 1;
  }

  /** The option of a JVM that sets the same number. */
  static String option() {
    return "-D%s=%s".formatted(WORKERS, count() - 1);
  }
}
