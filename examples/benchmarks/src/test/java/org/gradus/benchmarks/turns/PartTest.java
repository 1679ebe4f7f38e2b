package org.gradus.benchmarks.turns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PartTest {
  @Test
  void thePartsAreAllOfTheList() {
    List<Integer> all = List.of(1, 2, 3, 4, 5, 6, 7);
    for (int count = 1; count < 10; count++) {
      List<Integer> joined = new ArrayList<>();
      for (int number = 1; number <= count; number++) {
        List<Integer> part = new Part(number, count).of(all);
        assertEquals(7.0 / count, part.size(), 1, "about as many in each");
        joined.addAll(part);
      }
      assertEquals(all, joined);
    }
  }

  @Test
  void aTextNamesAPart() {
    assertEquals(new Part(2, 5), Part.of("2/5"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "2", "2/", "/5", "two/5", "2/5/", "-1/5", "1/99999"})
  void anotherTextIsRefused(String text) {
    var thrown = assertThrows(IllegalArgumentException.class, () -> Part.of(text));
    assertEquals(
        "part: '%s', expected a number, a slash and a count".formatted(text), thrown.getMessage());
  }

  @ParameterizedTest
  @CsvSource({"0, 5", "6, 5", "1, 0"})
  void aNumberBeyondTheCountIsRefused(int number, int count) {
    var thrown = assertThrows(IllegalArgumentException.class, () -> new Part(number, count));
    assertEquals(
        "part: %s/%s, expected a number from 1 to the count of parts".formatted(number, count),
        thrown.getMessage());
  }
}
