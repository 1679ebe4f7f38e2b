package org.gradus.examples;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * Answers requests of many threads in batches, on one thread of its own. A request that finds it
 * idle is answered at once, alone. While a batch is computed, requests wait; then all that wait
 * make the next batch, once it is full or the first of them has waited long enough.
 *
 * <p>If a batch fails, its requests fail, and no others.
 *
 * @param <Q> a request
 * @param <A> an answer
 */
final class Batcher<Q, A> implements AutoCloseable {
  private final Function<List<Q>, List<A>> work;
  private final int most;
  private final long patience;
  private final int places;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Queue<Waiting<Q, A>> queue = new ArrayDeque<>();
  private final Thread worker = new Thread(this::work, "batches");
  private boolean isComputing;
  private boolean isClosed;

  /**
   * A request that waits.
   *
   * @param metABatch whether a batch was being computed when it came
   */
  private record Waiting<Q, A>(
      Q request, CompletableFuture<A> answer, long since, boolean metABatch) {}

  /**
   * Starts the thread.
   *
   * @param work computes the answers of a batch, in order; called by one thread
   * @param most requests of a batch, at least 1
   * @param wait how long a batch that is not full may wait for more
   * @param places how many requests may wait, at least 1
   */
  Batcher(Function<List<Q>, List<A>> work, int most, Duration wait, int places) {
    if (most < 1 || wait.isNegative() || places < 1) {
      throw new IllegalArgumentException(
          "batcher: batches of %s, a wait of %s, %s places, expected at least 1, 0 and 1"
              .formatted(most, wait, places));
    }
    this.work = work;
    this.most = most;
    this.patience = wait.toNanos();
    this.places = places;
    worker.start();
  }

  /**
   * Lets a request wait for its answer. One whose answer is cancelled, or completed by others,
   * before its batch begins is not computed.
   *
   * @throws RejectedExecutionException if there is no place left, or this is closed
   */
  CompletableFuture<A> submit(Q request) {
    lock.lock();
    try {
      if (isClosed) {
        throw new RejectedExecutionException("the server is stopping");
      }
      if (queue.size() >= places) {
        dropDone();
      }
      if (queue.size() >= places) {
        throw new RejectedExecutionException(
            "%s requests are waiting already, which is as many as may".formatted(places));
      }
      CompletableFuture<A> answer = new CompletableFuture<>();
      queue.add(new Waiting<>(request, answer, System.nanoTime(), isComputing));
      changed.signal();
      return answer;
    } finally {
      lock.unlock();
    }
  }

  /** Refuses new requests. Those that were accepted are answered, and then the thread ends. */
  void refuse() {
    lock.lock();
    try {
      isClosed = true;
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Refuses new requests, and returns once all that were accepted are answered. */
  @Override
  public void close() {
    refuse();
    boolean wasInterrupted = false;
    while (worker.isAlive()) {
      try {
        worker.join();
      } catch (InterruptedException e) {
        wasInterrupted = true; // what was accepted is answered first
      }
    }
    if (wasInterrupted) {
      Thread.currentThread().interrupt();
    }
  }

  // ---- the thread ------------------------------------------------------------------------------

  private void work() {
    for (List<Waiting<Q, A>> batch = next(); !batch.isEmpty(); batch = next()) {
      answer(batch);
    }
  }

  /** The next batch; empty once this is closed and nothing waits any more. */
  private List<Waiting<Q, A>> next() {
    lock.lock();
    try {
      for (dropDone(); queue.isEmpty() && !isClosed; dropDone()) {
        changed.awaitUninterruptibly();
      }
      if (!queue.isEmpty() && queue.element().metABatch()) {
        waitForMore();
      }
      List<Waiting<Q, A>> batch = new ArrayList<>();
      while (batch.size() < most && !queue.isEmpty()) {
        batch.add(queue.remove());
      }
      isComputing = !batch.isEmpty();
      return batch;
    } finally {
      lock.unlock();
    }
  }

  /** Forgets requests that nobody waits for any more. */
  private void dropDone() {
    queue.removeIf(each -> each.answer().isDone());
  }

  private void waitForMore() {
    long since = queue.element().since();
    long left = patience - (System.nanoTime() - since);
    while (queue.size() < Math.min(most, places) && !isClosed && left > 0) {
      try {
        left = Math.min(changed.awaitNanos(left), patience - (System.nanoTime() - since));
      } catch (InterruptedException e) {
        return; // no longer than this
      }
    }
  }

  private void answer(List<Waiting<Q, A>> batch) {
    try {
      List<A> answers = computed(batch.stream().map(Waiting::request).toList());
      for (int i = 0; i < answers.size(); i++) {
        batch.get(i).answer().complete(answers.get(i));
      }
    } catch (RuntimeException | Error e) { // be it too little memory: the next batch may be smaller
      batch.forEach(each -> each.answer().completeExceptionally(e));
    }
  }

  /** The answers, once this is idle again: who has one may ask the next at once. */
  private List<A> computed(List<Q> requests) {
    try {
      List<A> answers = work.apply(requests);
      if (answers.size() != requests.size()) {
        throw new IllegalStateException(
            "%s answers to %s requests".formatted(answers.size(), requests.size()));
      }
      return answers;
    } finally {
      endComputing();
    }
  }

  private void endComputing() {
    lock.lock();
    try {
      isComputing = false;
    } finally {
      lock.unlock();
    }
  }
}
