package org.gradus.autograd.internal.parallel;

import java.util.function.IntConsumer;
import java.util.function.ObjIntConsumer;
import java.util.function.Supplier;

/**
 * Loops over independent parts of a result. They run on the calling thread and on the common
 * fork-join pool, or, when called from a task of another fork-join pool, on that one.
 */
public final class Parallel {
  /** About how many elementary operations make a part worth handing to another thread. */
  private static final long GRAIN = 1 << 14;

  /** Such parts, of the calling thread too, that are worth waking others, where all sleep. */
  private static final int WAKING = 3;

  private Parallel() {}

  /** The body of a loop over the indices {@code from} (included) to {@code to} (excluded). */
  @FunctionalInterface
  public interface Range {
    void run(int from, int to);
  }

  /** How many threads share the work of a loop that is called here, at most. */
  public static int threads() {
    return Team.current().threads();
  }

  /** Calls the body once for each index from 0 to count - 1; each call should be worth a thread. */
  public static void each(int count, IntConsumer body) {
    each(count, GRAIN, () -> NOTHING, (nothing, i) -> body.accept(i));
  }

  /** What one thread of a loop works with; closed when it has done its share. */
  @FunctionalInterface
  public interface State extends AutoCloseable {
    @Override
    void close();
  }

  private static final State NOTHING = () -> {};

  /**
   * Calls the body once for each index from 0 to count - 1, on threads that begin with the same
   * part of them in loop after loop, and then help the others. Each thread has its own state, such
   * as memory to work in.
   *
   * @param cost about how many elementary operations one index takes
   */
  public static <S extends State> void each(
      int count, long cost, Supplier<S> state, ObjIntConsumer<S> body) {
    Team team = Team.current();
    int threads = threads(team, count, cost);
    Loop<S> loop = new Loop<>(threads, count, threads > 1 ? team.threads() : 1, state, body);
    loop.shares.open();
    if (threads > 1) {
      team.run(loop);
    } else {
      loop.share();
    }
  }

  /** How many threads a loop is worth. */
  private static int threads(Team team, int count, long cost) {
    long worth = count * cost / GRAIN + 1;
    return count > 1 && worth > 1 && (worth >= WAKING || team.isAwake())
        ? (int) Math.min(Math.min(count, team.threads()), worth)
        : 1;
  }

  /** A loop as of {@link #each} that is run again and again, and makes no objects for that. */
  public static final class Repeated<S extends State> {
    private final Loop<S> loop;
    private final long cost;

    /** For the parameters see {@link Parallel#each}. */
    public Repeated(int count, long cost, Supplier<S> state, ObjIntConsumer<S> body) {
      this.loop = new Loop<>(1, count, Team.current().threads(), state, body);
      this.cost = cost;
    }

    /** Runs the loop; it must not be running. */
    public void run() {
      Team team = Team.current();
      int threads = threads(team, loop.count, cost);
      loop.renew(threads);
      loop.shares.open(); // now a thread may begin that still knows the loop from the last time
      if (threads > 1) {
        team.run(loop);
      } else {
        loop.share();
        loop.stop();
      }
    }
  }

  /** A loop, and what of it is not begun. */
  private static final class Loop<S extends State> extends Team.Work {
    private final Shares shares;
    private final int count;
    private final Supplier<S> state;
    private final ObjIntConsumer<S> body;

    Loop(int threads, int count, int places, Supplier<S> state, ObjIntConsumer<S> body) {
      super(threads);
      this.shares = new Shares(count, places);
      this.count = count;
      this.state = state;
      this.body = body;
    }

    @Override
    void share() {
      int place = shares.place();
      int i = shares.next(place);
      if (i != Shares.NONE) {
        try (S own = state.get()) {
          for (; i != Shares.NONE; i = shares.next(place)) {
            body.accept(own, i);
          }
        }
      }
    }

    @Override
    boolean isOpen() {
      return shares.isOpen();
    }

    @Override
    void stop() {
      shares.close();
    }
  }

  /**
   * Calls the body for ranges that together cover 0 to n - 1.
   *
   * @param cost about how many elementary operations one index takes
   */
  public static void ranges(int n, long cost, Range body) {
    ranges(n, cost, () -> NOTHING, (nothing, from, to) -> body.run(from, to));
  }

  /** The body of a loop over ranges, with the state of the thread that runs it. */
  @FunctionalInterface
  public interface StateRange<S extends State> {
    void run(S state, int from, int to);
  }

  /** As {@link #ranges(int, long, Range)}, where each thread has its own state. */
  public static <S extends State> void ranges(
      int n, long cost, Supplier<S> state, StateRange<S> body) {
    long length = Math.max(1, GRAIN / Math.max(1, cost));
    int parts = (int) ((n + length - 1) / length);
    each(
        parts,
        GRAIN,
        state,
        (own, i) -> body.run(own, (int) (i * length), (int) Math.min(n, (i + 1) * length)));
  }
}
