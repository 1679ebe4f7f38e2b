package org.gradus.autograd.ops;

import static org.gradus.autograd.ops.Values.assertExactly;
import static org.gradus.autograd.ops.Values.gradient;
import static org.gradus.autograd.ops.Values.shape;
import static org.gradus.autograd.ops.Values.tensor;
import static org.gradus.autograd.ops.Values.values;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.gradus.autograd.Gradients;
import org.gradus.autograd.Gradients.Mode;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Results that are representable, of factors that are not: slopes below the least number, products
 * of cotangents above the largest, numbers that an element type does not have.
 */
class OutOfRangeTest {
  // ---- slopes times cotangents, in float64 -----------------------------------------------------

  /** As many orders as there are cotangents; the expected numbers are from 600 digits. */
  @ParameterizedTest
  @CsvSource({
    "gelu, -41.5, 6e+236, -1.0351936279473818e-136",
    "gelu, -52.0, 1e+300, -1.4145336851759002e-286",
    "gelu, 43.5, 1e+46 7e+276, -6.693613961929782e-86",
    "gelu, -46.75, -0.8 -2e+243, -3.591938344121484e-229",
    "gelu, -44.0, -9e-84 -0.75 -8e+302, 7.340153495338937e-197",
    "gelu, 44.0, 3e+200 2e+100 5.0, 4.077863052966075e-115",
    "erf, -30.25, 4e+219, 1.7697857912888116e-178",
    "erf, 33.0, -1e+141 7e+248, 5.893947217091054e-82",
    "erf, -28.0, -0.5 -4e+150 -5e-08, -1.1526043101836265e-194",
    "erf, 36.5, 1e+300, 2.908248707204516e-279",
    "silu, 1104.0, 1e+108 6e+130, -2.286782308695263e-238",
    "silu, -1500.0, 1e+286 -6e+165, 3.250425443435875e-197",
    "silu, 1104.0, 1e+108 6e+130 2e+202, 4.5694143772658515e-36",
    "silu, -1191.0, 1.5 -6e+198 2e+250, 1.2171973522563385e-65",
    "silu, 760.0, 1e+100 1e+20, -6.544296373928126e-208",
    "pow 0.1, 4.5e-269, -8e-75, -2.6013496171790556e+166",
    "pow -7.3, 2.25e+59, 3e+302, -5.215899496414407e-190",
    "pow 2.5e-5, 1e+293, -5e+137, -1.2712618465031153e-160",
    "pow 0.1, 2e-172, -1e-264 -3e+50, -4.564642530192119e+111",
    "pow -7.3, 4.7e-26, -1e+53 9e-41 0.75, 2.8680038972291973e+276",
    "pow 0.3, 1e-300, 1.0, 3.000000000000023e+209",
    "elu 1e300, -76.0, 0.75 -3e+17, -2.217184804375033e+284",
    "elu 1e300, -4e-66, -2e-12 -9e+18, 1.8e+307",
    "elu 1e-300, -2.5, 4.5e+55 3e-10, 1.1081474814226338e-255",
    "sigmoid, -1.04e-322, 6e+25 -8e+95, -6.225227137599707e-202",
    "tanh, -1.5e-314, 1e-191 -7e+242, -2.1000000002699955e-262",
    "tanh, 3.75e-311, -4e-64 1e+254, 2.9999999999999413e-120",
    "sigmoid, -6e-311, 0.025 -1.5e+190, -2.8125000000000842e-123",
    "sqrt, 3.5e-132, -1e-302 2e-191, 7.636035483212126e-297",
    "sqrt, 0.25, 8e+121 -5e+261 2e-307, -9.6e+77",
    "sqrt, 2e-57, 6e-296 2e+62 -7e+288, -1.7609035322810845e+197",
    "sin, 3e-255, 9e+40 -1e+270, 2.7000000000000005e+56",
    "sin, 1e-33, 3e+268 -2e+133 -1e-166, -6e+235",
    "cos, -7e-56, -2e+250 1.25 8e+93, 1.4e+289",
    "sin, -0x3p-1073, 0x7p100 0x1p900, 2.2234614865425384e-21",
    "cos, 0x3p-1073, 0x7p1000, -2.2234614865425384e-21",
    "square, -0.25, -0.125 1.5e308, -3.75e307"
  })
  void slopesOfAllSizes(String function, double at, String cotangents, double expected) {
    Tensor x = Tensor.variable(NdArray.scalar(DType.FLOAT64, at));
    Tensor derivative = named(function).apply(x);
    for (String cotangent : cotangents.split(" ", -1)) {
      Tensor g = Tensor.constant(NdArray.scalar(DType.FLOAT64, Double.parseDouble(cotangent)));
      derivative = Gradients.pullback(derivative, g, Mode.DIFFERENTIABLE, x).of(x);
    }
    assertEquals(expected, derivative.item(), 16 * Math.ulp(expected));
  }

  private static UnaryOperator<Tensor> named(String function) {
    String[] words = function.split(" ", -1);
    double c = words.length > 1 ? Double.parseDouble(words[1]) : 0;
    return switch (words[0]) {
      case "gelu" -> Ops::gelu;
      case "erf" -> Ops::erf;
      case "silu" -> Ops::silu;
      case "sigmoid" -> Ops::sigmoid;
      case "tanh" -> Ops::tanh;
      case "sqrt" -> Ops::sqrt;
      case "sin" -> Ops::sin;
      case "square" -> Ops::square;
      case "cos" -> Ops::cos;
      case "elu" -> x -> Ops.elu(x, c);
      default -> x -> Ops.pow(x, c);
    };
  }

  /** What stands beside an element in a tensor has no part in its gradient, to the last bit. */
  @ParameterizedTest
  @EnumSource
  void neighboursChangeNoBits(DType type) {
    Map<String, UnaryOperator<Tensor>> functions =
        Map.of(
            "exp", Ops::exp,
            "log1p", x -> Ops.expm1(Ops.log1p(x)),
            "pow", x -> Ops.pow(x, 0.3),
            "reciprocal", Ops::reciprocal,
            "sqrt", Ops::sqrt,
            "tanh", Ops::tanh,
            "sigmoid", Ops::sigmoid);
    double huge = type == DType.FLOAT32 ? 3e38 : 1e308;
    functions.forEach(
        (name, f) -> {
          for (int i = 1; i <= 20; i++) {
            double x = Math.sqrt(i) / 3;
            double alone = slopes(type, f, new double[] {x}, new double[] {0.7}).value().at(0);
            double beside =
                slopes(type, f, new double[] {x, huge}, new double[] {0.7, 1e-30}).value().at(0);
            assertEquals(alone, beside, name + " at " + x);
          }
        });
  }

  private static Tensor slopes(DType type, UnaryOperator<Tensor> f, double[] at, double[] g) {
    Tensor x = Tensor.variable(full(type, at).value());
    return gradient(f.apply(x), g, x);
  }

  // ---- numbers that float32 does not have ------------------------------------------------------

  /** As steps of learning by an extreme rate are. */
  @Test
  void factorsThatFloat32DoesNotHave() {
    NdArray x = NdArray.of(new float[] {0, 0x1p100f, -0x1p-100f}, 3);
    NdArray z = NdArray.of(new float[] {1, 0, 0}, 3);
    NdArray large = NdArray.of(new float[] {1, Float.POSITIVE_INFINITY, -0x1p40f}, 3);
    assertEquals(large, z.plusScaled(0x1p140, x));
    assertEquals(NdArray.of(new float[] {1, 0x1p-60f, -0f}, 3), z.plusScaled(0x1p-160, x));
  }

  // ---- cotangents near the ends of a type ------------------------------------------------------

  @ParameterizedTest
  @EnumSource
  void softmaxesByTheLargestCotangents(DType type) {
    double large = type == DType.FLOAT32 ? 3e38 : 1.5e308;
    Tensor far = Tensor.variable(full(type, -2000, 0).value());
    assertNear(full(type, 0, 0), gradient(Ops.softmax(far, 0), values(large, -large), far));
    Tensor even = Tensor.variable(full(type, 5, 5, 5).value());
    double[] same = values(large, large, large);
    assertNear(full(type, 0, 0, 0), gradient(Ops.softmax(even, 0), same, even));
    assertNear(full(type, 0, 0, 0), gradient(Ops.logSoftmax(even, 0), same, even));
    assertNear(
        full(type, large / 3, large / 3, -large / 1.5),
        gradient(Ops.logSoftmax(even, 0), values(large, large, 0), even));
    assertNear(
        full(type, large / 4.5, large / 4.5, -large / 2.25),
        gradient(Ops.softmax(even, 0), values(large, large, -large), even));
    Tensor g = full(type, large, large, -large);
    assertNear( // less the mean, which is a third
        full(type, large / 1.5, large / 1.5, -large / 0.75),
        Tensor.of(new SoftmaxCentred(0), even.detach(), g));
  }

  @ParameterizedTest
  @EnumSource
  void variancesByExtremeCotangents(DType type) {
    boolean single = type == DType.FLOAT32;
    Tensor alone = Tensor.variable(full(type, 5).value());
    double[] large = values(single ? 3e38 : 1.7e308);
    assertNear(full(type, 0), gradient(Ops.variance(alone), large, alone));
    double[] small = values(single ? 0x7p-149 : 0x7p-1074); // not a quotient by 14 as it is
    double[] x = new double[7];
    x[0] = 0x1p100;
    Tensor spike = Tensor.variable(full(type, x).value());
    double[] expected = new double[7];
    Arrays.fill(expected, Math.scalb(small[0], 100) * -2 / 49);
    expected[0] = Math.scalb(small[0], 100) * 12 / 49;
    assertNear(full(type, expected), gradient(Ops.variance(spike), small, spike));
  }

  // ---- on the way ------------------------------------------------------------------------------

  /** A share that float32 does not have, times a cotangent that makes it large. */
  @Test
  void sharesBelowFloat32() {
    Tensor x = Tensor.variable(full(DType.FLOAT32, 0, -100, -120).value());
    NdArray actual = gradient(Ops.logSumExp(x), values(1e30), x).value();
    assertEquals(Math.exp(-100) * 1e30, actual.at(1), 1e-7 * actual.at(1));
    assertEquals(Math.exp(-120) * 1e30, actual.at(2), 1e-7 * actual.at(2));
  }

  /** gamma / sqrt(variance) is 1e45 and 1e-45. */
  @Test
  void givenMomentsWhoseFactorIsNoNumberOfFloat32() {
    DType type = DType.FLOAT32;
    Tensor x = tensor(type, shape(2, 3), 1e-15, 1e20, 6, 0, 2e20, 2);
    Tensor gamma = full(type, 1e30, 1.2345e-30, 0);
    Tensor zero = full(type, 0, 0, 0);
    Tensor y = Ops.batchNorm(x, gamma, zero, zero, full(type, 1e-30, 1e30, 4), 0);
    assertNear(tensor(type, shape(2, 3), 1e30, 1.2345e-25, 0, 0, 2.469e-25, 0), y);
  }

  /** In float32, each element is the nearest number to what double precision gives. */
  @Test
  void givenMomentsAreRoundedOnce() {
    NdArray x = NdArray.generate(DType.FLOAT32, shape(100, 1), i -> Math.sqrt(i));
    NdArray expected = byThree(Tensor.constant(x.as(DType.FLOAT64))).value();
    assertExactly(Tensor.constant(expected.as(DType.FLOAT32)), byThree(Tensor.constant(x)));
  }

  private static Tensor byThree(Tensor x) {
    Tensor three = full(x.dtype(), 3);
    Tensor ten = full(x.dtype(), 10);
    return Ops.batchNorm(x, three, three, ten, three, 0);
  }

  /** Squares that vanish beside an epsilon of another size than 1. */
  @ParameterizedTest
  @ValueSource(doubles = {1e-300, 1e300})
  void normalizingWhatIsNothingBesideEpsilon(double epsilon) {
    double size = epsilon < 1 ? 0x1p-1060 : 0x1p-30;
    Tensor x = Tensor.variable(full(DType.FLOAT64, size, -size).value());
    double sigma = Math.sqrt(epsilon);
    assertNear(
        full(DType.FLOAT64, size / sigma, -size / sigma), Ops.normalize(x, epsilon).detach());
    assertNear(
        full(DType.FLOAT64, 0.5 / sigma, -0.5 / sigma),
        gradient(Ops.normalize(x, epsilon), values(1, 0), x));
  }

  /** Cotangents whose product float32 does not have, unless it is divided by that of deviations. */
  @ParameterizedTest
  @CsvSource({"1e25, 1e15, 1e28", "1e-25, 1e-25, 1e-22"})
  void theSecondDerivativeOfNormalizingDoesNotOverflowOnTheWay(
      double size, double first, double second) {
    double[] x = {1, 2, 4, -3};
    double[] g = {0.5, -1, 0.25, 2};
    double[] h = {1, 0.5, -2, 1};
    NdArray expected = secondOfNormalizing(DType.FLOAT64, x, g, h).value();
    NdArray actual =
        secondOfNormalizing(DType.FLOAT32, times(size, x), times(first, g), times(second, h))
            .value();
    for (int i = 0; i < 4; i++) {
      double value = expected.at(i) * (first / size) * (second / size);
      assertEquals(value, actual.at(i), 1e-5 * Math.abs(value));
    }
  }

  private static double[] times(double factor, double[] x) {
    return Arrays.stream(x).map(v -> v * factor).toArray();
  }

  private static Tensor secondOfNormalizing(DType type, double[] at, double[] g, double[] h) {
    Tensor x = Tensor.variable(full(type, at).value());
    Tensor y = Ops.normalize(x, 0);
    Tensor first = Gradients.pullback(y, full(type, g), Mode.DIFFERENTIABLE, x).of(x);
    return gradient(first, h, x);
  }

  // ---- what the tests share --------------------------------------------------------------------

  private static Tensor full(DType type, double... values) {
    return tensor(type, shape(values.length), values);
  }

  /** Each element to a few roundings of itself, or of the largest where it is 0. */
  private static void assertNear(Tensor expected, Tensor actual) {
    double unit = actual.dtype() == DType.FLOAT32 ? 0x1p-22 : 0x1p-50;
    for (int i = 0; i < expected.value().size(); i++) {
      double value = expected.value().at(i);
      assertEquals(value, actual.value().at(i), unit * Math.abs(value), actual.value().toString());
    }
  }
}
