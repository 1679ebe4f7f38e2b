package org.gradus.autograd.internal.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Sums that leave the range of their element type on the way to a result that does not: big + big -
 * big is big, where twice as much would be out of range.
 */
class OverflowTest {
  private static final double INF = Double.POSITIVE_INFINITY;
  private static final double NAN = Double.NaN;

  /** The largest power of two. */
  private static double big(Precision p) {
    return p.isFloat() ? 0x1p127 : 0x1p1023;
  }

  private static double largest(Precision p) {
    return p.isFloat() ? Float.MAX_VALUE : Double.MAX_VALUE;
  }

  // ---- products of matrices
  // ----------------------------------------------------------------------------------

  private static void assertDot(double expected, Precision p, Object a, Object b) {
    int k = Precision.length(a);
    Object c = p.zeros(1);
    p.kernels().matmul(new MatmulSizes(false, false, 1, 1, k, new int[1], new int[1]), a, b, c);
    p.assertExactly(new double[] {expected}, c);
  }

  @ParameterizedTest
  @EnumSource
  void products(Precision p) {
    double big = big(p);
    assertDot(big, p, p.array(big, big, -big), p.array(1, 1, 1));
    assertDot(1, p, p.array(big, -big, 1), p.array(4, 4, 1)); // products out of range
    assertDot(INF, p, p.array(big, big), p.array(1, 1));
    assertDot(INF, p, p.array(big, big, -big), p.array(4, 4, 4));
    assertDot(-INF, p, p.array(big, -INF), p.array(4, 1));
    assertDot(INF, p, p.array(INF), p.array(p.isFloat() ? Float.MIN_VALUE : Double.MIN_VALUE));
    assertDot(NAN, p, p.array(INF, 1), p.array(0, 1));
    assertDot(NAN, p, p.array(INF, -INF), p.array(1, 1));
    assertDot(NAN, p, p.array(NAN, big), p.array(1, 4));
  }

  @ParameterizedTest
  @EnumSource
  void matrices(Precision p) {
    for (int transposes = 0; transposes < 4; transposes++) {
      matrices(p, 5, 70, 1100, transposes % 2 == 1, transposes / 2 == 1);
      matrices(p, 1, 70, 1500, transposes % 2 == 1, transposes / 2 == 1);
      matrices(p, 1, 3, 5, transposes % 2 == 1, transposes / 2 == 1);
    }
  }

  /** Two matrices times one. Row i has 1, 1 and -1 times what is out of range, and i - 2. */
  private static void matrices(
      Precision p, int m, int n, int k, boolean transposeA, boolean transposeB) {
    double big = big(p);
    double[] inRow = {big, big, -big};
    Object a =
        p.generate(
            2 * m * k,
            i -> {
              int row = transposeA ? i % m : i / k % m;
              int column = transposeA ? i / m % k : i % k;
              return column < 3 ? inRow[column] : column == k - 1 ? row - 2 : 0;
            });
    Object b =
        p.generate(
            k * n,
            i -> {
              int row = transposeB ? i % k : i / n;
              int column = transposeB ? i / k : i % n;
              return row < 3 ? 1 : row == k - 1 && column == 1 ? big / 4 : 1;
            });
    Object c = p.zeros(2 * m * n);
    p.kernels()
        .matmul(
            new MatmulSizes(transposeA, transposeB, m, n, k, new int[] {0, m * k}, new int[2]),
            a,
            b,
            c);
    for (int i = 0; i < 2 * m * n; i++) {
      double expected = i % n == 1 ? big + (i / n % m - 2) * (big / 4) : big;
      assertEquals(expected, Precision.at(c, i), "element " + i);
    }
  }

  // ---- convolutions
  // -------------------------------------------------------------------------------

  /** One pixel, where the window of two sees nothing but padding beside it. */
  private static final ConvSizes PADDED =
      new ConvSizes(
          1,
          1,
          1,
          1,
          new WindowSizes(new Axis(1, 1, 1, 0, 0, 1, 1), new Axis(1, 2, 1, 1, 0, 1, 1)));

  @ParameterizedTest
  @EnumSource
  void infinityTimesTheSmallest(Precision p) {
    double small = p.isFloat() ? Float.MIN_VALUE : 1e-200; // squares of it would be 0
    Object infinite = p.array(-INF);
    Object none = p.zeros(0);
    Object y = p.zeros(1);
    p.kernels().conv2d(PADDED, infinite, p.array(0, small), none, y);
    p.assertExactly(new double[] {-INF}, y);
    Object x = p.zeros(1);
    p.kernels().conv2dInput(PADDED, p.array(0, small), infinite, x);
    p.assertExactly(new double[] {-INF}, x);
    Object w = p.zeros(2);
    p.kernels().conv2dWeight(PADDED, p.array(small), infinite, w);
    p.assertExactly(new double[] {0, -INF}, w);
  }

  /** The padding times an infinite weight is no product, so the sum is that of the others. */
  @ParameterizedTest
  @EnumSource
  void aBiasIsAddedOnce(Precision p) {
    int channels = 300;
    WindowSizes window =
        new WindowSizes(new Axis(1, 1, 1, 0, 0, 1, 1), new Axis(1, 2, 1, 1, 0, 1, 1));
    ConvSizes sizes = new ConvSizes(1, channels, 1, 1, window);
    double part = p.ulp(1) * 0.3;
    Object x = p.generate(channels, i -> part);
    Object w = p.generate(2 * channels, i -> i % 2 == 0 ? INF : 1);
    Object y = p.zeros(1);
    p.kernels().conv2d(sizes, x, w, p.array(1), y);
    assertEquals(1 + channels * part, Precision.at(y, 0), p.ulp(1));
  }

  // ---- sums at places
  // -----------------------------------------------------------------------------

  @ParameterizedTest
  @EnumSource
  void scatterAdd(Precision p) {
    double big = big(p);
    Object few = p.zeros(3);
    p.kernels().scatterAdd(1, 3, 3, 1, p.array(big, big, -big), new int[] {1, 1, 1}, few);
    p.assertExactly(new double[] {0, big, 0}, few);
    Object many = p.zeros(2);
    Object terms = p.array(big, big, -big, INF, -big, big);
    p.kernels().scatterAdd(1, 6, 2, 1, terms, new int[] {1, 1, 1, 0, 1, 1}, many);
    p.assertExactly(new double[] {INF, big}, many);
  }

  @ParameterizedTest
  @EnumSource
  void takeInput(Precision p) {
    double big = big(p);
    Object few = p.zeros(3);
    p.kernels().takeInput(1, 3, 3, 1, p.array(big, big, -big), new int[] {1, 1, 1}, few);
    p.assertExactly(new double[] {0, big, 0}, few);
    Object many = p.zeros(2);
    Object terms = p.array(big, big, -big, INF, -big, big);
    p.kernels().takeInput(1, 6, 2, 1, terms, new int[] {1, 1, 1, 0, 1, 1}, many);
    p.assertExactly(new double[] {INF, big}, many);
  }

  @ParameterizedTest
  @EnumSource
  void poolingGradients(Precision p) {
    double big = big(p);
    for (int height : new int[] {1, 3}) { // 3 or 9 windows see the element in the middle
      int out = height;
      int rows = 2 * height - 1;
      WindowSizes s =
          new WindowSizes(new Axis(rows, height, 1, 0, 0, 1, out), new Axis(5, 3, 1, 0, 0, 1, 3));
      int middle = rows / 2 * 5 + 2;
      Object x = p.generate(rows * 5, i -> i == middle ? 1 : 0);
      Object g = p.generate(out * 3, i -> i == 2 ? -big : i < 2 ? big : 0);
      Object h = p.zeros(rows * 5);
      p.kernels().maxPoolInput(1, s, x, g, h);
      p.assertExactly(
          IntStream.range(0, rows * 5).mapToDouble(i -> i == middle ? big : 0).toArray(), h);
    }
    for (int n : new int[] {3, 5}) { // windows of one pixel, and padding
      WindowSizes s =
          new WindowSizes(new Axis(1, 1, 1, 0, 0, 1, 1), new Axis(1, n, 1, n - 1, n - 1, 1, n));
      Object g = p.generate(n, i -> i == 2 ? -big : i < 2 ? big : 0);
      Object x = p.zeros(1);
      p.kernels().avgPoolInput(1, s, false, g, x);
      p.assertExactly(new double[] {big}, x);
    }
  }

  @ParameterizedTest
  @EnumSource
  void resizing(Precision p) {
    double big = big(p);
    Interpolation nearest = new Interpolation(1, new int[3], new double[3]);
    Interpolation one = new Interpolation(1, new int[1], new double[1]);
    Object x = p.zeros(1);
    p.kernels().resizeInput(1, one, nearest, p.array(big, big, -big), x);
    p.assertExactly(new double[] {big}, x);
  }

  // ---- means
  // --------------------------------------------------------------------------------------

  @ParameterizedTest
  @EnumSource
  void meansOfTheLargestNumbers(Precision p) {
    double largest = largest(p);
    for (int n = 1; n < 70; n++) {
      Object x = p.array(IntStream.range(0, n).mapToDouble(i -> largest).toArray());
      Object y = p.zeros(1);
      WindowSizes whole =
          new WindowSizes(new Axis(1, 1, 1, 0, 0, 1, 1), new Axis(n, n, 1, 0, 0, 1, 1));
      p.kernels().avgPool(1, whole, false, x, y);
      assertEquals(largest, Precision.at(y, 0), 4 * p.ulp(largest), "mean of " + n);
      Interpolation one = new Interpolation(1, new int[1], new double[1]);
      int wide = n;
      int[] low = IntStream.range(0, wide).map(i -> 0).toArray();
      double[] weight = IntStream.range(0, wide).mapToDouble(i -> i / (double) wide).toArray();
      Object mixed = p.zeros(wide);
      p.kernels()
          .resize(1, one, new Interpolation(2, low, weight), p.array(largest, largest), mixed);
      for (double value : Precision.values(mixed)) {
        assertEquals(largest, value, 4 * p.ulp(largest), "mixed of " + n);
      }
    }
    Object infinite = p.zeros(1);
    WindowSizes pair =
        new WindowSizes(new Axis(1, 1, 1, 0, 0, 1, 1), new Axis(2, 2, 1, 0, 0, 1, 1));
    p.kernels().avgPool(1, pair, false, p.array(largest, INF), infinite);
    p.assertExactly(new double[] {INF}, infinite);
  }

  /** The scale times 2/3 alone would be rounded to few digits. */
  @ParameterizedTest
  @EnumSource
  void theLargestNumbersTimesTheSmallest(Precision p) {
    double big = big(p);
    double small = 20 * (p.isFloat() ? Float.MIN_VALUE : Double.MIN_VALUE);
    Object y = p.zeros(3);
    Slices all = Slices.of(1, 1, 1, 3);
    p.kernels().centre(all, 2 / 3.0, p.array(big / 2, -big / 2, 0), p.array(small), y);
    double expected = big / 3 * p.round(small);
    p.assertNearly(new double[] {expected, -expected, 0}, y, 2);
  }

  // ---- slopes of the softmax
  // ----------------------------------------------------------------------

  @ParameterizedTest
  @EnumSource
  void softmaxSlopes(Precision p) {
    double big = big(p);
    Object x = p.zeros(4);
    double[] g = {big, -big, 0, 0};
    assertSlope(p, SoftmaxSlope.SHARES, x, g, big / 4, -big / 4, 0, 0);
    assertSlope(p, SoftmaxSlope.CENTRED, x, g, big, -big, 0, 0);
    assertSlope(p, SoftmaxSlope.LOGARITHM, x, g, big, -big, 0, 0);
    double[] three = {big, big, -big, -big};
    assertSlope(p, SoftmaxSlope.LOGARITHM, x, three, big, big, -big, -big);
    double[] infinite = {INF, 0, 0, 0};
    assertSlope(p, SoftmaxSlope.SHARES, x, infinite, NAN, NAN, NAN, NAN);
  }

  private static void assertSlope(
      Precision p, SoftmaxSlope f, Object x, double[] g, double... expected) {
    Object y = p.zeros(g.length);
    p.kernels().softmaxSlope(f, 1, g.length, 1, x, p.array(g), y);
    double[] actual = Arrays.stream(Precision.values(y)).map(v -> v + 0.0).toArray(); // no -0.0
    assertArrayEquals(expected, actual, f.name());
  }
}
