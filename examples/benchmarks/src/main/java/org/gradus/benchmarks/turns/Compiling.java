package org.gradus.benchmarks.turns;

import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import org.jspecify.annotations.Nullable;

/**
 * Whether the JIT is still at work, from the seconds that it has spent so far. What it compiles at
 * this moment is not among them, so it counts as done after some quiet rounds only.
 */
final class Compiling {
  /** Seconds of a round up to which it is quiet: there is always some method that is rare. */
  private static final double QUIET = 0.03;

  private static final int QUIET_ROUNDS = 3;

  private double before;
  private int quietRounds;

  /** Before the first round; so many seconds have been spent. */
  Compiling(double soFar) {
    this.before = soFar;
  }

  /** Whether it is done, at the end of a round; so many seconds have been spent. */
  boolean isDone(double soFar) {
    quietRounds = soFar - before <= QUIET ? quietRounds + 1 : 0;
    before = soFar;
    return quietRounds >= QUIET_ROUNDS;
  }

  /** Seconds that all compilers have spent in this process; 0 where none is known. */
  static double soFar() {
    @Nullable CompilationMXBean bean = ManagementFactory.getCompilationMXBean();
    return bean != null && bean.isCompilationTimeMonitoringSupported()
        ? bean.getTotalCompilationTime() / 1e3
        : 0;
  }
}
