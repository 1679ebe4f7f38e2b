package org.gradus.examples.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class CostsTest {
  private static final double NETWORK = 1e9;

  @Test
  void aStepIsTheSumOfItsCosts() {
    Costs costs = new Costs(0.1, 0.01, 1e-9, 2e-9);
    double bytes = 1e6;
    // out 2 ms, back 2 of 2 ms, adding 2 of 2 ms
    assertEquals(
        4 / 2.0 + 0.1 + 0.02 + 0.002 + 0.004 + 0.004, costs.step(4, bytes, 2, NETWORK), 1e-12);
    // 100 workers would send 100 MB: in slices, by two jobs
    assertEquals(
        4 / 100.0 + 2 * (0.1 + 1) + 0.002 + 0.006 + 0.002,
        costs.step(4, bytes, 100, NETWORK),
        1e-12);
  }

  @Test
  void twoWorkersPayFromTwiceTheirCostsOn() {
    Costs costs = new Costs(0.1, 0, 0, 0);
    double least = costs.breakEven(0, NETWORK);
    assertEquals(0.2, least, 1e-12);
    assertEquals(least, costs.step(least, 0, 2, NETWORK), 1e-12);
  }

  @Test
  void moreWorkersAreNotAlwaysBetter() {
    Costs costs = new Costs(0, 0.01, 0, 0);
    assertEquals(10, costs.best(1, 0, 1000, NETWORK));
    assertEquals(1, new Costs(0, 1, 0, 0).best(0.5, 0, 1000, NETWORK));
  }
}
