package org.gradus.layers.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WorkersTest {

  @Test
  void thereAreNoMoreThreadsThanAskedFor() {
    ThreadPoolExecutor workers = Workers.of(1);
    Set<Thread> threads = ConcurrentHashMap.newKeySet();
    CompletableFuture<?>[] all =
        IntStream.range(0, 50)
            .mapToObj(i -> CompletableFuture.runAsync(() -> threads.add(thread()), workers))
            .toArray(CompletableFuture[]::new);
    CompletableFuture.allOf(all).join();
    assertEquals(1, threads.size());
    assertTrue(threads.iterator().next().isDaemon());
  }

  private static Thread thread() {
    return Thread.currentThread();
  }

  @Test
  void thereAreNoMoreThanProcessors() {
    assertEquals(
        Runtime.getRuntime().availableProcessors(), Workers.of(10_000).getMaximumPoolSize());
  }

  @Test
  void idleThreadsEnd() throws InterruptedException {
    ThreadPoolExecutor workers = Workers.of(1);
    Thread thread = CompletableFuture.supplyAsync(WorkersTest::thread, workers).join();
    thread.join(20_000);
    assertEquals(Thread.State.TERMINATED, thread.getState());
  }

  @Test
  void fewerThanOneAreRefused() {
    assertEquals(
        "workers: 0, expected at least 1",
        assertThrows(IllegalArgumentException.class, () -> Workers.of(0)).getMessage());
  }
}
