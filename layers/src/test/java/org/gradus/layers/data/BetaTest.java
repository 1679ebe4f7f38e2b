package org.gradus.layers.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Draws against the moments and the distribution functions that are known. */
class BetaTest {
  private static final int DRAWS = 40_000;

  private static double[] draws(double a) {
    SplittableRandom random = new SplittableRandom(1);
    double[] draws = new double[DRAWS];
    Arrays.setAll(draws, i -> Beta.symmetric(a, random));
    return draws;
  }

  private static double mean(double[] draws, DoubleUnaryOperator f) {
    return Arrays.stream(draws).map(f).sum() / draws.length;
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.001, 0.05, 0.2, 0.5, 0.999, 1, 1.5, 4, 50, 1000})
  void momentsOfBeta(double a) {
    double[] draws = draws(a);
    double variance = 1 / (4 * (2 * a + 1));
    double fourth = 3 / (16 * (2 * a + 1) * (2 * a + 3));

    assertEquals(0.5, mean(draws, x -> x), 5 * Math.sqrt(variance / DRAWS));
    assertEquals(variance, mean(draws, x -> Math.pow(x - 0.5, 2)), 0.03 * variance);
    assertEquals(fourth, mean(draws, x -> Math.pow(x - 0.5, 4)), 0.08 * fourth);
    assertTrue(Arrays.stream(draws).allMatch(x -> x >= 0 && x <= 1));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.1, 0.7, 1, 2.5, 30})
  void momentsOfGamma(double a) {
    SplittableRandom random = new SplittableRandom(2);
    double[] draws = new double[DRAWS];
    Arrays.setAll(draws, i -> Math.exp(Beta.logGamma(a, random)));

    double mean = mean(draws, x -> x);
    assertEquals(a, mean, 5 * Math.sqrt(a / DRAWS));
    double kurtosis = 3 + 6 / a;
    double error = 5 * a * Math.sqrt((kurtosis - 1) / DRAWS);
    assertEquals(a, mean(draws, x -> Math.pow(x - a, 2)), error);
  }

  /** Kolmogorov's distance, which is below 1.95 / sqrt(n) but for one time in a thousand. */
  private static double distance(double[] draws, DoubleUnaryOperator distribution) {
    double[] sorted = draws.clone();
    Arrays.sort(sorted);
    double distance = 0;
    for (int i = 0; i < sorted.length; i++) {
      double expected = distribution.applyAsDouble(sorted[i]);
      distance = Math.max(distance, Math.abs(expected - (i + 0.5) / sorted.length));
    }
    return distance;
  }

  @Test
  void distributionsThatAreKnown() {
    double limit = 1.95 / Math.sqrt(DRAWS);
    assertTrue(distance(draws(1), x -> x) < limit);
    assertTrue(distance(draws(0.5), x -> 2 / Math.PI * Math.asin(Math.sqrt(x))) < limit);
    assertTrue(distance(draws(2), x -> x * x * (3 - 2 * x)) < limit);
    assertTrue(distance(draws(1.5), x -> x) > limit);
  }
}
