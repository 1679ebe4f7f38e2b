package org.gradus.autograd.ops;

import static java.lang.Double.NEGATIVE_INFINITY;
import static java.lang.Double.NaN;
import static java.lang.Double.POSITIVE_INFINITY;
import static org.gradus.autograd.ops.PoolOptions.window;
import static org.gradus.autograd.ops.Values.assertClose;
import static org.gradus.autograd.ops.Values.assertExactly;
import static org.gradus.autograd.ops.Values.assertWithin;
import static org.gradus.autograd.ops.Values.gradient;
import static org.gradus.autograd.ops.Values.shape;
import static org.gradus.autograd.ops.Values.tensor;
import static org.gradus.autograd.ops.Values.values;
import static org.gradus.autograd.ops.Values.variable;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.gradus.autograd.Gradients;
import org.gradus.autograd.Gradients.Mode;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.Indices;
import org.gradus.autograd.array.NdArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Values and derivatives where finite differences say nothing: at kinks, at the ends of domains, at
 * infinity, and over nothing at all.
 */
class KinksTest {
  private static final double INF = POSITIVE_INFINITY;

  // ---- relu ------------------------------------------------------------------------------------

  @Test
  void reluHasNoSecondDerivative() {
    Tensor x = variable(shape(3), -1, 0, 2);
    Tensor y = Ops.sum(Ops.mul(Ops.relu(x), Ops.relu(x)));
    Tensor first = Gradients.backward(y, Mode.DIFFERENTIABLE, x).of(x);
    assertExactly(vector(DType.FLOAT64, 0, 0, 4), first.detach());
    assertExactly(vector(DType.FLOAT64, 0, 0, 2), gradient(first, x));
  }

  // ---- masks, choices --------------------------------------------------------------------------

  /** Whoever compares a variable gets a constant, through which nothing is differentiated. */
  @Test
  void masksAndSignsAreConstants() {
    Tensor x = variable(shape(2), 1, -2);
    for (Tensor mask :
        List.of(
            Ops.greater(x, x),
            Ops.greaterEqual(x, 0),
            Ops.less(x, x),
            Ops.lessEqual(x, 0),
            Ops.equal(x, x),
            Ops.notEqual(x, 0),
            Ops.sign(x),
            Ops.where(x, Ops.zeros(x), 1))) {
      assertFalse(mask.isTracked(), mask::toString);
    }
    Tensor a = variable(shape(2), 5, 6);
    assertExactly(vector(DType.FLOAT64, 0, 0), gradient(Ops.where(x, a, 0), x));
  }

  /** y = max(a, b)^2, or min(a, b)^2: one of the two has all of both derivatives. */
  @Test
  void extremesHaveTheSecondDerivativesOfTheWinner() {
    Tensor a = variable(shape(3), 1, 2, 3);
    Tensor b = variable(shape(3), 1, 3, 2);
    assertFirstAndSecond(Ops.maximum(a, b), a, values(2, 0, 6), values(2, 0, 2));
    assertFirstAndSecond(Ops.maximum(a, b), b, values(0, 6, 0), values(0, 2, 0));
    assertFirstAndSecond(Ops.minimum(a, b), a, values(2, 4, 0), values(2, 2, 0));
    assertFirstAndSecond(Ops.minimum(a, b), b, values(0, 0, 4), values(0, 0, 2));
    assertFirstAndSecond(Ops.where(Ops.less(a, b), a, b), a, values(0, 4, 0), values(0, 2, 0));
    assertFirstAndSecond(Ops.clamp(a, 1.5, 2), a, values(0, 4, 0), values(0, 2, 0));
  }

  private static void assertFirstAndSecond(
      Tensor extreme, Tensor x, double[] firsts, double[] seconds) {
    Tensor y = Ops.sum(Ops.square(extreme));
    Tensor first = Gradients.backward(y, Mode.DIFFERENTIABLE, x).of(x);
    assertExactly(vector(DType.FLOAT64, firsts), first.detach());
    assertExactly(vector(DType.FLOAT64, seconds), gradient(first, x));
  }

  /** Beyond the last derivative of a polynomial all are zero, also at 0. */
  @Test
  void higherDerivativesOfPowEndInZero() {
    Tensor x = variable(shape(), 0);
    Tensor first = Gradients.backward(Ops.pow(x, 2), Mode.DIFFERENTIABLE, x).of(x);
    Tensor second = Gradients.backward(first, Mode.DIFFERENTIABLE, x).of(x);
    Tensor third = Gradients.backward(second, x).of(x);
    assertExactly(tensor(DType.FLOAT64, shape(), 0), first.detach());
    assertExactly(tensor(DType.FLOAT64, shape(), 2), second.detach());
    assertExactly(tensor(DType.FLOAT64, shape(), 0), third);
  }

  // ---- functions far out -----------------------------------------------------------------------

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

  // ---- max-pooling -----------------------------------------------------------------------------

  @Test
  void aTieGoesToTheFirstInRowMajorOrder() {
    Tensor x = variable(shape(1, 1, 2, 4), 1, 5, 0, 0, 5, 5, 0, 0);
    Tensor y = Ops.maxPool2d(x, 2);
    assertExactly(tensor(DType.FLOAT64, shape(1, 1, 1, 2), 5, 0), y.detach());
    assertExactly(
        tensor(DType.FLOAT64, shape(1, 1, 2, 4), 0, 10, 20, 0, 0, 0, 0, 0),
        gradient(y, values(10, 20), x));
  }

  /** The upper right comes before the lower left; the two zeros are equal. */
  @Test
  void rowsComeBeforeColumnsAndZerosAreEqual() {
    Tensor x = variable(shape(1, 1, 2, 2), -1, -0.0, 0.0, -1);
    Tensor y = Ops.maxPool2d(x, 2);
    assertExactly(tensor(DType.FLOAT64, shape(1, 1, 1, 1), -0.0), y.detach());
    assertExactly(tensor(DType.FLOAT64, shape(1, 1, 2, 2), 0, 3, 0, 0), gradient(y, values(3), x));
  }

  @ParameterizedTest
  @EnumSource
  void maxPoolingOfNaNAndInfinity(DType type) {
    Tensor x =
        tensor(type, shape(1, 1, 2, 6), 1, NaN, -INF, -INF, 1, INF, NaN, INF, -INF, -INF, 2, 3);
    assertExactly(tensor(type, shape(1, 1, 1, 3), NaN, -INF, INF), Ops.maxPool2d(x, 2));
  }

  @Test
  void theFirstNaNAndTheFirstInfinityGetTheGradient() {
    Tensor x = variable(shape(1, 1, 2, 4), 9, NaN, -INF, -INF, NaN, 9, -INF, -INF);
    assertExactly(
        tensor(DType.FLOAT64, shape(1, 1, 2, 4), 0, 1, 1, 0, 0, 0, 0, 0),
        gradient(Ops.maxPool2d(x, 2), x));
  }

  /** In a window that hangs over the border, the first element inside wins a tie, not padding. */
  @Test
  void paddingNeverWins() {
    Tensor x = variable(shape(1, 1, 1, 2), -INF, -7);
    Tensor y = Ops.maxPool2d(x, window(1, 2).padding(0, 0, 1, 1));
    assertExactly(tensor(DType.FLOAT64, shape(1, 1, 1, 2), -INF, -7), y.detach());
    assertExactly(tensor(DType.FLOAT64, shape(1, 1, 1, 2), 1, 2), gradient(y, values(1, 2), x));
  }

  // ---- maxima and minima -----------------------------------------------------------------------

  @Test
  void aTieOfMaximaGoesToTheFirstInRowMajorOrder() {
    Tensor x = variable(shape(2, 3), 1, 5, 5, 5, 2, 5);
    assertExactly(
        tensor(DType.FLOAT64, shape(2, 3), 0, 7, 0, 0, 0, 0), gradient(Ops.max(x), values(7), x));
    assertExactly( // also when the axes are named in another order
        tensor(DType.FLOAT64, shape(2, 3), 0, 7, 0, 0, 0, 0),
        gradient(Ops.max(x, 1, 0), values(7), x));
    assertExactly(
        tensor(DType.FLOAT64, shape(2, 3), 0, 8, 9, 7, 0, 0),
        gradient(Ops.max(x, 0), values(7, 8, 9), x));
    assertExactly(
        tensor(DType.FLOAT64, shape(2, 3), 0, 7, 0, 8, 0, 0),
        gradient(Ops.max(x, 1), values(7, 8), x));
    Tensor y = variable(shape(2, 3), 5, 1, 1, 1, 2, 1);
    assertExactly(
        tensor(DType.FLOAT64, shape(2, 3), 0, 7, 0, 8, 0, 0),
        gradient(Ops.min(y, 1), values(7, 8), y));
    assertExactly(
        tensor(DType.FLOAT64, shape(2, 3), 0, 7, 0, 0, 0, 0), gradient(Ops.min(y), values(7), y));
  }

  /** Whichever element is the largest, it stays so: of its square only the square's own is left. */
  @Test
  void maximaHaveNoSecondDerivative() {
    Tensor x = variable(shape(3), 3, -4, 3);
    Tensor y = Ops.mul(Ops.max(x), Ops.max(x));
    Tensor first = Gradients.backward(y, Mode.DIFFERENTIABLE, x).of(x);
    assertExactly(vector(DType.FLOAT64, 6, 0, 0), first.detach());
    assertExactly(vector(DType.FLOAT64, 2, 0, 0), gradient(first, x));
  }

  @ParameterizedTest
  @EnumSource
  void maximaOfZerosInfinitiesAndNaN(DType type) {
    assertExactly(tensor(type, shape(), -0.0), Ops.max(vector(type, -0.0, 0.0)));
    assertExactly(tensor(type, shape(), INF), Ops.max(vector(type, 1, INF, -INF)));
    assertExactly(tensor(type, shape(), -INF), Ops.min(vector(type, 1, INF, -INF)));
    assertExactly(tensor(type, shape(), NaN), Ops.max(vector(type, INF, NaN, 1)));
    assertExactly(tensor(type, shape(), NaN), Ops.min(vector(type, -INF, NaN, 1)));
    assertEquals(Indices.of(new int[] {1}), Ops.argMax(vector(type, INF, NaN, NaN), 0));
    assertEquals(Indices.of(new int[] {0}), Ops.argMax(vector(type, -INF, -INF), 0));
  }

  @Test
  void logSumExpHasSoftmaxAsItsGradientHoweverLargeTheNumbers() {
    for (double large : new double[] {0, 1e3, 1e9, 1e17, -1e17}) {
      Tensor x = variable(shape(2), large, large);
      assertExactly(vector(DType.FLOAT64, 0.5, 0.5), gradient(Ops.logSumExp(x), x));
    }
    Tensor x = Tensor.variable(tensor(DType.FLOAT32, shape(2), 1e8, 1e8).value());
    assertExactly(vector(DType.FLOAT32, 0.5, 0.5), gradient(Ops.logSumExp(x), x));
  }

  // ---- softmax and cross-entropy ---------------------------------------------------------------

  @ParameterizedTest
  @EnumSource
  void softmaxOfExtremes(DType type) {
    assertExactly(vector(type, 1, 0), Ops.softmax(vector(type, 1000, -1000), 0));
    assertExactly(vector(type, 0.5, 0.5), Ops.softmax(vector(type, -1000, -1000), 0));
    assertExactly(vector(type, 0, 0.5, 0.5), Ops.softmax(vector(type, -INF, 3, 3), 0));
    assertExactly(vector(type, 0, 0), Ops.softmax(vector(type, -INF, -INF), 0));
    assertExactly(vector(type, NaN, NaN), Ops.softmax(vector(type, INF, 0), 0));
    assertExactly(vector(type, NaN, NaN), Ops.softmax(vector(type, NaN, 0), 0));
    assertExactly(vector(type, 0, -2000), Ops.logSoftmax(vector(type, 1000, -1000), 0));
    assertExactly(vector(type, -INF, 0), Ops.logSoftmax(vector(type, -INF, 3), 0));
    assertExactly(vector(type, -INF, -INF), Ops.logSoftmax(vector(type, -INF, -INF), 0));
  }

  @Test
  void softmaxOfExtremesIsFlat() {
    Tensor x = variable(shape(3), 1000, -1000, NEGATIVE_INFINITY);
    assertExactly(vector(DType.FLOAT64, 0, 0, 0), gradient(Ops.softmax(x, 0), values(1, 2, 3), x));
    assertExactly( // g - softmax(x) (1 + 2 + 3)
        vector(DType.FLOAT64, -5, 2, 3), gradient(Ops.logSoftmax(x, 0), values(1, 2, 3), x));
  }

  @ParameterizedTest
  @EnumSource
  void logSumExpOfExtremes(DType type) {
    assertClose(tensor(type, shape(), 1000 + Math.log(2)), Ops.logSumExp(vector(type, 1000, 1000)));
    assertClose(
        tensor(type, shape(), -1000 + Math.log(2)), Ops.logSumExp(vector(type, -1000, -1000)));
    assertExactly(tensor(type, shape(), -INF), Ops.logSumExp(vector(type, -INF, -INF)));
    assertExactly(tensor(type, shape(), INF), Ops.logSumExp(vector(type, INF, INF)));
    assertExactly(tensor(type, shape(), NaN), Ops.logSumExp(vector(type, NaN, INF)));
  }

  /** Rows that are left out, as by a mask, have gradient 0, and so has that gradient. */
  @Test
  void logSumExpOfMinusInfinityIsFlat() {
    Tensor x = variable(shape(2, 2), -INF, -INF, -INF, 3);
    Tensor first = Gradients.backward(Ops.sum(Ops.logSumExp(x, 1)), Mode.DIFFERENTIABLE, x).of(x);
    assertExactly(tensor(DType.FLOAT64, shape(2, 2), 0, 0, 0, 1), first.detach());
    assertExactly(tensor(DType.FLOAT64, shape(2, 2), 0, 0, 0, 0), Ops.add(gradient(first, x), 0));
  }

  @ParameterizedTest
  @EnumSource
  void crossEntropyOfExtremes(DType type) {
    Tensor logits = tensor(type, shape(2, 2), 1000, -1000, -1000, 1000);
    assertExactly(tensor(type, shape(), 2000), Ops.crossEntropy(logits, 1, 0));
    assertExactly(tensor(type, shape(), 1000), Ops.crossEntropy(logits, 0, 0));
    assertClose(
        tensor(type, shape(), Math.log(2)),
        Ops.crossEntropy(tensor(type, shape(1, 2), 1000, 1000), 0));
  }

  @Test
  void crossEntropyOfExtremesHasAGradient() {
    Tensor logits = variable(shape(2, 2), 1000, -1000, -1000, 1000);
    assertExactly( // the first row is right; the second is wrong, and half of the mean
        tensor(DType.FLOAT64, shape(2, 2), 0, 0, -0.5, 0.5),
        gradient(Ops.crossEntropy(logits, 0, 0), logits));
  }

  @Test
  void crossEntropyOfMinusInfinity() {
    Tensor logits = variable(shape(1, 2), NEGATIVE_INFINITY, 0);
    Tensor t = tensor(DType.FLOAT64, shape(1, 2), 1, 1); // 0 ln 0 = 0 makes the other finite
    assertExactly(tensor(DType.FLOAT64, shape(), INF), Ops.crossEntropy(logits, t).detach());
    assertExactly(tensor(DType.FLOAT64, shape(), 0), Ops.crossEntropy(logits, 1).detach());
    assertExactly( // softmax is 0 and 1
        tensor(DType.FLOAT64, shape(1, 2), -1, 1), gradient(Ops.crossEntropy(logits, 0), logits));
  }

  // ---- other losses ----------------------------------------------------------------------------

  @Test
  void l1IsFlatWhereNothingIsWrong() {
    Tensor y = variable(shape(3), 5, 4, 6);
    Tensor t = tensor(DType.FLOAT64, shape(3), 5, 5, 5);
    assertExactly(vector(DType.FLOAT64, 0, -1, 1), Ops.mul(gradient(Ops.l1(y, t), y), 3));
  }

  /** At delta both cases have the slope delta. */
  @Test
  void huberIsSmoothAtItsBounds() {
    Tensor y = variable(shape(4), -2, 2, 1.5, 3);
    Tensor t = tensor(DType.FLOAT64, shape(4), 0, 0, 0, 0);
    Tensor loss = Ops.huber(y, t, 2);
    Tensor first = Gradients.backward(loss, Mode.DIFFERENTIABLE, y).of(y);
    assertExactly(vector(DType.FLOAT64, -0.5, 0.5, 0.375, 0.5), first.detach());
    assertExactly( // the second derivative at the bounds is that of inside
        vector(DType.FLOAT64, 0.25, 0.25, 0.25, 0), gradient(first, y));
  }

  @ParameterizedTest
  @EnumSource
  void binaryCrossEntropyOfExtremes(DType type) {
    Tensor x = tensor(type, shape(4), 1000, -1000, INF, -INF);
    assertExactly(
        tensor(type, shape(), 0), Ops.binaryCrossEntropyWithLogits(x, vector(type, 1, 0, 1, 0)));
    assertExactly(
        tensor(type, shape(), INF), Ops.binaryCrossEntropyWithLogits(x, vector(type, 1, 0, 0, 0)));
  }

  @Test
  void binaryCrossEntropyOfExtremesHasDerivatives() {
    Tensor x = variable(shape(4), 1000, -1000, INF, -INF);
    Tensor t = tensor(DType.FLOAT64, shape(4), 0, 1, 1, 0.5);
    Tensor loss = Ops.binaryCrossEntropyWithLogits(x, t);
    Tensor first = Gradients.backward(loss, Mode.DIFFERENTIABLE, x).of(x);
    assertExactly(vector(DType.FLOAT64, 0.25, -0.25, 0, -0.125), first.detach());
    assertExactly(vector(DType.FLOAT64, 0, 0, 0, 0), gradient(first, x));
  }

  @Test
  void klDivergenceOfZeroProbabilities() {
    Tensor l = variable(shape(1, 2), -1, NEGATIVE_INFINITY);
    Tensor t = tensor(DType.FLOAT64, shape(1, 2), 1, 0);
    assertExactly(tensor(DType.FLOAT64, shape(), 1), Ops.klDivergence(l, t).detach());
    assertExactly(
        tensor(DType.FLOAT64, shape(1, 2), -1, 0), Ops.add(gradient(Ops.klDivergence(l, t), l), 0));
  }

  // ---- normalisation ---------------------------------------------------------------------------

  @ParameterizedTest
  @EnumSource
  void normalizingEqualElementsGivesZero(DType type) {
    assertExactly(vector(type, 0, 0, 0), Ops.normalize(vector(type, 0.1, 0.1, 0.1), 1e-5));
    assertExactly(vector(type, 0), Ops.normalize(vector(type, 1e4), 1e-5));
    assertExactly(vector(type, NaN, NaN), Ops.normalize(vector(type, 3, 3), 0));
    assertExactly( // each slice by itself
        tensor(type, shape(2, 2), NaN, NaN, -1, 1),
        Ops.normalize(tensor(type, shape(2, 2), NaN, 7, 1, 3), 0, 1));
  }

  /** (g - mean(g)) / epsilon^(1/2), since y is 0. */
  @Test
  void epsilonKeepsTheDerivativeOfEqualElementsFinite() {
    Tensor x = variable(shape(2), 5, 5);
    assertClose(vector(DType.FLOAT64, -2, 2), gradient(Ops.normalize(x, 0.25), values(1, 3), x));
    Tensor alone = variable(shape(1), 5);
    assertExactly(vector(DType.FLOAT64, 0), gradient(Ops.normalize(alone, 0.25), values(3), alone));
  }

  /** A variance that is far below epsilon is not lost, and one that is nothing beside the mean. */
  @ParameterizedTest
  @EnumSource
  void normalizingKeepsSmallDifferencesOfLargeNumbers(DType type) {
    double tiny = 0x1p-10; // the distance between neighbours of 1e4 in float32
    assertClose(
        vector(type, -0.5, 0.5, -0.5, 0.5),
        Ops.normalize(vector(type, 1e4, 1e4 + tiny, 1e4, 1e4 + tiny), 3 * tiny * tiny / 4));
    double[] x = new double[1001];
    for (int i = 0; i < x.length; i++) {
      x[i] = 1e4 + i * i % 37 * 0.125; // exact in float32, as their mean is not
    }
    Tensor expected = Ops.normalize(vector(DType.FLOAT64, x), 0);
    double mean = 0;
    double square = 0;
    for (int i = 0; i < x.length; i++) {
      mean += expected.value().at(i) / x.length;
      square += expected.value().at(i) * expected.value().at(i) / x.length;
    }
    assertClose(vector(DType.FLOAT64, 0, 1), vector(DType.FLOAT64, mean, square));
    Tensor actual = Ops.normalize(vector(type, x), 0);
    assertClose(Tensor.constant(expected.value().as(type)), actual);
    Tensor batch = Ops.reshape(vector(type, x), x.length, 1);
    Tensor three = vector(type, 3);
    assertClose( // gamma and beta are 3
        Ops.reshape(Ops.add(Ops.mul(actual, 3), 3), x.length, 1),
        Ops.batchNorm(batch, three, three, 0));
    assertClose( // differences to a mean are taken before anything is multiplied
        tensor(type, shape(2, 1), 3 - 3 / Math.sqrt(2), 3 + 6 / Math.sqrt(2)),
        Ops.batchNorm(
            tensor(type, shape(2, 1), 1e4 - 1, 1e4 + 2),
            three,
            three,
            vector(type, 1e4),
            vector(type, 2),
            0));
  }

  /** The gradient in float32 is that in float64, to a few roundings. */
  @Test
  void normalizingLargeNumbersHasAGradient() {
    double[] x = new double[101];
    double[] g = new double[101];
    for (int i = 0; i < x.length; i++) {
      x[i] = 1e4 + i * i % 37 * 0.125;
      g[i] = i % 7 - 3;
    }
    Tensor wide = variable(shape(x.length), x);
    Tensor narrow = Tensor.variable(wide.value().as(DType.FLOAT32));
    assertWithin(
        0x1p-20,
        Tensor.constant(gradient(Ops.normalize(wide, 1e-5), g, wide).value().as(DType.FLOAT32)),
        gradient(Ops.normalize(narrow, 1e-5), g, narrow));
  }

  // ---- over nothing ----------------------------------------------------------------------------

  @ParameterizedTest
  @EnumSource
  void sumsOfNothingAreZeroAndMeansAreNaN(DType type) {
    Tensor none = tensor(type, shape(0));
    Tensor rows = tensor(type, shape(2, 0));
    assertExactly(tensor(type, shape(), 0), Ops.sum(none));
    assertExactly(vector(type, 0, 0), Ops.sum(rows, 1));
    assertExactly(tensor(type, shape(), NaN), Ops.mean(none));
    assertExactly(vector(type, NaN, NaN), Ops.mean(rows, 1));
    assertExactly(tensor(type, shape(), NaN), Ops.variance(none));
    assertExactly(tensor(type, shape(), -INF), Ops.logSumExp(none));
    assertExactly(tensor(type, shape(), 0), Ops.halfSquaredError(none, none));
    assertExactly(tensor(type, shape(), NaN), Ops.mse(none, none));
    assertExactly(tensor(type, shape(), NaN), Ops.l1(none, none));
    assertExactly(tensor(type, shape(), NaN), Ops.huber(none, none, 1));
    assertExactly(tensor(type, shape(), NaN), Ops.binaryCrossEntropyWithLogits(none, none));
    assertExactly(tensor(type, shape(), NaN), Ops.klDivergence(none, none));
    assertExactly(tensor(type, shape(), NaN), Ops.nllLoss(tensor(type, shape(0, 3))));
    assertExactly(tensor(type, shape(), NaN), Ops.crossEntropy(tensor(type, shape(0, 3))));
    assertExactly(
        tensor(type, shape(), NaN),
        Ops.crossEntropy(tensor(type, shape(0, 3)), tensor(type, shape(0, 3))));
  }

  @Test
  void gradientsOfNothingAreEmpty() {
    Tensor none = variable(shape(0, 3));
    Tensor empty = tensor(DType.FLOAT64, shape(0, 3));
    assertExactly(empty, gradient(Ops.sum(none), none));
    assertExactly(empty, gradient(Ops.mean(none), none));
    assertExactly(empty, gradient(Ops.variance(none), none));
    assertExactly(empty, gradient(Ops.logSumExp(none, 0), none));
    assertExactly(empty, gradient(Ops.max(none, 1), none));
    assertExactly(empty, gradient(Ops.mse(none, empty), none));
    assertExactly(empty, gradient(Ops.halfSquaredError(none, empty), none));
    assertExactly(empty, gradient(Ops.crossEntropy(none), none));
    assertExactly(empty, gradient(Ops.l1(none, empty), none));
    assertExactly(empty, gradient(Ops.huber(none, empty, 1), none));
    assertExactly(empty, gradient(Ops.binaryCrossEntropyWithLogits(none, empty), none));
    assertExactly(empty, gradient(Ops.klDivergence(none, empty), none));
    assertExactly(empty, gradient(Ops.nllLoss(none), none));
    assertExactly(empty, gradient(Ops.softmax(none, 1), none));
  }

  private static Tensor vector(DType type, double... values) {
    return tensor(type, shape(values.length), values);
  }

  // ---- zero times infinity ----------------------------------------------------------------------

  /** The derivatives of exp at 90 and of sqrt at 0 are infinite in float32. */
  @Test
  void aGradientOfZeroTimesAnInfiniteDerivativeIsNaNUnlessASafeInputIsChosenFirst() {
    Tensor large = Tensor.variable(NdArray.full(DType.FLOAT32, shape(1), 90));
    Tensor zero = Tensor.variable(NdArray.full(DType.FLOAT32, shape(1), 0));
    Tensor nan = vector(DType.FLOAT32, NaN);
    assertExactly(nan, gradient(Ops.maximum(Ops.sqrt(zero), 1e-10), zero));
    assertExactly(nan, gradient(Ops.relu(Ops.sqrt(zero)), zero));

    Tensor positive = Ops.where(Ops.greater(zero, 0), zero, 1);
    Tensor none = vector(DType.FLOAT32, 0);
    assertExactly(none, gradient(Ops.clamp(Ops.exp(large), -INF, 1), large)); // e^90 is finite
    assertExactly(none, gradient(Ops.minimum(Ops.exp(large), 1), large));
    assertExactly(none, gradient(Ops.maximum(Ops.sqrt(positive), 1e-10), zero));
    assertExactly(none, gradient(Ops.relu(Ops.sqrt(positive)), zero));
  }
}
