package org.gradus.benchmarks.turns;

import java.util.stream.DoubleStream;

/**
 * Runs of two pieces of work in turn, so that what else the machine does falls on both. Each turn
 * begins with a run that is not timed, which brings back caches and wakes threads.
 *
 * <p>Both warm up until the JIT is done with them: until it is quiet for some seconds.
 *
 * @param seconds for which both are timed, in all
 * @param mostWarmUp seconds after which they are timed, whatever the JIT does
 */
public record Turns(double seconds, double mostWarmUp) {
  private static final double TURN_SECONDS = 0.1;
  private static final double ROUND_SECONDS = 1;
  private static final int FEWEST_RUNS = 7;
  private static final int MOST_TRIES = 4;

  /** The share of the processors above which other processes have spoilt what was timed. */
  public static final double DISTURBED = 0.05;

  /**
   * The times of both.
   *
   * @param others the share of the processors that other processes took meanwhile, from 0 to 1
   */
  public record Pair(Times first, Times second, double others) {

    /** The second's median over the first's: above 1, the first is faster. */
    public double ratio() {
      return second.median() / first.median();
    }
  }

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if the seconds are not above 0, or the warm-up is below 0
   */
  public Turns {
    if (!(seconds > 0 && mostWarmUp >= 0)) {
      throw new IllegalArgumentException(
          "turns: %s seconds after a warm-up of %s, expected more than 0 after at least 0"
              .formatted(seconds, mostWarmUp));
    }
  }

  /**
   * Warms both up, and times them: at least seven runs of each. Where other processes took part of
   * the processors, it tries again, up to four times, and keeps what was disturbed least.
   */
  public Pair take(Runnable first, Runnable second) {
    Compiling compiling = new Compiling(Compiling.soFar());
    boolean done = false;
    double end = System.nanoTime() / 1e9 + mostWarmUp;
    for (double left = mostWarmUp; left > 0 && !done; left = end - System.nanoTime() / 1e9) {
      alternate(first, second, Math.min(left, ROUND_SECONDS), 1);
      done = compiling.isDone(Compiling.soFar());
    }
    Pair best = alternate(first, second, seconds, FEWEST_RUNS);
    for (int tries = 1; tries < MOST_TRIES && best.others() > DISTURBED; tries++) {
      Pair next = alternate(first, second, seconds, FEWEST_RUNS);
      best = next.others() < best.others() ? next : best;
    }
    return best;
  }

  private static Pair alternate(Runnable first, Runnable second, double length, int fewestRuns) {
    DoubleStream.Builder firsts = DoubleStream.builder();
    DoubleStream.Builder seconds = DoubleStream.builder();
    long end = System.nanoTime() + (long) (length * 1e9);
    int least = 0;
    Others others = new Others();
    do {
      least += Math.min(turn(first, firsts), turn(second, seconds));
    } while (System.nanoTime() < end || least < fewestRuns);
    return new Pair(times(firsts), times(seconds), others.share());
  }

  private static int turn(Runnable work, DoubleStream.Builder times) {
    work.run();
    int runs = 0;
    long begin = System.nanoTime();
    long now = begin;
    do {
      long start = now;
      work.run();
      now = System.nanoTime();
      times.add((now - start) / 1e9);
      runs++;
    } while (now - begin < TURN_SECONDS * 1e9);
    return runs;
  }

  private static Times times(DoubleStream.Builder times) {
    return new Times(times.build().toArray());
  }
}
