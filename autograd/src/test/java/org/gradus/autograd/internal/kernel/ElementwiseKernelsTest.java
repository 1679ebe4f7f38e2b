package org.gradus.autograd.internal.kernel;

import static java.lang.Double.NEGATIVE_INFINITY;
import static java.lang.Double.NaN;
import static java.lang.Double.POSITIVE_INFINITY;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Set;
import java.util.function.DoubleBinaryOperator;
import java.util.stream.Stream;
import org.gradus.autograd.internal.number.SmoothUnits;
import org.gradus.autograd.internal.number.SpecialFunctions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class ElementwiseKernelsTest {
  /** So many elements that several threads share them, with an odd rest. */
  private static final int LONG = 70_001;

  /** A function, its constant, an element, and what becomes of it in both precisions. */
  record Special(Unary f, double c, double x, double expected) {
    static Special of(Unary f, double x, double expected) {
      return new Special(f, 0, x, expected);
    }
  }

  static final List<Special> SPECIAL =
      List.of(
          Special.of(Unary.NEG, 0.0, -0.0),
          Special.of(Unary.NEG, -0.0, 0.0),
          Special.of(Unary.NEG, POSITIVE_INFINITY, NEGATIVE_INFINITY),
          Special.of(Unary.NEG, NaN, NaN),
          Special.of(Unary.ABS, -0.0, 0.0),
          Special.of(Unary.ABS, -2.5, 2.5),
          Special.of(Unary.ABS, NEGATIVE_INFINITY, POSITIVE_INFINITY),
          Special.of(Unary.ABS, NaN, NaN),
          Special.of(Unary.SIGN, 0.0, 0.0),
          Special.of(Unary.SIGN, -0.0, -0.0),
          Special.of(Unary.SIGN, 1e-40, 1),
          Special.of(Unary.SIGN, NEGATIVE_INFINITY, -1),
          Special.of(Unary.SIGN, NaN, NaN),
          Special.of(Unary.SQUARE, -0.0, 0.0),
          Special.of(Unary.SQUARE, -3, 9),
          Special.of(Unary.SQUARE, NEGATIVE_INFINITY, POSITIVE_INFINITY),
          Special.of(Unary.SQUARE, NaN, NaN),
          Special.of(Unary.RECIPROCAL, 0.0, POSITIVE_INFINITY),
          Special.of(Unary.RECIPROCAL, -0.0, NEGATIVE_INFINITY),
          Special.of(Unary.RECIPROCAL, NEGATIVE_INFINITY, -0.0),
          Special.of(Unary.RECIPROCAL, -4, -0.25),
          Special.of(Unary.RECIPROCAL, NaN, NaN),
          Special.of(Unary.EXP, 0.0, 1),
          Special.of(Unary.EXP, -0.0, 1),
          Special.of(Unary.EXP, 1000, POSITIVE_INFINITY),
          Special.of(Unary.EXP, -1000, 0.0),
          Special.of(Unary.EXP, POSITIVE_INFINITY, POSITIVE_INFINITY),
          Special.of(Unary.EXP, NEGATIVE_INFINITY, 0.0),
          Special.of(Unary.EXP, NaN, NaN),
          Special.of(Unary.LOG, 0.0, NEGATIVE_INFINITY),
          Special.of(Unary.LOG, -0.0, NEGATIVE_INFINITY),
          Special.of(Unary.LOG, 1, 0.0),
          Special.of(Unary.LOG, -1, NaN),
          Special.of(Unary.LOG, POSITIVE_INFINITY, POSITIVE_INFINITY),
          Special.of(Unary.LOG, NaN, NaN),
          Special.of(Unary.LOG1P, -0.0, -0.0),
          Special.of(Unary.LOG1P, 1e-30, 1e-30),
          Special.of(Unary.LOG1P, -1, NEGATIVE_INFINITY),
          Special.of(Unary.LOG1P, -2, NaN),
          Special.of(Unary.LOG1P, POSITIVE_INFINITY, POSITIVE_INFINITY),
          Special.of(Unary.EXPM1, -0.0, -0.0),
          Special.of(Unary.EXPM1, 1e-30, 1e-30),
          Special.of(Unary.EXPM1, -1000, -1),
          Special.of(Unary.EXPM1, NEGATIVE_INFINITY, -1),
          Special.of(Unary.EXPM1, 1000, POSITIVE_INFINITY),
          Special.of(Unary.SIN, -0.0, -0.0),
          Special.of(Unary.SIN, POSITIVE_INFINITY, NaN),
          Special.of(Unary.COS, -0.0, 1),
          Special.of(Unary.COS, NEGATIVE_INFINITY, NaN),
          Special.of(Unary.SQRT, -0.0, -0.0),
          Special.of(Unary.SQRT, 4, 2),
          Special.of(Unary.SQRT, -1, NaN),
          Special.of(Unary.SQRT, POSITIVE_INFINITY, POSITIVE_INFINITY),
          Special.of(Unary.SQRT, NaN, NaN),
          Special.of(Unary.TANH, 0.0, 0.0),
          Special.of(Unary.TANH, -0.0, -0.0),
          Special.of(Unary.TANH, 1e30, 1),
          Special.of(Unary.TANH, -1e30, -1),
          Special.of(Unary.TANH, POSITIVE_INFINITY, 1),
          Special.of(Unary.TANH, NEGATIVE_INFINITY, -1),
          Special.of(Unary.TANH, NaN, NaN),
          Special.of(Unary.SIGMOID, 0.0, 0.5),
          Special.of(Unary.SIGMOID, -0.0, 0.5),
          Special.of(Unary.SIGMOID, 1000, 1),
          Special.of(Unary.SIGMOID, -1000, 0.0),
          Special.of(Unary.SIGMOID, -740, Math.exp(-740)), // although e^740 overflows
          Special.of(Unary.SIGMOID, POSITIVE_INFINITY, 1),
          Special.of(Unary.SIGMOID, NEGATIVE_INFINITY, 0.0),
          Special.of(Unary.SIGMOID, NaN, NaN),
          Special.of(Unary.RELU, 0.0, 0.0),
          Special.of(Unary.RELU, -0.0, 0.0),
          Special.of(Unary.RELU, -1e30, 0.0),
          Special.of(Unary.RELU, 1e30, 1e30),
          Special.of(Unary.RELU, POSITIVE_INFINITY, POSITIVE_INFINITY),
          Special.of(Unary.RELU, NEGATIVE_INFINITY, 0.0),
          Special.of(Unary.RELU, NaN, NaN),
          new Special(Unary.LEAKY_RELU, 0.25, 3, 3),
          new Special(Unary.LEAKY_RELU, 0.25, -2, -0.5),
          new Special(Unary.LEAKY_RELU, 0.25, -0.0, -0.0),
          new Special(Unary.LEAKY_RELU, 0.25, NEGATIVE_INFINITY, NEGATIVE_INFINITY),
          new Special(Unary.LEAKY_RELU, 0.25, POSITIVE_INFINITY, POSITIVE_INFINITY),
          new Special(Unary.LEAKY_RELU, 0.25, NaN, NaN),
          new Special(Unary.ELU, 1.5, 3, 3),
          new Special(Unary.ELU, 1.5, -0.0, -0.0),
          new Special(Unary.ELU, 2, -1e-30, -2e-30),
          new Special(Unary.ELU, 1.5, NEGATIVE_INFINITY, -1.5),
          new Special(Unary.ELU, 1.5, POSITIVE_INFINITY, POSITIVE_INFINITY),
          new Special(Unary.ELU, 1.5, NaN, NaN),
          Special.of(Unary.SOFTPLUS, 1000, 1000),
          Special.of(Unary.SOFTPLUS, -1000, 0.0),
          Special.of(Unary.SOFTPLUS, NaN, NaN),
          Special.of(Unary.SILU, 1000, 1000),
          Special.of(Unary.SILU, -1000, -0.0),
          Special.of(Unary.SILU, NEGATIVE_INFINITY, -0.0),
          Special.of(Unary.SILU, NaN, NaN),
          Special.of(Unary.GELU, 1000, 1000),
          Special.of(Unary.GELU, -1000, -0.0),
          Special.of(Unary.GELU, NEGATIVE_INFINITY, -0.0),
          Special.of(Unary.GELU, NaN, NaN),
          Special.of(Unary.GELU_TANH, 1000, 1000),
          Special.of(Unary.GELU_TANH, -1000, -0.0),
          Special.of(Unary.GELU_TANH, NEGATIVE_INFINITY, -0.0),
          Special.of(Unary.GELU_TANH, NaN, NaN),
          Special.of(Unary.MISH, 1000, 1000),
          Special.of(Unary.MISH, -1000, -0.0),
          Special.of(Unary.MISH, NEGATIVE_INFINITY, -0.0),
          Special.of(Unary.MISH, NaN, NaN),
          Special.of(Unary.HARD_SIGMOID, -3, 0.0),
          Special.of(Unary.HARD_SIGMOID, -1e30, 0.0),
          Special.of(Unary.HARD_SIGMOID, 1.5, 0.75),
          Special.of(Unary.HARD_SIGMOID, POSITIVE_INFINITY, 1),
          Special.of(Unary.HARD_SIGMOID, NaN, NaN),
          Special.of(Unary.HARD_SWISH, -3, -0.0),
          Special.of(Unary.HARD_SWISH, 1.5, 1.125),
          Special.of(Unary.HARD_SWISH, 1e30, 1e30),
          Special.of(Unary.HARD_SWISH, NEGATIVE_INFINITY, -0.0),
          Special.of(Unary.HARD_SWISH, POSITIVE_INFINITY, POSITIVE_INFINITY),
          Special.of(Unary.HARD_SWISH, NaN, NaN),
          Special.of(Unary.SOFTSIGN, -0.0, -0.0),
          Special.of(Unary.SOFTSIGN, 3, 0.75),
          Special.of(Unary.SOFTSIGN, -1e30, -1),
          Special.of(Unary.SOFTSIGN, NEGATIVE_INFINITY, -1),
          Special.of(Unary.SOFTSIGN, NaN, NaN),
          Special.of(Unary.FLOOR, -0.0, -0.0),
          Special.of(Unary.FLOOR, -0.5, -1),
          Special.of(Unary.FLOOR, NEGATIVE_INFINITY, NEGATIVE_INFINITY),
          Special.of(Unary.FLOOR, NaN, NaN),
          Special.of(Unary.ROUND, 2.5, 2),
          Special.of(Unary.ROUND, 3.5, 4),
          Special.of(Unary.ROUND, -0.5, -0.0),
          Special.of(Unary.ROUND, POSITIVE_INFINITY, POSITIVE_INFINITY),
          Special.of(Unary.ROUND, NaN, NaN),
          Special.of(Unary.ERF, -0.0, -0.0),
          Special.of(Unary.ERF, -1000, -1),
          Special.of(Unary.ERF, POSITIVE_INFINITY, 1),
          Special.of(Unary.ERF, NaN, NaN),
          new Special(Unary.ADD, 2.5, -2.5, 0.0),
          new Special(Unary.ADD, -0.0, -0.0, -0.0),
          new Special(Unary.ADD, 1, NEGATIVE_INFINITY, NEGATIVE_INFINITY),
          new Special(Unary.ADD, POSITIVE_INFINITY, NEGATIVE_INFINITY, NaN),
          new Special(Unary.ADD, 1, NaN, NaN),
          new Special(Unary.MUL, -2, 0.0, -0.0),
          new Special(Unary.MUL, -2, POSITIVE_INFINITY, NEGATIVE_INFINITY),
          new Special(Unary.MUL, 0, POSITIVE_INFINITY, NaN),
          new Special(Unary.MUL, 0, NaN, NaN),
          new Special(Unary.POW, 0, NaN, 1),
          new Special(Unary.POW, 0, 0.0, 1),
          new Special(Unary.POW, 2, -3, 9),
          new Special(Unary.POW, 3, -2, -8),
          new Special(Unary.POW, 0.5, -1, NaN),
          new Special(Unary.POW, 0.5, 16, 4),
          new Special(Unary.POW, -1, 0.0, POSITIVE_INFINITY),
          new Special(Unary.POW, -1, -0.0, NEGATIVE_INFINITY),
          new Special(Unary.POW, 2, NEGATIVE_INFINITY, POSITIVE_INFINITY),
          new Special(Unary.POW, 2, NaN, NaN),
          new Special(Unary.AT_LEAST, -1, -1, -1),
          new Special(Unary.AT_LEAST, -1, 7, 7),
          new Special(Unary.AT_LEAST, -1, NEGATIVE_INFINITY, -1),
          new Special(Unary.AT_LEAST, 0, -0.0, 0.0),
          new Special(Unary.AT_LEAST, -1, NaN, NaN),
          new Special(Unary.AT_MOST, -1, -1, -1),
          new Special(Unary.AT_MOST, -1, -7, -7),
          new Special(Unary.AT_MOST, -1, POSITIVE_INFINITY, -1),
          new Special(Unary.AT_MOST, -1, NaN, NaN));

  static Stream<Arguments> specialValues() {
    return Stream.of(Precision.values())
        .flatMap(precision -> SPECIAL.stream().map(row -> Arguments.of(precision, row)));
  }

  @ParameterizedTest
  @MethodSource
  void specialValues(Precision precision, Special row) {
    double y = alone(precision, row.f(), row.c(), row.x());
    assertEquals(precision.round(row.expected()), y);
  }

  /**
   * The definition of a function, or what becomes of an element that is alone: the rows of ops say
   * what that must be.
   */
  private static double naive(Precision precision, Unary f, double c, double x) {
    return switch (f) {
      case NEG -> 0.0 - x;
      case ABS -> x < 0 ? -x : x;
      case SIGN -> x < 0 ? -1 : 1;
      case SQUARE -> StrictMath.pow(x, 2);
      case RECIPROCAL -> StrictMath.pow(x, -1);
      case EXP -> Math.exp(x);
      case LOG -> Math.log(x);
      case LOG1P -> Math.log1p(x);
      case EXPM1 -> Math.expm1(x);
      case SIN -> Math.sin(x);
      case COS -> Math.cos(x);
      case SQRT -> Math.sqrt(x);
      case TANH -> Math.tanh(x);
      case SIGMOID -> 1 / (1 + Math.exp(-x));
      case RELU -> x > 0 ? x : 0;
      case LEAKY_RELU -> Math.max(x, 0) + c * Math.min(x, 0);
      case ELU -> Math.max(x, 0) + c * Math.expm1(Math.min(x, 0));
      case SOFTPLUS -> Math.log1p(Math.exp(x));
      case SILU -> x / (1 + Math.exp(-x));
      case GELU -> SpecialFunctions.gelu(x);
      case GELU_TANH -> SmoothUnits.geluTanh(x);
      case MISH -> x * Math.tanh(Math.log1p(Math.exp(x)));
      case HARD_SIGMOID -> x < -3 ? 0 : x > 3 ? 1 : (x + 3) / 6;
      case HARD_SWISH -> x < -3 ? 0 : x > 3 ? x : x * (x + 3) / 6;
      case SOFTSIGN -> x / (1 + Math.abs(x));
      case FLOOR -> -Math.ceil(-x);
      case ROUND -> x - Math.IEEEremainder(x, 1);
      case ERF -> SpecialFunctions.erf(x);
      case ADD -> x + c;
      case MUL -> x * c;
      case POW -> StrictMath.pow(x, c);
      case AT_LEAST -> x < c ? c : x;
      case AT_MOST -> x > c ? c : x;
      default -> alone(precision, f, c, x);
    };
  }

  private static double alone(Precision precision, Unary f, double c, double x) {
    Object y = precision.zeros(1);
    precision.kernels().unary(f, c, precision.array(x), y);
    return Precision.at(y, 0);
  }

  static Stream<Arguments> longUnary() {
    return Stream.of(Precision.values())
        .flatMap(precision -> Stream.of(Unary.values()).map(f -> Arguments.of(precision, f)));
  }

  @ParameterizedTest
  @MethodSource
  void longUnary(Precision precision, Unary f) {
    boolean positive = Set.of(Unary.LOG, Unary.LOG1P, Unary.SQRT, Unary.POW).contains(f);
    Object x =
        precision.generate(LONG, i -> (i % 997 + 1) / 100.0 * (i % 2 == 0 || positive ? 1 : -1));
    Object copy = precision.array(Precision.values(x));
    Object y = precision.zeros(LONG);
    double c = precision.round(1.7);
    precision.kernels().unary(f, c, x, y);
    double[] expected = new double[LONG];
    for (int i = 0; i < LONG; i++) {
      expected[i] = naive(precision, f, c, Precision.at(x, i));
    }
    precision.assertNearly(expected, y, 8);
    precision.assertExactly(Precision.values(copy), x);
  }

  // ---- two elements ----------------------------------------------------------------------------

  /** The definition of a function of two elements. */
  static DoubleBinaryOperator naive(Binary f) {
    return switch (f) {
      case ADD -> (a, b) -> a + b;
      case SUB -> (a, b) -> a - b;
      case MUL -> (a, b) -> a * b;
      case DIV -> (a, b) -> a / b;
      case MAXIMUM -> (a, b) -> -Math.min(-a, -b);
      case MINIMUM -> (a, b) -> -Math.max(-a, -b);
      case POW -> StrictMath::pow;
      case PRELU -> (a, b) -> a > 0 ? a : b * a;
      case GATE -> (a, b) -> a > 0 || Double.isNaN(a) ? b : 0;
      case GREATER -> (a, b) -> a > b ? 1 : 0;
      case GREATER_EQUAL -> (a, b) -> a > b || a == b ? 1 : 0;
      case LESS -> (a, b) -> b > a ? 1 : 0;
      case LESS_EQUAL -> (a, b) -> b > a || a == b ? 1 : 0;
      case EQUAL -> (a, b) -> a == b ? 1 : 0;
      case NOT_EQUAL -> (a, b) -> a == b ? 0 : 1;
    };
  }

  static Stream<Arguments> pairs() {
    return Stream.of(Precision.values())
        .flatMap(precision -> Stream.of(Binary.values()).map(f -> Arguments.of(precision, f)));
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void specialPairs(Precision precision, Binary f) {
    double[] special = {0.0, -0.0, 1, -1, 1e30, POSITIVE_INFINITY, NEGATIVE_INFINITY, NaN};
    int n = special.length;
    double[] expected = new double[n * n];
    for (int i = 0; i < n * n; i++) {
      double a = precision.round(special[i / n]);
      double b = precision.round(special[i % n]);
      expected[i] = precision.round(naive(f).applyAsDouble(a, b));
    }
    Object x = precision.array(special);
    Object table = precision.zeros(n * n);
    precision
        .kernels()
        .binary(f, new int[] {n, n}, x, new int[] {1, 0}, x, new int[] {0, 1}, table);
    precision.assertExactly(expected, table);
    double[] turned = new double[n * n];
    for (int i = 0; i < n * n; i++) {
      turned[i] = expected[i % n * n + i / n];
    }
    Object other = precision.zeros(n * n);
    precision
        .kernels()
        .binary(f, new int[] {n, n}, x, new int[] {0, 1}, x, new int[] {1, 0}, other);
    precision.assertExactly(turned, other);
    Object y = precision.zeros(n * n);
    Object a = precision.generate(n * n, i -> special[i / n]);
    Object b = precision.generate(n * n, i -> special[i % n]);
    precision.kernels().binary(f, new int[] {n * n}, a, new int[] {1}, b, new int[] {1}, y);
    precision.assertExactly(expected, y);
    for (int i = 0; i < n * n; i++) {
      Object one = precision.zeros(1);
      Object left = precision.array(special[i / n]);
      Object right = precision.array(special[i % n]);
      precision.kernels().binary(f, new int[] {1}, left, new int[] {0}, right, new int[] {0}, one);
      assertEquals(expected[i], Precision.at(one, 0));
    }
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void longPairs(Precision precision, Binary f) {
    Object a = precision.fractions(LONG, 1);
    Object b = precision.fractions(LONG, 2);
    for (int strideA = 0; strideA <= 1; strideA++) {
      for (int strideB = 0; strideB <= 1; strideB++) {
        Object y = precision.zeros(LONG);
        precision
            .kernels()
            .binary(f, new int[] {LONG}, a, new int[] {strideA}, b, new int[] {strideB}, y);
        double[] expected = new double[LONG];
        for (int i = 0; i < LONG; i++) {
          double left = Precision.at(a, i * strideA);
          expected[i] = naive(f).applyAsDouble(left, Precision.at(b, i * strideB));
        }
        precision.assertExactly(expected, y);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void manyRowsAndLongRows(Precision precision, Binary f) {
    for (int[] shape : new int[][] {{301, 257}, {7, 2500}}) {
      int rows = shape[0];
      int columns = shape[1];
      Object a = precision.fractions(rows * columns, 3);
      Object b = precision.fractions(rows, 4);
      Object right = precision.zeros(rows * columns);
      Object left = precision.zeros(rows * columns);
      int[] whole = {columns, 1};
      int[] repeated = {1, 0};
      precision.kernels().binary(f, shape, a, whole, b, repeated, right);
      precision.kernels().binary(f, shape, b, repeated, a, whole, left);
      double[] expectedRight = new double[rows * columns];
      double[] expectedLeft = new double[rows * columns];
      for (int i = 0; i < rows * columns; i++) {
        double x = Precision.at(a, i);
        double z = Precision.at(b, i / columns);
        expectedRight[i] = naive(f).applyAsDouble(x, z);
        expectedLeft[i] = naive(f).applyAsDouble(z, x);
      }
      precision.assertExactly(expectedRight, right);
      precision.assertExactly(expectedLeft, left);
    }
  }

  // ---- choices ---------------------------------------------------------------------------------

  @ParameterizedTest
  @EnumSource
  void whereTakesEitherAndTouchesNotTheOther(Precision precision) {
    Object mask = precision.array(0.0, -0.0, 1, -2, NaN, POSITIVE_INFINITY, 1e-40, 0);
    Object a = precision.array(NaN, 1, NaN, -0.0, 5, 6, 7, POSITIVE_INFINITY);
    Object b = precision.array(-1, -0.0, 3, NaN, NaN, NaN, NaN, NEGATIVE_INFINITY);
    Object y = precision.zeros(8);
    int[] one = {1};
    precision.kernels().where(new int[] {8}, mask, one, a, one, b, one, y);
    precision.assertExactly(new double[] {-1, -0.0, NaN, -0.0, 5, 6, 7, NEGATIVE_INFINITY}, y);
  }

  /** All combinations of a row, a column and a table. */
  @ParameterizedTest
  @EnumSource
  void whereOfRowsColumnsAndTables(Precision precision) {
    for (int[] shape : new int[][] {{301, 257}, {7, 2500}}) {
      int rows = shape[0];
      int columns = shape[1];
      int[][] strides = {{columns, 1}, {1, 0}, {0, 1}};
      Object mask = precision.wholes(rows * columns, 5);
      Object a = precision.fractions(rows * columns, 6);
      Object b = precision.fractions(rows * columns, 7);
      for (int[] m : strides) {
        for (int[] sa : strides) {
          for (int[] sb : strides) {
            Object y = precision.zeros(rows * columns);
            precision.kernels().where(shape, mask, m, a, sa, b, sb, y);
            double[] expected = new double[rows * columns];
            for (int i = 0; i < rows * columns; i++) {
              int row = i / columns;
              int column = i % columns;
              boolean chosen = Precision.at(mask, row * m[0] + column * m[1]) != 0;
              expected[i] =
                  chosen
                      ? Precision.at(a, row * sa[0] + column * sa[1])
                      : Precision.at(b, row * sb[0] + column * sb[1]);
            }
            precision.assertExactly(expected, y);
          }
        }
      }
    }
  }

  // ---- y = z + c x -----------------------------------------------------------------------------

  @ParameterizedTest
  @EnumSource
  void axpy(Precision precision) {
    for (int length : new int[] {0, 1, 7, LONG}) {
      Object x = precision.wholes(length, 5);
      Object z = precision.wholes(length, 6);
      double[] expected = new double[length];
      for (int i = 0; i < length; i++) {
        expected[i] = Precision.at(z, i) - 1.5 * Precision.at(x, i);
      }
      Object y = precision.zeros(length);
      precision.kernels().axpy(-1.5, x, z, y);
      precision.assertExactly(expected, y);
      precision.kernels().axpy(-1.5, x, z, z);
      precision.assertExactly(expected, z);
    }
  }

  @ParameterizedTest
  @EnumSource
  void axpyOfSpecialValues(Precision precision) {
    Object x = precision.array(NaN, POSITIVE_INFINITY, POSITIVE_INFINITY, -0.0);
    Object z = precision.array(1, 1, POSITIVE_INFINITY, -0.0);
    Object y = precision.zeros(4);
    precision.kernels().axpy(-1, x, z, y);
    precision.assertExactly(new double[] {NaN, NEGATIVE_INFINITY, NaN, 0.0}, y);
  }
}
