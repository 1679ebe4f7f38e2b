package org.gradus.autograd.internal.parallel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.function.IntSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

public class SharesTest {

  @Test
  void aThreadTakesItsOwnRunAndThenTheEndsOfTheOthers() {
    Shares shares = new Shares(10, 3); // 0 1 2, 3 4 5, 6 7 8 9
    shares.open();
    assertEquals(List.of(3, 4, 5, 9, 8, 7, 6, 2, 1, 0), allFor(shares, 1));
    assertFalse(shares.isOpen());
  }

  @Test
  void whoseRunWasTakenByOthersHelpsToo() {
    Shares shares = new Shares(6, 2); // 0 1 2, 3 4 5
    shares.open();
    assertEquals(0, shares.next(0));
    for (int expected : new int[] {3, 4, 5, 2}) {
      assertEquals(expected, shares.next(1));
    }
    assertTrue(shares.isOpen());
    assertEquals(1, shares.next(0));
    assertFalse(shares.isOpen());
    assertEquals(Shares.NONE, shares.next(0));
    assertEquals(Shares.NONE, shares.next(1));
  }

  @Test
  void eachIndexIsBegunOnceForAnyCountAndNumberOfThreads() {
    for (int count : new int[] {0, 1, 2, 3, 7, 64, 1001}) {
      for (int threads : new int[] {1, 2, 3, 8, 65}) {
        Shares shares = new Shares(count, threads);
        assertFalse(shares.isOpen());
        for (int turn = 0; turn < 2; turn++) { // a loop may be run again
          shares.open();
          assertEquals(count > 0, shares.isOpen());
          List<Integer> found = allFor(shares, turn % threads);
          assertEquals(
              IntStream.range(0, count).boxed().toList(), found.stream().sorted().toList());
        }
      }
    }
  }

  @Test
  void runsMeetForTheLargestCount() {
    int count = Integer.MAX_VALUE;
    Shares shares = new Shares(count, 3);
    shares.open();
    assertEquals(0, shares.next(0));
    assertEquals((int) (count / 3L), shares.next(1));
    assertEquals((int) (2L * count / 3), shares.next(2));
  }

  @Test
  void nothingIsBegunOnceItIsClosed() {
    Shares shares = new Shares(100, 4);
    shares.open();
    assertEquals(0, shares.next(0));
    shares.close();
    assertFalse(shares.isOpen());
    assertEquals(List.of(), allFor(shares, 2));
  }

  @Test
  void aThreadThatIsInNoPoolComesFirst() {
    assertEquals(0, new Shares(9, 3).place());
    assertEquals(0, new Shares(9, 1).place());
  }

  @Test
  void threadsOfTheCommonPoolLeaveTheFirstPlaceToTheOneThatAsks() throws Exception {
    int place = onAThreadOfTheCommonPool(() -> new Shares(9, 3).place());
    assertNotEquals(0, place);
    assertTrue(place < 3);
    assertEquals(0, onAThreadOfTheCommonPool(() -> new Shares(9, 1).place()));
  }

  @Test
  void threadsOfAnotherPoolHavePlacesThatStay() throws Exception {
    int threads = 2;
    ForkJoinPool pool = new ForkJoinPool(threads);
    try {
      Map<Thread, Integer> places = new ConcurrentHashMap<>();
      for (int turn = 0; turn < 5; turn++) {
        CyclicBarrier all = new CyclicBarrier(threads);
        List<ForkJoinTask<?>> tasks = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
          tasks.add(
              pool.submit(
                  () -> {
                    int place = new Shares(100, threads).place();
                    Integer before = places.put(Thread.currentThread(), place);
                    assertTrue(before == null || before == place);
                    return all.await();
                  }));
        }
        for (ForkJoinTask<?> task : tasks) {
          task.get();
        }
      }
      places.forEach(
          (thread, place) ->
              assertEquals(((ForkJoinWorkerThread) thread).getPoolIndex() % threads, place));
    } finally {
      pool.shutdown();
    }
  }

  /** Not by a task that is asked for its result: who waits for one may run it itself. */
  private static int onAThreadOfTheCommonPool(IntSupplier task) throws InterruptedException {
    BlockingQueue<Integer> result = new ArrayBlockingQueue<>(1);
    ForkJoinPool.commonPool().execute(() -> result.add(task.getAsInt()));
    return result.take();
  }

  private static List<Integer> allFor(Shares shares, int place) {
    List<Integer> found = new ArrayList<>();
    for (int i = shares.next(place); i != Shares.NONE; i = shares.next(place)) {
      found.add(i);
    }
    return found;
  }
}
