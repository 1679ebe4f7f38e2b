package org.gradus.autograd.internal.number;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Beside those of {@link StrictMath}, which are off by less than 1 unit in the last place, but for
 * the hyperbolic tangent, and beside what 60 digits give.
 */
class ElementaryTest {

  private static final Function SIN = new Function("sin", Elementary::sin, StrictMath::sin, 1);
  private static final Function COS = new Function("cos", Elementary::cos, StrictMath::cos, 1);

  static Stream<Function> functions() {
    return Stream.of(
        new Function("exp", Elementary::exp, StrictMath::exp, 1),
        new Function("expm1", Elementary::expm1, StrictMath::expm1, 2),
        new Function("log", Elementary::log, StrictMath::log, 1),
        new Function("log1p", Elementary::log1p, StrictMath::log1p, 1),
        new Function("tanh", Elementary::tanh, StrictMath::tanh, 3),
        SIN,
        COS);
  }

  /** A function, the same of StrictMath, and by how many units they may differ. */
  record Function(String name, DoubleUnaryOperator own, DoubleUnaryOperator strict, double units) {
    @Override
    public String toString() {
      return name;
    }

    void compare(double x) {
      double expected = strict.applyAsDouble(x);
      double actual = own.applyAsDouble(x);
      if (Double.compare(expected, actual) != 0) {
        double distance = Math.abs(actual - expected) / Math.ulp(expected);
        assertTrue(
            distance <= units,
            () -> "%s(%s): expected %s, but was %s".formatted(this, x, expected, actual));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("functions")
  void ofNumbersOfAllSizes(Function f) {
    Random random = new Random(11);
    for (int i = 0; i < 200_000; i++) {
      f.compare(Double.longBitsToDouble(random.nextLong()));
      f.compare((random.nextDouble() - 0.5) * 1500);
      f.compare((random.nextDouble() - 0.5) * 4);
      f.compare(Math.scalb(random.nextDouble() - 0.5, random.nextInt(40) - 35));
      f.compare(random.nextGaussian() * 1e6);
    }
  }

  @ParameterizedTest
  @MethodSource("functions")
  void whereSomethingChanges(Function f) {
    double[] edges = {
      0,
      1,
      Double.MIN_VALUE,
      Double.MIN_NORMAL,
      Double.MAX_VALUE,
      Double.POSITIVE_INFINITY,
      Double.NaN,
      Elementary.EXP_MOST,
      -Elementary.EXP_LEAST,
      Elementary.EXP_USUAL,
      709.782712893384,
      744.4400719213812,
      745.1332191019412,
      -Elementary.EXPM1_LEAST,
      Elementary.EXPM1_LINEAR,
      Elementary.WAVE_MOST,
      Math.sqrt(0.5),
      Math.sqrt(2),
      Math.sqrt(2) - 1,
      1 - Math.sqrt(0.5),
      Math.log(2) / 2,
      Math.PI / 4,
      Math.PI / 2,
      Math.PI
    };
    for (double edge : edges) {
      for (double x : new double[] {edge, Math.nextUp(edge), Math.nextDown(edge)}) {
        f.compare(x);
        f.compare(-x);
      }
    }
  }

  /** Of all multiples of pi / 2 that it cancels, what is left has all its digits. */
  @Test
  void wavesNearTheirZeros() {
    for (int k = 1; k * Math.PI / 2 < 2 * Elementary.WAVE_MOST; k++) {
      double x = k * (Math.PI / 2);
      SIN.compare(x);
      COS.compare(x);
      SIN.compare(Math.nextUp(x));
      COS.compare(-Math.nextDown(x));
    }
  }

  @Test
  void whatIsExact() {
    assertEquals(1, Elementary.exp(0));
    assertEquals(1, Elementary.exp(-0.0));
    assertEquals(0.0, Elementary.log(1));
    assertEquals(1, Elementary.cos(0));
    for (DoubleUnaryOperator f :
        new DoubleUnaryOperator[] {
          Elementary::expm1, Elementary::log1p, Elementary::sin, Elementary::tanh
        }) {
      for (double x : new double[] {0.0, -0.0, Double.MIN_VALUE, -1e-300, 1e-20}) {
        assertEquals(x, f.applyAsDouble(x));
      }
    }
  }

  @Test
  void exponentialsInSixtyDigits() {
    Random random = new Random(5);
    for (int i = 0; i < 3000; i++) {
      double x = Math.scalb(random.nextDouble() * 2 - 1, 5 - i % 16);
      BigDecimal power = exp(new BigDecimal(x));
      assertWithin(0.75, power, Elementary.exp(x), "exp", x);
      assertWithin(1.5, power.subtract(BigDecimal.ONE), Elementary.expm1(x), "expm1", x);
      BigDecimal square = power.multiply(power);
      BigDecimal tanh = square.subtract(BigDecimal.ONE).divide(square.add(BigDecimal.ONE), DIGITS);
      assertWithin(2, tanh, Elementary.tanh(x), "tanh", x);
    }
  }

  private static final MathContext DIGITS = new MathContext(60);

  /** Taylor's series of a part of x so small that 30 terms suffice, squared again and again. */
  private static BigDecimal exp(BigDecimal x) {
    BigDecimal part = x.divide(BigDecimal.valueOf(1 << 10), DIGITS);
    BigDecimal sum = BigDecimal.ONE;
    for (int k = 30; k > 0; k--) {
      sum = sum.multiply(part).divide(BigDecimal.valueOf(k), DIGITS).add(BigDecimal.ONE);
    }
    return sum.pow(1 << 10, DIGITS);
  }

  private static void assertWithin(
      double units, BigDecimal expected, double actual, String function, double x) {
    double distance =
        new BigDecimal(actual).subtract(expected).abs().doubleValue()
            / Math.ulp(expected.doubleValue());
    assertTrue(
        distance <= units, () -> "%s(%s) is off by %s units".formatted(function, x, distance));
  }
}
