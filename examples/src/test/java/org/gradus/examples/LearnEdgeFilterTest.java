package org.gradus.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.gradus.autograd.array.NdArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LearnEdgeFilterTest {

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void recoversSobelsFilter(long seed) {
    assertRecovered(LearnEdgeFilter.SOBEL, seed);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void recoversLaplacesFilter(long seed) {
    assertRecovered(LearnEdgeFilter.LAPLACE, seed);
  }

  private static void assertRecovered(NdArray filter, long seed) {
    List<Double> losses = new ArrayList<>();
    LearnEdgeFilter.Learned learned =
        LearnEdgeFilter.learn(filter, seed, (step, loss) -> losses.add(loss));
    assertTrue(Numbers.maxDifference(filter, learned.filter()) < 0.01, learned::toString);
    assertEquals(0, learned.bias(), 0.01);
    assertTrue(losses.get(0) > 0.1, () -> "loss " + losses.get(0) + ": nothing was to be learnt");
    assertTrue(learned.loss() < 1e-4, learned::toString);
  }

  @Test
  void printsTheLossAndBothFilters() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    LearnEdgeFilter.run(
        LearnEdgeFilter.SOBEL, 1, new PrintStream(bytes, true, StandardCharsets.UTF_8));
    String text = bytes.toString(StandardCharsets.UTF_8);
    assertEquals(8, text.lines().filter(line -> line.startsWith("step ")).count());
    assertTrue(text.contains(" -1.0000   0.0000   1.0000   |"), text);
    assertTrue(text.contains("largest difference 0.00"), text);
  }
}
