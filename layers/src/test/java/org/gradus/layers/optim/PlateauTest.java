package org.gradus.layers.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.update.Sgd;
import org.gradus.layers.Parameter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PlateauTest {
  private static final Plateau HALF = new Plateau().factor(0.5).absolute(0);

  private static Optimizer optimizer() {
    return new Optimizer(List.of(new Parameter("p", NdArray.of(new double[] {1}, 1))), new Sgd(1));
  }

  /** The rate after each measure. */
  private static double[] rates(Plateau plateau, double... measures) {
    Optimizer optimizer = optimizer().plateau(plateau);
    return DoubleStream.of(measures)
        .map(
            measure -> {
              optimizer.observe(measure);
              return optimizer.rate();
            })
        .toArray();
  }

  @Test
  void fallsAfterMoreThanSoManyMeasuresInARowThatAreNoBetter() {
    assertArrayEquals(
        new double[] {1, 1, 1, 1, 1, 1, 0.5, 0.5, 0.5, 0.25},
        rates(HALF.patience(2), 5, 5, 6, 4, 4, 4, 4, 9, 9, 9));
    assertArrayEquals(
        new double[] {1, 0.5, 0.25, 0.25, 0.125}, rates(HALF.patience(0), 5, 5, 5, 4, 4));
  }

  @Test
  void aMeasureMustBeBetterByTheThreshold() {
    double[] falling = {10, 9.5, 9, 8.5};
    assertArrayEquals(new double[] {1, 1, 1, 1}, rates(HALF.patience(0).absolute(0.25), falling));
    assertArrayEquals(
        new double[] {1, 0.5, 0.25, 0.25}, rates(HALF.patience(0).absolute(1.25), falling));
    assertArrayEquals(
        new double[] {1, 0.5, 0.25, 0.25}, rates(HALF.patience(0).relative(0.125), falling));
    double[] negative = {-10, -10.5, -12};
    assertArrayEquals(
        new double[] {1, 0.5, 0.5}, rates(HALF.patience(0).relative(0.125), negative));
  }

  @Test
  void aMeasureMayGetBetterByGrowing() {
    Plateau accuracy = HALF.patience(0).largerIsBetter();
    assertArrayEquals(
        new double[] {1, 1, 0.5, 0.25, 0.25}, rates(accuracy, 0.5, 0.6, 0.6, 0.5, 0.7));
    assertArrayEquals(new double[] {1, 0.5, 0.5}, rates(accuracy.relative(0.5), 1, 1.25, 2));
    assertArrayEquals(new double[] {1, 0.5, 0.5}, rates(accuracy.absolute(0.5), -1, -0.75, 1));
  }

  @Test
  void measuresDoNotCountWhileItCoolsDown() {
    assertArrayEquals(
        new double[] {1, 0.5, 0.5, 0.5, 0.25}, rates(HALF.patience(0).cooldown(2), 5, 5, 5, 5, 5));
  }

  @Test
  void neverFallsBelowItsLeast() {
    assertArrayEquals(
        new double[] {1, 0.5, 0.3, 0.3}, rates(HALF.patience(0).least(0.3), 5, 5, 5, 5));
  }

  @Test
  void infiniteMeasuresAreNoBetter() {
    double infinity = Double.POSITIVE_INFINITY;
    assertArrayEquals(
        new double[] {0.5, 0.25, 0.25},
        rates(new Plateau().factor(0.5).patience(0), infinity, infinity, 3));
  }

  @Test
  void itMultipliesTheSchedule() {
    Optimizer optimizer = optimizer().plateau(HALF.patience(0)).schedule(step -> 0.25);
    optimizer.observe(1);
    optimizer.observe(1);
    assertEquals(0.125, optimizer.rate());
    optimizer.rate(4);
    assertEquals(0.5, optimizer.rate());
  }

  @Test
  void defaultsArePyTorchs() {
    assertEquals(new Plateau(0.1, 10, 1e-4, true, false, 0, 0), new Plateau());
  }

  @Test
  void observeNeedsAPlateauAndANumber() {
    Optimizer optimizer = optimizer();
    IllegalStateException without =
        assertThrows(IllegalStateException.class, () -> optimizer.observe(1));
    assertEquals("observe: there is no plateau to tell; call plateau first", without.getMessage());
    optimizer.plateau(HALF);
    IllegalArgumentException refusal =
        assertThrows(IllegalArgumentException.class, () -> optimizer.observe(Double.NaN));
    assertEquals("observe: measure NaN, expected a number", refusal.getMessage());
  }

  static Stream<Arguments> wrongCalls() {
    return Stream.of(
        wrong("factor is 1.0, expected above 0 and below 1", () -> HALF.factor(1)),
        wrong("factor is 0.0, expected above 0 and below 1", () -> HALF.factor(0)),
        wrong("patience is -1, expected at least 0", () -> HALF.patience(-1)),
        wrong("threshold is -1.0, expected a finite number of at least 0", () -> HALF.absolute(-1)),
        wrong(
            "threshold is NaN, expected a finite number of at least 0",
            () -> HALF.relative(Double.NaN)),
        wrong("cooldown is -1, expected at least 0", () -> HALF.cooldown(-1)),
        wrong("least is 2.0, expected at least 0 and at most 1", () -> HALF.least(2)));
  }

  private static Arguments wrong(String message, Executable call) {
    return Arguments.of(message, call);
  }

  @ParameterizedTest
  @MethodSource("wrongCalls")
  void refuses(String message, Executable call) {
    IllegalArgumentException refusal = assertThrows(IllegalArgumentException.class, call);
    assertEquals("plateau: " + message, refusal.getMessage());
  }
}
