package org.gradus.autograd;

import static org.gradus.autograd.TinyOps.add;
import static org.gradus.autograd.TinyOps.constant;
import static org.gradus.autograd.TinyOps.cube;
import static org.gradus.autograd.TinyOps.mul;
import static org.gradus.autograd.TinyOps.scale;
import static org.gradus.autograd.TinyOps.total;
import static org.gradus.autograd.TinyOps.values;
import static org.gradus.autograd.TinyOps.variable;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.function.Function;
import org.gradus.autograd.Gradients.Mode;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What can be asked of gradients, and how wrong questions are answered. */
class GradientsTest {

  // ---- what can be asked -----------------------------------------------------------------------

  @ParameterizedTest
  @EnumSource
  void ofTensorsInTheMiddleAndOfTheLossItself(Mode mode) {
    Tensor x = variable(2, 3);
    Tensor middle = mul(x, x);
    Tensor loss = total(mul(middle, middle));
    Gradients gradients = Gradients.backward(loss, mode, x, middle, loss);
    assertArrayEquals(new double[] {32, 108}, values(gradients.of(x)));
    assertArrayEquals(new double[] {8, 18}, values(gradients.of(middle)));
    assertArrayEquals(new double[] {1}, values(gradients.of(loss)));
  }

  @Test
  void whetherATensorWasReached() {
    Tensor x = variable(2);
    Tensor unused = variable(2);
    Gradients gradients = Gradients.backward(scale(x, 0), x, unused);
    assertTrue(gradients.reached(x)); // though the gradient is zero
    assertFalse(gradients.reached(unused));
    assertArrayEquals(values(gradients.of(x)), values(gradients.of(unused)));
  }

  @Test
  void ofOneTensorNamedTwice() {
    Tensor x = variable(2);
    assertArrayEquals(new double[] {3}, values(Gradients.backward(scale(x, 3), x, x).of(x)));
  }

  @ParameterizedTest
  @EnumSource
  void ofAnyOutputByPullback(Mode mode) {
    Tensor x = variable(2, 3);
    Gradients gradients = Gradients.pullback(mul(x, x), constant(10, -1), mode);
    assertArrayEquals(new double[] {40, -6}, values(gradients.of(x)));
  }

  @Test
  void ofALossWithOneElementAndAnyRank() {
    Tensor x = Tensor.variable(NdArray.of(new double[] {3}, 1, 1, 1));
    NdArray gradient = Gradients.backward(mul(x, x)).of(x).value();
    assertEquals(NdArray.of(new double[] {6}, 1, 1, 1), gradient);
  }

  @Test
  void inSinglePrecision() {
    Tensor x = Tensor.variable(NdArray.of(new float[] {0.1f, 3}, 2));
    NdArray gradient = Gradients.backward(total(mul(x, x))).of(x).value();
    assertEquals(NdArray.of(new float[] {0.2f, 6}, 2), gradient);
  }

  @Test
  void ofAnEmptyTensor() {
    Tensor x = variable();
    assertEquals(x.value(), Gradients.backward(total(mul(x, x))).of(x).value());
  }

  @Test
  void nanAndInfinityFlowThrough() {
    Tensor x = variable(1, 1, 1, 0);
    Tensor factors = constant(Double.NaN, Double.POSITIVE_INFINITY, -0.0, Double.NEGATIVE_INFINITY);
    Tensor loss = total(mul(x, factors));
    assertEquals(Double.NaN, loss.item());
    assertArrayEquals(values(factors), values(Gradients.backward(loss).of(x)));
    Gradients infinite = Gradients.pullback(x, factors, Mode.VALUES);
    assertArrayEquals(values(factors), values(infinite.of(x)));
    Tensor sum = add(scale(x, 1), scale(x, -1));
    Tensor cotangent = constant(1, Double.POSITIVE_INFINITY, Double.NaN, 0);
    assertArrayEquals(
        new double[] {0, Double.NaN, Double.NaN, 0},
        values(Gradients.pullback(sum, cotangent, Mode.VALUES).of(x)));
  }

  @Test
  void ofDifferentTensorsWithEqualValues() {
    Tensor a = variable(3);
    Tensor b = variable(3);
    Gradients gradients = Gradients.backward(mul(a, scale(b, 2)));
    assertArrayEquals(new double[] {6}, values(gradients.of(a)));
    assertArrayEquals(new double[] {6}, values(gradients.of(b)));
    Gradients one = Gradients.backward(add(a, scale(b, 2)));
    assertArrayEquals(new double[] {1}, values(one.of(a)));
    assertArrayEquals(new double[] {2}, values(one.of(b)));
  }

  // ---- higher orders ---------------------------------------------------------------------------

  @Test
  void mixedSecondDerivatives() {
    Tensor x = variable(2);
    Tensor y = variable(3);
    Gradients first = Gradients.backward(mul(mul(x, x), y), Mode.DIFFERENTIABLE);
    Gradients ofDx = Gradients.backward(first.of(x), x, y);
    Gradients ofDy = Gradients.backward(first.of(y), x, y);
    assertArrayEquals(new double[] {6}, values(ofDx.of(x)));
    assertArrayEquals(new double[] {4}, values(ofDx.of(y)));
    assertArrayEquals(new double[] {4}, values(ofDy.of(x)));
    assertArrayEquals(new double[] {0}, values(ofDy.of(y)));
  }

  @Test
  void aGradientMayBePartOfALoss() {
    Tensor x = variable(2);
    Tensor slope = Gradients.backward(cube(x), Mode.DIFFERENTIABLE).of(x);
    Tensor loss = add(cube(x), mul(slope, slope)); // x^3 + 9 x^4
    assertEquals(8 + 9 * 16, loss.item());
    assertArrayEquals(new double[] {3 * 4 + 36 * 8}, values(Gradients.backward(loss).of(x)));
  }

  @Test
  void ofTheCotangent() {
    Tensor x = variable(2, 3);
    Tensor cotangent = variable(1, 1);
    Tensor product = Gradients.pullback(mul(x, x), cotangent, Mode.DIFFERENTIABLE, x).of(x);
    Gradients forward = Gradients.pullback(product, constant(10, 100), Mode.VALUES, cotangent);
    assertArrayEquals(new double[] {40, 600}, values(forward.of(cotangent)));
  }

  @Test
  void ofAMiddleTensorTwice() {
    Tensor x = variable(2);
    Tensor middle = mul(x, x);
    Tensor slope = Gradients.backward(cube(middle), Mode.DIFFERENTIABLE, middle).of(middle);
    assertArrayEquals(new double[] {48}, values(slope)); // 3 m^2
    assertArrayEquals(new double[] {24}, values(Gradients.backward(slope, middle).of(middle)));
    assertArrayEquals(new double[] {96}, values(Gradients.backward(slope, x).of(x))); // d 3 x^4
  }

  @Test
  void aFirstOrderGradientCannotBeDifferentiated() {
    Tensor x = variable(2);
    Tensor slope = Gradients.backward(cube(x)).of(x);
    assertFalse(slope.isTracked());
    assertMessage(
        IllegalArgumentException.class,
        "gradients: the variable FLOAT64 [1] is no variable of the graph, nor was it named",
        () -> Gradients.backward(slope).of(x));
  }

  // ---- wrong questions -------------------------------------------------------------------------

  @ParameterizedTest
  @EnumSource
  void lossesThatAreNoScalarAreRefused(Mode mode) {
    Tensor matrix = Tensor.variable(NdArray.zeros(DType.FLOAT64, Shape.of(2, 3)));
    assertMessage(
        ShapeException.class,
        "gradients: the loss has shape [2, 3], expected one element; reduce it, or use pullback",
        () -> Gradients.backward(matrix, mode));
    assertMessage(
        ShapeException.class,
        "gradients: the loss has shape [0], expected one element; reduce it, or use pullback",
        () -> Gradients.backward(variable(), mode));
  }

  @Test
  void constantsHaveNoGradient() {
    Tensor x = variable(2);
    Tensor c = constant(3);
    Tensor loss = mul(x, c);
    assertMessage(
        IllegalArgumentException.class,
        "gradients: asked for the constant FLOAT64 [1], but it depends on no variable",
        () -> Gradients.backward(loss, x, c));
    assertMessage(
        IllegalArgumentException.class,
        "gradients: the constant FLOAT64 [1] is no variable of the graph, nor was it named",
        () -> Gradients.backward(loss).of(c));
  }

  @Test
  void onlyWhatWasAskedForIsAnswered() {
    Tensor x = variable(2);
    Tensor w = variable(3);
    Tensor middle = mul(x, w);
    Tensor loss = scale(middle, 2);
    assertMessage(
        IllegalArgumentException.class,
        "gradients: the variable FLOAT64 [1] is no variable of the graph, nor was it named",
        () -> Gradients.backward(loss, w).of(x));
    assertMessage(
        IllegalArgumentException.class,
        "gradients: the mul FLOAT64 [1] is no variable of the graph, nor was it named",
        () -> Gradients.backward(loss).of(middle));
  }

  @Test
  void cotangentsMustFitTheOutput() {
    Tensor y = scale(variable(1, 2, 3), 2);
    assertMessage(
        IllegalArgumentException.class,
        "gradients: the cotangent is constant FLOAT64 [2], but the output is scale FLOAT64 [3]",
        () -> Gradients.pullback(y, constant(1, 2), Mode.VALUES));
    Tensor single = Tensor.constant(y.value().as(DType.FLOAT32));
    assertMessage(
        IllegalArgumentException.class,
        "gradients: the cotangent is constant FLOAT32 [3], but the output is scale FLOAT64 [3]",
        () -> Gradients.pullback(y, single, Mode.VALUES));
  }

  @ParameterizedTest
  @EnumSource
  void productsOfTheWrongShapeOrTypeAreRefused(Mode mode) {
    Tensor x = variable(1, 2);
    Tensor longer = Tensor.of(new Wrong(g -> constant(1, 2, 3)), x);
    assertMessage(
        IllegalArgumentException.class,
        "wrong: the VJP of input 0 is constant FLOAT64 [3], but the input is variable FLOAT64 [2]",
        () -> Gradients.backward(total(longer), mode));
    Tensor single =
        Tensor.of(new Wrong(g -> Tensor.constant(g.value().as(DType.FLOAT32))), scale(x, 1));
    assertMessage(
        IllegalArgumentException.class,
        "wrong: the VJP of input 0 is constant FLOAT32 [2], but the input is scale FLOAT64 [2]",
        () -> Gradients.backward(total(single), mode));
  }

  @Test
  void whatAVjpThrowsIsPassedOn() {
    IllegalStateException thrown = new IllegalStateException("no");
    Function<Tensor, Tensor> refuse =
        g -> {
          throw thrown;
        };
    Tensor y = Tensor.of(new Wrong(refuse), variable(1));
    assertSame(thrown, assertThrows(IllegalStateException.class, () -> Gradients.backward(y)));
  }

  private static <E extends Exception> void assertMessage(
      Class<E> type, String message, Executable call) {
    E error = assertThrows(type, call);
    assertEquals(type, error.getClass());
    assertEquals(message, error.getMessage());
  }

  /** The identity, with a VJP of the test's making. */
  private record Wrong(Function<Tensor, Tensor> product) implements Op {
    @Override
    public NdArray forward(List<NdArray> in) {
      return in.get(0);
    }

    @Override
    public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
      return product.apply(g);
    }
  }
}
