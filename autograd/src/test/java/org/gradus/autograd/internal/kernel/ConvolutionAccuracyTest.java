package org.gradus.autograd.internal.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The accuracy of the three convolutions, for inputs that a fast way of computing them may get
 * wrong: each element by itself against the sum of its own products, computed with twice the
 * digits.
 */
class ConvolutionAccuracyTest {
  /** Of the error bound of a direct sum. */
  private static final double MULTIPLE = 8;

  /** Images, and cotangents. */
  enum Pixels {
    NORMAL,
    POSITIVE_ONES_OF_NORMAL,
    ONE_OF_FOUR,
    EQUAL_CHANNELS,
    SPIKE_AMONG_ONES,
    SPIKE_AMONG_ZEROS,
    MANY_SPIKES,
    SCALES_BY_PIXEL,
    SCALES_BY_CHANNEL,
    CHECKERBOARD,
    ZERO_BORDER,
    HALF_OF_ZEROS,
    HUGE,
    TINY,
    INFINITE_PIXEL,
    NAN_PIXEL;

    /** A value at a row and a column of a plane, of channel c. */
    double at(int c, int row, int column, int height, int width, long seed) {
      double normal = random(seed, c, row, column).nextGaussian();
      double shared = random(seed, -1, row, column).nextGaussian();
      boolean picked = row == height / 2 && column == width / 3;
      return switch (this) {
        case NORMAL -> normal;
        case POSITIVE_ONES_OF_NORMAL -> Math.max(0, normal);
        case ONE_OF_FOUR ->
            random(seed, c, row / 2, column / 2).nextInt(4) == row % 2 * 2 + column % 2
                ? normal
                : 0;
        case EQUAL_CHANNELS -> shared;
        case SPIKE_AMONG_ONES -> picked ? 1.3e6 : 0.9;
        case SPIKE_AMONG_ZEROS -> picked ? 1 : 0;
        case MANY_SPIKES -> shared > 1.5 ? normal * 1e8 : normal;
        case SCALES_BY_PIXEL -> normal * Math.exp(4 * shared);
        case SCALES_BY_CHANNEL -> normal * Math.pow(10, c % 13 - 6);
        case CHECKERBOARD -> (row + column) % 2 == 0 ? normal : 0;
        case ZERO_BORDER ->
            Math.min(row, column) < 3 || row > height - 4 || column > width - 4 ? 0 : normal;
        case HALF_OF_ZEROS -> column < width / 2 ? normal : 0;
        case HUGE -> normal * 1e37;
        case TINY -> normal * 1e-37;
        case INFINITE_PIXEL -> picked && c == 1 ? Double.NEGATIVE_INFINITY : normal;
        case NAN_PIXEL -> picked && c == 1 ? Double.NaN : normal;
      };
    }
  }

  /** Filters. */
  enum Taps3x3 {
    NORMAL,
    EQUAL,
    EQUAL_CHANNELS,
    SMALL,
    PRUNED,
    ONE_TAP,
    SCALES_BY_TAP,
    SCALES_BY_CHANNEL,
    SOME_ZERO_FILTERS,
    INFINITE_TAP;

    double at(int f, int c, int tap, long seed) {
      double normal = random(seed, f, c, tap).nextGaussian();
      double shared = random(seed, -1, -1, tap).nextGaussian();
      return switch (this) {
        case NORMAL -> normal;
        case EQUAL -> 0.3;
        case EQUAL_CHANNELS -> shared;
        case SMALL -> normal * 1e-3;
        case PRUNED -> random(seed, c, f, tap).nextInt(3) > 0 ? 0 : normal;
        case ONE_TAP -> tap == 5 ? normal : 0;
        case SCALES_BY_TAP -> normal * Math.exp(3 * shared);
        case SCALES_BY_CHANNEL -> normal * Math.pow(10, 6 - c % 13);
        case SOME_ZERO_FILTERS -> f % 3 == 0 ? 0 : normal;
        case INFINITE_TAP -> f == 2 && c == 1 && tap == 0 ? Double.POSITIVE_INFINITY : normal;
      };
    }
  }

  /** Numbers that are functions of a place. */
  private static Random random(long seed, int a, int b, int c) {
    return new Random(((seed * 1_000_003 + a) * 1_000_003 + b) * 1_000_003 + c);
  }

  private static Object planes(Precision precision, Pixels p, int channels, int h, int w, int n) {
    return precision.generate(
        n * channels * h * w,
        i -> p.at(i / (h * w) % channels, i / w % h, i % w, h, w, i / (h * w * channels) + 7L));
  }

  private static Object filters(Precision precision, Taps3x3 kind, ConvSizes s) {
    int taps = s.window().rows().kernel() * s.window().columns().kernel();
    int depth = s.groupChannels();
    return precision.generate(
        s.filters() * depth * taps,
        i -> kind.at(i / (depth * taps), i / taps % depth, i % taps, 5));
  }

  /** A sum of products with twice the digits of double, and what its error may be. */
  private static final class Sum {
    /** Products that it may have, those with padding too. */
    private final int terms;

    private double high;
    private double low;
    private double absolute;

    Sum(int terms) {
      this.terms = terms;
    }

    void add(double a, double b) {
      double product = a * b;
      double total = high + product;
      double part = total - high;
      low += (high - (total - part)) + (product - part) + Math.fma(a, b, -product);
      high = total;
      absolute += Math.abs(product);
    }

    void check(Precision precision, double actual, String what) {
      double unit = precision.ulp(1) / 2;
      double expected = high * 0 == 0 ? high + low : high;
      if (high * 0 != 0 || Double.isInfinite(precision.round(expected))) {
        assertEquals(precision.round(expected), actual, what);
      } else if (absolute == 0) {
        assertTrue(actual == 0, () -> what + " of zeros alone is " + actual);
      } else {
        double tiny = (terms + 1) * precision.ulp(0);
        double allowed = MULTIPLE * terms * unit * absolute + unit * Math.abs(expected) + tiny;
        double error = Math.abs(expected - actual);
        assertTrue(
            error <= allowed,
            () ->
                "%s is %s, not %s: %s times what is allowed"
                    .formatted(what, actual, expected, error / allowed));
      }
    }
  }

  private static Sum[] sums(int n, int terms) {
    return Stream.generate(() -> new Sum(terms)).limit(n).toArray(Sum[]::new);
  }

  private static void check(Precision precision, Sum[] expected, Object actual, String what) {
    for (int i = 0; i < expected.length; i++) {
      expected[i].check(precision, Precision.at(actual, i), what + ", element " + i);
    }
  }

  /** Checks all three convolutions of an image, filters and a cotangent. */
  private static void check(
      Precision precision, ConvSizes s, Object x, Object w, Object y, String what) {
    Sum[] outputs = sums(ConvolutionKernelsTest.sizeOfY(s), s.filterSize());
    int taps = s.window().rows().kernel() * s.window().columns().kernel();
    Sum[] inputs = sums(ConvolutionKernelsTest.sizeOfX(s), s.groupFilters() * taps);
    int pixels = s.batch() * s.window().outPlane();
    Sum[] weights = sums(ConvolutionKernelsTest.sizeOfW(s), pixels);
    ConvolutionKernelsTest.forEachTerm(
        s,
        (yAt, wAt, xAt) -> {
          double xValue = Precision.at(x, xAt);
          double wValue = Precision.at(w, wAt);
          double yValue = Precision.at(y, yAt);
          outputs[yAt].add(xValue, wValue);
          inputs[xAt].add(yValue, wValue);
          weights[wAt].add(xValue, yValue);
        });
    Kernels<Object> kernels = precision.kernels();
    Object result = precision.zeros(outputs.length);
    kernels.conv2d(s, x, w, precision.zeros(0), result);
    check(precision, outputs, result, "conv2d, " + what);
    result = precision.zeros(inputs.length);
    kernels.conv2dInput(s, w, y, result);
    check(precision, inputs, result, "conv2dInput, " + what);
    result = precision.zeros(weights.length);
    kernels.conv2dWeight(s, x, y, result);
    check(precision, weights, result, "conv2dWeight, " + what);
  }

  private static ConvSizes sizes(
      int batch, int channels, int filters, int h, int w, int kernel, int stride, int pad) {
    int outH = (h + 2 * pad - kernel) / stride + 1;
    int outW = (w + 2 * pad - kernel) / stride + 1;
    return new ConvSizes(
        batch,
        channels,
        filters,
        1,
        new WindowSizes(
            new Axis(h, kernel, stride, pad, pad, 1, outH),
            new Axis(w, kernel, stride, pad, pad, 1, outW)));
  }

  /** Windows of 3x3 and many channels, and what is computed in other ways. */
  private static final List<ConvSizes> SIZES =
      List.of(
          sizes(2, 16, 17, 9, 14, 3, 1, 1),
          sizes(1, 17, 18, 9, 14, 3, 1, 1),
          sizes(1, 19, 16, 13, 10, 3, 1, 0),
          sizes(1, 16, 16, 8, 9, 3, 1, 2),
          sizes(2, 3, 5, 11, 9, 3, 1, 1),
          sizes(2, 5, 2, 9, 12, 3, 2, 1),
          sizes(3, 4, 9, 12, 12, 3, 1, 0),
          sizes(2, 2, 1, 10, 11, 3, 1, 1));

  static Stream<Arguments> images() {
    return Stream.of(Precision.values())
        .flatMap(p -> Stream.of(Pixels.values()).map(kind -> Arguments.of(p, kind)));
  }

  @ParameterizedTest
  @MethodSource("images")
  void everyElementIsAccurateByItself(Precision precision, Pixels kind) {
    for (int i = 0; i < SIZES.size(); i++) {
      ConvSizes s = SIZES.get(i);
      WindowSizes v = s.window();
      Object x =
          planes(precision, kind, s.channels(), v.rows().input(), v.columns().input(), s.batch());
      for (Taps3x3 taps : Taps3x3.values()) {
        Pixels[] others = Pixels.values();
        int pick = random(i, kind.name().length(), 0, taps.name().length()).nextInt(others.length);
        Pixels other = others[pick];
        Object y =
            planes(
                precision, other, s.filters(), v.rows().output(), v.columns().output(), s.batch());
        String what = "%s, %s, %s, %s".formatted(kind, taps, other, s);
        check(precision, s, x, filters(precision, taps, s), y, what);
      }
    }
  }

  /** So many tiles that their sums are transformed, unless a few of them are most of it. */
  @ParameterizedTest
  @EnumSource
  void gradientsInWeightsAreAccurate(Precision precision) {
    ConvSizes s = sizes(3, 17, 18, 22, 21, 3, 1, 1);
    WindowSizes v = s.window();
    List<Pixels> kinds = List.of(Pixels.values());
    for (int i = 0; i < kinds.size(); i++) {
      for (int j : new int[] {i, i + 5}) {
        Pixels other = kinds.get(j % kinds.size());
        Object x =
            planes(
                precision,
                kinds.get(i),
                s.channels(),
                v.rows().input(),
                v.columns().input(),
                s.batch());
        Object y =
            planes(
                precision, other, s.filters(), v.rows().output(), v.columns().output(), s.batch());
        Sum[] weights = sums(ConvolutionKernelsTest.sizeOfW(s), s.batch() * v.outPlane());
        ConvolutionKernelsTest.forEachTerm(
            s, (yAt, wAt, xAt) -> weights[wAt].add(Precision.at(x, xAt), Precision.at(y, yAt)));
        Object result = precision.zeros(weights.length);
        precision.kernels().conv2dWeight(s, x, y, result);
        check(precision, weights, result, kinds.get(i) + ", " + other);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void zerosOfPaddingMeetNoWeight(Precision precision) {
    for (ConvSizes s : SIZES) {
      Object x = precision.generate(ConvolutionKernelsTest.sizeOfX(s), i -> 1);
      Object w = precision.generate(ConvolutionKernelsTest.sizeOfW(s), i -> 1.0 / 0);
      Object y = precision.generate(ConvolutionKernelsTest.sizeOfY(s), i -> 1);
      check(precision, s, x, w, y, "infinite weights, " + s);
    }
  }

  @ParameterizedTest
  @EnumSource
  void sumsDoNotOverflowOnTheWay(Precision precision) {
    double large = precision.isFloat() ? 3e38 : 1.7e308;
    for (ConvSizes s : SIZES) {
      WindowSizes v = s.window();
      int[] signs = {1, 1, -1, -1};
      Object x = precision.generate(ConvolutionKernelsTest.sizeOfX(s), i -> large * signs[i % 4]);
      Object w = precision.generate(ConvolutionKernelsTest.sizeOfW(s), i -> signs[i % 3]);
      Object y = precision.generate(ConvolutionKernelsTest.sizeOfY(s), i -> signs[i % 3]);
      Object result = precision.zeros(ConvolutionKernelsTest.sizeOfY(s));
      precision.kernels().conv2d(s, x, w, precision.zeros(0), result);
      double[] expected = new double[Precision.length(result)];
      ConvolutionKernelsTest.forEachTerm(
          s, (at, i, j) -> expected[at] += Math.scalb(signs[i % 3] * Precision.at(x, j), -20));
      for (int i = 0; i < expected.length; i++) {
        double rounded = precision.round(Math.scalb(expected[i], 20));
        double unit = Double.isInfinite(rounded) ? 0 : precision.ulp(large) * s.filterSize();
        assertEquals(rounded, Precision.at(result, i), unit, s + ", output " + i);
      }
      double[] gradients = new double[ConvolutionKernelsTest.sizeOfW(s)];
      ConvolutionKernelsTest.forEachTerm(
          s, (i, at, j) -> gradients[at] += Math.scalb(signs[i % 3] * Precision.at(x, j), -20));
      result = precision.zeros(gradients.length);
      precision.kernels().conv2dWeight(s, x, y, result);
      for (int i = 0; i < gradients.length; i++) {
        double rounded = precision.round(Math.scalb(gradients[i], 20));
        double unit =
            Double.isInfinite(rounded) ? 0 : precision.ulp(large) * s.batch() * v.outPlane();
        assertEquals(rounded, Precision.at(result, i), unit, s + ", weight " + i);
      }
    }
  }

  /** An output as far as it is a sum of whole channels, tap by tap. */
  private static float byTaps(ConvSizes s, float[] x, float[] w, int f, int oh, int ow) {
    WindowSizes v = s.window();
    float total = 0;
    for (int tap = 0; tap < 9; tap++) {
      int row = v.rows().at(oh, tap / 3);
      int column = v.columns().at(ow, tap % 3);
      float sum = 0;
      if (row >= 0 && row < v.rows().input() && column >= 0 && column < v.columns().input()) {
        for (int c = 0; c < s.channels(); c++) {
          float pixel = x[(c * v.rows().input() + row) * v.columns().input() + column];
          sum = Math.fma(pixel, w[(f * s.channels() + c) * 9 + tap], sum);
        }
      }
      total += sum;
    }
    return total;
  }

  /** The part of an image's tiles of which some output is not {@link #byTaps}, bit by bit. */
  private static double transformed(Pixels kind, Taps3x3 taps, int channels) {
    ConvSizes s = sizes(1, channels, 32, 32, 32, 3, 1, 1);
    float[] x = (float[]) planes(Precision.FLOAT, kind, channels, 32, 32, 1);
    float[] w = (float[]) filters(Precision.FLOAT, taps, s);
    float[] y = new float[32 * 32 * 32];
    Precision.FLOAT_VECTORS.kernels().conv2d(s, x, w, new float[0], y);
    List<Integer> tiles = new ArrayList<>();
    for (int i = 0; i < y.length; i++) {
      int row = i / 32 % 32;
      int column = i % 32;
      if (y[i] != byTaps(s, x, w, i / 1024, row, column)) {
        tiles.add(row / 4 * 8 + column / 4);
      }
    }
    return tiles.stream().distinct().count() / 64.0;
  }

  @Test
  void ordinaryTilesAreTransformedAndOthersAreNot() {
    if (KernelProvider.vector().isEmpty()) {
      return;
    }
    assertEquals(1, transformed(Pixels.NORMAL, Taps3x3.NORMAL, 32));
    assertTrue(transformed(Pixels.POSITIVE_ONES_OF_NORMAL, Taps3x3.NORMAL, 32) > 0.95);
    assertTrue(transformed(Pixels.ONE_OF_FOUR, Taps3x3.NORMAL, 64) > 0.95);
    assertEquals(1, transformed(Pixels.NORMAL, Taps3x3.SCALES_BY_CHANNEL, 32));
    assertEquals(0, transformed(Pixels.NORMAL, Taps3x3.PRUNED, 32));
    double one = transformed(Pixels.SPIKE_AMONG_ONES, Taps3x3.NORMAL, 32);
    assertTrue(one > 0.9 && one < 1, "only a few tiles see the spike: " + one);
  }

  /** Weights that are not whole numbers: of whole numbers, only transforms round. */
  private static long rounded(double spike, int rare) {
    ConvSizes s = sizes(3, 17, 18, 22, 21, 3, 1, 1);
    float[] x = (float[]) Precision.FLOAT.wholes(ConvolutionKernelsTest.sizeOfX(s), 8);
    float[] y = (float[]) Precision.FLOAT.wholes(ConvolutionKernelsTest.sizeOfY(s), 9);
    x[1000] = (float) spike;
    for (int i = 0; i < y.length; i++) {
      y[i] = i % rare == 0 ? y[i] : 0;
    }
    float[] w = new float[ConvolutionKernelsTest.sizeOfW(s)];
    Precision.FLOAT_VECTORS.kernels().conv2dWeight(s, x, y, w);
    return IntStream.range(0, w.length).filter(i -> w[i] != Math.rint(w[i])).count();
  }

  @Test
  void gradientsInWeightsOfEvenTilesAreTransformed() {
    if (KernelProvider.vector().isEmpty()) {
      return;
    }
    assertTrue(rounded(1, 1) > 1000, "most of 2754 weights");
    assertEquals(0, rounded(1e5, 1));
    assertEquals(0, rounded(1, 2), "of a cotangent that is mostly 0");
  }

  /** Behind a ReLU and a pooling; more elements than are added up in one go, too. */
  @ParameterizedTest
  @EnumSource
  void gradientsInWeightsOfSparseCotangentsAreAccurate(Precision precision) {
    for (int rare : new int[] {3, 30, 300}) {
      ConvSizes s =
          rare == 3 ? sizes(2, 18, 17, 90, 91, 3, 1, 0) : sizes(3, 17, 18, 22, 21, 3, 1, 1);
      WindowSizes v = s.window();
      IntToDoubleFunction sparse =
          i -> random(rare, i, 0, 0).nextInt(rare) == 0 ? random(rare, i, 1, 1).nextGaussian() : 0;
      Object x = precision.generate(ConvolutionKernelsTest.sizeOfX(s), sparse);
      Object y =
          precision.generate(ConvolutionKernelsTest.sizeOfY(s), i -> sparse.applyAsDouble(-i));
      Sum[] weights = sums(ConvolutionKernelsTest.sizeOfW(s), s.batch() * v.outPlane());
      ConvolutionKernelsTest.forEachTerm(
          s, (yAt, wAt, xAt) -> weights[wAt].add(Precision.at(x, xAt), Precision.at(y, yAt)));
      Object result = precision.zeros(weights.length);
      precision.kernels().conv2dWeight(s, x, y, result);
      check(precision, weights, result, "one of " + rare);
    }
  }

  /** Of so many images that they are not all taken together. */
  @ParameterizedTest
  @EnumSource
  void aSparseCotangentMeetsItsOwnImage(Precision precision) {
    ConvSizes one = sizes(1, 17, 17, 90, 91, 3, 1, 0);
    ConvSizes many = sizes(9, 17, 17, 90, 91, 3, 1, 0);
    int sizeX = ConvolutionKernelsTest.sizeOfX(one);
    int sizeY = ConvolutionKernelsTest.sizeOfY(one);
    IntToDoubleFunction pixel = i -> random(1, i, 0, 0).nextGaussian();
    IntToDoubleFunction sparse = i -> i % 30 == 0 ? random(2, i, 0, 0).nextGaussian() : 0;
    Object all = precision.generate(9 * sizeX, pixel);
    for (int image : new int[] {0, 6, 8}) {
      Object x = precision.generate(sizeX, i -> pixel.applyAsDouble(image * sizeX + i));
      Object y = precision.generate(sizeY, sparse);
      Sum[] weights = sums(ConvolutionKernelsTest.sizeOfW(one), one.window().outPlane());
      ConvolutionKernelsTest.forEachTerm(
          one, (yAt, wAt, xAt) -> weights[wAt].add(Precision.at(x, xAt), Precision.at(y, yAt)));
      Object result = precision.zeros(weights.length);
      Object others =
          precision.generate(
              9 * sizeY, i -> i / sizeY == image ? sparse.applyAsDouble(i % sizeY) : 0);
      precision.kernels().conv2dWeight(many, all, others, result);
      check(precision, weights, result, "image " + image);
    }
  }

  /** What was in the memory that kernels work in is not seen: NaN of a call before, say. */
  @ParameterizedTest
  @EnumSource
  void whatWasComputedBeforeLeavesNoTrace(Precision precision) {
    ConvSizes odd = sizes(2, 18, 16, 20, 21, 3, 1, 1);
    Object x =
        precision.generate(
            ConvolutionKernelsTest.sizeOfX(odd), i -> random(1, i, 0, 0).nextGaussian());
    Object y =
        precision.generate(
            ConvolutionKernelsTest.sizeOfY(odd),
            i -> i % 5 == 0 ? random(2, i, 0, 0).nextGaussian() : 0);
    Object before = precision.zeros(ConvolutionKernelsTest.sizeOfW(odd));
    precision.kernels().conv2dWeight(odd, x, y, before);
    for (int channels : new int[] {24, 32}) { // whole vectors, in as much memory
      ConvSizes full = sizes(2, channels, 16, 20, 21, 3, 1, 1);
      Object nan = precision.generate(ConvolutionKernelsTest.sizeOfX(full), i -> Double.NaN);
      Object lost = precision.zeros(ConvolutionKernelsTest.sizeOfW(full));
      precision.kernels().conv2dWeight(full, nan, y, lost);
    }
    Object after = precision.zeros(ConvolutionKernelsTest.sizeOfW(odd));
    precision.kernels().conv2dWeight(odd, x, y, after);
    precision.assertExactly(Precision.values(before), after);
  }

  @ParameterizedTest
  @EnumSource
  void imagesDoNotDependOnTheirBatch(Precision precision) {
    for (ConvSizes s : SIZES) {
      WindowSizes v = s.window();
      int sizeX = s.channels() * v.inPlane();
      int sizeY = s.filters() * v.outPlane();
      ConvSizes many = new ConvSizes(9, s.channels(), s.filters(), 1, v);
      ConvSizes one = new ConvSizes(1, s.channels(), s.filters(), 1, v);
      Object x = precision.fractions(9 * sizeX, 3);
      Object w = precision.fractions(ConvolutionKernelsTest.sizeOfW(s), 4);
      Object y = precision.zeros(9 * sizeY);
      precision.kernels().conv2d(many, x, w, precision.zeros(0), y);
      Object last = precision.generate(sizeX, i -> Precision.at(x, 8 * sizeX + i));
      Object alone = precision.zeros(sizeY);
      precision.kernels().conv2d(one, last, w, precision.zeros(0), alone);
      for (int i = 0; i < sizeY; i++) {
        assertEquals(Precision.at(alone, i), Precision.at(y, 8 * sizeY + i), s + ", output " + i);
      }
      Object cotangent = precision.generate(sizeY, i -> Precision.at(y, 8 * sizeY + i));
      Object inputs = precision.zeros(9 * sizeX);
      precision.kernels().conv2dInput(many, w, y, inputs);
      Object input = precision.zeros(sizeX);
      precision.kernels().conv2dInput(one, w, cotangent, input);
      for (int i = 0; i < sizeX; i++) {
        assertEquals(Precision.at(input, i), Precision.at(inputs, 8 * sizeX + i), s + ", " + i);
      }
    }
  }

  /** So many equal products that a sum in one float would lose many of its digits. */
  @ParameterizedTest
  @EnumSource
  void longSumsKeepTheirDigits(Precision precision) {
    for (int channels : new int[] {1, 16}) {
      int filters = channels == 1 ? 2 : 16;
      int side = channels == 1 ? 1000 : 250;
      ConvSizes s = sizes(channels == 1 ? 2 : 1, channels, filters, side, side, 3, 1, 1);
      Object x = precision.generate(ConvolutionKernelsTest.sizeOfX(s), i -> 0.7);
      Object y = precision.generate(ConvolutionKernelsTest.sizeOfY(s), i -> 0.3);
      Object w = precision.zeros(ConvolutionKernelsTest.sizeOfW(s));
      precision.kernels().conv2dWeight(s, x, y, w);
      double center = Precision.at(x, 0) * Precision.at(y, 0) * s.batch() * side * side;
      assertEquals(center, Precision.at(w, 4), center * precision.ulp(1) * 1000, s.toString());
    }
  }
}
