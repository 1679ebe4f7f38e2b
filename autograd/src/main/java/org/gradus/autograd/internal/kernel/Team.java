package org.gradus.autograd.internal.kernel;

import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.RecursiveAction;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The threads of a fork-join pool that help with loops. To wake a thread takes as long as a small
 * loop; so who has helped stays awake for a moment, and looks for the next loop.
 */
final class Team {
  /** How long a thread stays awake, in nanoseconds: longer than from one loop to the next. */
  private static final long AWAKE = 100_000;

  private static final Team COMMON = new Team(ForkJoinPool.commonPool(), AWAKE);

  private final ForkJoinPool pool;
  private final long awake;
  private final AtomicReference<@Nullable Work> open = new AtomicReference<>();
  private final AtomicInteger idle = new AtomicInteger();

  private Team(ForkJoinPool pool, long awake) {
    this.pool = pool;
    this.awake = awake;
  }

  /** The threads of the pool whose task is calling, otherwise of the common pool. */
  static Team current() {
    @Nullable ForkJoinPool pool = ForkJoinTask.getPool();
    return pool == null || pool == COMMON.pool ? COMMON : new Team(pool, 0);
  }

  /** How many threads work at once, with the one that calls. */
  int threads() {
    int cores = Runtime.getRuntime().availableProcessors();
    return this == COMMON
        ? Math.min(cores, pool.getParallelism() + (ForkJoinTask.inForkJoinPool() ? 0 : 1))
        : pool.getParallelism();
  }

  /** What several threads can do together. */
  abstract static class Work {
    private final AtomicInteger inside = new AtomicInteger();
    private final int threads;
    private volatile @Nullable Throwable failure;

    Work(int threads) {
      this.threads = threads;
    }

    /** Does a share, until there is nothing left to begin. */
    abstract void share();

    /** Whether there is something to begin. */
    abstract boolean isOpen();

    /** Nothing more is begun. */
    abstract void stop();

    private void help() {
      if (inside.incrementAndGet() <= threads) {
        try {
          share();
        } catch (RuntimeException | Error e) {
          failure = e;
          stop();
        }
      }
      inside.decrementAndGet();
    }

    private void finish() {
      while (inside.get() > 0) {
        pause();
      }
      @Nullable Throwable thrown = failure;
      if (thrown instanceof Error error) {
        throw error;
      }
      if (thrown instanceof RuntimeException exception) {
        throw exception;
      }
    }
  }

  /** Does the work on the calling thread and on others, and returns when all is done. */
  void run(Work work) {
    boolean seen = open.compareAndSet(null, work);
    int helpers = work.threads - 1 - (seen ? idle.get() : 0);
    for (int i = 0; i < helpers; i++) {
      new Helper(work).fork();
    }
    work.help();
    if (seen) {
      open.set(null);
    }
    work.finish();
  }

  /** Helps with one loop, and with the next ones that come soon. */
  private final class Helper extends RecursiveAction {
    private static final long serialVersionUID = 1;

    private final transient Work first;

    Helper(Work first) {
      this.first = first;
    }

    @Override
    protected void compute() {
      for (Work work = first; work != null; work = next()) {
        work.help();
      }
    }
  }

  private @Nullable Work next() {
    long start = System.nanoTime();
    @Nullable Work work = null;
    while (work == null && System.nanoTime() - start < awake) {
      idle.incrementAndGet();
      while (!isOpen(open.get()) && System.nanoTime() - start < awake) {
        pause();
      }
      idle.decrementAndGet();
      work = open.get(); // also what has been opened by one who still counted on this thread
    }
    return work;
  }

  private static boolean isOpen(@Nullable Work work) {
    return work != null && work.isOpen();
  }

  /** Waits a little, and lets others run where there are more threads than cores. */
  @SuppressWarnings("ThreadPriorityCheck") // yield() is no more than a hint here
  private static void pause() {
    Thread.onSpinWait();
    Thread.yield();
  }
}
