package org.gradus.autograd.internal.kernel;

import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.RecursiveAction;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.function.ObjIntConsumer;
import java.util.function.Supplier;

/**
 * Loops over independent parts of a result. They run on the calling thread and on the common
 * fork-join pool, or, when called from a task of another fork-join pool, on that one.
 */
final class Parallel {
  /** About how many elementary operations make a part worth handing to another thread. */
  private static final long GRAIN = 1 << 15;

  private Parallel() {}

  /** The body of a loop over the indices {@code from} (included) to {@code to} (excluded). */
  @FunctionalInterface
  interface Range {
    void run(int from, int to);
  }

  /** Calls the body once for each index from 0 to count - 1; each call should be worth a thread. */
  static void each(int count, IntConsumer body) {
    each(count, GRAIN, () -> NOTHING, (nothing, i) -> body.accept(i));
  }

  /** What one thread of a loop works with; closed when it has done its share. */
  @FunctionalInterface
  interface State extends AutoCloseable {
    @Override
    void close();
  }

  private static final State NOTHING = () -> {};

  /**
   * Calls the body once for each index from 0 to count - 1, on threads that take the next index
   * whenever they are free. Each thread has its own state, such as memory to work in.
   *
   * @param cost about how many elementary operations one index takes
   */
  static <S extends State> void each(
      int count, long cost, Supplier<S> state, ObjIntConsumer<S> body) {
    int threads = (int) Math.min(Math.min(count, threads()), count * cost / GRAIN + 1);
    if (threads <= 1) {
      if (count > 0) {
        try (S own = state.get()) {
          for (int i = 0; i < count; i++) {
            body.accept(own, i);
          }
        }
      }
      return;
    }
    AtomicInteger next = new AtomicInteger();
    ForkJoinTask<?>[] helpers = new ForkJoinTask<?>[threads - 1];
    for (int i = 0; i < helpers.length; i++) {
      helpers[i] = new Share<>(next, count, state, body).fork();
    }
    Share<S> mine = new Share<>(next, count, state, body);
    try {
      mine.compute();
    } finally {
      next.set(count); // if the body failed, the others stop here
      for (int i = helpers.length - 1; i >= 0; i--) {
        helpers[i].join();
      }
    }
  }

  /** The indices that one thread takes. */
  private static final class Share<S extends State> extends RecursiveAction {
    private static final long serialVersionUID = 1;

    private final transient AtomicInteger next;
    private final int count;
    private final transient Supplier<S> state;
    private final transient ObjIntConsumer<S> body;

    Share(AtomicInteger next, int count, Supplier<S> state, ObjIntConsumer<S> body) {
      this.next = next;
      this.count = count;
      this.state = state;
      this.body = body;
    }

    @Override
    protected void compute() {
      int i = next.getAndIncrement();
      if (i < count) {
        try (S own = state.get()) {
          for (; i < count; i = next.getAndIncrement()) {
            body.accept(own, i);
          }
        }
      }
    }
  }

  /** How many threads a loop may run on, with the one that calls it. */
  private static int threads() {
    return ForkJoinTask.inForkJoinPool()
        ? ForkJoinTask.getPool().getParallelism()
        : ForkJoinPool.getCommonPoolParallelism() + 1;
  }

  /**
   * Calls the body for ranges that together cover 0 to n - 1.
   *
   * @param cost about how many elementary operations one index takes
   */
  static void ranges(int n, long cost, Range body) {
    long length = Math.max(1, GRAIN / Math.max(1, cost));
    int parts = (int) ((n + length - 1) / length);
    each(parts, i -> body.run((int) (i * length), (int) Math.min(n, (i + 1) * length)));
  }
}
