package org.gradus.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BatcherTest {
  private static final Duration LONG = Duration.ofMinutes(1);

  private final List<List<Integer>> batches = Collections.synchronizedList(new ArrayList<>());

  /** Squares, and takes note of the batches. */
  private List<Integer> squares(List<Integer> requests) {
    batches.add(requests);
    return requests.stream().map(x -> x * x).toList();
  }

  @Test
  void eachOf64ThreadsGetsItsOwnAnswersOnce() throws Exception {
    int threads = 64;
    int each = 500;
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try (Batcher<Integer, Integer> batcher =
        new Batcher<>(this::squares, 16, Duration.ofMillis(1), threads)) {
      List<Future<Integer>> right = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        int first = i * each;
        right.add(
            pool.submit(
                () -> {
                  int count = 0;
                  for (int x = first; x < first + each; x++) {
                    count += batcher.submit(x % 30_000).get() == x % 30_000 * (x % 30_000) ? 1 : 0;
                  }
                  return count;
                }));
      }
      for (Future<Integer> count : right) {
        assertEquals(each, count.get());
      }
    } finally {
      pool.shutdown();
    }
    assertEquals(threads * each, batches.stream().mapToInt(List::size).sum());
    assertTrue(batches.stream().allMatch(batch -> batch.size() <= 16));
    assertTrue(batches.stream().anyMatch(batch -> batch.size() > 1), "no batch of several");
  }

  @Test
  void whoAsksAloneNeverWaits() throws Exception {
    for (int i = 0; i < 20; i++) { // the thread may not have begun yet
      try (Batcher<Integer, Integer> batcher = new Batcher<>(this::squares, 64, LONG, 100)) {
        for (int x = 0; x < 100; x++) {
          assertEquals(x * x, batcher.submit(x).get());
        }
      }
    }
    assertTrue(batches.stream().allMatch(batch -> batch.size() == 1));
  }

  @Test
  void anIdleOneAnswersAtOnceAndABusyOneFillsItsBatches() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    try (Batcher<Integer, Integer> batcher =
        new Batcher<>(
            requests -> {
              begun.countDown();
              awaitQuietly(goOn);
              return squares(requests);
            },
            3,
            LONG, // what waited for it would not end in time
            100)) {
      CompletableFuture<Integer> alone = batcher.submit(1);
      begun.await();
      List<CompletableFuture<Integer>> answers =
          IntStream.range(2, 8).mapToObj(batcher::submit).toList();
      goOn.countDown();
      assertEquals(1, alone.get());
      for (int x = 2; x < 8; x++) {
        assertEquals(x * x, answers.get(x - 2).get());
      }
    }
    assertEquals(List.of(List.of(1), List.of(2, 3, 4), List.of(5, 6, 7)), batches);
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aBatchThatIsNotFullWaitsNoLongerThanItMay() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    try (Batcher<Integer, Integer> batcher =
        new Batcher<>(
            requests -> {
              begun.countDown();
              awaitQuietly(goOn);
              return squares(requests);
            },
            64,
            Duration.ofMillis(20),
            100)) {
      CompletableFuture<Integer> first = batcher.submit(1);
      begun.await();
      CompletableFuture<Integer> second = batcher.submit(2);
      CompletableFuture<Integer> third = batcher.submit(3);
      goOn.countDown();
      assertEquals(1 + 4 + 9, first.get() + second.get() + third.get());
    }
    assertEquals(List.of(List.of(1), List.of(2, 3)), batches);
  }

  @Test
  void aFailureIsToldToTheRequestsOfItsBatchAlone() throws Exception {
    try (Batcher<Integer, Integer> batcher =
        new Batcher<>(
            requests -> {
              if (requests.contains(13)) {
                throw new IllegalArgumentException("13");
              }
              return requests.contains(14) ? List.of() : squares(requests);
            },
            1,
            Duration.ZERO,
            100)) {
      CompletableFuture<Integer> before = batcher.submit(12);
      CompletableFuture<Integer> failing = batcher.submit(13);
      CompletableFuture<Integer> unanswered = batcher.submit(14);
      CompletableFuture<Integer> after = batcher.submit(15);
      assertEquals(144, before.get());
      assertEquals("13", cause(failing).getMessage());
      assertEquals("0 answers to 1 requests", cause(unanswered).getMessage());
      assertEquals(225, after.get());
    }
  }

  private static Throwable cause(Future<?> answer) {
    Throwable cause = assertThrows(ExecutionException.class, answer::get).getCause();
    return cause == null ? new AssertionError("no cause") : cause;
  }

  @Test
  void aFullQueueAndAClosedOneRefuseAndWhatWasAcceptedIsAnswered() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    Batcher<Integer, Integer> batcher =
        new Batcher<>(
            requests -> {
              begun.countDown();
              awaitQuietly(goOn);
              return squares(requests);
            },
            64,
            LONG,
            2);
    CompletableFuture<Integer> first = batcher.submit(1);
    begun.await();
    CompletableFuture<Integer> second = batcher.submit(2);
    CompletableFuture<Integer> third = batcher.submit(3);
    assertEquals(
        "2 requests are waiting already, which is as many as may",
        assertThrows(RejectedExecutionException.class, () -> batcher.submit(4)).getMessage());
    assertTrue(second.cancel(false)); // is not computed, and leaves its place
    CompletableFuture<Integer> sixth = batcher.submit(6);
    Thread closing = new Thread(batcher::close);
    closing.start();
    while (closing.getState() != Thread.State.WAITING) { // for the thread of the batches
      Thread.onSpinWait();
    }
    assertEquals(
        "the server is stopping",
        assertThrows(RejectedExecutionException.class, () -> batcher.submit(5)).getMessage());
    assertFalse(first.isDone());
    goOn.countDown();
    closing.join();
    assertEquals(1, first.getNow(0));
    assertEquals(9, third.getNow(0));
    assertEquals(36, sixth.getNow(0));
    assertEquals(List.of(List.of(1), List.of(3, 6)), batches);
    batcher.close(); // once more does nothing
  }

  @Test
  void otherLimitsAreRefused() {
    assertEquals(
        "batcher: batches of 0, a wait of PT0S, 1 places, expected at least 1, 0 and 1",
        assertThrows(
                IllegalArgumentException.class,
                () -> new Batcher<>(this::squares, 0, Duration.ZERO, 1))
            .getMessage());
  }
}
