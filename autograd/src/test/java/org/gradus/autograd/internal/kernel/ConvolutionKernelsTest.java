package org.gradus.autograd.internal.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.gradus.autograd.internal.parallel.Pool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The three convolutions against one loop over all terms of T(x, w, y) = <y, conv(x, w)>. */
class ConvolutionKernelsTest {

  /** The padding after the image only shows in the size of the output. */
  record Case(String name, ConvSizes sizes) {
    @Override
    public String toString() {
      return name;
    }
  }

  /** A convolution of squares: kernel, stride, padding before and after, dilation. */
  private static Case square(
      String name,
      int[] bcfg,
      int in,
      int kernel,
      int stride,
      int before,
      int after,
      int dilation) {
    int out = output(in, kernel, stride, before, after, dilation);
    WindowSizes window =
        new WindowSizes(
            new Axis(in, kernel, stride, before, after, dilation, out),
            new Axis(in, kernel, stride, before, after, dilation, out));
    return new Case(name, new ConvSizes(bcfg[0], bcfg[1], bcfg[2], bcfg[3], window));
  }

  private static int output(int in, int kernel, int stride, int before, int after, int dilation) {
    return (in + before + after - dilation * (kernel - 1) - 1) / stride + 1;
  }

  /** Batch, channels, filters, groups. */
  private static int[] counts(int batch, int channels, int filters, int groups) {
    return new int[] {batch, channels, filters, groups};
  }

  private static final List<Case> CASES =
      List.of(
          square("plain", counts(2, 3, 4, 1), 7, 3, 1, 0, 0, 1),
          square("dilation far beyond image", counts(1, 2, 3, 1), 4, 3, 1, 70000, 70000, 70000),
          square("stride far beyond image", counts(2, 3, 2, 1), 4, 2, 1_000_000, 0, 0, 1),
          square("one of everything", counts(1, 1, 1, 1), 1, 1, 1, 0, 0, 1),
          square("one channel", counts(3, 1, 5, 1), 9, 5, 1, 2, 2, 1),
          square("1x1 kernel", counts(2, 5, 3, 1), 6, 1, 1, 0, 0, 1),
          square("1x1 kernel, strided", counts(2, 5, 3, 1), 6, 1, 4, 0, 0, 1),
          square("kernel = image", counts(3, 2, 4, 1), 5, 5, 1, 0, 0, 1),
          square("stride that does not divide", counts(2, 3, 2, 1), 8, 3, 3, 0, 0, 1),
          square("stride larger than kernel", counts(2, 2, 3, 1), 11, 2, 4, 1, 0, 1),
          square("padding before", counts(2, 2, 3, 1), 6, 3, 1, 2, 0, 1),
          square("padding after", counts(2, 2, 3, 1), 6, 3, 2, 0, 3, 1),
          square("padding larger than kernel", counts(1, 2, 2, 1), 3, 2, 2, 5, 4, 1),
          square("dilation", counts(2, 2, 3, 1), 9, 3, 1, 1, 2, 3),
          square("dilation and stride", counts(2, 3, 2, 1), 10, 3, 3, 4, 1, 2),
          square("dilation beyond the image", counts(1, 1, 2, 1), 2, 3, 1, 3, 3, 3),
          square("taps behind the image, strided", counts(2, 2, 3, 1), 2, 3, 2, 0, 4, 2),
          square("groups", counts(2, 6, 4, 2), 6, 3, 2, 1, 1, 1),
          square("depthwise", counts(2, 5, 5, 5), 6, 3, 1, 1, 1, 1),
          square("depthwise with several filters", counts(1, 3, 12, 3), 7, 4, 1, 1, 2, 1),
          square("batch of 0", counts(0, 3, 4, 1), 6, 3, 1, 0, 0, 1),
          square("no filters", counts(2, 3, 0, 1), 6, 3, 1, 0, 0, 1),
          square("no channels", counts(2, 0, 3, 1), 6, 3, 1, 0, 0, 1),
          square("an image that is padding alone", counts(1, 2, 2, 1), 0, 2, 1, 2, 1, 1),
          square("more images than parts of a sum", counts(19, 2, 3, 1), 5, 3, 1, 1, 1, 1),
          square("rows little longer than a vector", counts(3, 4, 16, 1), 14, 5, 1, 0, 0, 1),
          square("such rows in groups", counts(2, 6, 26, 2), 14, 5, 1, 0, 0, 1),
          square("such rows, padded and dilated", counts(2, 3, 9, 1), 13, 3, 1, 2, 1, 2),
          square("several blocks of rows", counts(2, 16, 3, 1), 21, 5, 1, 2, 2, 1),
          square("several blocks, strided", counts(1, 60, 2, 1), 41, 5, 3, 1, 0, 2),
          square("blocks of one row", counts(1, 70, 2, 1), 101, 3, 1, 1, 1, 1),
          square("blocks of part of a row", counts(2, 100, 2, 1), 24, 11, 1, 1, 1, 1),
          square("blocks of one pixel", counts(1, 700, 2, 1), 12, 11, 2, 4, 1, 1),
          square("several slices of channels", counts(1, 5, 4, 1), 8, 3, 2, 1, 1, 1),
          square("slices that do not divide the channels", counts(1, 20, 3, 1), 6, 3, 1, 1, 1, 1),
          square("slices in groups", counts(2, 14, 4, 2), 5, 3, 1, 1, 1, 1),
          new Case(
              "every size different",
              new ConvSizes(
                  2,
                  4,
                  6,
                  2,
                  new WindowSizes(
                      new Axis(9, 2, 3, 1, 0, 3, output(9, 2, 3, 1, 0, 3)),
                      new Axis(13, 4, 2, 3, 2, 2, output(13, 4, 2, 3, 2, 2))))),
          new Case(
              "several blocks of long rows",
              new ConvSizes(
                  1,
                  8,
                  3,
                  1,
                  new WindowSizes(
                      new Axis(7, 3, 1, 1, 1, 1, 7), new Axis(400, 3, 1, 1, 1, 1, 400)))));

  /** Called for each term y[yAt] * w[wAt] * x[xAt]. */
  @FunctionalInterface
  interface Term {
    void visit(int yAt, int wAt, int xAt);
  }

  /** The definition: all terms whose element of x is inside of the image. */
  static void forEachTerm(ConvSizes s, Term term) {
    WindowSizes v = s.window();
    int depth = s.channels() / s.groups();
    for (int n = 0; n < s.batch(); n++) {
      for (int f = 0; f < s.filters(); f++) {
        int group = f / (s.filters() / s.groups());
        for (int c = 0; c < depth; c++) {
          for (int a = 0; a < v.rows().kernel(); a++) {
            for (int b = 0; b < v.columns().kernel(); b++) {
              int wAt = ((f * depth + c) * v.rows().kernel() + a) * v.columns().kernel() + b;
              int plane = n * s.channels() + group * depth + c;
              for (int i = 0; i < v.rows().output(); i++) {
                for (int j = 0; j < v.columns().output(); j++) {
                  int row = i * v.rows().stride() - v.rows().before() + a * v.rows().dilation();
                  int column =
                      j * v.columns().stride() - v.columns().before() + b * v.columns().dilation();
                  if (row >= 0
                      && row < v.rows().input()
                      && column >= 0
                      && column < v.columns().input()) {
                    int yAt =
                        ((n * s.filters() + f) * v.rows().output() + i) * v.columns().output() + j;
                    term.visit(
                        yAt, wAt, (plane * v.rows().input() + row) * v.columns().input() + column);
                  }
                }
              }
            }
          }
        }
      }
    }
  }

  static int sizeOfX(ConvSizes s) {
    return s.batch() * s.channels() * s.window().rows().input() * s.window().columns().input();
  }

  static int sizeOfW(ConvSizes s) {
    int taps = s.window().rows().kernel() * s.window().columns().kernel();
    return s.filters() * (s.channels() / s.groups()) * taps;
  }

  static int sizeOfY(ConvSizes s) {
    return s.batch() * s.filters() * s.window().rows().output() * s.window().columns().output();
  }

  static Stream<Arguments> cases() {
    return Stream.of(Precision.values())
        .flatMap(precision -> CASES.stream().map(c -> Arguments.of(precision, c)));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void conv2d(Precision precision, Case c) {
    Object x = precision.wholes(sizeOfX(c.sizes()), 31);
    Object w = precision.wholes(sizeOfW(c.sizes()), 32);
    double[] expected = new double[sizeOfY(c.sizes())];
    forEachTerm(
        c.sizes(), (yAt, wAt, xAt) -> expected[yAt] += Precision.at(w, wAt) * Precision.at(x, xAt));
    Object y = precision.zeros(expected.length);
    precision.kernels().conv2d(c.sizes(), x, w, precision.zeros(0), y);
    precision.assertExactly(expected, y);
    Object b = precision.wholes(c.sizes().filters(), 37);
    for (int i = 0; i < expected.length; i++) {
      expected[i] += Precision.at(b, i / c.sizes().window().outPlane() % c.sizes().filters());
    }
    precision.kernels().conv2d(c.sizes(), x, w, b, y);
    precision.assertExactly(expected, y);
    assertUnchanged(precision, x, 31, w, 32);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void conv2dInput(Precision precision, Case c) {
    Object w = precision.wholes(sizeOfW(c.sizes()), 33);
    Object y = precision.wholes(sizeOfY(c.sizes()), 34);
    double[] expected = new double[sizeOfX(c.sizes())];
    forEachTerm(
        c.sizes(), (yAt, wAt, xAt) -> expected[xAt] += Precision.at(w, wAt) * Precision.at(y, yAt));
    Object x = precision.zeros(expected.length);
    precision.kernels().conv2dInput(c.sizes(), w, y, x);
    precision.assertExactly(expected, x);
    assertUnchanged(precision, w, 33, y, 34);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void conv2dWeight(Precision precision, Case c) {
    Object x = precision.wholes(sizeOfX(c.sizes()), 35);
    Object y = precision.wholes(sizeOfY(c.sizes()), 36);
    double[] expected = new double[sizeOfW(c.sizes())];
    forEachTerm(
        c.sizes(), (yAt, wAt, xAt) -> expected[wAt] += Precision.at(x, xAt) * Precision.at(y, yAt));
    Object w = precision.zeros(expected.length);
    precision.kernels().conv2dWeight(c.sizes(), x, y, w);
    precision.assertExactly(expected, w);
    assertUnchanged(precision, x, 35, y, 36);
  }

  private static void assertUnchanged(
      Precision precision, Object first, long firstSeed, Object second, long secondSeed) {
    Object firstAgain = precision.wholes(Precision.length(first), firstSeed);
    Object secondAgain = precision.wholes(Precision.length(second), secondSeed);
    precision.assertExactly(Precision.values(firstAgain), first);
    precision.assertExactly(Precision.values(secondAgain), second);
  }

  /** What arrays hold that were given back, for instance by a step that has diverged. */
  @ParameterizedTest
  @EnumSource
  void memoryThatIsTakenAgainIsNeverRead(Precision precision) {
    WindowSizes window =
        new WindowSizes(new Axis(11, 1, 1, 0, 0, 1, 11), new Axis(22, 1, 1, 0, 0, 1, 22));
    ConvSizes s = new ConvSizes(1, 9, 2, 1, window);
    Object x = precision.generate(sizeOfX(s), i -> 1);
    Object w = precision.generate(sizeOfW(s), i -> 1);
    Object y = precision.generate(sizeOfY(s), i -> 1);
    double[] inputs = new double[sizeOfX(s)];
    double[] weights = new double[sizeOfW(s)];
    double[] outputs = new double[sizeOfY(s)];
    Arrays.fill(inputs, 2);
    Arrays.fill(weights, 242);
    Arrays.fill(outputs, 9);
    for (int n = Pool.LEAST; n < 3 * Pool.LEAST; n++) {
      for (Buffer buffer : List.of(Buffer.floats(n), Buffer.doubles(n))) {
        if (buffer.array() instanceof float[] floats) {
          Arrays.fill(floats, Float.NaN);
        } else {
          Arrays.fill((double[]) buffer.array(), Double.NaN);
        }
        buffer.takeBack();
      }
      Object result = precision.zeros(inputs.length);
      precision.kernels().conv2dInput(s, w, y, result);
      precision.assertExactly(inputs, result);
      result = precision.zeros(weights.length);
      precision.kernels().conv2dWeight(s, x, y, result);
      precision.assertExactly(weights, result);
      result = precision.zeros(outputs.length);
      precision.kernels().conv2d(s, x, w, precision.zeros(0), result);
      precision.assertExactly(outputs, result);
    }
  }

  @Test
  void theCasesReadEveryTapInsideAndOutsideOfTheImage() {
    long[] terms = new long[1];
    long all = 0;
    for (Case c : CASES) {
      forEachTerm(c.sizes(), (yAt, wAt, xAt) -> terms[0]++);
      all += (long) sizeOfY(c.sizes()) * c.sizes().filterSize();
    }
    assertTrue(terms[0] > 0 && terms[0] < all, terms[0] + " of " + all);
    assertEquals(CASES.size(), CASES.stream().map(Case::name).distinct().count());
  }
}
