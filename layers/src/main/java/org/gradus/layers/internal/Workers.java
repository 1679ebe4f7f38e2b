package org.gradus.layers.internal;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Threads that compute what is asked for. */
public final class Workers {
  private Workers() {}

  /**
   * Threads that begin when there is something to do, and end when there was nothing for a second.
   * They keep no program from ending.
   *
   * @param most how many there are at a time, at least 1, and at most one for each processor
   * @throws IllegalArgumentException if it is below 1
   */
  public static ThreadPoolExecutor of(int most) {
    if (most < 1) {
      throw new IllegalArgumentException("workers: %s, expected at least 1".formatted(most));
    }
    int threads = Math.min(most, Runtime.getRuntime().availableProcessors());
    ThreadPoolExecutor workers =
        new ThreadPoolExecutor(
            threads,
            threads,
            1,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread thread = new Thread(task, "gradus-worker");
              thread.setDaemon(true);
              return thread;
            });
    workers.allowCoreThreadTimeOut(true);
    return workers;
  }
}
