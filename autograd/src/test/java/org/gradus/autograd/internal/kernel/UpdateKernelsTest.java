package org.gradus.autograd.internal.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Steps of optimisers: plain kernels against bare loops, vector kernels against plain ones. */
class UpdateKernelsTest {
  static final List<Update> RULES =
      List.of(
          new Update.Descent(0, 0.1),
          new Update.Descent(0.25, 0.1),
          new Update.Momentum(0.9, 1, false, 0.25, 0.1),
          new Update.Momentum(0.9, 0.75, false, 0, 0.1),
          new Update.Momentum(0.9, 1, true, 0.25, 0.1),
          new Update.Moments(0.1, 0.001, 1e-8, 0.25, 0.01, 2, 0.1),
          new Update.Moments(0.5, 0.25, 0.1, 0, 0, 1, 0.1),
          new Update.RootMeanSquare(0.01, 1e-8, 0, false, 0, 0.1),
          new Update.RootMeanSquare(0.5, 0.1, 0.9, false, 0.25, 0.1),
          new Update.RootMeanSquare(0.01, 0.1, 0, true, 0.25, 0.1),
          new Update.RootMeanSquare(0.5, 0.1, 0.9, true, 0, 0.1),
          new Update.SquareSum(1e-10, 0.25, 0.1),
          new Update.Sign(0.1, 0.01, 0.025, 0.1));

  private static final int LONG = 100_003;
  private static final int STEPS = 3;

  /** Around whole vectors of all widths, and more than one thread takes. */
  private static final int[] LENGTHS = {0, 1, 2, 3, 5, 8, 15, 16, 17, 31, 33, 64, 1001, LONG};

  static Stream<Arguments> rules() {
    return Stream.of(Precision.values())
        .flatMap(precision -> RULES.stream().map(rule -> Arguments.of(precision, rule)));
  }

  /** What is left of a parameter after some steps: its value, and what is kept. */
  private record Trained(Object value, List<Object> kept) {}

  private static Trained train(Precision precision, Update rule, int length) {
    Object p = precision.fractions(length, 1);
    List<Object> kept = Stream.generate(() -> precision.zeros(length)).limit(rule.kept()).toList();
    for (int step = 0; step < STEPS; step++) {
      Object next = precision.fractions(length, 99); // holds anything before
      precision.kernels().update(rule, gradient(precision, length, step), p, kept, next);
      p = next;
    }
    return new Trained(p, kept);
  }

  /** With zeros in it. */
  private static Object gradient(Precision precision, int length, int step) {
    Object g = precision.fractions(length, 2 + step);
    return precision.generate(length, i -> i % 5 == 3 ? 0 : Precision.at(g, i));
  }

  @ParameterizedTest
  @MethodSource("rules")
  void sameBitsAsPlain(Precision precision, Update rule) {
    assertSameBitsAsPlain(precision, rule);
  }

  /** At all widths that a machine has: see {@link VectorWidthsTest}. */
  static void assertSameBitsAsPlain(Precision precision, Update rule) {
    for (int length : LENGTHS) {
      Trained expected = train(precision.plain(), rule, length);
      Trained actual = train(precision, rule, length);
      precision.assertExactly(Precision.values(expected.value), actual.value);
      for (int k = 0; k < rule.kept(); k++) {
        precision.assertExactly(Precision.values(expected.kept.get(k)), actual.kept.get(k));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("rules")
  void agreesWithTheFormula(Precision precision, Update rule) {
    int length = 333;
    Object p = precision.fractions(length, 1);
    Trained actual = train(precision, rule, length);
    double[] expected = new double[length];
    double[][] kept = new double[rule.kept()][length];
    for (int i = 0; i < length; i++) {
      double[] own = new double[rule.kept()];
      expected[i] = Precision.at(p, i);
      for (int step = 0; step < STEPS; step++) {
        double g = Precision.at(gradient(precision, length, step), i);
        expected[i] = next(rule, g, expected[i], own);
      }
      for (int k = 0; k < own.length; k++) {
        kept[k][i] = own[k];
      }
    }
    double error = precision.isFloat() ? 3e-5 : 1e-13; // the roots of small variances lose most
    assertClose(expected, actual.value, error);
    for (int k = 0; k < rule.kept(); k++) {
      assertClose(kept[k], actual.kept.get(k), error);
    }
  }

  private static void assertClose(double[] expected, Object actual, double error) {
    for (int i = 0; i < expected.length; i++) {
      double bound = error * Math.max(1, Math.abs(expected[i]));
      assertEquals(expected[i], Precision.at(actual, i), bound, "element " + i);
    }
  }

  /** The formulas as the seam states them. */
  private static double next(Update rule, double g, double p, double[] kept) {
    if (rule instanceof Update.Descent r) {
      return p - r.rate() * (g + r.decay() * p);
    }
    if (rule instanceof Update.Momentum r) {
      double d = g + r.decay() * p;
      kept[0] = r.share() * d + r.momentum() * kept[0];
      return p - r.rate() * (r.ahead() ? d + r.momentum() * kept[0] : kept[0]);
    }
    if (rule instanceof Update.Moments r) {
      double d = g + r.decay() * p;
      kept[0] = (1 - r.first()) * kept[0] + r.first() * d;
      kept[1] = (1 - r.second()) * kept[1] + r.second() * d * d;
      double root = r.widen() * Math.sqrt(kept[1]) + r.epsilon();
      return p - r.shrink() * p - r.rate() * kept[0] / root;
    }
    if (rule instanceof Update.SquareSum r) {
      double d = g + r.decay() * p;
      kept[0] += d * d;
      return p - r.rate() * d / (Math.sqrt(kept[0]) + r.epsilon());
    }
    if (rule instanceof Update.Sign r) {
      double u = (1 - r.first()) * kept[0] + r.first() * g;
      kept[0] = (1 - r.second()) * kept[0] + r.second() * g;
      return p - r.shrink() * p - r.rate() * Math.signum(u);
    }
    return next((Update.RootMeanSquare) rule, g, p, kept);
  }

  private static double next(Update.RootMeanSquare r, double g, double p, double[] kept) {
    double d = g + r.decay() * p;
    kept[0] = (1 - r.second()) * kept[0] + r.second() * d * d;
    double mean = 0;
    if (r.centred()) {
      int last = kept.length - 1;
      kept[last] = (1 - r.second()) * kept[last] + r.second() * d;
      mean = kept[last];
    }
    double u = d / (Math.sqrt(Math.max(kept[0] - mean * mean, 0)) + r.epsilon());
    if (r.momentum() > 0) {
      u += r.momentum() * kept[1];
      kept[1] = u;
    }
    return p - r.rate() * u;
  }

  /** A square that overflowed would keep an element where it is for ever, or throw it away. */
  @ParameterizedTest
  @EnumSource
  void aStepIsAsLongAsTheRateWhateverTheSquares(Precision precision) {
    double[] numbers =
        precision.isFloat()
            ? new double[] {1e15, 1e19, 1e20, 1e30, Float.MAX_VALUE}
            : new double[] {1e150, 1e154, 1e155, 1e300, Double.MAX_VALUE};
    List<Update> rules =
        List.of(
            new Update.Moments(0.1, 0.001, 1e-8, 0, 0, Math.sqrt(10), 1),
            new Update.RootMeanSquare(0.1, 1e-8, 0, false, 0, Math.sqrt(0.1)),
            new Update.RootMeanSquare(0.5, 1e-8, 0, true, 0, 0.5),
            new Update.SquareSum(1e-10, 0, 1));
    for (Update rule : rules) {
      for (double large : numbers) {
        Object g = precision.generate(20, i -> i % 2 == 0 ? large : -large);
        Object y = precision.zeros(20);
        List<Object> kept = Stream.generate(() -> precision.zeros(20)).limit(rule.kept()).toList();
        precision.kernels().update(rule, g, precision.zeros(20), kept, y);
        for (int i = 0; i < 20; i++) {
          double moved = i % 2 == 0 ? -Precision.at(y, i) : Precision.at(y, i);
          assertEquals(1, moved, 1e-5, rule + " by " + large);
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatIsKeptOfLargeGradientsIsFinite(Precision precision) {
    double large = precision.isFloat() ? 1e30 : 1e200;
    Object g = precision.generate(20, i -> i % 2 == 0 ? large : -large);
    for (Update rule : RULES) {
      Object y = precision.zeros(20);
      List<Object> kept = Stream.generate(() -> precision.zeros(20)).limit(rule.kept()).toList();
      precision.kernels().update(rule, g, precision.zeros(20), kept, y);
      for (int i = 0; i < 20; i++) {
        double moved = i % 2 == 0 ? -Precision.at(y, i) : Precision.at(y, i);
        assertTrue(moved > 0 && moved < Double.POSITIVE_INFINITY, rule + ": " + moved);
        assertTrue(kept.stream().allMatch(precision.kernels()::isFinite), rule.toString());
      }
    }
  }

  /** An epsilon that float32 does not hold is not rounded to 0, and 0 / 0 is not computed. */
  @ParameterizedTest
  @EnumSource
  void aGradientOfZeroLeavesAnElementWhereItIs(Precision precision) {
    List<Update> rules =
        List.of(
            new Update.Moments(0.1, 0.001, 1e-300, 0, 0, 2, 0.1),
            new Update.RootMeanSquare(0.01, 1e-300, 0.5, true, 0, 0.1),
            new Update.RootMeanSquare(0.01, 1e-300, 0, false, 0, 0.1),
            new Update.SquareSum(1e-300, 0, 0.1));
    for (Update rule : rules) {
      Object p = precision.fractions(19, 4);
      Object y = precision.zeros(19);
      List<Object> kept = Stream.generate(() -> precision.zeros(19)).limit(rule.kept()).toList();
      precision.kernels().update(rule, precision.zeros(19), p, kept, y);
      precision.assertExactly(Precision.values(p), y);
    }
  }

  @ParameterizedTest
  @EnumSource
  void normsNeitherOverflowNorVanish(Precision precision) {
    Kernels<Object> kernels = precision.kernels();
    assertEquals(0, kernels.norm(precision.zeros(0)));
    assertEquals(0, kernels.norm(precision.zeros(5)));
    double[] scales =
        precision.isFloat() ? new double[] {1e-37, 1, 5e37} : new double[] {0x1p-1000, 1, 0x1p1020};
    for (double scale : scales) {
      for (int length : new int[] {1, 2, 3, 7, 9}) {
        Object x = precision.generate(length, i -> i == 0 ? 3 * scale : i == 1 ? -4 * scale : 0);
        double unit = Precision.at(x, 0) / 3;
        double expected = length == 1 ? 3 * unit : 5 * unit;
        assertEquals(expected, kernels.norm(x), 1e-6 * unit);
      }
    }
    double smallest = precision.isFloat() ? Float.MIN_VALUE : Double.MIN_VALUE;
    assertEquals(2 * smallest, kernels.norm(precision.generate(4, i -> smallest)));
    Object many = precision.fractions(LONG, 5);
    double squares =
        IntStream.range(0, LONG).mapToDouble(i -> Math.pow(Precision.at(many, i), 2)).sum();
    assertEquals(Math.sqrt(squares), kernels.norm(many), 1e-10);
  }

  @ParameterizedTest
  @EnumSource
  void findsWhatIsNotFinite(Precision precision) {
    double most = precision.isFloat() ? Float.MAX_VALUE : Double.MAX_VALUE;
    for (int length : new int[] {1, 7, 16, 33, 1001}) {
      for (int place : new int[] {0, length / 2, length - 1}) {
        for (double value :
            new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
          Object x = precision.generate(length, i -> i == place ? value : most);
          assertTrue(!precision.kernels().isFinite(x), length + " " + place);
          double norm = precision.kernels().norm(x);
          assertEquals(Double.isNaN(value) ? Double.NaN : Double.POSITIVE_INFINITY, norm);
        }
      }
      assertTrue(precision.kernels().isFinite(precision.generate(length, i -> -most)));
    }
    assertTrue(precision.kernels().isFinite(precision.zeros(0)));
  }
}
