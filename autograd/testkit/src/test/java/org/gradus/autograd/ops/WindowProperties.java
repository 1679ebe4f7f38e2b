package org.gradus.autograd.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrowsExactly;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.statistics.Statistics;
import net.jqwik.api.statistics.StatisticsReport;
import net.jqwik.api.statistics.StatisticsReport.StatisticsReportMode;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.ShapeException;
import org.gradus.autograd.ops.NaivePooling.Side;

/** Where windows lie, against sliding them by hand; many of those drawn do not fit. */
class WindowProperties {

  @Property(tries = 5000, seed = "20260501", edgeCases = EdgeCasesMode.NONE)
  @StatisticsReport(StatisticsReportMode.OFF)
  void countsThePlacesThatAWindowTakes(@ForAll("sides") Side side) {
    boolean fits = side.outputs() > 0;
    Statistics.label("fits").collect(fits);
    Statistics.label("fits").coverage(c -> c.check(true).percentage(p -> p > 50 && p < 95));
    if (!fits) {
      assertThrowsExactly(ShapeException.class, () -> window(side));
      return;
    }
    Window window = window(side);
    assertEquals(side.outputs(), window.output());
    assertEquals(side.remainder(), window.remainder());
    assertEquals(side.touchesInput(), window.alwaysOnInput());
    Statistics.label("remainder").collect(window.remainder() > 0);
    Statistics.label("remainder").coverage(c -> c.check(true).percentage(p -> p > 10));
    boolean hangsOver = side.padded(side.outputs() - 1) < side.kernel();
    Statistics.label("over").collect(hangsOver);
    Statistics.label("over").coverage(c -> c.check(true).percentage(p -> p > 5));
  }

  /** Every small window that fits; here and there one lies on padding alone. */
  @Example
  void knowsOfEverySmallWindowWhetherItIsAlwaysOnTheInput() {
    int[] most = {6, 3, 4, 5, 5, 5, 1};
    int[] least = {0, 1, 1, 0, 0, 1, 0};
    int windows = 0;
    int onPadding = 0;
    int[] n = least.clone();
    for (int digit = 0; digit < n.length; ) {
      Side side = new Side(n[0], n[1], n[2], n[3], n[4], n[5], n[6] == 1);
      if (side.outputs() > 0) {
        assertEquals(side.touchesInput(), window(side).alwaysOnInput(), side::toString);
        windows++;
        onPadding += side.touchesInput() ? 0 : 1;
      }
      for (digit = 0; digit < n.length && ++n[digit] > most[digit]; digit++) {
        n[digit] = least[digit];
      }
    }
    assertTrue(windows > 20_000 && onPadding > 5_000, windows + " windows, " + onPadding);
  }

  /** No more steps are needed for windows that take a billion places. */
  @Example
  void refusesLargeWindowsAsItDoesSmallOnes() {
    int large = 1 << 30;
    Window whole = new Window(1, 1, 1, 0, 0, 1);
    for (Window window :
        new Window[] {
          new Window(large, 1, 1, 0, 1, 1), // the last place alone is on padding
          new Window(large, 2, 1, 3, 0, 1),
          new Window(large, 3, 1, 2, 3, 1),
          new Window(1, 1, 1, 0, large, 1),
          new Window(1, 1, 1, large, 0, large),
          new Window(2, 3, 1, 1, large - 2, 2)
        }) {
      assertFalse(window.alwaysOnInput(), window::toString);
      assertThrowsExactly(ShapeException.class, () -> new PoolGeometry(window, whole));
      assertThrowsExactly(ShapeException.class, () -> new PoolGeometry(whole, window));
    }
    assertTrue(new Window(large, 2, 1, 1, 1, 1).alwaysOnInput());
    assertTrue(new Window(large, 3, 1, 2, 2, 1, true).alwaysOnInput());
  }

  /** Windows that do not fit, or that lie on padding alone, are refused; all others pool. */
  @Property(tries = 2000, seed = "20260502", edgeCases = EdgeCasesMode.NONE)
  @StatisticsReport(StatisticsReportMode.OFF)
  void poolsWhereverThereIsSomethingToSee(
      @ForAll("sides") Side height, @ForAll("sides") Side width) {
    Tensor x = Values.zeros(1, 2, height.input(), width.input());
    PoolOptions options =
        new PoolOptions(
            height.kernel(), width.kernel(), slide(height), slide(width), height.up(), true);
    Side across =
        new Side(
            width.input(),
            width.kernel(),
            width.stride(),
            width.padBefore(),
            width.padAfter(),
            width.dilation(),
            height.up());
    boolean possible = isPossible(height) && isPossible(across);
    Statistics.label("possible").collect(possible);
    Statistics.label("possible").coverage(c -> c.check(true).percentage(p -> p > 25 && p < 75));
    if (possible) {
      assertEquals(
          Values.shape(1, 2, height.outputs(), across.outputs()),
          Ops.maxPool2d(x, options).shape());
      assertEquals(Ops.maxPool2d(x, options).value(), Ops.avgPool2d(x, options).value());
    } else {
      assertThrowsExactly(ShapeException.class, () -> Ops.maxPool2d(x, options));
      assertThrowsExactly(ShapeException.class, () -> Ops.avgPool2d(x, options));
    }
  }

  private static boolean isPossible(Side side) {
    return side.outputs() > 0 && side.touchesInput();
  }

  private static Window window(Side s) {
    return new Window(
        s.input(), s.kernel(), s.stride(), s.padBefore(), s.padAfter(), s.dilation(), s.up());
  }

  private static WindowOptions slide(Side s) {
    return new WindowOptions(s.stride(), s.padBefore(), s.padAfter(), s.dilation(), false, false);
  }

  /** Padding that is chosen makes ceil(input / stride) outputs, and is as even as it can be. */
  @Property(tries = 2000, seed = "20260503", edgeCases = EdgeCasesMode.NONE)
  void samePaddingKeepsTheSize(@ForAll("sides") Side s) {
    WindowOptions same = new WindowOptions(s.stride(), 7, 7, s.dilation(), true, false);
    if (s.input() == 0) { // no outputs, so that no window fits
      assertThrowsExactly(
          ShapeException.class, () -> same.over("op", "axis", 0, s.kernel(), false));
      return;
    }
    Window window = same.over("op", "axis", s.input(), s.kernel(), false);
    assertEquals((s.input() + s.stride() - 1) / s.stride(), window.output());
    assertTrue(window.padAfter() - window.padBefore() <= 1);
    assertTrue(window.padAfter() >= window.padBefore());
    int total = window.padBefore() + window.padAfter();
    assertTrue(total == 0 || window.remainder() == 0, "no more padding than is read");
  }

  @Provide
  Arbitrary<Side> sides() {
    Arbitrary<Integer> oneToThree = Arbitraries.integers().between(1, 3);
    Arbitrary<Integer> padding =
        Arbitraries.frequencyOf(
            Tuple.of(3, Arbitraries.just(0)), Tuple.of(2, Arbitraries.integers().between(1, 2)));
    return Combinators.combine(
            Arbitraries.integers().between(0, 8),
            oneToThree,
            oneToThree,
            padding,
            padding,
            oneToThree,
            Arbitraries.of(true, false))
        .as(Side::new);
  }
}
