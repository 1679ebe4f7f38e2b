package org.gradus.autograd.internal.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.gradus.autograd.internal.number.Elementary;
import org.gradus.autograd.internal.number.SmoothUnits;
import org.gradus.autograd.internal.number.SpecialFunctions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Smooth functions and slopes have the same bits everywhere, and a stated accuracy. */
class SmoothKernelsTest {
  private static final int LENGTH = 3 * 512 + 5;

  /** Every so many floats are looked at; 1 for all of them. */
  private static final int STEP = Integer.getInteger("gradus.floats.step", 16_381);

  private static final List<Factor> SLOPES =
      List.of(
          new Factor.Exponential(),
          new Factor.Logistic(),
          new Factor.Hyperbolic(0.5, 0, 2),
          new Factor.Hyperbolic(1, 0, 2),
          new Factor.Hyperbolic(1, 1, 2),
          new Factor.SiluSlope(1),
          new Factor.SiluSlope(2),
          new Factor.GeluSlope(1),
          new Factor.GeluSlope(2),
          new Factor.GeluTanhSlope(1),
          new Factor.MishSlope(1),
          new Factor.ErrorSlope(1),
          new Factor.HardSlope(1, 1),
          new Factor.Wave(0),
          new Factor.Wave(1),
          new Factor.Wave(2),
          new Factor.Wave(3),
          new Factor.Power(-0.5),
          new Factor.Power(2),
          new Factor.Power(3),
          new Factor.Power(-3),
          new Factor.Power(1.5),
          new Factor.Power(1, 1e-17),
          new Factor.Power(0.3, 1e-17));

  private static final List<Loss> SLOPED =
      List.of(Loss.ABSOLUTE, Loss.HUBER, Loss.BINARY_CROSS_ENTROPY);

  /** Extents of lines: rows that are turned, longer ones, and few and many side by side. */
  private static final List<int[]> LINES =
      List.of(
          new int[] {70, 1, 1},
          new int[] {65, 9, 1},
          new int[] {40, 15, 1},
          new int[] {70, 16, 1},
          new int[] {66, 17, 1},
          new int[] {33, 32, 1},
          new int[] {4, 257, 1},
          new int[] {1, 1024, 1},
          new int[] {1, 1025, 1},
          new int[] {12, 128, 1},
          new int[] {11, 129, 1},
          new int[] {1, LENGTH, 1},
          new int[] {2, 40, 15},
          new int[] {2, 40, 16},
          new int[] {3, 20, 17},
          new int[] {3, 7, 63},
          new int[] {2, 10, 65},
          new int[] {1, 5, 130},
          new int[] {1, 90, 17});

  /** Numbers of a kind: any bits, or of usual sizes. */
  private static Object numbers(Precision precision, int kind) {
    Random random = new Random(kind);
    return precision.generate(
        LENGTH,
        i ->
            switch (kind) {
              case 0 ->
                  precision.isFloat()
                      ? Float.intBitsToFloat(random.nextInt())
                      : Double.longBitsToDouble(random.nextLong());
              case 1 -> (random.nextDouble() - 0.5) * 4;
              case 2 -> random.nextGaussian() * 20;
              case 3 -> i % 40 == 0 ? Double.NEGATIVE_INFINITY : random.nextGaussian();
              default -> (random.nextDouble() - 0.5) * 1500;
            });
  }

  /** A hash of all functions, slopes and softmaxes of numbers of all kinds, by some kernels. */
  private static int hash(Precision precision) {
    int hash = 0;
    for (int kind = 0; kind <= 4; kind++) {
      Object x = numbers(precision, kind);
      Object g = numbers(precision, 3 - kind % 2);
      Object y = precision.zeros(LENGTH);
      for (Unary f : Unary.values()) {
        for (double c : f == Unary.POW ? new double[] {2, 3, -2, 0.5, 0} : new double[] {0.75}) {
          precision.kernels().unary(f, c, x, y);
          hash = 31 * hash + hash(y);
        }
      }
      for (Factor slope : SLOPES) {
        Factor[] factors = {Factor.Power.one(), slope};
        int[][] strides = {{1}, {1}};
        for (double c : new double[] {1, 2}) {
          precision.kernels().product(c, factors, new int[] {LENGTH}, List.of(g, x), strides, y);
          hash = 31 * hash + hash(y);
        }
      }
      for (Loss loss : SLOPED) {
        precision.kernels().lossInput(loss, 0.75, 1.5, x, g, y);
        hash = 31 * hash + hash(y);
      }
      for (Loss loss : Loss.values()) {
        hash = 31 * hash + Double.hashCode(precision.kernels().loss(loss, 0.75, 3, x, g));
      }
      for (int[] e : LINES) {
        for (boolean logarithm : new boolean[] {false, true}) {
          precision.kernels().softmax(logarithm, e[0], e[1], e[2], x, y);
          hash = 31 * hash + hash(y);
        }
        for (SoftmaxSlope slope : SoftmaxSlope.values()) {
          precision.kernels().softmaxSlope(slope, e[0], e[1], e[2], x, g, y);
          hash = 31 * hash + hash(y);
        }
      }
    }
    return hash;
  }

  private static int hash(Object array) {
    return array instanceof float[] floats
        ? Arrays.hashCode(floats)
        : Arrays.hashCode((double[]) array);
  }

  /** Prints the hashes of both precisions. */
  static final class Child {
    private Child() {}

    public static void main(String[] args) {
      System.out.println(hash(Precision.FLOAT_VECTORS) + " " + hash(Precision.DOUBLE_VECTORS));
    }
  }

  @Test
  void everyWidthHasTheBitsOfPlainLoops() throws Exception {
    List<ChildJvm> children = new ArrayList<>();
    if (System.getProperty("os.arch").matches("amd64|x86_64")) { // the options are those of x86
      for (int bytes : ChildJvm.widths()) {
        String size = "-XX:MaxVectorSize=" + bytes;
        children.add(ChildJvm.start(Child.class, "--add-modules=jdk.incubator.vector", size));
      }
    }
    String plain = hash(Precision.FLOAT) + " " + hash(Precision.DOUBLE);
    assertEquals(plain, hash(Precision.FLOAT_VECTORS) + " " + hash(Precision.DOUBLE_VECTORS));
    for (ChildJvm child : children) {
      List<String> lines = child.lines();
      assertEquals(plain, lines.get(lines.size() - 1));
    }
  }

  static Stream<Precision> vectors() {
    return Stream.of(Precision.FLOAT_VECTORS, Precision.DOUBLE_VECTORS);
  }

  /** A failure of the test above names no function; this one does. */
  @ParameterizedTest
  @MethodSource("vectors")
  void vectorsHaveTheBitsOfPlainLoops(Precision precision) {
    for (int kind = 0; kind <= 4; kind++) {
      Object x = numbers(precision, kind);
      for (Unary f : Unary.values()) {
        Object expected = precision.zeros(LENGTH);
        Object y = precision.zeros(LENGTH);
        precision.plain().kernels().unary(f, 0.75, x, expected);
        precision.kernels().unary(f, 0.75, x, y);
        for (int i = 0; i < LENGTH; i++) {
          int at = i;
          assertEquals(
              Precision.at(expected, i),
              Precision.at(y, i),
              () -> f + " of " + Precision.at(x, at));
        }
      }
    }
  }

  /** What an element becomes depends on nothing beside it: not on its block, nor on its place. */
  @ParameterizedTest
  @MethodSource("vectors")
  void elementsAreIndependent(Precision precision) {
    Object x = numbers(precision, 0);
    Object y = precision.zeros(LENGTH);
    for (Unary f : Unary.values()) {
      precision.kernels().unary(f, 0.75, x, y);
      for (int i : new int[] {0, 1, 510, 511, 512, LENGTH - 2, LENGTH - 1}) {
        Object one = precision.zeros(1);
        precision.kernels().unary(f, 0.75, precision.array(Precision.at(x, i)), one);
        assertEquals(Precision.at(y, i), Precision.at(one, 0), f::toString);
      }
    }
  }

  /** A row is the same by itself and among others, whatever they are. */
  @ParameterizedTest
  @EnumSource(Precision.class)
  void rowsAreIndependent(Precision precision) {
    rowsAreIndependent(precision, SoftmaxSlope.SHARES);
    rowsAreIndependent(precision, SoftmaxSlope.LOGARITHM);
  }

  private static void rowsAreIndependent(Precision precision, SoftmaxSlope kind) {
    for (int axis : new int[] {1, 7, 15, 16, 17, 32, 100, 128, 129}) {
      int rows = LENGTH / axis;
      Object x = numbers(precision, 3);
      Object y = precision.zeros(LENGTH);
      Object slopes = precision.zeros(LENGTH);
      precision.kernels().softmax(false, rows, axis, 1, x, y);
      precision.kernels().softmaxSlope(kind, rows, axis, 1, x, x, slopes);
      for (int row : new int[] {0, rows / 2, rows - 1}) {
        int first = row * axis;
        Object own = precision.generate(axis, i -> Precision.at(x, first + i));
        Object one = precision.zeros(axis);
        precision.kernels().softmax(false, 1, axis, 1, own, one);
        Object slope = precision.zeros(axis);
        precision.kernels().softmaxSlope(kind, 1, axis, 1, own, own, slope);
        for (int i = 0; i < axis; i++) {
          assertEquals(Precision.at(y, first + i), Precision.at(one, i));
          assertEquals(Precision.at(slopes, first + i), Precision.at(slope, i));
        }
      }
    }
  }

  /** Functions of floats, with oracles in double precision. */
  private static Map<Unary, DoubleUnaryOperator> oracles() {
    Map<Unary, DoubleUnaryOperator> oracles = new LinkedHashMap<>();
    oracles.put(Unary.EXP, StrictMath::exp);
    oracles.put(Unary.EXPM1, StrictMath::expm1);
    oracles.put(Unary.LOG, StrictMath::log);
    oracles.put(Unary.LOG1P, StrictMath::log1p);
    oracles.put(Unary.SIN, StrictMath::sin);
    oracles.put(Unary.COS, StrictMath::cos);
    oracles.put(Unary.TANH, StrictMath::tanh);
    oracles.put(Unary.ERF, SpecialFunctions::erf);
    oracles.put(Unary.SIGMOID, x -> 1 / (1 + StrictMath.exp(-x)));
    oracles.put(
        Unary.SOFTPLUS, x -> x > 0 ? x + StrictMath.log1p(StrictMath.exp(-x)) : softplus(x));
    oracles.put(Unary.SILU, SpecialFunctions::silu);
    oracles.put(Unary.GELU, SpecialFunctions::gelu);
    oracles.put(Unary.GELU_TANH, SmoothUnits::geluTanh);
    oracles.put(Unary.MISH, SmoothUnits::mish);
    oracles.put(Unary.ELU, x -> x > 0 ? x : 0.75 * StrictMath.expm1(x));
    oracles.put(Unary.POW, x -> StrictMath.pow(x, 0.75));
    return oracles;
  }

  private static double softplus(double x) {
    return StrictMath.log1p(StrictMath.exp(x));
  }

  /**
   * By how many units a function of floats may be off; those in double precision by half of one.
   */
  private static double units(Unary f) {
    return switch (f) {
      case EXP, LOG, SIGMOID, TANH, SOFTPLUS, SILU, GELU -> 2;
      case POW -> 0.5000003; // by e^(c ln x): an error of c ln x in double, up to 104
      default -> 0.5000001;
    };
  }

  /** Slopes of floats in single precision. */
  private static final List<Factor> SINGLE =
      List.of(
          new Factor.Logistic(),
          new Factor.Hyperbolic(0.5, 0, 2),
          new Factor.Hyperbolic(1, 0, 2),
          new Factor.SiluSlope(1),
          new Factor.GeluSlope(1));

  /** Half a unit is what rounding takes; the rest may come of the function. */
  @ParameterizedTest
  @EnumSource(Precision.class)
  void everyFloatIsAccurate(Precision precision) {
    if (precision.isFloat()) {
      long count = (1L << 32) / STEP;
      int block = 1 << 16;
      long blocks = (count + block - 1) / block;
      for (long b = 0; b < blocks; b++) {
        long first = b * block;
        float[] x = new float[(int) Math.min(block, count - first)];
        for (int i = 0; i < x.length; i++) {
          x[i] = Float.intBitsToFloat((int) ((first + i) * STEP));
        }
        oracles().forEach((f, oracle) -> compare(precision, f, oracle, x));
        SINGLE.forEach(slope -> compare(precision, slope, x));
      }
    }
  }

  private static void compare(Precision precision, Unary f, DoubleUnaryOperator oracle, float[] x) {
    float[] y = new float[x.length];
    precision.kernels().unary(f, 0.75, x, y);
    compare(f, oracle, units(f), x, y);
  }

  /** The product with 1, which changes nothing. */
  private static void compare(Precision precision, Factor slope, float[] x) {
    float[] y = new float[x.length];
    float[] ones = new float[x.length];
    Arrays.fill(ones, 1);
    Factor[] factors = {Factor.Power.one(), slope};
    int[] shape = {x.length};
    precision.kernels().product(1, factors, shape, List.of(ones, x), new int[][] {{1}, {1}}, y);
    compare(slope, slope::at, 2, x, y);
  }

  private static void compare(
      Object f, DoubleUnaryOperator oracle, double most, float[] x, float[] y) {
    IntStream.range(0, x.length)
        .parallel()
        .forEach(
            i -> {
              double expected = oracle.applyAsDouble(x[i]);
              float rounded = (float) expected;
              if (Float.compare(y[i], rounded) != 0) {
                double units = Math.abs(y[i] - expected) / Math.ulp(rounded);
                assertTrue(
                    units <= most,
                    () -> "%s(%s): expected %s, but was %s".formatted(f, x[i], expected, y[i]));
              }
            });
  }

  /**
   * Near the least values of silu and gelu, every float: slopes change their sign there, and keep
   * their digits.
   */
  @ParameterizedTest
  @EnumSource(Precision.class)
  void slopesAreAccurateWhereTheyVanish(Precision precision) {
    if (precision.isFloat()) {
      Map<Factor, Double> roots =
          Map.of(
              new Factor.SiluSlope(1),
              -(double) SingleFunctions.SILU_LEAST,
              new Factor.GeluSlope(1),
              -(double) SingleFunctions.GELU_LEAST);
      roots.forEach(
          (slope, root) -> {
            for (double edge : new double[] {-SingleFunctions.NEAR_LEAST, 0, 0x1p-6}) {
              float[] x = new float[8193];
              int middle = Float.floatToIntBits((float) (root + edge));
              for (int i = 0; i < x.length; i++) {
                x[i] = Float.intBitsToFloat(middle + i - x.length / 2);
              }
              compare(precision, slope, x);
            }
          });
    }
  }

  /** What oracles have at the infinities, at NaN and at both zeros, with its sign. */
  @ParameterizedTest
  @EnumSource(Precision.class)
  void functionsOfExtremes(Precision precision) {
    double infinity = Double.POSITIVE_INFINITY;
    double[] x = {infinity, -infinity, Double.NaN, 0, -0.0};
    oracles()
        .forEach(
            (f, oracle) -> {
              Object y = precision.zeros(x.length);
              precision.kernels().unary(f, 0.75, precision.array(x), y);
              for (int i = 0; i < x.length; i++) {
                double expected = precision.round(oracle.applyAsDouble(x[i]));
                assertEquals(expected, Precision.at(y, i), f + " of " + x[i]);
              }
            });
  }

  /** Half a unit of the product, and what the slope's units become where the product has others. */
  @ParameterizedTest
  @EnumSource(Precision.class)
  void slopesTimesCotangentsAreWithinThreeUnits(Precision precision) {
    if (precision.isFloat()) {
      Random random = new Random(1);
      float[] x = new float[1 << 18];
      float[] g = new float[x.length];
      float[] y = new float[x.length];
      for (int i = 0; i < x.length; i++) {
        x[i] = (float) Math.scalb(random.nextGaussian(), i % 16 - 12);
        g[i] = 2 - 0.3f * random.nextFloat();
      }
      for (Factor slope : SINGLE) {
        Factor[] factors = {Factor.Power.one(), slope};
        int[] shape = {x.length};
        precision.kernels().product(1, factors, shape, List.of(g, x), new int[][] {{1}, {1}}, y);
        for (int i = 0; i < x.length; i++) {
          double expected = slope.at(x[i]) * g[i];
          int at = i;
          assertEquals(
              expected, y[i], 3 * Math.ulp((float) expected), () -> slope + " of " + x[at]);
        }
      }
    }
  }

  /** An infinite or large cotangent, of what has no slope or hardly one: as by the definition. */
  @ParameterizedTest
  @EnumSource(Precision.class)
  void slopesOfExtremes(Precision precision) {
    double infinity = Double.POSITIVE_INFINITY;
    for (Factor slope : List.of(new Factor.SiluSlope(1), new Factor.GeluSlope(1))) {
      for (double v :
          new double[] {-infinity, -1e30, -800, -101, -100, -99, -30, -14.7, 30, 1e30, infinity}) {
        for (double w : new double[] {infinity, -infinity, 0, -0.0, 1e38, 1, Double.NaN}) {
          Object x = precision.array(v);
          Object g = precision.array(w);
          Object y = precision.zeros(1);
          Factor[] factors = {Factor.Power.one(), slope};
          precision
              .kernels()
              .product(1, factors, new int[] {1}, List.of(g, x), new int[][] {{1}, {1}}, y);
          double[] numbers = {Precision.at(g, 0), Precision.at(x, 0)};
          Object rounded = precision.array(Factor.product(1, factors, numbers));
          double expected = Precision.at(rounded, 0);
          double unit = precision.isFloat() ? Math.ulp((float) expected) : Math.ulp(expected);
          if (!(Math.abs(expected - Precision.at(y, 0)) <= 4 * unit)) { // infinite or NaN, too
            assertEquals(expected, Precision.at(y, 0), slope + " of " + v + " times " + w);
          }
        }
      }
    }
  }

  /** Short rows of floats beside the same in double precision, which are computed line by line. */
  @ParameterizedTest
  @EnumSource(Precision.class)
  void slopesOfLogarithmsKeepTheirDigits(Precision precision) {
    if (precision.isFloat()) {
      Random random = new Random(1);
      for (int axis : new int[] {1, 2, 10, 32, 128}) {
        for (int after : new int[] {1, 16}) {
          int before = 70;
          int n = before * axis * after;
          double[] x = new double[n];
          double[] g = new double[n];
          for (int i = 0; i < n; i++) {
            x[i] = (float) (random.nextGaussian() * (i % 3 == 0 ? 30 : 1));
            g[i] = (float) Math.scalb(random.nextGaussian(), random.nextInt(80) - 40);
          }
          double[] expected = new double[n];
          Precision.DOUBLE
              .kernels()
              .softmaxSlope(SoftmaxSlope.LOGARITHM, before, axis, after, x, g, expected);
          Object y = precision.zeros(n);
          precision
              .kernels()
              .softmaxSlope(
                  SoftmaxSlope.LOGARITHM,
                  before,
                  axis,
                  after,
                  precision.array(x),
                  precision.array(g),
                  y);
          double[] sizes = new double[n];
          Arrays.setAll(sizes, i -> Math.abs(g[i]));
          double[] totals = new double[before * after];
          Precision.DOUBLE.kernels().sum(before, axis, after, sizes, totals);
          double[] shares = new double[n];
          Precision.DOUBLE.kernels().softmax(false, before, axis, after, x, shares);
          for (int i = 0; i < n; i++) {
            double total = totals[i / (axis * after) * after + i % after] * shares[i];
            double lost = Math.scalb(total + sizes[i] * (1 - shares[i]), -38); // e^x has 40 bits
            double most = Math.ulp((float) expected[i]) + lost;
            assertEquals(expected[i], Precision.at(y, i), most);
          }
        }
      }
    }
  }

  /** The largest double of which e^x is finite, and its like, for the formulas' bounds. */
  @Test
  void boundsAreWhereFunctionsChange() {
    assertEquals(Double.POSITIVE_INFINITY, Elementary.exp(Elementary.EXP_MOST));
    assertEquals(0, Elementary.exp(Elementary.EXP_LEAST));
    assertTrue(Elementary.exp(-Elementary.EXP_USUAL) >= Double.MIN_NORMAL);
    assertTrue(Elementary.exp(Elementary.EXP_USUAL) <= Double.MAX_VALUE);
  }
}
