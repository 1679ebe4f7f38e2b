package org.gradus.layers.init;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class InitializerTest {
  private static final int MANY = 200_000;

  /** Name, rule, fan in, fan out, standard deviation, kurtosis (normal 3, uniform 1.8). */
  static Stream<Arguments> rules() {
    return Stream.of(
        Arguments.of("he normal", Initializer.heNormal(), 50, 7, 0.2, 3.0),
        Arguments.of("he uniform", Initializer.heUniform(), 50, 7, 0.2, 1.8),
        Arguments.of("xavier normal", Initializer.xavierNormal(), 30, 20, 0.2, 3.0),
        Arguments.of("xavier uniform", Initializer.xavierUniform(), 30, 20, 0.2, 1.8));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rules")
  void hasTheMomentsOfItsFormula(
      String name, Initializer rule, int fanIn, int fanOut, double deviation, double kurtosis) {
    double[] x = draw(rule, DType.FLOAT64, fanIn, fanOut).toDoubleArray();

    double variance = Arrays.stream(x).map(v -> v * v).average().orElseThrow();
    double fourth = Arrays.stream(x).map(v -> v * v * v * v).average().orElseThrow();
    assertEquals(0, Arrays.stream(x).average().orElseThrow(), 0.002);
    assertEquals(deviation, Math.sqrt(variance), 0.002);
    assertEquals(kurtosis, fourth / (variance * variance), 0.05);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rules")
  void theSameSeedGivesTheSameBitsAndFloat32IsFloat64Rounded(
      String name, Initializer rule, int fanIn, int fanOut, double deviation, double kurtosis) {
    NdArray once = draw(rule, DType.FLOAT64, fanIn, fanOut);

    assertEquals(once, draw(rule, DType.FLOAT64, fanIn, fanOut));
    assertEquals(once.as(DType.FLOAT32), draw(rule, DType.FLOAT32, fanIn, fanOut));
  }

  private static NdArray draw(Initializer rule, DType dtype, int fanIn, int fanOut) {
    return rule.initialize(dtype, Shape.of(MANY), fanIn, fanOut, new SplittableRandom(1));
  }

  @Test
  void uniformStaysWithinItsBounds() {
    double[] x = draw(Initializer.heUniform(), DType.FLOAT64, 6, 1).toDoubleArray();

    assertTrue(Arrays.stream(x).allMatch(v -> v >= -1 && v < 1));
    assertTrue(Arrays.stream(x).max().orElseThrow() > 0.999);
    assertTrue(Arrays.stream(x).min().orElseThrow() < -0.999);
  }

  /** Bits that must be the same on every Java version. */
  @Test
  void drawsTheseNumbers() {
    Shape three = Shape.of(3);
    RandomGenerator random = new SplittableRandom(42);
    NdArray normal = Initializer.heNormal().initialize(DType.FLOAT64, three, 2, 1, random);
    NdArray uniform = Initializer.heUniform().initialize(DType.FLOAT64, three, 6, 1, random);

    assertEquals(
        NdArray.of(new double[] {-0.7171651812264004, 1.026760016036332, 1.0366872928889295}, 3),
        normal);
    assertEquals(
        NdArray.of(new double[] {-0.31161856695272494, -0.9239396629195076, 0.7364561530930647}, 3),
        uniform);
  }

  @Test
  void constantsDrawNothing() {
    RandomGenerator none =
        () -> {
          throw new AssertionError("a number was drawn");
        };

    assertEquals(
        NdArray.of(new float[] {0, 0}, 2),
        Initializer.zeros().initialize(DType.FLOAT32, Shape.of(2), 1, 1, none));
    assertEquals(
        NdArray.of(new float[] {0.5f, 0.5f}, 2),
        Initializer.constant(0.5).initialize(DType.FLOAT32, Shape.of(2), 1, 1, none));
  }

  @Test
  void refusesConstantsThatAreNotFinite() {
    for (double value : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
      var error = assertThrows(IllegalArgumentException.class, () -> Initializer.constant(value));
      assertEquals(
          "initializer: constant %s, expected a finite number".formatted(value),
          error.getMessage());
    }
  }
}
