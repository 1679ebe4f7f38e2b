package org.gradus.autograd.internal.kernel;

import static java.lang.Double.NEGATIVE_INFINITY;
import static java.lang.Double.NaN;
import static java.lang.Double.POSITIVE_INFINITY;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Sums and softmax over the middle axis of [before, axis, after]. */
class ReductionKernelsTest {

  record Extents(int before, int axis, int after) {
    int size() {
      return before * axis * after;
    }

    /** Where element (b, i, a) lies. */
    int index(int b, int i, int a) {
      return (b * axis + i) * after + a;
    }
  }

  private static final List<Extents> EXTENTS =
      List.of(
          new Extents(1, 1, 1),
          new Extents(1, 2, 1),
          new Extents(1, 7, 1),
          new Extents(1, 16384, 1),
          new Extents(1, 16385, 1),
          new Extents(1, 50003, 1),
          new Extents(1, 20001, 2),
          new Extents(3, 7, 1),
          new Extents(5, 16387, 1),
          new Extents(1001, 37, 1),
          new Extents(1, 5, 3),
          new Extents(4, 1, 3),
          new Extents(3, 2, 5),
          new Extents(2, 3, 1025),
          new Extents(1, 3, 2049),
          new Extents(37, 11, 101),
          new Extents(1, 0, 1),
          new Extents(3, 0, 1),
          new Extents(3, 0, 2),
          new Extents(0, 4, 1),
          new Extents(0, 4, 3),
          new Extents(3, 4, 0),
          new Extents(0, 0, 0));

  static Stream<Arguments> extents() {
    return Stream.of(Precision.values())
        .flatMap(precision -> EXTENTS.stream().map(extents -> Arguments.of(precision, extents)));
  }

  @ParameterizedTest
  @MethodSource("extents")
  void sum(Precision precision, Extents e) {
    Object x = precision.wholes(e.size(), 11);
    Object y = precision.zeros(e.before() * e.after());
    precision.kernels().sum(e.before(), e.axis(), e.after(), x, y);
    double[] expected = new double[e.before() * e.after()];
    for (int b = 0; b < e.before(); b++) {
      for (int i = 0; i < e.axis(); i++) {
        for (int a = 0; a < e.after(); a++) {
          expected[b * e.after() + a] += Precision.at(x, e.index(b, i, a));
        }
      }
    }
    precision.assertExactly(expected, y);
    precision.assertExactly(Precision.values(precision.wholes(e.size(), 11)), x);
  }

  @ParameterizedTest
  @EnumSource
  void sumsAreAddedUpInDoublePrecision(Precision precision) {
    int n = 100_001;
    Object x = precision.generate(3 * n, i -> 0.1);
    double expected = n * precision.round(0.1);
    double slack = precision.isFloat() ? 0 : 1e-11 * expected;
    for (Extents e : List.of(new Extents(1, n, 1), new Extents(3, n, 1), new Extents(1, n, 3))) {
      Object y = precision.zeros(e.before() * e.after());
      precision.kernels().sum(e.before(), e.axis(), e.after(), x, y);
      for (double total : Precision.values(y)) {
        assertEquals(precision.round(expected), total, slack);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void sumsOfSpecialValues(Precision precision) {
    Object x =
        precision.array(
            1, NaN, 2, POSITIVE_INFINITY, 1, 1, POSITIVE_INFINITY, NEGATIVE_INFINITY, 1);
    Object rows = precision.zeros(3);
    precision.kernels().sum(3, 3, 1, x, rows);
    precision.assertExactly(new double[] {NaN, POSITIVE_INFINITY, NaN}, rows);
    Object columns = precision.zeros(3);
    precision.kernels().sum(1, 3, 3, x, columns);
    precision.assertExactly(new double[] {POSITIVE_INFINITY, NaN, 4}, columns);
  }

  /** Columns go to threads in parts of their own, many or few at once: no bit tells. */
  @ParameterizedTest
  @EnumSource
  void columnsHaveTheBitsOfRows(Precision precision) {
    for (Extents e :
        List.of(
            new Extents(1, 9001, 300), // 256 columns at once
            new Extents(1, 3003, 300), // 64, of more than one leaf
            new Extents(3, 1500, 70),
            new Extents(1, 20_001, 9))) {
      Object x = precision.fractions(e.size(), 12);
      int n = e.axis();
      Object lines =
          precision.generate(
              e.size(), i -> Precision.at(x, e.index(i / n / e.after(), i % n, i / n % e.after())));
      Object columns = precision.zeros(e.before() * e.after());
      Object rows = precision.zeros(e.before() * e.after());
      precision.kernels().sum(e.before(), n, e.after(), x, columns);
      precision.kernels().sum(e.before() * e.after(), n, 1, lines, rows);
      assertArrayEquals(Precision.values(rows), Precision.values(columns), () -> e.toString());
    }
  }

  /** For rows that are normalized each by itself, sums down the columns find their rows. */
  @ParameterizedTest
  @EnumSource
  void sumsOfNormalizedRows(Precision precision) {
    int rows = 9001;
    int n = 260;
    Object x = precision.fractions(rows * n, 13);
    Object g = precision.fractions(rows * n, 14);
    Object y = precision.zeros(n);
    precision
        .kernels()
        .normalizedSums(
            new Slices(rows, 1, 1, n),
            0.1,
            new Channels(n, 1),
            x,
            Known.never(),
            g,
            Known.never(),
            y);
    double[] expected = new double[n];
    for (int row = 0; row < rows; row++) {
      int from = row * n;
      double mean = IntStream.range(0, n).mapToDouble(i -> Precision.at(x, from + i)).sum() / n;
      double squares = 0;
      for (int i = 0; i < n; i++) {
        squares += Math.pow(Precision.at(x, from + i) - mean, 2);
      }
      for (int i = 0; i < n; i++) {
        double normalized = (Precision.at(x, from + i) - mean) / Math.sqrt(squares / n + 0.1);
        expected[i] += normalized * Precision.at(g, from + i);
      }
    }
    assertArrayEquals(expected, Precision.values(y), precision.isFloat() ? 1e-4 : 1e-9);
  }

  // ---- extremes --------------------------------------------------------------------------------

  private static final List<Extents> SEARCHED =
      List.of(
          new Extents(0, 3, 1),
          new Extents(2, 3, 0),
          new Extents(1, 1, 1),
          new Extents(3, 2, 1),
          new Extents(5001, 37, 1),
          new Extents(7, 15, 1),
          new Extents(7, 16, 1),
          new Extents(7, 17, 1),
          new Extents(5, 127, 1),
          new Extents(5, 128, 1),
          new Extents(5, 1001, 1),
          new Extents(2, 1, 5),
          new Extents(3, 7, 2),
          new Extents(3, 5, 33),
          new Extents(1, 9, 515),
          new Extents(2, 4, 1025));

  static Stream<Arguments> searched() {
    return Stream.of(Precision.values())
        .flatMap(precision -> SEARCHED.stream().map(extents -> Arguments.of(precision, extents)));
  }

  @ParameterizedTest
  @MethodSource("searched")
  void extremesAreTheFirst(Precision precision, Extents e) {
    assertExtremes(precision, e, precision.wholes(e.size(), 13)); // many ties
    assertExtremes(precision, e, precision.fractions(e.size(), 14));
    double[] special = {NaN, 0.0, -0.0, POSITIVE_INFINITY, NEGATIVE_INFINITY, 1, -1};
    for (int kinds = 1; kinds <= special.length; kinds++) { // some of them, from each on
      for (int from = 0; from < special.length; from++) {
        int first = from;
        int number = kinds;
        Object wholes = precision.wholes(e.size(), 15);
        assertExtremes(
            precision,
            e,
            precision.generate(
                e.size(),
                i -> special[(first + ((int) Precision.at(wholes, i) + 3) % number) % 7]));
      }
    }
  }

  private static void assertExtremes(Precision precision, Extents e, Object x) {
    for (boolean largest : new boolean[] {true, false}) {
      int[] places = new int[e.before() * e.after()];
      double[] extremes = new double[places.length];
      for (int line = 0; line < places.length; line++) {
        int b = line / e.after();
        int a = line % e.after();
        for (int i = 1; i < e.axis(); i++) {
          double value = Precision.at(x, e.index(b, i, a));
          double best = Precision.at(x, e.index(b, places[line], a));
          boolean better = largest ? value > best : value < best;
          places[line] = better || (Double.isNaN(value) && !Double.isNaN(best)) ? i : places[line];
        }
        extremes[line] = Precision.at(x, e.index(b, places[line], a));
      }
      int[] found = new int[places.length];
      precision.kernels().argMax(largest, e.before(), e.axis(), e.after(), x, found);
      assertArrayEquals(places, found);
      Object values = precision.zeros(places.length);
      precision.kernels().max(largest, e.before(), e.axis(), e.after(), x, values);
      precision.assertExactly(extremes, values);
    }
  }

  // ---- softmax ---------------------------------------------------------------------------------

  @ParameterizedTest
  @MethodSource("extents")
  void softmax(Precision precision, Extents e) {
    Object x = precision.fractions(e.size(), 12);
    double[] expected = new double[e.size()];
    double[] logarithm = new double[e.size()];
    for (int b = 0; b < e.before(); b++) {
      for (int a = 0; a < e.after(); a++) {
        double total = 0;
        for (int i = 0; i < e.axis(); i++) {
          total += Math.exp(Precision.at(x, e.index(b, i, a)));
        }
        for (int i = 0; i < e.axis(); i++) {
          int at = e.index(b, i, a);
          expected[at] = Math.exp(Precision.at(x, at)) / total;
          logarithm[at] = Precision.at(x, at) - Math.log(total);
        }
      }
    }
    // Subtracting the largest element rounds it by half a unit, about 4 in absolute size.
    double slack = precision.isFloat() ? 1e-6 : 1e-13;
    Object y = precision.zeros(e.size());
    precision.kernels().softmax(false, e.before(), e.axis(), e.after(), x, y);
    Object log = precision.zeros(e.size());
    precision.kernels().softmax(true, e.before(), e.axis(), e.after(), x, log);
    for (int i = 0; i < e.size(); i++) {
      assertEquals(expected[i], Precision.at(y, i), slack * expected[i]);
      assertEquals(logarithm[i], Precision.at(log, i), slack * (1 + Math.abs(logarithm[i])));
    }
  }

  /** A line of elements, their softmax, and its logarithm. */
  record Line(List<Double> x, List<Double> softmax, List<Double> logarithm) {}

  private static final double LOG2 = Math.log(2);
  private static final double LOG3 = Math.log(3);
  private static final double THIRD = 1 / 3.0;

  private static final List<Line> EXTREMES =
      List.of(
          new Line(numbers(5), numbers(1), numbers(0)),
          new Line(numbers(1000, 0, -1000), numbers(1, 0, 0), numbers(0, -1000, -2000)),
          new Line(numbers(-1000, -1000), numbers(0.5, 0.5), numbers(-LOG2, -LOG2)),
          new Line(numbers(7, 7, 7), numbers(THIRD, THIRD, THIRD), numbers(-LOG3, -LOG3, -LOG3)),
          new Line(numbers(1e38, 1e38), numbers(0.5, 0.5), numbers(-LOG2, -LOG2)),
          new Line(
              numbers(NEGATIVE_INFINITY, 3, 3),
              numbers(0, 0.5, 0.5),
              numbers(NEGATIVE_INFINITY, -LOG2, -LOG2)),
          new Line(numbers(2, NEGATIVE_INFINITY), numbers(1, 0), numbers(0, NEGATIVE_INFINITY)),
          new Line( // all are left out: there is no distribution
              numbers(NEGATIVE_INFINITY, NEGATIVE_INFINITY),
              numbers(0, 0),
              numbers(NEGATIVE_INFINITY, NEGATIVE_INFINITY)),
          new Line(numbers(NaN, 1), numbers(NaN, NaN), numbers(NaN, NaN)));

  private static List<Double> numbers(double... values) {
    return DoubleStream.of(values).boxed().toList();
  }

  private static double[] array(List<Double> values) {
    return values.stream().mapToDouble(value -> value).toArray();
  }

  static Stream<Arguments> softmaxExtremes() {
    return Stream.of(Precision.values())
        .flatMap(precision -> EXTREMES.stream().map(line -> Arguments.of(precision, line)));
  }

  @ParameterizedTest
  @MethodSource
  void softmaxExtremes(Precision precision, Line line) {
    int n = line.x().size();
    Object y = precision.zeros(n);
    precision.kernels().softmax(false, 1, n, 1, precision.array(array(line.x())), y);
    precision.assertNearly(array(line.softmax()), y, 1);
    Object log = precision.zeros(n);
    precision.kernels().softmax(true, 1, n, 1, precision.array(array(line.x())), log);
    precision.assertNearly(array(line.logarithm()), log, 1);
  }

  /** One number outside, wherever it is. */
  @ParameterizedTest
  @EnumSource(Precision.class)
  void ranges(Precision precision) {
    for (int n : new int[] {0, 1, 3, 15, 16, 17, 33, 16384 + 16 + 1}) {
      double[] x = new double[n];
      Arrays.setAll(x, i -> i % 2 == 0 ? -2 : 0.5);
      Object inside = precision.array(x);
      assertTrue(precision.kernels().isBetween(-2, 0.5, inside));
      assertTrue(precision.kernels().isWithin(0.5, 2, inside));
      for (int i = n > 64 ? n - 34 : 0; i < n; i++) {
        for (double other : new double[] {NaN, POSITIVE_INFINITY, NEGATIVE_INFINITY, 2.5, -2.5}) {
          double kept = x[i];
          x[i] = other;
          Object outside = precision.array(x);
          assertFalse(precision.kernels().isBetween(-2, 0.5, outside));
          assertFalse(precision.kernels().isWithin(0.5, 2, outside));
          x[i] = kept;
        }
        double kept = x[i];
        x[i] = 0.25;
        assertTrue(precision.kernels().isBetween(-2, 0.5, precision.array(x)));
        assertFalse(precision.kernels().isWithin(0.5, 2, precision.array(x)));
        x[i] = kept;
      }
    }
  }
}
