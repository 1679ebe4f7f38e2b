package org.gradus.benchmarks.turns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class OthersTest {
  @Test
  void allColumnsButThoseOfIdlenessAreBusy() {
    String line = "cpu  100 20 3 9999 8888 400 50 6 777 777";
    assertEquals(5.79, Others.busySeconds(line), 1e-12);
  }

  @Test
  void theShareIsOneOfAllProcessors() {
    Others others = new Others();
    long end = System.nanoTime() + 50_000_000;
    while (System.nanoTime() < end) {
      Thread.onSpinWait();
    }
    double share = others.share();
    assertTrue(share >= 0 && share <= 1, () -> "share " + share);
  }
}
