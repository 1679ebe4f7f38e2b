package org.gradus.autograd.functional;

import static org.gradus.autograd.Gradients.Mode.DIFFERENTIABLE;
import static org.gradus.autograd.functional.Derivatives.hessian;
import static org.gradus.autograd.functional.Derivatives.hessianVectorProduct;
import static org.gradus.autograd.functional.Derivatives.jacobian;
import static org.gradus.autograd.functional.Numbers.assertExactly;
import static org.gradus.autograd.functional.Numbers.assertRefused;
import static org.gradus.autograd.functional.Numbers.assertWithin;
import static org.gradus.autograd.functional.Numbers.constant;
import static org.gradus.autograd.functional.Numbers.variable;
import static org.gradus.autograd.functional.Numbers.whole;
import static org.gradus.autograd.ops.Ops.add;
import static org.gradus.autograd.ops.Ops.exp;
import static org.gradus.autograd.ops.Ops.matmul;
import static org.gradus.autograd.ops.Ops.mul;
import static org.gradus.autograd.ops.Ops.pow;
import static org.gradus.autograd.ops.Ops.reshape;
import static org.gradus.autograd.ops.Ops.slice;
import static org.gradus.autograd.ops.Ops.softmax;
import static org.gradus.autograd.ops.Ops.sub;
import static org.gradus.autograd.ops.Ops.sum;
import static org.gradus.autograd.ops.Ops.tanh;
import static org.gradus.autograd.ops.Ops.transpose;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.gradus.autograd.Gradients;
import org.gradus.autograd.Gradients.Mode;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;
import org.gradus.autograd.check.GradientCheck;
import org.gradus.autograd.ops.Ops;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whole Jacobians and Hessians. */
class JacobiansTest {

  // ---- against what is known -------------------------------------------------------------------

  @ParameterizedTest
  @EnumSource
  void theJacobianOfAMatrixIsTheMatrix(DType type) {
    Tensor a = whole(type, 1, 2, 3);
    Tensor x = whole(type, 2, 3);
    assertExactly(a, jacobian(z -> reshape(matmul(a, reshape(z, 3, 1)), 2), x));
  }

  @Test
  void theShapeIsThatOfTheOutputThenThatOfTheInput() {
    Tensor a = whole(DType.FLOAT64, 1, 2, 3);
    Tensor x = whole(DType.FLOAT64, 2, 3, 2);
    Tensor expected = // d (a x)[i, j] / dx[k, l] = a[i, k] where j = l
        generate(Shape.of(2, 2, 3, 2), (i, j, k, l) -> j == l ? a.value().get(i, k) : 0);
    assertExactly(expected, jacobian(z -> matmul(a, z), x));
  }

  @Test
  void theJacobianOfTheFirstSquares() {
    Tensor expected = Tensor.constant(NdArray.of(new double[] {2, 0, 0, 0, 4, 0}, 2, 3));
    assertExactly(expected, jacobian(z -> slice(mul(z, z), 0, 0, 2), constant(1, 2, 3)));
  }

  @ParameterizedTest
  @EnumSource
  void theJacobianOfTheSoftmax(DType type) {
    Tensor x = Tensor.constant(NdArray.of(new double[] {0.3, -1.2, 2, 0.1}, 4).as(type));
    NdArray p = softmax(x, 0).value();
    Tensor expected = // diag(p) - p p'
        Tensor.constant(
            NdArray.generate(
                type,
                Shape.of(4, 4),
                i -> (i / 4 == i % 4 ? p.at(i / 4) : 0) - p.at(i / 4) * p.at(i % 4)));
    assertWithin(type == DType.FLOAT32 ? 1e-7 : 1e-15, expected, jacobian(z -> softmax(z, 0), x));
  }

  @Test
  void theHessianOfAQuadraticForm() {
    Tensor a = whole(DType.FLOAT64, 1, 3, 3);
    Tensor x = whole(DType.FLOAT64, 2, 3);
    Function<Tensor, Tensor> f = z -> sum(mul(z, reshape(matmul(a, reshape(z, 3, 1)), 3)));
    assertExactly(add(a, transpose(a)), hessian(f, x));
  }

  /** (1 - a)^2 + 100 (b - a^2)^2. */
  private static Tensor rosenbrock(Tensor x) {
    Tensor a = slice(x, 0, 0, 1);
    Tensor b = slice(x, 0, 1, 2);
    return add(pow(sub(1, a), 2), mul(100, pow(sub(b, mul(a, a)), 2)));
  }

  @ParameterizedTest
  @EnumSource
  void theHessianOfRosenbrocksFunction(DType type) {
    double a = -1.5;
    double b = 2;
    Tensor x = Tensor.constant(NdArray.of(new double[] {a, b}, 2).as(type));
    NdArray expected =
        NdArray.of(new double[] {2 - 400 * b + 1200 * a * a, -400 * a, -400 * a, 200}, 2, 2);
    assertExactly(
        Tensor.constant(expected.as(type)), hessian(JacobiansTest::rosenbrock, x)); // all whole
  }

  @Test
  void agreeWithDifferences() {
    Tensor x = constant(0.4, -1.3, 0.9);
    Function<Tensor, Tensor> f = z -> mul(tanh(z), softmax(mul(z, z), 0));
    double h = 1e-5;
    NdArray j = jacobian(f, x).value();
    NdArray hessian = hessian(z -> sum(f.apply(z)), x).value();
    for (int k = 0; k < 3; k++) {
      Tensor ahead = add(x, Tensor.constant(oneHot(3, k, h)));
      Tensor behind = add(x, Tensor.constant(oneHot(3, k, -h)));
      for (int i = 0; i < 3; i++) {
        double slope = (f.apply(ahead).value().at(i) - f.apply(behind).value().at(i)) / (2 * h);
        assertEquals(slope, j.get(i, k), 1e-9);
        double bend = (slope(f, ahead, i) - slope(f, behind, i)) / (2 * h);
        assertEquals(bend, hessian.get(i, k), 1e-9);
      }
    }
  }

  private static double slope(Function<Tensor, Tensor> f, Tensor x, int i) {
    Tensor z = Tensor.variable(x.value());
    return Gradients.backward(sum(f.apply(z))).of(z).value().at(i);
  }

  private static NdArray oneHot(int size, int hot, double value) {
    return NdArray.generate(DType.FLOAT64, Shape.of(size), i -> i == hot ? value : 0);
  }

  @Test
  void theHessianIsSymmetricAndMadeOfItsProducts() {
    Tensor x = whole(DType.FLOAT64, 3, 2, 3);
    Function<Tensor, Tensor> f = z -> sum(mul(softmax(mul(z, 0.3), 1), exp(mul(z, 0.2))));
    NdArray h = hessian(f, x).value();
    assertEquals(Shape.of(2, 3, 2, 3), h.shape());
    for (int i = 0; i < 6; i++) {
      NdArray column =
          hessianVectorProduct(f, x, Tensor.constant(oneHot(6, i, 1).reshape(Shape.of(2, 3))))
              .value();
      for (int j = 0; j < 6; j++) {
        assertEquals(h.at(6 * i + j), h.at(6 * j + i), 1e-15);
        assertEquals(h.at(6 * i + j), column.at(j)); // row i, by the same walk
      }
    }
  }

  // ---- of every order --------------------------------------------------------------------------

  @Test
  void thirdDerivatives() {
    Tensor x = constant(2, 3);
    Function<Tensor, Tensor> f = z -> sum(mul(pow(z, 3), sum(z))); // (a^3 + b^3) (a + b)
    Tensor third = jacobian(z -> hessian(f, z, DIFFERENTIABLE), x);
    double aaa = 24 * 2 + 6 * 3;
    double aab = 6 * 2;
    double abb = 6 * 3;
    double bbb = 24 * 3 + 6 * 2;
    assertExactly(
        Tensor.constant(NdArray.of(new double[] {aaa, aab, aab, abb, aab, abb, abb, bbb}, 2, 2, 2)),
        third);
    Tensor variable = variable(2, 3);
    Tensor trace = sum(mul(hessian(f, variable, DIFFERENTIABLE), Tensor.constant(identity(2))));
    assertExactly(constant(aaa + abb, aab + bbb), Gradients.backward(trace).of(variable));
  }

  private static NdArray identity(int n) {
    return NdArray.generate(DType.FLOAT64, Shape.of(n, n), i -> i / n == i % n ? 1 : 0);
  }

  @Test
  void theDerivativesOfDerivativesAreRight() {
    NdArray x = constant(0.3, -0.8).value();
    GradientCheck.of(
            "jacobian", in -> jacobian(z -> mul(tanh(z), sum(z)), in.get(0), DIFFERENTIABLE))
        .check(x);
    GradientCheck.of(
            "hessian", in -> hessian(z -> sum(mul(tanh(z), sum(z))), in.get(0), DIFFERENTIABLE))
        .check(x);
  }

  @Test
  void theFunctionIsEvaluatedOnce() {
    AtomicInteger calls = new AtomicInteger();
    Function<Tensor, Tensor> f =
        z -> {
          calls.incrementAndGet();
          return mul(z, z);
        };
    jacobian(f, constant(1, 2, 3));
    assertEquals(1, calls.get());
    hessian(z -> sum(f.apply(z)), constant(1, 2, 3));
    assertEquals(2, calls.get());
  }

  // ---- edges -----------------------------------------------------------------------------------

  @Test
  void valuesAreConstantsAndSoIsWhatIsMadeOfConstants() {
    Tensor x = variable(3, 4);
    Function<Tensor, Tensor> cube = z -> mul(z, mul(z, z));
    assertFalse(jacobian(cube, x).isTracked());
    assertFalse(hessian(z -> sum(cube.apply(z)), x).isTracked());
    assertTrue(jacobian(cube, x, DIFFERENTIABLE).isTracked());
    assertTrue(hessian(z -> sum(cube.apply(z)), x, DIFFERENTIABLE).isTracked());
    assertFalse(jacobian(cube, x.detach(), DIFFERENTIABLE).isTracked());
    assertFalse(hessian(z -> sum(cube.apply(z)), x.detach(), DIFFERENTIABLE).isTracked());
    assertTrue(jacobian(z -> mul(z, x), x.detach(), DIFFERENTIABLE).isTracked());
  }

  @ParameterizedTest
  @EnumSource
  void ofAFunctionThatDoesNotDependOnItsInputAreZero(Mode mode) {
    Tensor x = variable(3, 4);
    assertExactly(
        Tensor.constant(NdArray.zeros(DType.FLOAT64, Shape.of(3, 2))),
        jacobian(z -> constant(1, 2, 3), x, mode));
    Tensor nothing = Tensor.constant(NdArray.zeros(DType.FLOAT64, Shape.of(2, 2)));
    assertExactly(nothing, hessian(z -> constant(1), x, mode));
    assertExactly(nothing, hessian(z -> sum(x), x, mode));
    assertExactly(nothing, hessian(Ops::sum, x, mode));
  }

  @ParameterizedTest
  @EnumSource
  void ofNumbersAndOfNothing(DType type) {
    Tensor three = Tensor.constant(NdArray.scalar(type, 3));
    Tensor six = Tensor.constant(NdArray.scalar(type, 6));
    Function<Tensor, Tensor> square = z -> mul(z, z);
    assertExactly(six, jacobian(square, three));
    assertExactly(Tensor.constant(NdArray.scalar(type, 2)), hessian(square, three));
    Tensor nothing = Tensor.constant(NdArray.zeros(type, Shape.of(2, 0)));
    assertExactly(
        Tensor.constant(NdArray.zeros(type, Shape.of(2, 0, 2, 0))), jacobian(square, nothing));
    assertExactly(
        Tensor.constant(NdArray.zeros(type, Shape.of(2, 0, 2, 0))),
        hessian(z -> sum(square.apply(z)), nothing));
    assertExactly(
        Tensor.constant(NdArray.zeros(type, Shape.of(2, 0))), jacobian(z -> sum(z), nothing));
    assertExactly(
        Tensor.constant(NdArray.zeros(type, Shape.of(0, 2))),
        jacobian(z -> slice(z, 0, 0, 0), Tensor.constant(NdArray.zeros(type, Shape.of(2)))));
  }

  // ---- wrong calls -----------------------------------------------------------------------------

  @Test
  void wrongCallsAreRefused() {
    Tensor x = variable(1, 2, 3);
    assertRefused(
        ShapeException.class,
        "hessian: the function gives [3], expected one element",
        () -> hessian(z -> mul(z, z), x));
    Tensor large = Tensor.constant(NdArray.zeros(DType.FLOAT32, Shape.of(1 << 16)));
    assertRefused(
        ShapeException.class,
        "jacobian: [65536, 65536] has at least 4294967296 elements, and an array holds at most"
            + " 2147483639",
        () -> jacobian(z -> z, large));
    assertRefused(
        ShapeException.class,
        "hessian: [65536, 65536] has at least 4294967296 elements, and an array holds at most"
            + " 2147483639",
        () -> hessian(Ops::sum, large));
  }

  @FunctionalInterface
  private interface OfFour {
    double at(int i, int j, int k, int l);
  }

  private static Tensor generate(Shape shape, OfFour f) {
    int[] s = shape.strides();
    return Tensor.constant(
        NdArray.generate(
            DType.FLOAT64, shape, i -> f.at(i / s[0], i % s[0] / s[1], i % s[1] / s[2], i % s[2])));
  }

  @Test
  @SuppressWarnings("NullAway") // as a caller who does not obey
  void nullFromAFunctionIsRefusedInWords() {
    Tensor x = Tensor.variable(NdArray.scalar(DType.FLOAT64, 1));
    Function<Tensor, Tensor> f = z -> null;
    assertNull("vjp", () -> Derivatives.vjp(f, x, x));
    assertNull("jvp", () -> Derivatives.jvp(f, x, x));
    assertNull("jacobian", () -> Derivatives.jacobian(f, x));
    assertNull("hessian", () -> Derivatives.hessian(f, x));
    assertNull("hessianVectorProduct", () -> Derivatives.hessianVectorProduct(f, x, x));
    assertNull("checkpoint", () -> Checkpoint.checkpoint(f, x));
  }

  private static void assertNull(String name, Executable call) {
    assertEquals(
        name + ": the output of f is null",
        assertThrows(NullPointerException.class, call).getMessage());
  }
}
