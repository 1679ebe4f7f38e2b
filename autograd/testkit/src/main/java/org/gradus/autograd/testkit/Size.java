package org.gradus.autograd.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCases;
import net.jqwik.api.RandomGenerator;
import org.gradus.autograd.array.Shape;

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
   * blocks, shares of threads. Behind the last whole block there are none, one, or as many as there
   * can be.
   */
  static List<Integer> large() {
    return List.of(33, 64, 65, 127, 257, 1000, 1025, 4097);
  }

  /** Some of them, where few do. */
  static List<Integer> fewLarge() {
    return List.of(65, 1025);
  }

  /** Shapes with more than a few indices along two axes, three, and four; and of a high rank. */
  static List<Shape> manyAxes() {
    return List.of(
        Shape.of(9, 7), Shape.of(17, 33), Shape.of(4, 5, 6), Shape.of(4, 5, 1, 7, 4), HIGH_RANK);
  }

  private static final Shape HIGH_RANK = Shape.of(2, 1, 2, 2, 1, 2, 2, 1, 2);

  /** Pairs of such shapes, in which each is repeated along axes that the other has. */
  static List<List<Shape>> manyAxesBroadcast() {
    List<List<Shape>> pairs = new ArrayList<>();
    for (Shape whole : List.of(Shape.of(9, 7), Shape.of(4, 5, 6), Shape.of(4, 5, 4, 6))) {
      pairs.add(List.of(whole, whole));
      int all = (1 << whole.rank()) - 1;
      for (int kept = 1; kept < all; kept += whole.rank() < 4 ? 1 : 4) { // 0001, 0101, 1001, 1101
        Shape some = ones(whole, kept);
        pairs.add(List.of(whole, withoutOnesAtTheFront(some)));
        pairs.add(List.of(some, whole));
        pairs.add(List.of(some, ones(whole, ~kept)));
      }
    }
    return pairs;
  }

  private static Shape withoutOnesAtTheFront(Shape shape) {
    int[] dims = IntStream.of(shape.toArray()).dropWhile(dim -> dim == 1).toArray();
    return Shape.of(dims);
  }

  /** The shape with extent 1 on each axis whose bit is not set. */
  private static Shape ones(Shape whole, int kept) {
    Shape shape = whole;
    for (int axis = 0; axis < whole.rank(); axis++) {
      shape = (kept >> axis & 1) == 0 ? shape.with(axis, 1) : shape;
    }
    return shape;
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
