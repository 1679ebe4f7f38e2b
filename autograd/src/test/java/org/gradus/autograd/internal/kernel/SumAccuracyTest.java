package org.gradus.autograd.internal.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What long sums are off by, in units of rounding of the sum of magnitudes: a number that does not
 * grow with the number of terms, or as its logarithm. The reference adds up in twice the precision
 * of a double.
 */
class SumAccuracyTest {
  /** Of what is collected in double, or with what each addition rounded away. */
  private static final double COLLECTED = 4;

  /** Of a product of matrices: blocks of 512 terms, and a tree of blocks. */
  private static final double PRODUCT = 540;

  /** Of what is added up by trees, in units of a double; the result is then rounded. */
  private static final double TREE = 90;

  /** A sum in twice the precision of a double, and the sum of its magnitudes. */
  private static final class Exact {
    private double high;
    private double low;
    private double magnitudes;

    void add(double x) {
      double sum = high + x;
      double part = sum - high;
      low += (high - (sum - part)) + (x - part);
      high = sum;
      magnitudes += Math.abs(x);
    }

    void addProduct(double a, double b) {
      double product = a * b;
      add(product);
      low += Math.fma(a, b, -product);
    }

    void assertNear(Precision precision, Object actual, int i, double units) {
      double unit = precision.ulp(1) / 2;
      double error = Math.abs((Precision.at(actual, i) - high) - low);
      assertTrue(
          error <= units * unit * magnitudes,
          () ->
              "element %s is off by %s units of the sum of magnitudes, expected at most %s"
                  .formatted(i, error / unit / magnitudes, units));
    }
  }

  private static Exact[] exact(int count) {
    return Stream.generate(Exact::new).limit(count).toArray(Exact[]::new);
  }

  /** Terms whose rounding has one direction, and terms whose signs are mixed. */
  static Stream<Arguments> terms() {
    return Stream.of(Precision.values())
        .flatMap(p -> Stream.of(Arguments.of(p, "tenths"), Arguments.of(p, "mixed")));
  }

  private static Object terms(Precision precision, String kind, int n) {
    Random random = new Random(71);
    return precision.generate(
        n, i -> kind.equals("tenths") ? 0.1 : Math.exp(4 * random.nextGaussian()) * (i % 3 - 0.9));
  }

  // ---- sums ------------------------------------------------------------------------------------

  @ParameterizedTest
  @MethodSource("terms")
  void sums(Precision precision, String kind) {
    int n = 3_000_017;
    Object x = terms(precision, kind, n);
    double units = precision.isFloat() ? 1 + 1e-6 : TREE; // the result's own rounding
    for (int after : new int[] {1, 3}) {
      for (int before : new int[] {1, 2}) {
        int axis = n / before / after;
        Exact[] exact = exact(before * after);
        for (int i = 0; i < before * axis * after; i++) {
          exact[i / (axis * after) * after + i % after].add(Precision.at(x, i));
        }
        Object y = precision.zeros(before * after);
        precision.kernels().sum(before, axis, after, x, y);
        for (int i = 0; i < exact.length; i++) {
          exact[i].assertNear(precision, y, i, units);
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aRowHasTheSameSumByItself(Precision precision) {
    int n = 70_001;
    Object x = precision.fractions(2 * n, 72);
    Object both = precision.zeros(2);
    precision.kernels().sum(2, n, 1, x, both);
    Object alone = precision.zeros(1);
    precision.kernels().sum(1, n, 1, x, alone);
    assertEquals(Precision.at(alone, 0), Precision.at(both, 0));
  }

  @ParameterizedTest
  @EnumSource
  void softmaxTotals(Precision precision) {
    int n = 1_000_003;
    for (int after : new int[] {1, 2}) {
      Object x = precision.generate(n * after, i -> i / after % 2 == 0 ? 0 : -0.1);
      double smaller = Math.exp(precision.round(-0.1));
      Object y = precision.zeros(n * after);
      precision.kernels().softmax(false, 1, n, after, x, y);
      int pairs = n / 2; // and one more
      double total = pairs + 1 + pairs * smaller;
      for (int i = 0; i < 2 * after; i++) {
        double expected = (i < after ? 1 : smaller) / total;
        assertEquals(expected, Precision.at(y, i), 3e-15 * expected + precision.ulp(expected));
      }
    }
  }

  // ---- collected at places ---------------------------------------------------------------------

  @Test
  void manyOnesAtOnePlace() {
    int n = 20_000_000;
    float[] ones = new float[n];
    Arrays.fill(ones, 1);
    float[] y = new float[1];
    KernelProvider.plain().floats().scatterAdd(1, n, 1, 1, ones, new int[n], y);
    assertEquals(2e7f, y[0]);
  }

  @ParameterizedTest
  @MethodSource("terms")
  void scatterAdd(Precision precision, String kind) {
    scatterAdd(precision, kind, 1_000_001, 1, 1); // all at one place
    scatterAdd(precision, kind, 1_000_001, 5, 1);
    scatterAdd(precision, kind, 200_001, 2, 5);
    scatterAdd(precision, kind, 20_001, 30_000, 33); // fewer terms than places
    scatterAdd(precision, kind, 301, 2, 3001);
    scatterAdd(precision, kind, 2, 1, 3001);
  }

  private static void scatterAdd(Precision precision, String kind, int picks, int axis, int after) {
    Object x = terms(precision, kind, picks * after);
    Random random = new Random(73);
    int[] mixed =
        IntStream.range(0, picks * after).map(i -> random.nextInt(Math.min(axis, 7))).toArray();
    scatterAdd(precision, x, picks, axis, after, mixed);
    int[] alike = IntStream.range(0, mixed.length).map(i -> mixed[i / after]).toArray();
    scatterAdd(precision, x, picks, axis, after, alike);
    takeInput(precision, x, picks, axis, after, Arrays.copyOf(mixed, picks));
  }

  /** Slabs are added up to the bit as their elements are. */
  private static void takeInput(
      Precision precision, Object x, int picks, int axis, int after, int[] positions) {
    int[] index = IntStream.range(0, picks * after).map(i -> positions[i / after]).toArray();
    Object ofElements = precision.zeros(axis * after);
    precision.kernels().scatterAdd(1, picks, axis, after, x, index, ofElements);
    Object ofSlabs = precision.zeros(axis * after);
    precision.kernels().takeInput(1, picks, axis, after, x, positions, ofSlabs);
    precision.assertExactly(Precision.values(ofElements), ofSlabs);
  }

  private static void scatterAdd(
      Precision precision, Object x, int picks, int axis, int after, int[] index) {
    Exact[] exact = exact(axis * after);
    for (int i = 0; i < index.length; i++) {
      exact[index[i] * after + i % after].add(Precision.at(x, i));
    }
    Object y = precision.zeros(exact.length);
    precision.kernels().scatterAdd(1, picks, axis, after, x, index, y);
    for (int i = 0; i < exact.length; i++) {
      exact[i].assertNear(precision, y, i, COLLECTED);
    }
  }

  @ParameterizedTest
  @EnumSource
  void infinitiesAreCollected(Precision precision) {
    double inf = Double.POSITIVE_INFINITY;
    Object x = precision.array(inf, 1, 1, 1, 1, inf, -inf, 1, 1, 1, 1, 1, 1, 1, Double.NaN);
    int[] index = {0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2};
    Object y = precision.zeros(4);
    precision.kernels().scatterAdd(1, 15, 4, 1, x, index, y);
    precision.assertExactly(new double[] {inf, Double.NaN, Double.NaN, 0}, y);
  }

  @Test
  void windowsOfOneElementAreCounted() {
    assertEquals(3600, SLIDING.windowsOfOne());
    assertEquals(
        1,
        new WindowSizes(new Axis(6, 3, 3, 0, 0, 1, 2), new Axis(6, 2, 2, 0, 0, 1, 3))
            .windowsOfOne());
    assertEquals(
        4,
        new WindowSizes(new Axis(7, 3, 2, 0, 0, 1, 3), new Axis(7, 3, 2, 0, 0, 1, 3))
            .windowsOfOne());
    assertEquals(
        9,
        new WindowSizes(new Axis(9, 3, 1, 0, 0, 2, 5), new Axis(9, 3, 1, 0, 0, 2, 5))
            .windowsOfOne());
    assertEquals(
        2,
        new WindowSizes(new Axis(3, 3, 1, 0, 0, 1, 1), new Axis(9, 5, 4, 0, 0, 1, 2))
            .windowsOfOne());
  }

  /** Windows of 60 x 60, all of which see the one element in the middle. */
  private static final WindowSizes SLIDING =
      new WindowSizes(new Axis(119, 60, 1, 0, 0, 1, 60), new Axis(119, 60, 1, 0, 0, 1, 60));

  private static final int MIDDLE = 59 * 119 + 59;

  @ParameterizedTest
  @MethodSource("terms")
  void maxPoolInput(Precision precision, String kind) {
    Object x = precision.generate(119 * 119, i -> i == MIDDLE ? 1 : 0);
    Object g = terms(precision, kind, 3600);
    Object h = precision.zeros(119 * 119);
    precision.kernels().maxPoolInput(1, SLIDING, x, g, h);
    Exact sum = new Exact();
    for (int i = 0; i < 3600; i++) {
      sum.add(Precision.at(g, i));
    }
    sum.assertNear(precision, h, MIDDLE, COLLECTED);
  }

  @ParameterizedTest
  @MethodSource("terms")
  void avgPoolInput(Precision precision, String kind) {
    Object y = terms(precision, kind, 3600);
    Object x = precision.zeros(119 * 119);
    precision.kernels().avgPoolInput(1, SLIDING, false, y, x);
    Exact sum = new Exact();
    for (int i = 0; i < 3600; i++) {
      sum.add(Precision.at(y, i) / 3600);
    }
    sum.assertNear(precision, x, MIDDLE, COLLECTED);
  }

  @ParameterizedTest
  @MethodSource("terms")
  void avgPool(Precision precision, String kind) {
    int size = 1201;
    for (int dilation : new int[] {1, 2}) {
      int kernel = (size - 1) / dilation + 1;
      WindowSizes whole =
          new WindowSizes(
              new Axis(size, kernel, 1, 0, 0, dilation, 1),
              new Axis(size, kernel, 1, 0, 0, dilation, 1));
      Object x = terms(precision, kind, size * size);
      Object y = precision.zeros(1);
      precision.kernels().avgPool(1, whole, false, x, y);
      Exact sum = new Exact();
      for (int i = 0; i < size; i += dilation) {
        for (int j = 0; j < size; j += dilation) {
          sum.add(Precision.at(x, i * size + j));
        }
      }
      Object total = precision.array(Precision.at(y, 0) * kernel * kernel);
      sum.assertNear(precision, total, 0, precision.isFloat() ? COLLECTED : TREE);
    }
  }

  @ParameterizedTest
  @MethodSource("terms")
  void resizeInput(Precision precision, String kind) {
    int size = 901;
    Object y = terms(precision, kind, size * size);
    for (int input : new int[] {1, 3}) { // all to one pixel, or mixed
      Interpolation taps = ResizeKernelsTest.taps(input, size);
      Object x = precision.zeros(input * input);
      precision.kernels().resizeInput(1, taps, taps, y, x);
      Exact[] exact = exact(input * input);
      for (int i = 0; i < size * size; i++) {
        share(exact, input, taps, i / size, i % size, Precision.at(y, i));
      }
      for (int i = 0; i < exact.length; i++) {
        exact[i].assertNear(precision, x, i, COLLECTED);
      }
    }
  }

  private static void share(
      Exact[] exact, int width, Interpolation taps, int row, int column, double y) {
    for (int a = 0; a < 2; a++) {
      for (int b = 0; b < 2; b++) {
        double down = a == 0 ? 1 - taps.weight()[row] : taps.weight()[row];
        double across = b == 0 ? 1 - taps.weight()[column] : taps.weight()[column];
        if (down * across != 0) {
          int at = (taps.low()[row] + a) * width + taps.low()[column] + b;
          exact[at].add(y * down * across);
        }
      }
    }
  }

  // ---- products --------------------------------------------------------------------------------

  @Test
  void aProductOfTenMillionTerms() {
    for (Precision precision : new Precision[] {Precision.FLOAT, Precision.FLOAT_VECTORS}) {
      matmul(precision, "tenths", 1, 1, 10_000_000, 0);
    }
  }

  @ParameterizedTest
  @MethodSource("terms")
  void matmul(Precision precision, String kind) {
    for (int transposes = 0; transposes < 4; transposes++) {
      matmul(precision, kind, 1, 1, 1_000_003, transposes);
      matmul(precision, kind, 3, 2, 30_011, transposes); // by the plain kernels, if a row is short
      matmul(precision, kind, 1, 3, 20_001, transposes);
      matmul(precision, kind, 5, 35, 4097, transposes);
      matmul(precision, kind, 2, 1, 12_289, transposes);
    }
  }

  private static void matmul(
      Precision precision, String kind, int m, int n, int k, int transposes) {
    boolean transposeA = transposes / 2 == 1;
    boolean transposeB = transposes % 2 == 1;
    Object a = terms(precision, kind, m * k);
    Object b = precision.generate(n * k, i -> kind.equals("tenths") ? 1 : 1 + i % 7);
    Object c = precision.zeros(m * n);
    int[] only = {0};
    precision
        .kernels()
        .matmul(new MatmulSizes(transposeA, transposeB, m, n, k, only, only), a, b, c);
    for (int row = 0; row < m; row++) {
      for (int column = 0; column < n; column++) {
        Exact exact = new Exact();
        for (int p = 0; p < k; p++) {
          exact.addProduct(
              Precision.at(a, transposeA ? p * m + row : row * k + p),
              Precision.at(b, transposeB ? column * k + p : p * n + column));
        }
        exact.assertNear(precision, c, row * n + column, PRODUCT);
      }
    }
  }

  // ---- gradients in weights
  // -----------------------------------------------------------------------

  /** Of at most so many products one after the other. */
  private static final double WEIGHT = 4200;

  @ParameterizedTest
  @MethodSource("terms")
  void weightsOfALongSignal(Precision precision, String kind) {
    int n = 1_000_003;
    weight(precision, kind, 1, n);
    weight(precision, kind, n, 1);
    weight(precision, kind, 3, n / 3);
  }

  /** One tap that meets each of so many pixels of so many images. */
  private static void weight(Precision precision, String kind, int images, int pixels) {
    WindowSizes row =
        new WindowSizes(new Axis(1, 1, 1, 0, 0, 1, 1), new Axis(pixels, 1, 1, 0, 0, 1, pixels));
    Object x = terms(precision, kind, images * pixels);
    Object y = precision.generate(images * pixels, i -> kind.equals("tenths") ? 1 : 1 + i % 7);
    Object w = precision.zeros(1);
    precision.kernels().conv2dWeight(new ConvSizes(images, 1, 1, 1, row), x, y, w);
    Exact exact = new Exact();
    for (int i = 0; i < images * pixels; i++) {
      exact.addProduct(Precision.at(x, i), Precision.at(y, i));
    }
    exact.assertNear(precision, w, 0, WEIGHT);
  }

  // ---- along lines and slices
  // ---------------------------------------------------------------------

  private static void assertNear(double expected, Precision precision, double actual) {
    double unit = precision.isFloat() ? 1.01 * precision.ulp(expected) / 2 : 0x1p-53 * TREE;
    assertEquals(expected, actual, precision.isFloat() ? unit : unit * Math.abs(expected));
  }

  @ParameterizedTest
  @EnumSource
  void longLinesOfASoftmax(Precision precision) {
    int n = 1_000_000;
    double tenth = precision.round(0.1);
    double mean = tenth / n * (n - 1);
    Object x = precision.zeros(n);
    Object g = precision.generate(n, i -> i == 0 ? 0 : 0.1);
    Object y = precision.zeros(n);
    precision.kernels().softmaxSlope(SoftmaxSlope.SHARES, 1, n, 1, x, g, y);
    assertNear(-mean / n, precision, Precision.at(y, 0));
    precision.kernels().softmaxSlope(SoftmaxSlope.CENTRED, 1, n, 1, x, g, y);
    assertNear(-mean, precision, Precision.at(y, 0));
    precision.kernels().softmaxSlope(SoftmaxSlope.LOGARITHM, 1, n, 1, x, g, y);
    assertNear(-mean, precision, Precision.at(y, 0));
    double loss = precision.kernels().crossEntropy(1, n, 1, n, x, g);
    assertNear(mean * Math.log(n), Precision.DOUBLE, loss);
  }

  @ParameterizedTest
  @EnumSource
  void longSlices(Precision precision) {
    int n = 1_000_000;
    double tenth = precision.round(0.1);
    for (int columns : new int[] {1, 2}) { // a slice is one run of neighbours, or many
      Slices slices = Slices.of(1, n, columns, 1);
      Object x = precision.generate(n * columns, i -> i / columns % 2 == 0 ? 0.1 : -0.1);
      Object y = precision.zeros(columns);
      precision.kernels().variance(slices, n, x, y);
      assertNear(tenth * tenth, precision, Precision.at(y, 0));
      Object g = precision.generate(n * columns, i -> i < columns ? 0 : 0.1);
      Object h = precision.zeros(n * columns);
      precision.kernels().normalizeInput(slices, 0, x, Known.never(), g, h);
      assertEquals(-1 + 2.0 / n, Precision.at(h, 0), precision.ulp(1) + 0x1p-53 * TREE);
      assertEquals(2.0 / n, Precision.at(h, 2 * columns), 0x1p-53 * TREE + precision.ulp(2.0 / n));
    }
  }
}
