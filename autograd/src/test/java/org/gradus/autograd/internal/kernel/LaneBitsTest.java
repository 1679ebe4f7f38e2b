package org.gradus.autograd.internal.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Sums, extremes and normalisation have the same bits by plain loops and by vectors of any width,
 * for sizes around lanes, octets, leaves and chunks; and normalisation is what its formula says.
 */
class LaneBitsTest {
  private static final int[] SIZES = {
    1, 2, 7, 8, 9, 15, 16, 17, 31, 32, 33, 49, 63, 64, 65, 255, 256, 257, 263, 264, 300, 1023, 1024,
    1025, 1032, 2047, 2049, 3000, 16384, 16400, 33000
  };

  /** A call of a kernel: the length of its result, and what fills it. */
  private record Call(int length, BiConsumer<Kernels<Object>, Object> kernel) {}

  private static Map<String, Call> calls(Precision precision) {
    Map<String, Call> calls = new LinkedHashMap<>();
    for (int n : SIZES) {
      sums(precision, n, calls);
    }
    List<Slices> all = new ArrayList<>();
    for (int n : SIZES) {
      if (n < 4000) {
        all.add(new Slices(2, 1, 1, n)); // runs of neighbours
      }
    }
    for (int rows : new int[] {2, 9, 64, 300, 1100}) {
      for (int[] rest : new int[][] {{1, 1}, {5, 1}, {40, 1}, {3, 7}, {2, 49}}) {
        all.add(new Slices(1, rows, rest[0], rest[1]));
      }
    }
    all.add(new Slices(3, 5, 11, 1));
    all.forEach(slices -> slices(precision, slices, calls));
    return calls;
  }

  private static void sums(Precision precision, int n, Map<String, Call> calls) {
    Object x = precision.fractions(3 * n, 81);
    calls.put("sum of rows, " + n, new Call(3, (k, y) -> k.sum(3, n, 1, x, y)));
    calls.put("sum of columns, " + n, new Call(3, (k, y) -> k.sum(1, n, 3, x, y)));
    calls.put("max of rows, " + n, new Call(3, (k, y) -> k.max(true, 3, n, 1, x, y)));
    calls.put("min of columns, " + n, new Call(3, (k, y) -> k.max(false, 1, n, 3, x, y)));
    int after = Math.max(1, Math.min(70, 100_000 / n));
    Object wide = precision.fractions(n * after, 82);
    calls.put("sum of many columns, " + n, new Call(after, (k, y) -> k.sum(1, n, after, wide, y)));
    calls.put("sum over " + n, new Call(n, (k, y) -> k.sum(1, after, n, wide, y)));
    boolean[] outer = {true, false, true};
    calls.put(
        "mean, the outer two, " + n,
        new Call(3, (k, y) -> k.sum(new int[] {n, 3, 1}, outer, 3, x, y)));
  }

  private static void slices(Precision precision, Slices s, Map<String, Call> calls) {
    int size = s.count() * s.size();
    Object x = precision.fractions(size, 83);
    Object g = precision.fractions(size, 84);
    Object scales = precision.fractions(s.count(), 85);
    calls.put("normalize " + s, new Call(size, (k, y) -> k.normalize(s, 0.1, x, Known.never(), y)));
    calls.put(
        "normalizeInput " + s,
        new Call(size, (k, y) -> k.normalizeInput(s, 0.1, x, Known.never(), g, y)));
    calls.put("deviation " + s, new Call(s.count(), (k, y) -> k.deviation(s, 0.1, x, y)));
    calls.put("variance " + s, new Call(s.count(), (k, y) -> k.variance(s, 3, x, y)));
    calls.put("moments " + s, new Call(2 * s.count(), (k, y) -> k.moments(s, x, Known.never(), y)));
    calls.put("centre " + s, new Call(size, (k, y) -> k.centre(s, 0.3, x, scales, y)));
    for (Channels c : channels(s)) {
      Object gamma = precision.fractions(c.count(), 86);
      Object beta = precision.fractions(c.count(), 87);
      String name = " " + s + " " + c;
      calls.put(
          "affine" + name,
          new Call(size, (k, y) -> k.normalizeAffine(s, 0.1, c, x, Known.never(), gamma, beta, y)));
      calls.put(
          "affineInput" + name,
          new Call(
              size,
              (k, y) ->
                  k.normalizeAffineInput(s, 0.1, c, x, Known.never(), gamma, g, Known.never(), y)));
      calls.put(
          "sums" + name,
          new Call(
              c.count(),
              (k, y) -> k.normalizedSums(s, 0.1, c, x, Known.never(), g, Known.never(), y)));
      Object variance = precision.generate(c.count(), i -> 0.1 + i % 7);
      calls.put(
          "by" + name,
          new Call(size, (k, y) -> k.normalizeBy(0.1, c, x, beta, variance, gamma, beta, y)));
    }
  }

  /** Those of batches, and of layers, groups and instances. */
  private static List<Channels> channels(Slices s) {
    if (s.rows() > 1) {
      return s.outer() == 1 ? List.of(new Channels(s.inner(), s.length())) : List.of();
    }
    List<Channels> all = new ArrayList<>();
    all.add(new Channels(s.length(), 1));
    all.add(new Channels(2, s.length()));
    all.add(new Channels(2 * s.length(), 1));
    for (int part : new int[] {2, 3, 7, 8}) {
      if (s.length() % part == 0) {
        all.add(new Channels(2 * part, s.length() / part));
        all.add(new Channels(part, s.length() / part));
      }
    }
    return all;
  }

  private static Object result(Precision precision, Kernels<Object> kernels, Call call) {
    Object y = precision.generate(call.length(), i -> Double.NaN);
    call.kernel().accept(kernels, y);
    return y;
  }

  private static Stream<Precision> vectors() {
    return Stream.of(Precision.FLOAT_VECTORS, Precision.DOUBLE_VECTORS);
  }

  @Test
  void vectorsHaveTheBitsOfPlainLoops() {
    vectors()
        .forEach(
            precision ->
                calls(precision)
                    .forEach(
                        (name, call) -> {
                          Object plain = result(precision, precision.plain().kernels(), call);
                          Object vector = result(precision, precision.kernels(), call);
                          for (int i = 0; i < call.length(); i++) {
                            assertEquals(
                                Precision.at(plain, i),
                                Precision.at(vector, i),
                                name + ", element " + i + ", " + precision);
                          }
                        }));
  }

  /** Sums of losses, in blocks whose last ones lie at the end of an array, or are not whole. */
  @Test
  void lossesHaveTheBitsOfPlainLoops() {
    for (int n : new int[] {1, 7, 8, 9, 31, 248, 256, 257, 265, 300, 511, 512, 513, 520, 5000}) {
      vectors()
          .forEach(
              precision -> {
                Object a = precision.fractions(n, 96);
                Object b = precision.generate(n, i -> i % 5 / 4.0);
                for (Loss loss : Loss.values()) {
                  assertEquals(
                      precision.plain().kernels().loss(loss, 0.3, n, a, b),
                      precision.kernels().loss(loss, 0.3, n, a, b),
                      loss + " of " + n + ", " + precision);
                }
              });
    }
  }

  /** Numbers that are scaled first, or whose sums are not finite. */
  @Test
  void unusualNumbersHaveTheBitsOfPlainLoops() {
    double[] sizes = {0, 1e-320, 1e-200, 1e200, 1.7e308, Double.NaN, Double.POSITIVE_INFINITY};
    Slices s = new Slices(3, 1, 1, 40);
    Channels c = new Channels(40, 1);
    for (double size : sizes) {
      vectors()
          .forEach(
              precision -> {
                Object x = precision.generate(120, i -> i == 17 ? size : (i % 9 - 4) * 1e-3 * size);
                Object g = precision.fractions(120, 88);
                List<Call> calls =
                    List.of(
                        new Call(3, (k, y) -> k.sum(3, 40, 1, x, y)),
                        new Call(120, (k, y) -> k.normalize(s, 1e-5, x, Known.never(), y)),
                        new Call(
                            120,
                            (k, y) -> k.normalizeAffine(s, 1e-5, c, x, Known.never(), g, g, y)),
                        new Call(
                            120,
                            (k, y) ->
                                k.normalizeAffineInput(
                                    s, 1e-5, c, x, Known.never(), g, g, Known.never(), y)),
                        new Call(
                            40,
                            (k, y) ->
                                k.normalizedSums(
                                    s, 1e-5, c, x, Known.never(), g, Known.never(), y)),
                        new Call(120, (k, y) -> k.normalizeBy(0.1, c, x, x, g, g, x, y)));
                for (Call call : calls) {
                  precision.assertExactly(
                      Precision.values(result(precision, precision.plain().kernels(), call)),
                      result(precision, precision.kernels(), call));
                }
              });
    }
  }

  /** A column has the sum of a row of the same elements, to the bit, and so has a part of many. */
  @ParameterizedTest
  @EnumSource
  void aColumnHasTheSumOfARow(Precision precision) {
    for (int n : SIZES) {
      Object row = precision.fractions(n, 89);
      Object columns = precision.generate(3 * n, i -> Precision.at(row, i / 3));
      Object one = precision.zeros(1);
      Object three = precision.zeros(3);
      precision.kernels().sum(1, n, 1, row, one);
      precision.kernels().sum(1, n, 3, columns, three);
      double sum = Precision.at(one, 0);
      precision.assertExactly(new double[] {sum, sum, sum}, three);
    }
  }

  /** A slice is normalized alike by itself and among others. */
  @ParameterizedTest
  @EnumSource
  void aSliceIsTheSameAmongOthers(Precision precision) {
    for (int n : new int[] {5, 49, 1000, 3000}) {
      Object alone = precision.fractions(n, 90);
      Object many = precision.generate(5 * n, i -> Precision.at(alone, i % n));
      Object columns = precision.generate(5 * n, i -> Precision.at(alone, i / 5));
      Object y = precision.zeros(n);
      Object rows = precision.zeros(5 * n);
      Object across = precision.zeros(5 * n);
      precision.kernels().normalize(new Slices(1, 1, 1, n), 0.1, alone, Known.never(), y);
      precision.kernels().normalize(new Slices(5, 1, 1, n), 0.1, many, Known.never(), rows);
      precision.kernels().normalize(new Slices(1, n, 5, 1), 0.1, columns, Known.never(), across);
      for (int i = 0; i < 5 * n; i++) {
        assertEquals(Precision.at(y, i % n), Precision.at(rows, i));
        assertEquals(Precision.at(y, i / 5), Precision.at(across, i));
      }
    }
  }

  /** Slices that are columns are computed some at once, to the bit as rows are. */
  @ParameterizedTest
  @EnumSource
  void columnsAreNormalizedAsRowsAre(Precision precision) {
    int count = 75;
    for (int n : new int[] {2, 3, 9, 64, 257, 1025}) {
      int size = count * n;
      Object x = precision.generate(size, i -> i / n == 4 ? 3 : Math.sin(i * (1.0 + i % 7)));
      Object g = precision.fractions(size, 93);
      Object gamma = precision.fractions(count, 94);
      Object beta = precision.fractions(count, 95);
      Slices rows = new Slices(count, 1, 1, n);
      Slices columns = new Slices(1, n, count, 1);
      Channels c = new Channels(count, n);
      Channels one = new Channels(count, 1);
      Object across = transposed(precision, x, count, n);
      Object back = transposed(precision, g, count, n);
      assertTransposed(
          precision,
          n,
          new Call(
              size, (k, y) -> k.normalizeAffine(rows, 0.1, c, x, Known.never(), gamma, beta, y)),
          new Call(
              size,
              (k, y) ->
                  k.normalizeAffine(columns, 0.1, one, across, Known.never(), gamma, beta, y)));
      assertTransposed(
          precision,
          n,
          new Call(
              size,
              (k, y) ->
                  k.normalizeAffineInput(
                      rows, 0.1, c, x, Known.never(), gamma, g, Known.never(), y)),
          new Call(
              size,
              (k, y) ->
                  k.normalizeAffineInput(
                      columns, 0.1, one, across, Known.never(), gamma, back, Known.never(), y)));
      assertTransposed(
          precision,
          1,
          new Call(
              count,
              (k, y) -> k.normalizedSums(rows, 0.1, c, x, Known.never(), g, Known.never(), y)),
          new Call(
              count,
              (k, y) ->
                  k.normalizedSums(
                      columns, 0.1, one, across, Known.never(), back, Known.never(), y)));
      assertTransposed(
          precision,
          1,
          new Call(2 * count, (k, y) -> k.moments(rows, x, Known.never(), y)),
          new Call(2 * count, (k, y) -> k.moments(columns, across, Known.never(), y)));
    }
  }

  private static Object transposed(Precision precision, Object x, int rows, int columns) {
    return precision.generate(rows * columns, i -> Precision.at(x, i % rows * columns + i / rows));
  }

  private static void assertTransposed(Precision precision, int n, Call rows, Call columns) {
    Object expected = result(precision, precision.kernels(), rows);
    precision.assertExactly(
        Precision.values(transposed(precision, expected, rows.length() / n, n)),
        result(precision, precision.kernels(), columns));
  }

  @ParameterizedTest
  @EnumSource
  void normalizationOfLargeSlicesByItsFormula(Precision precision) {
    Slices s = new Slices(1, 3, 2, 1500);
    int size = 9000;
    Object x = precision.fractions(size, 91);
    Object g = precision.fractions(size, 92);
    Object gamma = precision.array(1.5, -0.75);
    Object beta = precision.array(0.25, 3);
    Channels c = new Channels(2, 1500);
    Object y = precision.zeros(size);
    Object h = precision.zeros(size);
    Object sums = precision.zeros(2);
    precision.kernels().normalizeAffine(s, 0.1, c, x, Known.never(), gamma, beta, y);
    precision
        .kernels()
        .normalizeAffineInput(s, 0.1, c, x, Known.never(), gamma, g, Known.never(), h);
    precision.kernels().normalizedSums(s, 0.1, c, x, Known.never(), g, Known.never(), sums);
    for (int slice = 0; slice < 2; slice++) {
      double mean = 0;
      double squares = 0;
      for (int i = 0; i < size; i++) {
        mean += c.at(i) == slice ? Precision.at(x, i) / 4500 : 0;
      }
      for (int i = 0; i < size; i++) {
        squares += c.at(i) == slice ? Math.pow(Precision.at(x, i) - mean, 2) : 0;
      }
      double sigma = Math.sqrt(squares / 4500 + 0.1);
      double sum = 0;
      double along = 0;
      for (int i = 0; i < size; i++) {
        sum += c.at(i) == slice ? Precision.at(g, i) : 0;
        along += c.at(i) == slice ? Precision.at(g, i) * (Precision.at(x, i) - mean) / sigma : 0;
      }
      double unit = 4 * precision.ulp(4);
      assertEquals(along, Precision.at(sums, slice), precision.ulp(along) + 1e-10);
      for (int i = 0; i < size; i++) {
        if (c.at(i) == slice) {
          double n = (Precision.at(x, i) - mean) / sigma;
          double scale = Precision.at(gamma, slice);
          assertEquals(scale * n + Precision.at(beta, slice), Precision.at(y, i), unit + 1e-13);
          double slope = scale * (Precision.at(g, i) - sum / 4500 - n * along / 4500) / sigma;
          assertEquals(slope, Precision.at(h, i), unit + 1e-13);
        }
      }
    }
  }

  /** Prints the lanes of vectors, and then a hash of all results. */
  static final class Child {
    private Child() {}

    public static void main(String[] args) {
      long hash = 17;
      for (Precision precision : vectors().toList()) {
        for (Call call : calls(precision).values()) {
          Object y = result(precision, precision.kernels(), call);
          hash = 31 * hash + Arrays.hashCode(Precision.values(y));
        }
      }
      System.out.println(KernelProvider.vector().orElseThrow().doubles().lanes());
      System.out.println(hash);
    }
  }

  @Test
  void everyWidthHasTheSameBits() throws Exception {
    if (!System.getProperty("os.arch").matches("amd64|x86_64")) {
      return; // the options are those of x86
    }
    List<ChildJvm> children = new ArrayList<>();
    for (String option :
        List.of("-XX:MaxVectorSize=8", "-XX:UseAVX=0", "-XX:UseAVX=2", "-XX:UseAVX=3")) {
      if (ChildJvm.takes(option)) {
        children.add(ChildJvm.start(Child.class, "--add-modules=jdk.incubator.vector", option));
      }
    }
    List<String> lanes = new ArrayList<>();
    List<String> hashes = new ArrayList<>();
    for (ChildJvm child : children) {
      List<String> lines = child.lines();
      lanes.add(lines.get(lines.size() - 2));
      hashes.add(lines.get(lines.size() - 1));
    }
    assertEquals(List.of("1", "2", "4", "8").subList(0, lanes.size()), lanes);
    assertEquals(1, hashes.stream().distinct().count(), hashes.toString());
  }
}
