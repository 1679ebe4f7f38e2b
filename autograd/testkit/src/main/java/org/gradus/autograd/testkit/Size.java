package org.gradus.autograd.testkit;

import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCases;
import net.jqwik.api.RandomGenerator;

/**
 * How large the drawn cases are. jqwik tells each generator for how many draws it is made, and each
 * hands that on to those that it is made of, whatever they are for. The large cases are drawn as if
 * for a number that nobody draws, from which the generators of {@link Draw} read how large.
 */
final class Size {
  /** For a small case, any number does. */
  static final int SMALL = 1000;

  /**
   * Numbers of elements around and above those that code takes at once: vectors, lines of a cache,
   * blocks, shares of threads.
   */
  static List<Integer> large() {
    return List.of(33, 64, 65, 257, 1000, 1025, 4097);
  }

  /** Some of them, where few do. */
  static List<Integer> fewLarge() {
    return List.of(65, 1025);
  }

  private static final int MARK = 1_000_000_000;

  private Size() {}

  /** What tells generators to draw about this many elements. */
  static int of(int elements) {
    return MARK + elements;
  }

  private static Optional<Integer> elements(int size) {
    return size > MARK ? Optional.of(size - MARK) : Optional.empty();
  }

  /**
   * Drawn as ever, or as said for a large case.
   *
   * @param large for about this many elements
   */
  static <T> Arbitrary<T> sized(Arbitrary<T> small, IntFunction<Arbitrary<T>> large) {
    return new Sized<>(small, large);
  }

  private record Sized<T>(Arbitrary<T> small, IntFunction<Arbitrary<T>> large)
      implements Arbitrary<T> {
    @Override
    public RandomGenerator<T> generator(int size) {
      return elements(size).map(large::apply).orElse(small).generator(size);
    }

    @Override
    public EdgeCases<T> edgeCases(int most) {
      return small.edgeCases(most);
    }
  }
}
