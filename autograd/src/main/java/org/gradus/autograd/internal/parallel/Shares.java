package org.gradus.autograd.internal.parallel;

import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The indices of a loop, cut into as many runs as threads may come. A thread begins at the front of
 * the run at its place, which is the same one in loop after loop: loops over the same data find a
 * good part of it in the cache of the core that they run on. Who is done with its own run takes
 * from the ends of the others.
 */
final class Shares {
  /** There is nothing left to begin. */
  static final int NONE = -1;

  /** From one run to the next, in numbers: each has a line of the cache to itself. */
  private static final int APART = 8;

  private final int count;
  private final int places;

  /** Of each run what is not begun: its end in the upper half, its first index in the lower one. */
  private final AtomicLongArray runs;

  /** Of a loop over the indices from 0 to count - 1, of which none can be begun yet. */
  Shares(int count, int threads) {
    this.count = count;
    this.places = threads;
    this.runs = new AtomicLongArray(threads * APART);
  }

  /** Now all can be begun. */
  void open() {
    for (int i = 0; i < places; i++) {
      runs.set(
          i * APART, run((int) ((long) i * count / places), (int) ((i + 1L) * count / places)));
    }
  }

  /** Now none can be begun. */
  void close() {
    for (int i = 0; i < places; i++) {
      runs.set(i * APART, 0);
    }
  }

  /** Whether there is an index to begin. */
  boolean isOpen() {
    for (int i = 0; i < places; i++) {
      long run = runs.get(i * APART);
      if (first(run) < end(run)) {
        return true;
      }
    }
    return false;
  }

  /** The place of the calling thread: 0 is for one that is in no pool, and asks those of one. */
  int place() {
    if (!(Thread.currentThread() instanceof ForkJoinWorkerThread worker) || places == 1) {
      return 0;
    }
    int others = worker.getPool() == ForkJoinPool.commonPool() ? 1 : 0;
    return others + worker.getPoolIndex() % (places - others);
  }

  /** The next index for the thread at a place, or {@link #NONE}. */
  int next(int place) {
    int found = begin(place * APART, true);
    for (int i = 1; found == NONE && i < places; i++) {
      found = begin((place + i) % places * APART, false);
    }
    return found;
  }

  private int begin(int at, boolean inFront) {
    while (true) {
      long run = runs.get(at);
      int first = first(run);
      int end = end(run);
      if (first >= end) {
        return NONE;
      }
      if (runs.compareAndSet(at, run, inFront ? run(first + 1, end) : run(first, end - 1))) {
        return inFront ? first : end - 1;
      }
    }
  }

  private static long run(int first, int end) {
    return (long) end << Integer.SIZE | first;
  }

  private static int first(long run) {
    return (int) run;
  }

  private static int end(long run) {
    return (int) (run >>> Integer.SIZE);
  }
}
