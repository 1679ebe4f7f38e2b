package org.gradus.autograd.internal.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PairwiseTest {

  /** Which addends a sum is made of, who made it, and how often an addend was rounded at most. */
  private record Part(int from, int to, boolean made, int rounded) {
    static Part sum(Part a, Part b, boolean mayChange) {
      assertEquals(a.to, b.from);
      assertEquals(mayChange, a.made);
      return new Part(a.from, b.to, true, Math.max(a.rounded, b.rounded) + 1);
    }
  }

  private static Pairwise<Part> of(int n) {
    Pairwise<Part> sum =
        new Pairwise<>((a, b) -> Part.sum(a, b, false), (a, b) -> Part.sum(a, b, true));
    IntStream.range(0, n).forEach(i -> sum.add(new Part(i, i + 1, false, 0)));
    return sum;
  }

  @ParameterizedTest
  @ValueSource(
      ints = {1, 2, 3, 31, 32, 33, 34, 63, 64, 65, 66, 95, 96, 97, 128, 1000, 4096, 100_001})
  void eachAddendIsAddedOnceInOrderAndRoundedSeldom(int n) {
    Part total = of(n).total();
    assertEquals(0, total.from());
    assertEquals(n, total.to());
    assertEquals(n > 1, total.made());
    assertTrue(total.rounded() <= 32 + Math.log(n) / Math.log(2), total.toString());
    assertTrue(total.rounded() >= Math.min(n - 1, 31), total.toString());
  }
}
