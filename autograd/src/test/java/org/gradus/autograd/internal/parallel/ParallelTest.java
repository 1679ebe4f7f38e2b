package org.gradus.autograd.internal.parallel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

public class ParallelTest {

  @Test
  void eachCallsOnceForEachIndex() {
    for (int count : new int[] {0, 1, 2, 1000}) {
      AtomicIntegerArray calls = new AtomicIntegerArray(count);
      Parallel.each(count, calls::incrementAndGet);
      for (int i = 0; i < count; i++) {
        assertEquals(1, calls.get(i));
      }
    }
  }

  @Test
  void rangesCoverEachIndexOnce() {
    for (int n : new int[] {0, 1, 2, 7, 32767, 32768, 32769, 100_003}) {
      for (long cost : new long[] {0, 1, 3, 20, 32768, 1L << 40}) {
        int[] covered = new int[n];
        AtomicInteger empty = new AtomicInteger();
        Parallel.ranges(
            n,
            cost,
            (from, to) -> {
              if (from >= to) {
                empty.incrementAndGet();
              }
              for (int i = from; i < to; i++) {
                covered[i]++;
              }
            });
        assertEquals(0, empty.get());
        assertEquals(n, Arrays.stream(covered).filter(times -> times == 1).count());
      }
    }
  }

  @Test
  void rangesNearTheLargestArrayDoNotOverflow() {
    long[] covered = new long[1];
    int n = Integer.MAX_VALUE - 8;
    Parallel.ranges(
        n,
        1,
        (from, to) -> {
          synchronized (covered) {
            covered[0] += to - from;
          }
        });
    assertEquals(n, covered[0]);
  }

  @Test
  void rangesDependOnTheSizesAlone() throws Exception {
    Set<Set<Integer>> starts = new HashSet<>();
    for (int threads : new int[] {1, 3, 8}) {
      starts.add(
          inPool(
              threads,
              () -> {
                Set<Integer> found = ConcurrentHashMap.newKeySet();
                Parallel.ranges(1_000_003, 2, (from, to) -> found.add(from));
                return found;
              }));
    }
    assertEquals(1, starts.size());
    assertTrue(starts.iterator().next().size() > 8);
  }

  @Test
  void runsOnThePoolOfTheTaskThatCalls() throws Exception {
    ForkJoinPool pool = new ForkJoinPool(3);
    try {
      Set<Object> pools = ConcurrentHashMap.newKeySet();
      pool.submit(() -> Parallel.each(1000, i -> pools.add(ForkJoinTask.getPool()))).get();
      assertEquals(1, pools.size());
      assertSame(pool, pools.iterator().next());
    } finally {
      pool.shutdown();
    }
  }

  @Test
  void whatTheBodyThrowsIsPassedOn() {
    assertThrows(
        IllegalStateException.class,
        () ->
            Parallel.each(
                100,
                i -> {
                  throw new IllegalStateException();
                }));
  }

  @Test
  void whatAnyThreadThrowsIsPassedOnAndTheNextLoopIsWhole() {
    for (int last = 0; last < 200; last++) {
      int bad = last;
      AtomicInteger calls = new AtomicInteger();
      IllegalStateException thrown =
          assertThrows(
              IllegalStateException.class,
              () ->
                  Parallel.each(
                      200,
                      i -> {
                        if (i == bad) {
                          throw new IllegalStateException("at " + i);
                        }
                      }));
      assertEquals("at " + bad, thrown.getMessage());
      Parallel.each(50, i -> calls.incrementAndGet());
      assertEquals(50, calls.get());
    }
  }

  @Test
  void manyThreadsRunLoopsAtOnce() throws Exception {
    List<Thread> threads = new ArrayList<>();
    AtomicInteger sum = new AtomicInteger();
    for (int t = 0; t < 4; t++) {
      Thread thread =
          new Thread(
              () -> {
                for (int loop = 0; loop < 500; loop++) {
                  AtomicIntegerArray calls = new AtomicIntegerArray(20);
                  Parallel.each(20, calls::incrementAndGet);
                  for (int i = 0; i < 20; i++) { // each() returns when all are done, and not before
                    sum.addAndGet(calls.get(i));
                  }
                }
              });
      thread.start();
      threads.add(thread);
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertEquals(4 * 500 * 20, sum.get());
  }

  @Test
  void whatNoThreadHasTakenIsTakenBack() throws Exception {
    ForkJoinPool pool = new ForkJoinPool(2);
    try {
      CountDownLatch blocked = new CountDownLatch(1);
      CountDownLatch done = new CountDownLatch(1);
      ForkJoinTask<Boolean> blocking =
          pool.submit(
              () -> {
                blocked.countDown();
                done.await();
                return true;
              });
      blocked.await();
      long left =
          pool.submit(
                  () -> {
                    for (int loop = 0; loop < 100; loop++) {
                      Parallel.each(10, i -> {});
                    }
                    return pool.getQueuedTaskCount();
                  })
              .get();
      done.countDown();
      assertTrue(blocking.get());
      assertEquals(0, left);
    } finally {
      pool.shutdown();
    }
  }

  /** Loops that follow each other without end must not keep a thread of the pool for themselves. */
  @Test
  void othersGetTheirTurn() {
    for (int i = 0; i < 20; i++) {
      ForkJoinTask<?> other = ForkJoinPool.commonPool().submit(() -> {});
      while (!other.isDone()) {
        Parallel.each(16, index -> {});
      }
    }
  }

  @Test
  void aLoopNeedsNoOtherThread() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    inPool(
        1,
        () -> {
          for (int k = 0; k < 50; k++) {
            Parallel.each(10, calls::addAndGet);
          }
          return calls;
        });
    IntStream.range(0, 50).parallel().forEach(k -> Parallel.each(10, calls::addAndGet));
    assertEquals(2 * 50 * 45, calls.get());
  }

  @Test
  void loopsNest() {
    int[] sums = new int[50];
    Parallel.each(
        sums.length,
        i -> {
          AtomicInteger sum = new AtomicInteger();
          Parallel.each(100, sum::addAndGet);
          sums[i] = sum.get();
        });
    int[] expected = new int[50];
    Arrays.fill(expected, 4950);
    assertArrayEquals(expected, sums);
  }

  /** The result of a task that runs in a pool of so many threads, and with it all it starts. */
  public static <T> T inPool(int threads, Callable<T> task) throws Exception {
    ForkJoinPool pool = new ForkJoinPool(threads);
    try {
      return pool.submit(task).get();
    } finally {
      pool.shutdown();
    }
  }
}
