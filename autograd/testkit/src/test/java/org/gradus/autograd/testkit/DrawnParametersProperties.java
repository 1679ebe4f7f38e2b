package org.gradus.autograd.testkit;

import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import java.util.function.DoublePredicate;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.ops.PoolGeometry;
import org.gradus.autograd.ops.Window;
import org.gradus.autograd.testkit.Draw.ConvCase;
import org.gradus.autograd.testkit.Filled.With;

/** What jqwik fills parameters with, by the kit's provider, and what the domains promise. */
class DrawnParametersProperties {

  @Property(tries = 200, seed = "20260401")
  void shapesHaveTheRanks(@ForAll Shape any, @ForAll @Ranks(least = 2, most = 5) Shape shape) {
    assertTrue(any.rank() <= 3);
    assertTrue(shape.rank() >= 2 && shape.rank() <= 5);
  }

  @Property(tries = 200, seed = "20260402")
  void arraysHaveTheRanksAndNumbers(
      @ForAll NdArray any,
      @ForAll @Filled(With.POSITIVE) @Ranks(least = 1, most = 2) NdArray positive,
      @ForAll @Filled(With.DISTINCT) NdArray distinct,
      @ForAll @Filled(With.INTEGERS) NdArray integers) {
    assertTrue(any.shape().rank() <= 3);
    assertEach(any, x -> Math.abs(x) >= 0.1 && Math.abs(x) <= 2 && isShort(x));
    assertTrue(positive.shape().rank() >= 1 && positive.shape().rank() <= 2);
    assertEach(positive, x -> x >= 0.3 && x <= 2 && isShort(x));
    assertEach(integers, x -> Math.rint(x) == x && Math.abs(x) <= 9);
    assertEach(distinct, x -> Math.abs(x) >= 0.1);
    Set<Long> hundredths = new HashSet<>();
    assertEach(distinct, x -> hundredths.add(Math.round(x * 100)));
  }

  @Property(tries = 200, seed = "20260403")
  void geometriesFit(
      @ForAll Window window, @ForAll ConvCase convolution, @ForAll PoolGeometry pool) {
    assertTrue(window.output() >= 1);
    assertEquals(convolution.geometry().rows().output(), convolution.y().dim(2));
    assertEquals(convolution.geometry().columns().input(), convolution.x().dim(3));
    assertTrue(pool.rows().alwaysOnInput() && pool.columns().alwaysOnInput());
  }

  @Example
  void specialNumbersAreAllThere() {
    NdArray drawn = Domain.special().draw(Shape.of(500), 1);
    Set<Double> found = DoubleStream.of(drawn.toDoubleArray()).boxed().collect(toSet());
    assertTrue(
        found.containsAll(
            Set.of(
                0.0,
                -0.0,
                Double.MIN_VALUE,
                Double.MAX_VALUE,
                Double.POSITIVE_INFINITY,
                Double.NEGATIVE_INFINITY,
                Double.NaN)));
  }

  @Example
  void domainsKeepAwayFromKinksAndWithinTheirRange() {
    NdArray kinks = Domain.awayFrom(-1, 0.5).draw(Shape.of(1000), 2);
    assertEach(kinks, x -> Math.abs(x + 1) > 0.099 && Math.abs(x - 0.5) > 0.099 && isShort(x));
    assertEquals(3, kinks.map(Math::abs).at(argMax(kinks.map(Math::abs))));
    NdArray between = Domain.between(-0.25, 0.5).draw(Shape.of(1000), 3);
    assertEach(between, x -> x >= -0.25 && x <= 0.5);
    assertEquals(0.5, between.at(argMax(between)));
    assertEquals(-0.25, between.at(argMax(between.map(x -> -x))));
    NdArray integers = Domain.integers(-3, 4).draw(Shape.of(1000), 4);
    assertEquals(4, integers.at(argMax(integers)));
    assertEquals(-3, integers.at(argMax(integers.map(x -> -x))));
  }

  @Example
  void aSeedDeterminesTheNumbers() {
    for (With with : With.values()) {
      NdArray first = with.domain().draw(Shape.of(50), 5);
      assertEquals(first, with.domain().draw(Shape.of(50), 5));
      assertTrue(!first.equals(with.domain().draw(Shape.of(50), 6)));
    }
  }

  @Example
  void emptyDomainsAreRefused() {
    assertEquals(
        "domain: from 2.0 to 1.0, expected the smaller number first",
        assertThrows(IllegalArgumentException.class, () -> Domain.between(2, 1)).getMessage());
    assertEquals(
        "domain: 61 kinks leave no number of [-3, 3]",
        assertThrows(
                IllegalArgumentException.class,
                () ->
                    Domain.awayFrom(
                        IntStream.rangeClosed(-30, 30).mapToDouble(i -> i / 10.0).toArray()))
            .getMessage());
  }

  private static int argMax(NdArray x) {
    int best = 0;
    for (int i = 1; i < x.size(); i++) {
      best = x.at(i) > x.at(best) ? i : best;
    }
    return best;
  }

  private static boolean isShort(double x) {
    return x == Math.round(x * 100) / 100.0;
  }

  private static void assertEach(NdArray array, DoublePredicate holds) {
    for (int i = 0; i < array.size(); i++) {
      assertTrue(holds.test(array.at(i)), () -> "not so in " + array);
    }
  }
}
