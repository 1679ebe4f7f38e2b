package org.gradus.benchmarks.turns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicInteger;
import org.gradus.benchmarks.turns.Turns.Pair;
import org.junit.jupiter.api.Test;

class TurnsTest {
  @Test
  void theMedianIsTheTimeInTheMiddle() {
    Times times = new Times(5, 1, 9);
    assertEquals(5, times.median());
    assertEquals(1, times.best());
    assertEquals(3, times.count());
    assertEquals(4, new Times(1, 4).median());
  }

  @Test
  void noTimesAreRefused() {
    var thrown = assertThrows(IllegalArgumentException.class, Times::new);
    assertEquals("times: 0 runs, expected one or more", thrown.getMessage());
  }

  @Test
  void aRatioIsOfMedians() {
    assertEquals(2, new Pair(new Times(1, 3, 100), new Times(6, 6, 0), 0).ratio());
  }

  @Test
  void theCompilerIsDoneAfterThreeQuietRounds() {
    Compiling compiling = new Compiling(5);
    assertFalse(compiling.isDone(5.5));
    assertFalse(compiling.isDone(5.51));
    assertFalse(compiling.isDone(5.52));
    assertFalse(compiling.isDone(5.6)); // it was still at work
    assertFalse(compiling.isDone(5.6));
    assertFalse(compiling.isDone(5.6));
    assertTrue(compiling.isDone(5.62));
  }

  @Test
  void theCompilersSecondsAreKnown() {
    assertTrue(Compiling.soFar() > 0);
  }

  @Test
  void bothRunAtLeastSevenTimes() {
    AtomicInteger firsts = new AtomicInteger();
    AtomicInteger seconds = new AtomicInteger();
    Pair pair = new Turns(1e-9, 0).take(firsts::incrementAndGet, seconds::incrementAndGet);
    assertTrue(pair.first().count() >= 7 && pair.second().count() >= 7);
    assertTrue(firsts.get() > pair.first().count(), "a turn's first run is not timed");
    assertTrue(seconds.get() > pair.second().count(), "a turn's first run is not timed");
  }

  @Test
  void noSecondsAreRefused() {
    var thrown = assertThrows(IllegalArgumentException.class, () -> new Turns(0, 5));
    assertEquals(
        "turns: 0.0 seconds after a warm-up of 5.0, expected more than 0 after at least 0",
        thrown.getMessage());
    assertThrows(IllegalArgumentException.class, () -> new Turns(1, -1));
  }
}
