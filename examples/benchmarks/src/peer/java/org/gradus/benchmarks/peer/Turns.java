package org.gradus.benchmarks.peer;

import java.util.Arrays;
import java.util.stream.DoubleStream;

/**
 * Runs of two pieces of work in turn, so that what else the machine does falls on both. Each turn
 * begins with a run that is not timed, which brings back caches and wakes threads.
 */
final class Turns {
  private static final double WARM_UP_SECONDS = 10;
  private static final double TURN_SECONDS = 0.3;

  private Turns() {}

  /** The times of one's runs, in seconds. */
  static final class Times {
    private final double[] sorted;

    private Times(double... times) {
      this.sorted = times;
      Arrays.sort(sorted);
    }

    double median() {
      return sorted[sorted.length / 2];
    }

    double best() {
      return sorted[0];
    }
  }

  /** The times of both. */
  record Pair(Times first, Times second) {}

  /** Warms both up, then times them for about as many seconds in all. */
  static Pair take(Runnable first, Runnable second, double seconds) {
    alternate(first, second, WARM_UP_SECONDS);
    return alternate(first, second, seconds);
  }

  private static Pair alternate(Runnable first, Runnable second, double seconds) {
    DoubleStream.Builder firsts = DoubleStream.builder();
    DoubleStream.Builder others = DoubleStream.builder();
    long end = System.nanoTime() + (long) (seconds * 1e9);
    do {
      turn(first, firsts);
      turn(second, others);
    } while (System.nanoTime() < end);
    return new Pair(times(firsts), times(others));
  }

  private static void turn(Runnable work, DoubleStream.Builder times) {
    work.run();
    long begin = System.nanoTime();
    long now = begin;
    do {
      long start = now;
      work.run();
      now = System.nanoTime();
      times.add((now - start) / 1e9);
    } while (now - begin < TURN_SECONDS * 1e9);
  }

  private static Times times(DoubleStream.Builder times) {
    return new Times(times.build().toArray());
  }
}
