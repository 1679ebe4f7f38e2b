package org.gradus.benchmarks.turns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.gradus.benchmarks.turns.Ratios.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RatiosTest {
  private final Ratios ratios = new Ratios();

  @Test
  void theMeanIsGeometric() {
    ratios.add("sums", "long", 8);
    ratios.add("sums", "short", 0.5);
    ratios.add("sums", "wide", 2);
    assertEquals(2, ratios.geometricMean("sums"), 1e-15);
    assertEquals(3, ratios.count("sums"));
  }

  @Test
  void groupsAreKeptApartInTheirOrder() {
    ratios.add("sums", "long", 4);
    ratios.add("maxima", "long", 3);
    ratios.add("sums", "short", 1);
    assertEquals(List.of("sums", "maxima"), ratios.groups());
    assertEquals(2, ratios.geometricMean("sums"), 1e-15);
    assertEquals(3, ratios.geometricMean("maxima"), 1e-15);
  }

  @Test
  void theLowestComeFirst() {
    ratios.add("sums", "long", 3);
    ratios.add("sums", "short", 0.5);
    ratios.add("sums", "wide", 1);
    assertEquals(List.of(new Named("short", 0.5), new Named("wide", 1)), ratios.lowest("sums", 2));
    assertEquals(3, ratios.lowest("sums", 9).size());
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
  void whatIsNoRatioIsRefused(double value) {
    var thrown =
        assertThrows(IllegalArgumentException.class, () -> ratios.add("sums", "long", value));
    assertEquals(
        "ratios: long is %s, expected a number above 0".formatted(value), thrown.getMessage());
  }

  @Test
  void aGroupWithoutRatiosIsRefused() {
    ratios.add("sums", "long", 3);
    var thrown = assertThrows(IllegalArgumentException.class, () -> ratios.geometricMean("maxima"));
    assertEquals("ratios: no group maxima, expected one of [sums]", thrown.getMessage());
  }
}
