package org.gradus.autograd.internal.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Norms, products, sums so far and the largest elements, against bare loops. */
class SliceKernelsTest {

  static Stream<Arguments> slices() {
    return Stream.of(Precision.values())
        .flatMap(
            precision ->
                Stream.of(
                        new Slices(1, 1, 1, 1),
                        new Slices(7, 1, 1, 300),
                        new Slices(3, 5, 11, 1),
                        new Slices(2, 3, 5, 7),
                        new Slices(1, 1, 1, 2001))
                    .map(slices -> Arguments.of(precision, slices)));
  }

  /** Where the elements of a slice are. */
  private static int[] places(Slices s, int slice) {
    return IntStream.range(0, s.rows())
        .flatMap(
            row -> IntStream.range(0, s.length()).map(i -> s.start(slice) + row * s.stride() + i))
        .toArray();
  }

  private static double[] ofSlices(Slices s, ToDoubleFunction<int[]> f) {
    return IntStream.range(0, s.count()).mapToDouble(i -> f.applyAsDouble(places(s, i))).toArray();
  }

  private static int size(Slices s) {
    return s.count() * s.size();
  }

  private static double length(Object x, int... places) {
    return Math.sqrt(
        IntStream.of(places).mapToDouble(i -> Precision.at(x, i) * Precision.at(x, i)).sum());
  }

  @ParameterizedTest
  @MethodSource("slices")
  void normsAndDirections(Precision precision, Slices s) {
    Object x = precision.fractions(size(s), 61);
    Object g = precision.fractions(size(s), 62);
    Object norms = precision.zeros(s.count());
    Object directions = precision.zeros(size(s));
    Object slopes = precision.zeros(size(s));
    precision.kernels().norm(s, x, norms);
    precision.kernels().direction(s, x, directions);
    precision.kernels().directionInput(s, x, g, slopes);
    precision.assertNearly(ofSlices(s, places -> length(x, places)), norms, 8);
    double[] expected = new double[size(s)];
    for (int slice = 0; slice < s.count(); slice++) {
      int[] places = places(s, slice);
      double norm = length(x, places);
      double along = 0;
      for (int i : places) {
        expected[i] = Precision.at(x, i) / norm;
        along += expected[i] * Precision.at(g, i);
      }
      for (int i : places) {
        double slope = (Precision.at(g, i) - expected[i] * along) / norm;
        double rounding = 32 * precision.ulp(1) / norm;
        assertEquals(slope, Precision.at(slopes, i), Math.max(rounding, Math.abs(slope) * 1e-6));
      }
    }
    precision.assertNearly(expected, directions, 8);
  }

  @ParameterizedTest
  @MethodSource("slices")
  void products(Precision precision, Slices s) {
    Object x = precision.generate(size(s), i -> (i % 3 == 0 ? -1 : 1) * (1 + (i % 7 - 3) / 512.0));
    Object v = precision.fractions(size(s), 63);
    Object factors = precision.fractions(s.count(), 64);
    Object products = precision.zeros(s.count());
    Object along = precision.zeros(s.count());
    Object others = precision.zeros(size(s));
    precision.kernels().products(s, x, List.of(), products);
    precision.kernels().products(s, x, List.of(v), along);
    precision.kernels().productsOfOthers(s, x, List.of(), factors, others);
    double[] expected = new double[size(s)];
    for (int slice = 0; slice < s.count(); slice++) {
      int[] places = places(s, slice);
      double product = product(x, places);
      double derivative = 0;
      double magnitude = 0;
      for (int i : places) { // no element is 0
        double other = product / Precision.at(x, i);
        expected[i] = Precision.at(factors, slice) * other;
        derivative += Precision.at(v, i) * other;
        magnitude += Math.abs(Precision.at(v, i) * other);
      }
      double tolerance = 4 * precision.ulp(product);
      assertEquals(product, Precision.at(products, slice), Math.max(tolerance, 1e-12 * product));
      assertEquals(
          derivative,
          Precision.at(along, slice),
          2 * precision.ulp(derivative) + 1e-12 * magnitude);
    }
    precision.assertNearly(expected, others, precision.isFloat() ? 2 : 20_000);
  }

  private static double product(Object x, int... places) {
    return IntStream.of(places).mapToDouble(i -> Precision.at(x, i)).reduce(1, (a, b) -> a * b);
  }

  @ParameterizedTest
  @EnumSource
  void cumSum(Precision precision) {
    for (int[] e : new int[][] {{1, 1, 1}, {3, 37, 5}, {1, 1000, 1}, {211, 2, 3}, {2, 0, 3}}) {
      int size = e[0] * e[1] * e[2];
      Object x = precision.wholes(size, 65); // whose sums are exact
      Object forwards = precision.zeros(size);
      Object backwards = precision.zeros(size);
      precision.kernels().cumSum(false, e[0], e[1], e[2], x, forwards);
      precision.kernels().cumSum(true, e[0], e[1], e[2], x, backwards);
      double[] before = new double[size];
      double[] after = new double[size];
      for (int line = 0; line < e[0] * e[2]; line++) {
        int first = line / e[2] * e[1] * e[2] + line % e[2];
        double sum = 0;
        for (int i = 0; i < e[1]; i++) {
          sum += Precision.at(x, first + i * e[2]);
          before[first + i * e[2]] = sum;
        }
        for (int i = 0; i < e[1]; i++) {
          int at = first + i * e[2];
          after[at] = sum - before[at] + Precision.at(x, at);
        }
      }
      precision.assertExactly(before, forwards);
      precision.assertExactly(after, backwards);
    }
  }

  @ParameterizedTest
  @EnumSource
  void argTopKFindsTheFirst(Precision precision) {
    for (int[] e : new int[][] {{1, 1, 1}, {3, 37, 5}, {1, 1000, 1}, {211, 2, 3}, {2, 3, 0}}) {
      Object x = precision.wholes(e[0] * e[1] * e[2], 66); // many ties
      for (int count = 0; count <= Math.min(e[1], 40); count++) {
        int[] index = new int[e[0] * count * e[2]];
        precision.kernels().argTopK(e[0], e[1], count, e[2], x, index);
        int[] expected = new int[index.length];
        for (int line = 0; line < e[0] * e[2]; line++) {
          int after = e[2];
          int first = line / after * e[1] * after + line % after;
          int[] order =
              IntStream.range(0, e[1])
                  .boxed()
                  .sorted(Comparator.comparing((Integer i) -> -Precision.at(x, first + i * after)))
                  .mapToInt(i -> i)
                  .toArray();
          for (int i = 0; i < count; i++) {
            expected[(line / after * count + i) * after + line % after] = order[i];
          }
        }
        assertArrayEquals(expected, index);
      }
    }
  }
}
