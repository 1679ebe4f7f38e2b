package org.gradus.layers.data;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.function.IntFunction;
import org.gradus.layers.internal.Futures;
import org.gradus.layers.internal.Workers;

/**
 * Batches that other threads make in advance. Nothing is left running where the walk is abandoned:
 * what was begun is finished, and forgotten.
 */
final class Prefetched implements Iterator<Batch> {
  private final IntFunction<Batch> batch;
  private final int count;
  private final int ahead;
  private final Deque<CompletableFuture<Batch>> begun = new ArrayDeque<>();
  private final ThreadPoolExecutor workers;
  private int next;

  Prefetched(IntFunction<Batch> batch, int first, int count, int ahead) {
    this.batch = batch;
    this.next = first;
    this.count = count;
    this.ahead = ahead;
    this.workers = Workers.of(ahead);
    begin();
  }

  private void begin() {
    while (next < count && begun.size() < ahead) {
      int k = next++;
      begun.add(CompletableFuture.supplyAsync(() -> batch.apply(k), workers));
    }
    if (next == count) {
      workers.shutdown(); // what was begun is finished
    }
  }

  @Override
  public boolean hasNext() {
    return !begun.isEmpty();
  }

  @Override
  public Batch next() {
    if (begun.isEmpty()) {
      throw new NoSuchElementException(
          "batches: all %s batches of this epoch were there".formatted(count));
    }
    CompletableFuture<Batch> first = begun.remove();
    begin();
    return Futures.result(first);
  }
}
