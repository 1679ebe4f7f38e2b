package org.gradus.benchmarks.turns;

import java.util.Arrays;

/** How long the runs of one piece of work took. */
public final class Times {
  private final double[] sorted;

  /**
   * Of some runs, in any order.
   *
   * @param seconds of each run; copied
   * @throws IllegalArgumentException if there are none
   */
  public Times(double... seconds) {
    if (seconds.length == 0) {
      throw new IllegalArgumentException("times: 0 runs, expected one or more");
    }
    this.sorted = seconds.clone();
    Arrays.sort(sorted);
  }

  /** The time in the middle, in seconds; of an even number, the later of the two. */
  public double median() {
    return sorted[sorted.length / 2];
  }

  /** The shortest time, in seconds. */
  public double best() {
    return sorted[0];
  }

  /** How many runs there were. */
  public int count() {
    return sorted.length;
  }
}
