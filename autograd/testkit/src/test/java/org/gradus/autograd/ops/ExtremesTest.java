package org.gradus.autograd.ops;

import static java.lang.Double.NEGATIVE_INFINITY;
import static java.lang.Double.NaN;
import static java.lang.Double.POSITIVE_INFINITY;
import static org.gradus.autograd.ops.Values.assertExactly;
import static org.gradus.autograd.ops.Values.gradient;
import static org.gradus.autograd.ops.Values.shape;
import static org.gradus.autograd.ops.Values.tensor;
import static org.gradus.autograd.ops.Values.values;
import static org.gradus.autograd.ops.Values.variable;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.gradus.autograd.Gradients;
import org.gradus.autograd.Gradients.Mode;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Values and gradients of numbers that are very large, very small, or far out in a tail: where the
 * true result is representable, so is what comes out.
 */
class ExtremesTest {
  private static final double INF = POSITIVE_INFINITY;

  // ---- normalisation ---------------------------------------------------------------------------

  /**
   * The largest and the smallest scales of each type; epsilon goes with the square of the scale.
   */
  @ParameterizedTest
  @CsvSource({
    "FLOAT32, 1e30, 1e-5",
    "FLOAT32, 1.7e38, 0",
    "FLOAT32, 1e-23, 0",
    "FLOAT32, 1e-40, 0",
    "FLOAT64, 1e30, 1e-5",
    "FLOAT64, 8e307, 1e-5",
    "FLOAT64, 1e-170, 0",
    "FLOAT64, 1e-310, 0"
  })
  void normalizingDoesNotDependOnTheScale(DType type, double scale, double epsilon) {
    Tensor x = scaled(type, scale, -1, 0, 1, 2);
    double[] expected = {-1.3416407864998738, -0.4472135954999579, 0.4472135954999579};
    Tensor y = Ops.normalize(x, epsilon);
    Tensor batch = Ops.batchNorm(Ops.reshape(x, 4, 1), full(type, 1), full(type, 0), epsilon);
    Tensor layer = Ops.layerNorm(x, tensor(type, shape(4), 1, 1, 1, 1), Ops.zeros(x), epsilon);
    Tensor group =
        Ops.groupNorm(Ops.reshape(x, 1, 2, 2), 1, full(type, 1, 1), full(type, 0, 0), epsilon);
    for (Tensor normalized : List.of(y, batch, layer, group)) {
      for (int i = 0; i < 3; i++) {
        assertNear(expected[i], normalized.value().at(i), 1e-4, normalized.toString());
      }
    }
  }

  /** With a cotangent of 1, 0, 0, 0 and a scale of 1: (0.3, -0.4, -0.1, 0.2) / sqrt(1.25). */
  @ParameterizedTest
  @CsvSource({
    "FLOAT32, 1e30",
    "FLOAT32, 1.7e38",
    "FLOAT32, 1e-23",
    "FLOAT64, 8e307",
    "FLOAT64, 1e-170"
  })
  void theGradientOfNormalizingIsThatOfScaleOneDividedByTheScale(DType type, double scale) {
    Tensor x = Tensor.variable(scaled(type, scale, -1, 0, 1, 2).value());
    Tensor y = Ops.normalize(x, 0);
    double one = Math.min(1, scale / 1e3); // so that the gradient is representable
    Tensor gradient = gradient(y, values(one, 0, 0, 0), x);
    double[] expected = {0.3, -0.4, -0.1, 0.2};
    for (int i = 0; i < 4; i++) {
      double value = gradient.value().at(i) * (scale / one) * Math.sqrt(1.25);
      assertNear(
          expected[i], value, type == DType.FLOAT32 ? 1e-5 : 1e-9, gradient.value().toString());
    }
  }

  @ParameterizedTest
  @EnumSource
  void constantsOfAnySizeAreNormalizedToZero(DType type) {
    double largest = type == DType.FLOAT32 ? Float.MAX_VALUE : Double.MAX_VALUE;
    for (double size : values(largest, 3e38, 1e20, 1e-30, 1e-45)) {
      Tensor x = Tensor.variable(tensor(type, shape(3), size, size, size).value());
      assertExactly(tensor(type, shape(3), 0, 0, 0), Ops.normalize(x, 1e-5).detach());
      assertExactly(tensor(type, shape(), 0), Ops.variance(x).detach());
      assertExactly(tensor(type, shape(3), 0, 0, 0), gradient(Ops.variance(x), x));
    }
  }

  @Test
  void batchNormByGivenMomentsDoesNotDependOnTheScale() {
    for (double scale : values(1e30, 1e-30, 1e-37)) {
      Tensor x = scaled(DType.FLOAT32, scale, -1, 3);
      Tensor y =
          Ops.batchNorm(
              Ops.reshape(x, 2, 1),
              full(DType.FLOAT32, 1),
              full(DType.FLOAT32, 0),
              full(DType.FLOAT32, scale),
              full(DType.FLOAT32, Math.min(scale * scale, 1e38)),
              0);
      double size = scale * scale > 1e38 ? scale / 1e19 : 1;
      if (scale * scale > 1e-45) {
        assertNear(-2, y.value().at(0) / size, 1e-5, y.value().toString());
        assertNear(2, y.value().at(1) / size, 1e-5, y.value().toString());
      }
    }
    Tensor apart = tensor(DType.FLOAT32, shape(1, 1), 3e38); // 6e38 from the mean
    Tensor far =
        Ops.batchNorm(
            apart,
            full(DType.FLOAT32, 1),
            full(DType.FLOAT32, 0),
            full(DType.FLOAT32, -3e38),
            full(DType.FLOAT32, 1e20),
            0);
    assertNear(6e28, far.value().at(0), 1e-6, far.value().toString());
  }

  /** An epsilon that float32 does not have is there all the same. */
  @Test
  void epsilonMayBeBelowTheElementType() {
    Tensor zero = full(DType.FLOAT32, 0);
    Tensor x = tensor(DType.FLOAT32, shape(2, 1), 1e-24, -1e-24);
    Tensor y = Ops.batchNorm(x, full(DType.FLOAT32, 1), zero, zero, zero, 1e-48);
    assertNear(1, y.value().at(0), 1e-6, y.value().toString());
    assertExactly(
        tensor(DType.FLOAT32, shape(2), 0, 0), Ops.normalize(full(DType.FLOAT32, 1, 1), 1e-60));
  }

  // ---- means, sums, losses ---------------------------------------------------------------------

  @ParameterizedTest
  @EnumSource
  void meansOfTheLargestNumbers(DType type) {
    double large = type == DType.FLOAT32 ? (float) 3e38 : 1.7e308;
    Tensor pair = full(type, large, large);
    Tensor image = Ops.reshape(full(type, large, large, large, large), 1, 1, 2, 2);
    Tensor zeros = Ops.zeros(pair);
    Map<String, Tensor> results = new LinkedHashMap<>();
    results.put("mean", Ops.mean(pair));
    results.put("mean over two axes", Ops.mean(Ops.reshape(image, 2, 1, 2), 0, 2));
    results.put("globalAvgPool2d", Ops.globalAvgPool2d(image));
    results.put("avgPool2d", Ops.avgPool2d(image, 2));
    results.put("l1", Ops.l1(pair, zeros));
    results.put("huber", Ops.huber(pair, zeros, 1));
    results.put("nllLoss", Ops.nllLoss(Ops.reshape(Ops.neg(pair), 2, 1), 0, 0));
    results.put(
        "crossEntropy", Ops.crossEntropy(tensor(type, shape(2, 2), 0, -large, 0, -large), 1, 1));
    results.put("binaryCrossEntropy", Ops.binaryCrossEntropyWithLogits(pair, zeros));
    results.put("klDivergence", Ops.klDivergence(Ops.neg(pair), full(type, 1, 1)));
    results.forEach(
        (name, y) ->
            assertEquals(
                large,
                y.item(),
                4 * (type == DType.FLOAT32 ? Math.ulp((float) large) : Math.ulp(large)),
                name));
    double root = Math.sqrt(large);
    Tensor mse = Ops.mse(full(type, root, root), zeros);
    assertNear(large, mse.item(), 1e-6, "mse");
    Tensor half = Ops.halfSquaredError(full(type, root * 1.4), full(type, 0));
    assertNear(0.98 * large, half.item(), 1e-6, "halfSquaredError");
  }

  /** A sum that is representable, although a part of it is not. */
  @ParameterizedTest
  @EnumSource
  void sumsWhoseBeginningsOverflow(DType type) {
    double large = type == DType.FLOAT32 ? (float) 3e38 : 1.7e308;
    Tensor x =
        tensor(type, shape(2, 3, 2), 1, large, 1, large, 1, large, 1, -large, 1, -large, 2, 3);
    assertNear(large, Ops.sum(x).item(), 1e-6, "all");
    assertNear(large, Ops.sum(x, 0, 1).value().at(1), 1e-6, "the outer two");
    assertNear(large, Ops.sum(x, 0, 2).value().at(2), 1e-6, "the first and the last");
    assertEquals(INF, Ops.sum(full(type, large, large)).item());
    assertEquals(INF, Ops.mean(full(type, INF, 1)).item());
    assertEquals(NaN, Ops.mean(full(type, INF, NEGATIVE_INFINITY)).item());
  }

  /** Errors whose difference overflows. */
  @Test
  void lossesOfNumbersFarApart() {
    Tensor y = Tensor.variable(tensor(DType.FLOAT32, shape(4), 3e38, 0, 0, 0).value());
    Tensor t = tensor(DType.FLOAT32, shape(4), -3e38, 0, 0, 0);
    assertNear(1.5e38, Ops.l1(y, t).item(), 1e-6, "l1");
    assertNear(1.5e38, Ops.huber(y, t, 1).item(), 1e-6, "huber");
    assertNear(0.25, gradient(Ops.huber(y, t, 1), y).value().at(0), 1e-6, "huber");
    assertNear(3e38, gradient(Ops.mse(y, t), y).value().at(0), 1e-6, "mse");
  }

  // ---- quotients and powers --------------------------------------------------------------------

  @ParameterizedTest
  @EnumSource
  void gradientsOfQuotientsAndPowersDoNotOverflowOnTheWay(DType type) {
    double far = type == DType.FLOAT32 ? 1 : 8; // exponents of float64 are eight times as large
    double g = Math.pow(10, 30 * far);
    double a = 3 * Math.pow(10, 38 * far);
    double b = Math.pow(10, 20 * far);
    double small = Math.pow(10, -20 * far);
    double tiny = small * 1e8;
    double huge = b * 1e3;
    assertGradient(type, 1 / g, Ops::reciprocal, small, -1 / g / small / small);
    assertGradient(type, 1 / g, x -> Ops.pow(x, -1), small, -1 / g / small / small);
    assertGradient(type, 1 / g, x -> Ops.pow(x, -2), tiny, -2 / g / tiny / tiny / tiny);
    assertGradient(type, 1 / g, x -> Ops.pow(x, 3), huge, 3 / g * huge * huge);
    assertGradient(type, 1 / g, Ops::square, a, 2 / g * a);
    assertGradient(type, g, x -> Ops.div(full(type, a), x), b, -(g / b) * (a / b));
    assertGradient(type, g, x -> Ops.div(full(type, 1 / a), x), small, -g / a / small / small);
  }

  private static void assertGradient(
      DType type, double g, UnaryOperator<Tensor> f, double at, double expected) {
    Tensor x = Tensor.variable(full(type, at).value());
    Tensor actual = gradient(f.apply(x), values(g), x);
    assertNear(
        expected, actual.item(), type == DType.FLOAT32 ? 1e-5 : 1e-12, "at " + at + " by " + g);
  }

  /** Where the slope is finite and not 0, a cotangent of 0 gives 0, however large the slope. */
  @ParameterizedTest
  @EnumSource
  void zeroTimesASlopeThatOverflowsIsZero(DType type) {
    double small = type == DType.FLOAT32 ? 1e-30 : 1e-300;
    Map<String, Tensor> gradients = new LinkedHashMap<>();
    gradients.put("exp", gradientOf(type, Ops::exp, 2000));
    gradients.put("expm1", gradientOf(type, Ops::expm1, 2000));
    gradients.put("reciprocal", gradientOf(type, Ops::reciprocal, small));
    gradients.put("pow", gradientOf(type, x -> Ops.pow(x, -3), small));
    gradients.put("pow, not whole", gradientOf(type, x -> Ops.pow(x, -20.5), small));
    gradients.put("div", gradientOf(type, x -> Ops.div(full(type, 1), x), small));
    gradients.forEach((name, gradient) -> assertEquals(0, gradient.item() + 0.0, name));
  }

  private static Tensor gradientOf(DType type, UnaryOperator<Tensor> f, double at) {
    Tensor x = Tensor.variable(full(type, at).value());
    return gradient(f.apply(x), values(0), x);
  }

  // ---- tails -----------------------------------------------------------------------------------

  /** A slope that the element type does not have, times a cotangent that makes it large. */
  @ParameterizedTest
  @EnumSource
  void slopesBelowTheElementType(DType type) {
    boolean single = type == DType.FLOAT32;
    double far = single ? 115 : 1000;
    double g = single ? 1e30 : 1e300;
    double expected = Math.exp(-far + Math.log(g));
    List<UnaryOperator<Tensor>> functions =
        List.of(Ops::exp, Ops::expm1, Ops::sigmoid, Ops::softplus, x -> Ops.elu(x, 1));
    for (UnaryOperator<Tensor> f : functions) {
      Tensor x = Tensor.variable(full(type, -far).value());
      assertNear(expected, gradient(f.apply(x), values(g), x).item(), 1e-6, f.apply(x).toString());
    }
    Tensor x = Tensor.variable(full(type, -far / 2).value());
    assertNear(4 * expected, gradient(Ops.tanh(x), values(g), x).item(), 1e-6, "tanh");
    Tensor large = Tensor.variable(full(type, far).value());
    assertNear(1 / expected, gradient(Ops.exp(large), values(1 / g), large).item(), 1e-6, "exp");
  }

  @ParameterizedTest
  @EnumSource
  void logSoftmaxOfASureRow(DType type) {
    double rest = 4.248354255291589e-18; // e^-40, as good as ln(1 + e^-40)
    assertClose(new double[] {-rest, -40}, Ops.logSoftmax(full(type, 40, 0), 0));
    assertClose(new double[] {-rest, -40}, Ops.logSoftmax(full(type, 3, -37), 0));
    assertClose(new double[] {rest}, Ops.crossEntropy(Ops.reshape(full(type, 40, 0), 1, 2), 0));
    assertClose(
        new double[] {rest}, Ops.nllLoss(Ops.logSoftmax(tensor(type, shape(1, 2), 40, 0), 1), 0));
    assertClose(
        new double[] {-40 - Math.log(2), -Math.log(2), -Math.log(2)},
        Ops.logSoftmax(full(type, 0, 40, 40), 0));
  }

  @ParameterizedTest
  @EnumSource
  void gradientsOfSurePredictions(DType type) {
    double rest = 5.551115123125783e-17; // about 2^-54, beside 1 nothing in either type
    double margin = -Math.log(rest);
    Tensor x = Tensor.variable(tensor(type, shape(1, 2), margin, 0).value());
    double exact = Math.exp(-x.value().at(0));
    assertClose(new double[] {-exact, exact}, gradient(Ops.crossEntropy(x, 0), x));
    assertClose(new double[] {-exact, exact}, gradient(Ops.nllLoss(Ops.logSoftmax(x, 1), 0), x));
    Tensor soft = tensor(type, shape(1, 2), 1, 0);
    assertClose(new double[] {-exact, exact}, gradient(Ops.crossEntropy(x, soft), x));
    assertClose(new double[] {exact, -exact}, gradient(Ops.softmax(x, 1), values(1, 0), x));
    Tensor z = Tensor.variable(full(type, x.value().at(0), -x.value().at(0)).value());
    assertClose(
        new double[] {-exact / 2, exact / 2},
        gradient(Ops.binaryCrossEntropyWithLogits(z, full(type, 1, 0)), z));
    Tensor three = Tensor.variable(tensor(type, shape(1, 3), 17.5, 0, -1).value());
    double first = Math.exp(-17.5);
    double second = Math.exp(-18.5);
    double total = 1 + first + second;
    assertClose(
        new double[] {-(first + second) / total, first / total, second / total},
        gradient(Ops.crossEntropy(three, 0), three));
  }

  /** To the last place of the largest element. */
  @ParameterizedTest
  @EnumSource
  void rowsOfACrossEntropyGradientSumToZero(DType type) {
    for (double smoothing : values(0, 0.1)) {
      Tensor x = Tensor.variable(tensor(type, shape(2, 3), 30, 1, -2, 0.3, 0.1, 22).value());
      NdArray g = gradient(Ops.crossEntropy(x, new int[] {0, 1}, smoothing), x).value();
      for (int row = 0; row < 2; row++) {
        double sum = g.at(3 * row) + g.at(3 * row + 1) + g.at(3 * row + 2);
        double largest = Math.max(Math.abs(g.at(3 * row)), Math.abs(g.at(3 * row + 2)));
        double unit = type == DType.FLOAT32 ? 0x1p-23 : 0x1p-52;
        assertTrue(Math.abs(sum) <= 2 * unit * largest, "the sum is " + sum + " of " + g);
      }
    }
  }

  /** What is straight far out has higher derivatives of 0 there, not of infinity times 0. */
  @Test
  void higherDerivativesFarOutAreZero() {
    Map<String, UnaryOperator<Tensor>> functions =
        Map.of(
            "sigmoid", Ops::sigmoid,
            "tanh", Ops::tanh,
            "relu", Ops::relu,
            "leakyRelu", x -> Ops.leakyRelu(x, 0.1),
            "elu", x -> Ops.elu(x, 1.5),
            "softplus", Ops::softplus,
            "silu", Ops::silu,
            "gelu", Ops::gelu,
            "erf", Ops::erf,
            "abs", Ops::abs);
    functions.forEach(
        (name, f) -> {
          for (double x : values(-1000, 1000, -1e4, 1e4, -1e200, 1e200, -INF, INF)) {
            assertHigherDerivativesAreZero(name, f, x);
          }
        });
    assertHigherDerivativesAreZero("expm1", Ops::expm1, -1e4);
    assertHigherDerivativesAreZero("expm1", Ops::expm1, -INF);
    assertHigherDerivativesAreZero("log1p", Ops::log1p, 1e200);
    assertHigherDerivativesAreZero("log1p", Ops::log1p, INF);
  }

  private static void assertHigherDerivativesAreZero(
      String name, UnaryOperator<Tensor> f, double at) {
    Tensor x = variable(shape(), at);
    Tensor derivative = Gradients.backward(f.apply(x), Mode.DIFFERENTIABLE, x).of(x);
    for (int order = 2; order <= 3 && derivative.isTracked(); order++) {
      derivative = Gradients.backward(derivative, Mode.DIFFERENTIABLE, x).of(x);
      assertEquals(0.0, derivative.item() + 0.0, name + ", order " + order + ", at " + at);
    }
  }

  // ---- NaN -------------------------------------------------------------------------------------

  /** Whoever looks for NaN in a second derivative finds it. */
  @Test
  void derivativesAtNaNAreNaN() {
    Map<String, UnaryOperator<Tensor>> functions =
        Map.of(
            "sigmoid", Ops::sigmoid,
            "tanh", Ops::tanh,
            "elu", x -> Ops.elu(x, 1.5),
            "softplus", Ops::softplus,
            "silu", Ops::silu,
            "gelu", Ops::gelu,
            "erf", Ops::erf,
            "clamp", x -> Ops.clamp(x, -1, 1),
            "exp", Ops::exp,
            "reciprocal", Ops::reciprocal);
    functions.forEach(
        (name, f) -> {
          Tensor x = variable(shape(2), NaN, 0.5);
          Tensor derivative = f.apply(x);
          for (int order = 1; order <= 3; order++) {
            derivative = Gradients.backward(Ops.sum(derivative), Mode.DIFFERENTIABLE, x).of(x);
            assertEquals(NaN, derivative.value().at(0), name + ", order " + order);
            assertTrue(Double.isFinite(derivative.value().at(1)), name + ", order " + order);
          }
        });
  }

  /** The derivatives of exp at 90 and of sqrt at 0 are infinite in float32. */
  @Test
  void aGradientOfZeroTimesAnInfiniteDerivativeIsNaNUnlessASafeInputIsChosenFirst() {
    Tensor large = Tensor.variable(NdArray.full(DType.FLOAT32, shape(1), 90));
    Tensor zero = Tensor.variable(NdArray.full(DType.FLOAT32, shape(1), 0));
    Tensor nan = full(DType.FLOAT32, NaN);
    assertExactly(nan, gradient(Ops.maximum(Ops.sqrt(zero), 1e-10), zero));
    assertExactly(nan, gradient(Ops.relu(Ops.sqrt(zero)), zero));

    Tensor positive = Ops.where(Ops.greater(zero, 0), zero, 1);
    Tensor none = full(DType.FLOAT32, 0);
    assertExactly(none, gradient(Ops.clamp(Ops.exp(large), -INF, 1), large)); // e^90 is finite
    assertExactly(none, gradient(Ops.minimum(Ops.exp(large), 1), large));
    assertExactly(none, gradient(Ops.maximum(Ops.sqrt(positive), 1e-10), zero));
    assertExactly(none, gradient(Ops.relu(Ops.sqrt(positive)), zero));
  }

  // ---- rows that are left out ------------------------------------------------------------------

  @ParameterizedTest
  @EnumSource
  void gradientsOfARowThatIsLeftOutAreZero(DType type) {
    double out = NEGATIVE_INFINITY;
    Tensor x = Tensor.variable(tensor(type, shape(2, 2), out, out, 0, out).value());
    Tensor t = tensor(type, shape(2, 2), 0, 0, 1, 0);
    Tensor mask = tensor(type, shape(2, 1), 0, 1);
    Map<String, Tensor> outputs = new LinkedHashMap<>();
    outputs.put("softmax", Ops.softmax(x, 1));
    outputs.put("softmax, where", Ops.where(mask, Ops.softmax(x, 1), 0));
    outputs.put("logSoftmax, where", Ops.where(t, Ops.logSoftmax(x, 1), 0));
    outputs.put("crossEntropy", Ops.crossEntropy(x, t));
    outputs.put("crossEntropy of labels", Ops.crossEntropy(x, 0, 0));
    outputs.put(
        "logSumExp, where", Ops.where(t, Ops.sub(x, Ops.reshape(Ops.logSumExp(x, 1), 2, 1)), 0));
    outputs.forEach(
        (name, y) -> {
          Tensor first = Gradients.backward(Ops.sum(y), Mode.DIFFERENTIABLE, x).of(x);
          Tensor second = Gradients.backward(Ops.sum(Ops.square(first)), x).of(x);
          for (int i = 0; i < 4; i++) {
            assertEquals(0, first.value().at(i) + 0.0, name + ": " + first.value());
            assertEquals(0, second.value().at(i) + 0.0, name + ", twice: " + second.value());
          }
        });
    Tensor all = gradient(Ops.logSoftmax(x, 1), values(1, 2, 3, 4), x);
    assertExactly(tensor(type, shape(2, 2), 0, 0, -4, 4), all);
  }

  // ---- what the tests share --------------------------------------------------------------------

  private static Tensor full(DType type, double... values) {
    return tensor(type, Shape.of(values.length), values);
  }

  private static Tensor scaled(DType type, double scale, double... values) {
    double[] product = values.clone();
    for (int i = 0; i < product.length; i++) {
      product[i] *= scale;
    }
    return full(type, product);
  }

  /** Each element to a few roundings of itself, however small it is. */
  private static void assertClose(double[] expected, Tensor actual) {
    double unit = actual.dtype() == DType.FLOAT32 ? 0x1p-22 : 0x1p-50;
    for (int i = 0; i < expected.length; i++) {
      assertNear(expected[i], actual.value().at(i), unit, actual.value().toString());
    }
  }

  /** To a relative error. */
  private static void assertNear(double expected, double actual, double error, String what) {
    assertEquals(expected, actual, error * Math.abs(expected), what);
  }
}
