package org.gradus.benchmarks.turns;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * How much of the processors other processes take: where they take any, threads that wait for each
 * other, as those of native libraries do, wait for whole slices of the scheduler's time. Known on
 * Linux only; elsewhere nobody is ever seen.
 */
public final class Others {
  private static final Path STATISTICS = Path.of("/proc/stat");
  private static final double TICKS_IN_A_SECOND = 100;
  private static final List<Integer> IDLE_COLUMNS = List.of(4, 5); // idle, and waiting for a disk
  private static final int COLUMNS = 9; // what follows is part of what came before

  private final double start = System.nanoTime() / 1e9;
  private final double others = othersSoFar();

  /** Watches from now on. */
  public Others() {}

  /** The share of all processors that other processes have taken since, from 0 to 1. */
  public double share() {
    double processors = Runtime.getRuntime().availableProcessors();
    double share = (othersSoFar() - others) / ((System.nanoTime() / 1e9 - start) * processors);
    return Math.min(1, Math.max(0, share));
  }

  private static double othersSoFar() {
    if (!Files.isReadable(STATISTICS)) {
      return 0;
    }
    try {
      double all = busySeconds(Files.readAllLines(STATISTICS).get(0));
      return all
          - ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                  .getProcessCpuTime()
              / 1e9;
    } catch (IOException e) {
      return 0;
    }
  }

  /** Seconds that all processors were busy since the machine started, by its first statistic. */
  static double busySeconds(String line) {
    String[] columns = line.trim().split(" +", -1);
    double ticks = 0;
    for (int column = 1; column < Math.min(COLUMNS, columns.length); column++) {
      ticks += IDLE_COLUMNS.contains(column) ? 0 : Double.parseDouble(columns[column]);
    }
    return ticks / TICKS_IN_A_SECOND;
  }
}
