package org.gradus.autograd.ops;

import static org.gradus.autograd.ops.ConvOptions.valid;
import static org.gradus.autograd.ops.Values.shape;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.function.IntToDoubleFunction;
import java.util.stream.Stream;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What one pixel does to a convolution and its adjoints: it reaches the elements whose products
 * have it, and no others.
 */
class ConvolutionSpikesTest {
  private static final Shape X = shape(1, 16, 20, 20);
  private static final Shape W = shape(16, 16, 3, 3);
  private static final Shape Y = shape(1, 16, 18, 18);
  private static final ConvGeometry GEOMETRY = valid().geometry(X, W);

  private static Tensor generate(DType type, Shape shape, IntToDoubleFunction f) {
    return Tensor.constant(NdArray.generate(type, shape, f));
  }

  /** One value everywhere, and another in one pixel of channel 3. */
  private static Tensor spiked(
      DType type, Shape shape, double background, int row, int column, double spike) {
    int at = (3 * shape.dim(2) + row) * shape.dim(3) + column;
    return generate(type, shape, i -> i == at ? spike : background);
  }

  static Stream<Arguments> spikes() {
    return Stream.of(DType.values())
        .flatMap(
            type ->
                Stream.of(
                        1e4,
                        1e6,
                        1e8,
                        1e38,
                        Double.POSITIVE_INFINITY,
                        Double.NEGATIVE_INFINITY,
                        Double.NaN)
                    .flatMap(
                        spike ->
                            Stream.of(
                                Arguments.of(type, 1.0, spike), Arguments.of(type, 0.0, spike))));
  }

  @ParameterizedTest
  @MethodSource("spikes")
  void onePixelOfAnImage(DType type, double background, double spike) {
    NdArray y =
        Ops.conv2d(spiked(type, X, background, 7, 9, spike), generate(type, W, i -> 0.5), GEOMETRY)
            .value();
    for (int i = 0; i < y.size(); i++) {
      int row = i / 18 % 18;
      int column = i % 18;
      boolean seen = row >= 5 && row <= 7 && column >= 7 && column <= 9;
      assertSum(72 * background, 0.5 * (spike - background), seen, type, y.at(i), i);
    }
  }

  @ParameterizedTest
  @MethodSource("spikes")
  void onePixelOfACotangent(DType type, double background, double spike) {
    NdArray x =
        Ops.conv2dInput(
                generate(type, W, i -> 0.5), spiked(type, Y, background, 7, 9, spike), GEOMETRY)
            .value();
    for (int i = 0; i < x.size(); i++) {
      int row = i / 20 % 20;
      int column = i % 20;
      int terms = overlaps(row) * overlaps(column) * 16;
      boolean seen = row >= 7 && row <= 9 && column >= 9 && column <= 11;
      assertSum(terms * 0.5 * background, 0.5 * (spike - background), seen, type, x.at(i), i);
    }
  }

  /** Windows that an input's row or column is in. */
  private static int overlaps(int place) {
    return Math.min(3, Math.min(place + 1, 20 - place));
  }

  @ParameterizedTest
  @MethodSource("spikes")
  void onePixelOfEither(DType type, double background, double spike) {
    Tensor halves = generate(type, Y, i -> 0.5);
    NdArray w =
        Ops.conv2dWeight(spiked(type, X, background, 0, 1, spike), halves, GEOMETRY).value();
    for (int i = 0; i < w.size(); i++) {
      boolean seen = i / 9 % 16 == 3 && i % 9 < 2; // the corner is in windows' first row alone
      assertSum(162 * background, 0.5 * (spike - background), seen, type, w.at(i), i);
    }
    Tensor ones = generate(type, X, i -> i / 20 % 20 >= 5 ? 0.5 : 0);
    w = Ops.conv2dWeight(ones, spiked(type, Y, background, 3, 4, spike), GEOMETRY).value();
    for (int i = 0; i < w.size(); i++) {
      int tapRow = i / 3 % 3;
      int rows = 18 - Math.max(0, 5 - tapRow);
      if (tapRow == 2) { // below, the spike meets zeros
        boolean seen = i / (16 * 9) == 3;
        assertSum(rows * 9 * background, 0.5 * (spike - background), seen, type, w.at(i), i);
      } else if (Double.isFinite(spike)) {
        assertSum(rows * 9 * background, 0, false, type, w.at(i), i);
      }
    }
  }

  /** A sum of products of which one may be a spike's. */
  private static void assertSum(
      double others, double spike, boolean seen, DType type, double actual, int i) {
    double expected = seen ? others + spike : others;
    double rounded = NdArray.of(new double[] {expected}, 1).as(type).at(0);
    double unit = type == DType.FLOAT32 ? 0x1p-23 : 0x1p-52;
    double absolute = Math.abs(others) + (seen && Double.isFinite(spike) ? Math.abs(spike) : 0);
    double allowed = 500 * unit * absolute;
    assertEquals(rounded, actual, allowed > 0 ? allowed : Double.MIN_VALUE, "element " + i);
    assertTrue(expected != 0 || actual == 0, "element " + i);
  }

  /** What the same in float64 says; products of 1e37 and 1e-3 are far from the end of the range. */
  @ParameterizedTest
  @EnumSource
  void largeImagesWithSmallWeights(DType type) {
    double scale = type == DType.FLOAT32 ? 1e37 : 1e307;
    Random random = new Random(3);
    double[] normals = random.doubles(X.size()).map(d -> 4 * d - 2).toArray();
    Tensor x = generate(type, X, i -> normals[i] * scale);
    Tensor w = generate(type, W, i -> normals[i] * 1e-3);
    NdArray y = Ops.conv2d(x, w, GEOMETRY).value();
    NdArray exact =
        Ops.conv2d(
                generate(DType.FLOAT64, X, i -> x.value().at(i) / scale),
                generate(DType.FLOAT64, W, i -> w.value().at(i)),
                GEOMETRY)
            .value();
    for (int i = 0; i < y.size(); i++) {
      assertEquals(exact.at(i), y.at(i) / scale, 1e-6, "output " + i);
    }
  }
}
