package org.gradus.layers.optim;

import static org.gradus.layers.optim.Schedule.constant;
import static org.gradus.layers.optim.Schedule.cosine;
import static org.gradus.layers.optim.Schedule.cosineRestarts;
import static org.gradus.layers.optim.Schedule.exponential;
import static org.gradus.layers.optim.Schedule.oneCycle;
import static org.gradus.layers.optim.Schedule.steps;
import static org.gradus.layers.optim.Schedule.warmUp;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Factors worked out by hand from the formulas; cos(pi / 3) = 1/2, cos(pi / 4) = 1 / sqrt 2. */
class ScheduleTest {
  private static final double QUARTER = (1 + Math.sqrt(0.5)) / 2;

  static Stream<Arguments> factors() {
    return Stream.of(
        row(constant(), 1, 1, 1),
        row(steps(2, 0.5), 1, 1, 0.5, 0.5, 0.25, 0.25, 0.125),
        row(exponential(0.5), 1, 0.5, 0.25, 0.125),
        row(exponential(0), 1, 0, 0),
        row(cosine(3), 1, 0.75, 0.25, 0, 0, 0),
        row(cosine(3, 0.2), 1, 0.8, 0.4, 0.2, 0.2),
        row(cosine(1), 1, 0, 0),
        row(cosineRestarts(3, 1, 0), 1, 0.75, 0.25, 1, 0.75, 0.25, 1),
        row(cosineRestarts(2, 2, 0.5), 1, 0.75, 1, 0.5 + QUARTER / 2, 0.75, 1 - QUARTER / 2, 1),
        row(warmUp(4), 0.25, 0.5, 0.75, 1, 1, 1),
        row(warmUp(1), 1, 1),
        row(warmUp(2).then(2, cosine(3)), 0.5, 1, 1, 0.75, 0.25, 0, 0),
        row(constant().then(0, exponential(0.5)), 1, 0.5, 0.25),
        row(exponential(0.5).per(3), 1, 1, 1, 0.5, 0.5, 0.5, 0.25),
        row(exponential(0.5).times(steps(2, 0.1)), 1, 0.5, 0.025, 0.0125),
        // Up to step 0.3 * 10 - 1 = 2, then down to step 9.
        row(
            oneCycle(10, 0.3, 0.5, 0),
            0.5,
            0.75,
            1,
            half(1.0 / 7),
            half(2.0 / 7),
            half(3.0 / 7),
            half(4.0 / 7),
            half(5.0 / 7),
            half(6.0 / 7),
            0,
            0,
            0),
        row(
            oneCycle(4, 0, 0.5, 0.25),
            0.25 + 0.75 * half(0.25),
            0.625,
            0.25 + 0.75 * half(0.75),
            0.25,
            0.25),
        row(oneCycle(3, 0.3, 0.5, 0), half(0.1 / 2.1), half(1.1 / 2.1), 0, 0),
        row(oneCycle(1, 0.3, 0.5, 0.25), 0.25, 0.25));
  }

  private static double half(double share) {
    return (1 + Math.cos(Math.PI * share)) / 2;
  }

  private static Arguments row(Schedule schedule, double... expected) {
    return Arguments.of(schedule, expected);
  }

  @ParameterizedTest
  @MethodSource("factors")
  void gives(Schedule schedule, double[] expected) {
    double[] actual = IntStream.range(0, expected.length).mapToDouble(schedule::factor).toArray();
    assertArrayEquals(expected, actual, 1e-15);
  }

  /** As PyTorch's OneCycleLR(max_lr=1, total_steps=100). */
  @Test
  void oneCycleHasPyTorchsProportions() {
    Schedule schedule = oneCycle(100);
    assertEquals(1.0 / 25, schedule.factor(0), 1e-15);
    assertEquals(1, schedule.factor(29), 1e-15);
    assertEquals(1.0 / 25e4, schedule.factor(99), 1e-15);
    assertEquals((1.0 / 25 + 1) / 2, schedule.factor(14) / 2 + schedule.factor(15) / 2, 1e-15);
  }

  /** Any step can be asked for, in any order: nothing is remembered. */
  @Test
  void farStepsAreQuick() {
    assertEquals(1, cosineRestarts(10, 1, 0).factor(10L * Integer.MAX_VALUE), 1e-15);
    assertEquals(0, cosine(5).factor(Long.MAX_VALUE), 1e-15);
    assertEquals(1, warmUp(5).factor(1L << 60), 1e-15);
    long first = 1L << 40; // the second fall would be longer than any number
    assertEquals(1, cosineRestarts(first, Integer.MAX_VALUE, 0).factor(first), 1e-15);
    assertEquals(1, cosineRestarts(first, Integer.MAX_VALUE, 0).factor(first + 5), 1e-15);
    Schedule long2 = cosineRestarts(1, 2, 0);
    assertEquals(1, long2.factor((1L << 40) - 1), 1e-15);
  }

  static Stream<Arguments> wrongCalls() {
    String finite = ", expected a finite number of at least 0";
    String one = ", expected at least 1";
    return Stream.of(
        wrong("steps: every is 0" + one, () -> steps(0, 0.5)),
        wrong("steps: ratio is NaN" + finite, () -> steps(1, Double.NaN)),
        wrong("exponential: ratio is -1.0" + finite, () -> exponential(-1)),
        wrong("cosine: steps is 0" + one, () -> cosine(0)),
        wrong("cosine: floor is Infinity" + finite, () -> cosine(1, Double.POSITIVE_INFINITY)),
        wrong("cosineRestarts: first is 0" + one, () -> cosineRestarts(0, 1, 0)),
        wrong("cosineRestarts: growth is 0" + one, () -> cosineRestarts(1, 0, 0)),
        wrong("cosineRestarts: floor is -1.0" + finite, () -> cosineRestarts(1, 1, -1)),
        wrong("warmUp: steps is 0" + one, () -> warmUp(0)),
        wrong("oneCycle: steps is 0" + one, () -> oneCycle(0)),
        wrong(
            "oneCycle: rising is 1.0, expected at least 0 and below 1",
            () -> oneCycle(10, 1, 0, 0)),
        wrong("oneCycle: start is -1.0" + finite, () -> oneCycle(10, 0.5, -1, 0)),
        wrong("oneCycle: end is NaN" + finite, () -> oneCycle(10, 0.5, 0, Double.NaN)),
        wrong("then: steps is -1, expected at least 0", () -> constant().then(-1, constant())),
        wrong("per: steps is 0" + one, () -> constant().per(0)));
  }

  private static Arguments wrong(String message, Executable call) {
    return Arguments.of(message, call);
  }

  @ParameterizedTest
  @MethodSource("wrongCalls")
  void refuses(String message, Executable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
  }
}
