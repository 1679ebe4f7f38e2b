package org.gradus.autograd.internal.parallel;

import java.lang.reflect.UndeclaredThrowableException;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.RecursiveAction;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The threads of a fork-join pool that help with loops. To wake a thread takes as long as a small
 * loop; so who has helped stays awake for a moment, and looks for the next loop.
 */
final class Team {
  /** How long a thread stays awake, in nanoseconds: longer than from one loop to the next. */
  private static final long AWAKE = 100_000;

  /** How often a thread looks whether the others are done, before it looks every now and then. */
  private static final int SPINS = 1000;

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

  /** Whether a thread is awake and looks for the next loop. */
  boolean isAwake() {
    return idle.get() > 0;
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
    private volatile int threads;
    private volatile @Nullable Throwable failure;

    Work(int threads) {
      this.threads = threads;
    }

    /** Makes it ready to be done again, by so many threads. */
    final void renew(int number) {
      threads = number;
      failure = null;
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
        } catch (Throwable e) { // whatever it is, the thread that waits must know
          failure = e;
          stop();
        }
      }
      inside.decrementAndGet();
    }

    private void await() {
      for (int i = 0; inside.get() > 0; i++) {
        if (i < SPINS) {
          pause();
        } else {
          LockSupport.parkNanos(AWAKE);
        }
      }
    }

    private void rethrow() {
      @Nullable Throwable thrown = failure;
      if (thrown instanceof Error error) {
        throw error;
      }
      if (thrown instanceof RuntimeException exception) {
        throw exception;
      }
      if (thrown != null) {
        throw new UndeclaredThrowableException(thrown);
      }
    }
  }

  /** Does the work on the calling thread and on others, and returns when all is done. */
  void run(Work work) {
    boolean seen = open.compareAndSet(null, work);
    int missing = work.threads - 1 - (seen ? idle.get() : 0);
    @Nullable Helper last = null;
    try {
      for (; missing > 0; missing--) {
        last = new Helper(work, last);
        last.fork();
      }
      work.help();
    } finally {
      work.stop();
      if (seen) {
        open.set(null);
      }
      for (Helper helper = last; helper != null; helper = helper.before) {
        helper.first = null; // should no thread have taken it
        helper.tryUnfork();
      }
      work.await();
    }
    work.rethrow();
  }

  /** Helps with one loop, and with the next ones that come soon. */
  private final class Helper extends RecursiveAction {
    private static final long serialVersionUID = 1;

    private transient volatile @Nullable Work first;

    /** The one that was asked before this one. */
    private final transient @Nullable Helper before;

    Helper(Work first, @Nullable Helper before) {
      this.first = first;
      this.before = before;
    }

    @Override
    protected void compute() {
      @Nullable Work work = first;
      first = null;
      if (isOpen(work)) {
        for (; work != null; work = next()) {
          work.help();
        }
      }
    }
  }

  private @Nullable Work next() {
    long start = System.nanoTime();
    @Nullable Work work = null;
    while (work == null && mayStay(start)) {
      idle.incrementAndGet();
      while (!isOpen(open.get()) && mayStay(start)) {
        pause();
      }
      idle.decrementAndGet();
      work = open.get(); // also what has been opened by one who still counted on this thread
      if (!isOpen(work)) {
        work = null;
      }
    }
    return work;
  }

  /** Not for long, and not while others wait for a thread of the pool. */
  private boolean mayStay(long start) {
    return System.nanoTime() - start < awake
        && !pool.hasQueuedSubmissions()
        && pool.getQueuedTaskCount() == 0;
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
