package org.gradus.autograd.array;

import static org.gradus.autograd.array.DType.FLOAT32;
import static org.gradus.autograd.array.DType.FLOAT64;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrowsExactly;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Arrays made from other things than numbers and a shape. */
class MakingTest {

  // ---- values and nested arrays ----------------------------------------------------------------

  @Test
  void valuesAloneAreOfRankOne() {
    assertEquals(NdArray.of(new float[] {1.5f, 2}, 2), NdArray.of(1.5f, 2f));
    assertEquals(NdArray.of(new double[] {1.5, 2}, 2), NdArray.of(1.5, 2));
    assertEquals(NdArray.of(new float[] {1, 2}, 2), NdArray.of(1, 2));
    assertEquals(NdArray.of(new double[] {1, 1 << 30}, 2), NdArray.of(FLOAT64, 1, 1 << 30));
    assertEquals(NdArray.of(new float[] {-(1 << 24)}, 1), NdArray.of(FLOAT32, -(1 << 24)));
    float[] values = {3, 4};
    NdArray copied = NdArray.of(values);
    values[0] = 9;
    assertEquals(NdArray.of(3f, 4f), copied);
    assertEquals(Shape.of(1), NdArray.of(new double[] {7}).shape());
    assertEquals(Shape.of(0), NdArray.of(new float[0]).shape());
  }

  @Test
  void wholeNumbersAreNotRounded() {
    assertRefused(
        IllegalArgumentException.class,
        "array: value 16777217 at 1 is no FLOAT32: the nearest is 16777216",
        () -> NdArray.of(1, (1 << 24) + 1));
    assertEquals((1 << 24) + 1, NdArray.of(FLOAT64, (1 << 24) + 1).item());
  }

  @Test
  void nestedArraysHaveAnAxisForEachLevel() {
    float[][] rows = {{1, 2, 3}, {4, 5, 6}};
    NdArray matrix = NdArray.of(rows);
    rows[0][0] = 9;
    assertEquals(NdArray.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3), matrix);
    float[][][] cube = {{{1, 2}}, {{3, 4}}, {{5, 6}}};
    assertEquals(NdArray.of(new float[] {1, 2, 3, 4, 5, 6}, 3, 1, 2), NdArray.of(cube));
    float[][][][] images = {{{{1, 2}, {3, 4}}}};
    assertEquals(NdArray.of(new float[] {1, 2, 3, 4}, 1, 1, 2, 2), NdArray.of(images));
    double[][] wide = {{1}, {2}};
    assertEquals(NdArray.of(new double[] {1, 2}, 2, 1), NdArray.of(wide));
    double[][][] wider = {{{1, 2}, {3, 4}}};
    assertEquals(NdArray.of(new double[] {1, 2, 3, 4}, 1, 2, 2), NdArray.of(wider));
    double[][][][] widest = {{{{1}}, {{2}}}};
    assertEquals(NdArray.of(new double[] {1, 2}, 1, 2, 1, 1), NdArray.of(widest));
  }

  @Test
  void nestedArraysMayBeEmpty() {
    assertEquals(Shape.of(0, 0), NdArray.of(new float[0][3]).shape());
    assertEquals(Shape.of(2, 0), NdArray.of(new double[2][0]).shape());
    assertEquals(Shape.of(2, 3, 0), NdArray.of(new float[2][3][0]).shape());
    assertEquals(Shape.of(2, 0, 0), NdArray.of(new float[2][0][5]).shape());
  }

  @Test
  void raggedArraysAreRefused() {
    assertRefused(
        ShapeException.class,
        "array: values[1] has 2 elements, but values[0] has 3",
        () -> NdArray.of(new float[][] {{1, 2, 3}, {4, 5}}));
    assertRefused(
        ShapeException.class,
        "array: values[1] has 1 elements, but values[0] has 2",
        () -> NdArray.of(new double[][][] {{{1}, {2}}, {{3}}}));
    assertRefused(
        ShapeException.class,
        "array: values[1][0] has 2 elements, but values[0][0] has 1",
        () -> NdArray.of(new double[][][] {{{1}, {2}}, {{3, 4}, {5}}}));
    assertRefused(
        ShapeException.class,
        "array: values[0][0][1] has 0 elements, but values[0][0][0] has 1",
        () -> NdArray.of(new float[][][][] {{{{1}, {}}}}));
    assertRefused(
        ShapeException.class,
        "array: values[1] has 3 elements, but values[0] has 0",
        () -> NdArray.of(new float[][] {{}, {1, 2, 3}}));
  }

  @Test
  @SuppressWarnings("NullAway") // which is what is refused
  void nullInNestedArraysIsRefused() {
    assertNull("array: values[1] is null", () -> NdArray.of(new float[][] {{1}, null}));
    assertNull("array: values[0] is null", () -> NdArray.of(new float[][] {null, {1}}));
    assertNull(
        "array: values[0][1] is null",
        () -> NdArray.of(new double[][][] {{{1}, null}, {{2}, {3}}}));
    assertNull("array: values[0][0] is null", () -> NdArray.of(new double[][][] {{null}}));
  }

  // ---- ranges ----------------------------------------------------------------------------------

  @ParameterizedTest
  @EnumSource
  void arangeStopsBeforeTheEnd(DType dtype) {
    assertEquals(NdArray.of(dtype, 0, 1, 2), NdArray.arange(dtype, 0, 3, 1));
    assertEquals(NdArray.of(dtype, 2, 5, 8), NdArray.arange(dtype, 2, 8.5, 3));
    assertEquals(NdArray.of(dtype, 5, 3, 1), NdArray.arange(dtype, 5, 0, -2));
    assertEquals(Shape.of(0), NdArray.arange(dtype, 3, 3, 1).shape());
    assertEquals(Shape.of(0), NdArray.arange(dtype, 3, 0, 1).shape());
    assertEquals(dtype == FLOAT32 ? 0.75f : 0.75, NdArray.arange(dtype, 0, 1, 0.25).at(3));
  }

  @Test
  void arangeRefusesWhatDoesNotEnd() {
    assertRefused(
        IllegalArgumentException.class,
        "arange: from 0.0 to 5.0 by 0.0, expected finite numbers, and a step other than 0",
        () -> NdArray.arange(FLOAT32, 0, 5, 0));
    assertRefused(
        IllegalArgumentException.class,
        "arange: from NaN to 5.0 by 1.0, expected finite numbers, and a step other than 0",
        () -> NdArray.arange(FLOAT32, Double.NaN, 5, 1));
    assertRefused(
        IllegalArgumentException.class,
        "arange: from 0.0 to Infinity by 1.0, expected finite numbers, and a step other than 0",
        () -> NdArray.arange(FLOAT32, 0, Double.POSITIVE_INFINITY, 1));
    assertRefused(
        ShapeException.class,
        "arange: from 0.0 to 1.0 by 1.0E-10 are 1.0E10 elements, and an array holds at most"
            + " 2147483647",
        () -> NdArray.arange(FLOAT32, 0, 1, 1e-10));
  }

  @Test
  void linspaceHasBothEnds() {
    assertEquals(NdArray.of(0, 0.25, 0.5, 0.75, 1), NdArray.linspace(FLOAT64, 0, 1, 5));
    assertEquals(NdArray.of(1.0, 1.3), NdArray.linspace(FLOAT64, 1, 1.3, 2));
    assertEquals(0.3, NdArray.linspace(FLOAT64, 0, 1, 11).at(3)); // 3 0.1 is more
    assertEquals(NdArray.of(3f, 2, 1), NdArray.linspace(FLOAT32, 3, 1, 3));
    assertEquals(NdArray.of(7.0), NdArray.linspace(FLOAT64, 7, 9, 1));
    assertEquals(Shape.of(0), NdArray.linspace(FLOAT64, 7, 9, 0).shape());
    double most = Double.MAX_VALUE; // the distance is more than that
    assertEquals(NdArray.of(-most, 0, most), NdArray.linspace(FLOAT64, -most, most, 3));
    assertRefused(
        ShapeException.class,
        "linspace: [-1] has the negative extent -1",
        () -> NdArray.linspace(FLOAT32, 0, 1, -1));
    assertRefused(
        IllegalArgumentException.class,
        "linspace: from 0.0 to Infinity, expected finite numbers",
        () -> NdArray.linspace(FLOAT32, 0, Double.POSITIVE_INFINITY, 3));
  }

  @ParameterizedTest
  @EnumSource
  void eyeIsTheUnitMatrix(DType dtype) {
    assertEquals(NdArray.of(dtype, 1, 0, 0, 1).reshape(2, 2), NdArray.eye(dtype, 2));
    assertEquals(Shape.of(0, 0), NdArray.eye(dtype, 0).shape());
    assertRefused(
        ShapeException.class,
        "eye: [-1, -1] has the negative extent -1",
        () -> NdArray.eye(dtype, -1));
  }

  // ---- random numbers --------------------------------------------------------------------------

  @ParameterizedTest
  @EnumSource
  void randomNumbersAreThoseOfTheGenerator(DType dtype) {
    Shape shape = Shape.of(200, 100);
    NdArray uniform = NdArray.rand(dtype, shape, new SplittableRandom(5));
    assertEquals(uniform, NdArray.rand(dtype, shape, new SplittableRandom(5)));
    assertMoments(uniform, 0.5, 1 / 12.0);
    for (double x : uniform.toDoubleArray()) {
      assertTrue(x >= 0 && x < 1);
    }
    NdArray normal = NdArray.randn(dtype, shape, new SplittableRandom(5));
    assertEquals(normal, NdArray.randn(dtype, shape, new SplittableRandom(5)));
    assertMoments(normal, 0, 1);
  }

  private static void assertMoments(NdArray array, double mean, double variance) {
    double sum = 0;
    double squares = 0;
    for (double x : array.toDoubleArray()) {
      sum += x;
      squares += (x - mean) * (x - mean);
    }
    assertEquals(mean, sum / array.size(), 0.03);
    assertEquals(variance, squares / array.size(), 0.05);
  }

  /** The double next below 1 is 1 as a float. */
  @Test
  void uniformNumbersAreBelowOneInEachType() {
    RandomGenerator last =
        new RandomGenerator() {
          @Override
          public long nextLong() {
            return -1;
          }
        };
    for (DType dtype : DType.values()) {
      assertTrue(NdArray.rand(dtype, Shape.of(2), last).at(1) < 1, dtype::toString);
    }
  }

  // ---- other shapes ----------------------------------------------------------------------------

  @Test
  void reshapeFindsOneExtent() {
    NdArray x = NdArray.arange(FLOAT32, 0, 12, 1);
    assertEquals(Shape.of(3, 4), x.reshape(3, 4).shape());
    assertEquals(Shape.of(2, 2, 3), x.reshape(2, -1, 3).shape());
    assertSame(x.storage(), x.reshape(4, -1).storage());
    assertArrayEquals(x.toFloatArray(), x.reshape(-1, 1).toFloatArray());
    assertEquals(Shape.SCALAR, NdArray.of(7.0).reshape().shape());
    assertRefused(
        ShapeException.class,
        "reshape: [12] has 12 elements, but [5, 2] has 10",
        () -> x.reshape(5, 2));
    assertRefused(
        ShapeException.class,
        "reshape: no single extent in place of -1 makes [5, -1] hold the 12 elements of [12]",
        () -> x.reshape(5, -1));
    assertRefused(
        ShapeException.class,
        "reshape: [-1, -1] has more than one -1, expected at most one",
        () -> x.reshape(-1, -1));
    assertRefused(
        ShapeException.class,
        "reshape: [-2, 6] has the negative extent -2",
        () -> x.reshape(-2, 6));
  }

  private static void assertNull(String message, Executable call) {
    assertEquals(message, assertThrowsExactly(NullPointerException.class, call).getMessage());
  }

  private static void assertRefused(
      Class<? extends IllegalArgumentException> type, String message, Executable call) {
    assertEquals(message, assertThrowsExactly(type, call).getMessage());
  }
}
