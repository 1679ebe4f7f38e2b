package org.gradus.autograd.functional;

import static org.gradus.autograd.Gradients.Mode.DIFFERENTIABLE;
import static org.gradus.autograd.Gradients.Mode.VALUES;
import static org.gradus.autograd.functional.Derivatives.hessianVectorProduct;
import static org.gradus.autograd.functional.Derivatives.jvp;
import static org.gradus.autograd.functional.Derivatives.vjp;
import static org.gradus.autograd.functional.Numbers.assertExactly;
import static org.gradus.autograd.functional.Numbers.assertRefused;
import static org.gradus.autograd.functional.Numbers.assertWithin;
import static org.gradus.autograd.functional.Numbers.constant;
import static org.gradus.autograd.functional.Numbers.dot;
import static org.gradus.autograd.functional.Numbers.scalar;
import static org.gradus.autograd.functional.Numbers.variable;
import static org.gradus.autograd.functional.Numbers.whole;
import static org.gradus.autograd.ops.ConvOptions.valid;
import static org.gradus.autograd.ops.Ops.add;
import static org.gradus.autograd.ops.Ops.conv2d;
import static org.gradus.autograd.ops.Ops.exp;
import static org.gradus.autograd.ops.Ops.matmul;
import static org.gradus.autograd.ops.Ops.maxPool2d;
import static org.gradus.autograd.ops.Ops.mul;
import static org.gradus.autograd.ops.Ops.pow;
import static org.gradus.autograd.ops.Ops.relu;
import static org.gradus.autograd.ops.Ops.softmax;
import static org.gradus.autograd.ops.Ops.sum;
import static org.gradus.autograd.ops.Ops.tanh;
import static org.gradus.autograd.ops.Ops.zeros;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.gradus.autograd.Gradients;
import org.gradus.autograd.Gradients.Mode;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;
import org.gradus.autograd.check.GradientCheck;
import org.gradus.autograd.functional.Derivatives.Jvp;
import org.gradus.autograd.ops.Ops;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Products with Jacobians and Hessians. */
class ProductsTest {
  // ---- against what is known -------------------------------------------------------------------

  @ParameterizedTest
  @EnumSource
  void ofAMatrixFromBothSides(DType type) {
    Tensor a = whole(type, 1, 2, 3);
    Tensor x = whole(type, 2, 3, 1);
    Tensor g = whole(type, 3, 2, 1);
    Tensor v = whole(type, 4, 3, 1);
    assertExactly(matmul(a, g, true, false), vjp(z -> matmul(a, z), x, g));
    Jvp forward = jvp(z -> matmul(a, z), x, v);
    assertExactly(matmul(a, x), forward.value());
    assertExactly(matmul(a, v), forward.tangent());
  }

  @ParameterizedTest
  @EnumSource
  void ofAConvolutionAlongAnImageIsTheConvolutionOfThatImage(DType type) {
    Tensor x = whole(type, 1, 2, 2, 5, 6);
    Tensor w = whole(type, 2, 3, 2, 3, 2);
    Tensor v = whole(type, 3, 2, 2, 5, 6);
    Tensor u = whole(type, 4, 3, 2, 3, 2);
    var options = valid().stride(2).padding(1);
    assertExactly(conv2d(v, w, options), jvp(z -> conv2d(z, w, options), x, v).tangent());
    Jvp both =
        jvp(in -> conv2d(in.get(0), in.get(1), options), List.of(x, w), List.of(v, u), VALUES);
    assertExactly(conv2d(x, w, options), both.value());
    assertExactly(add(conv2d(v, w, options), conv2d(x, u, options)), both.tangent());
  }

  private static Tensor product(List<Tensor> in) {
    return mul(in.get(0), in.get(1));
  }

  @Test
  void ofSeveralInputs() {
    List<Tensor> at = List.of(constant(2, 3), constant(5, 7));
    List<Tensor> products = vjp(ProductsTest::product, at, constant(10, 100), VALUES);
    assertEquals(2, products.size());
    assertExactly(constant(50, 700), products.get(0));
    assertExactly(constant(20, 300), products.get(1));
    List<Tensor> along = List.of(constant(1, 0), constant(10, -1));
    assertExactly(
        constant(1 * 5 + 2 * 10, -3), jvp(ProductsTest::product, at, along, VALUES).tangent());
  }

  static Stream<Arguments> functions() {
    Tensor w = whole(DType.FLOAT64, 5, 3, 2, 2, 2);
    return Stream.of(
        Arguments.of(
            "network",
            (Function<Tensor, Tensor>) x -> sum(maxPool2d(relu(conv2d(x, w)), 2), 0),
            Shape.of(2, 2, 3, 5)),
        Arguments.of(
            "smooth",
            (Function<Tensor, Tensor>) x -> matmul(tanh(x), exp(mul(x, 0.3)), false, true),
            Shape.of(2, 3)),
        Arguments.of("softmax", (Function<Tensor, Tensor>) x -> softmax(x, 1), Shape.of(2, 3)),
        Arguments.of("identity", (Function<Tensor, Tensor>) x -> x, Shape.of(3)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("functions")
  void alongADirectionAgreeWithDifferences(String name, Function<Tensor, Tensor> f, Shape shape) {
    Tensor x = fractions(shape, 1);
    Tensor v = fractions(shape, 2);
    double h = 1e-5;
    NdArray ahead = f.apply(add(x, mul(v, h))).value();
    NdArray behind = f.apply(add(x, mul(v, -h))).value();
    Jvp forward = jvp(f, x, v);
    assertExactly(f.apply(x), forward.value());
    assertWithin(
        1e-8, Tensor.constant(ahead.zip(behind, (a, b) -> (a - b) / (2 * h))), forward.tangent());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("functions")
  void fromBothSidesAreOne(String name, Function<Tensor, Tensor> f, Shape shape) {
    Tensor x = fractions(shape, 1);
    Tensor v = fractions(shape, 2);
    Tensor g = fractions(f.apply(x).shape(), 3);
    assertEquals(dot(g, jvp(f, x, v).tangent()), dot(vjp(f, x, g), v), 1e-12);
  }

  @ParameterizedTest
  @EnumSource
  void fromBothSidesAreOneExactlyInWholeNumbers(DType type) {
    Function<List<Tensor>, Tensor> f =
        in -> {
          Tensor y = relu(conv2d(in.get(0), in.get(1), valid().stride(2)));
          return mul(y, in.get(2));
        };
    List<Tensor> x =
        List.of(whole(type, 1, 2, 2, 5, 4), whole(type, 2, 3, 2, 2, 2), whole(type, 3, 1, 2));
    List<Tensor> v =
        List.of(whole(type, 4, 2, 2, 5, 4), whole(type, 5, 3, 2, 2, 2), whole(type, 6, 1, 2));
    Tensor g = whole(type, 7, 2, 3, 2, 2);
    List<Tensor> back = vjp(f, x, g, VALUES);
    double total = 0;
    for (int i = 0; i < 3; i++) {
      assertEquals(x.get(i).shape(), back.get(i).shape());
      total += dot(back.get(i), v.get(i));
    }
    double forward = dot(g, jvp(f, x, v, VALUES).tangent());
    assertEquals(forward, total);
    assertTrue(forward != 0);
  }

  @Test
  void theHessianOfAQuadraticForm() {
    Tensor a = whole(DType.FLOAT64, 1, 3, 3);
    Tensor x = whole(DType.FLOAT64, 2, 3, 1);
    Tensor v = whole(DType.FLOAT64, 3, 3, 1);
    Function<Tensor, Tensor> f = z -> matmul(z, matmul(a, z), true, false); // [1, 1]
    Tensor expected = add(matmul(a, v), matmul(a, v, true, false));
    assertExactly(expected, hessianVectorProduct(f, x, v));
    assertExactly(expected, jvp(z -> vjp(f, z, one(f, z), DIFFERENTIABLE), x, v).tangent());
  }

  @Test
  void theHessianAgreesWithDifferencesOfGradients() {
    Tensor x = fractions(Shape.of(2, 3), 1);
    Tensor v = fractions(Shape.of(2, 3), 2);
    Function<Tensor, Tensor> f = z -> sum(mul(softmax(z, 1), exp(mul(z, z))));
    double h = 1e-5;
    NdArray ahead = vjp(f, add(x, mul(v, h)), scalar(1)).value();
    NdArray behind = vjp(f, add(x, mul(v, -h)), scalar(1)).value();
    Tensor expected = Tensor.constant(ahead.zip(behind, (a, b) -> (a - b) / (2 * h)));
    assertWithin(1e-8, expected, hessianVectorProduct(f, x, v));
  }

  private static Tensor one(Function<Tensor, Tensor> f, Tensor x) {
    Tensor y = f.apply(x);
    return Tensor.constant(NdArray.full(y.dtype(), y.shape(), 1));
  }

  /** Numbers at least 0.1 apart from each other, none of them a whole tenth. */
  private static Tensor fractions(Shape shape, int seed) {
    return Tensor.constant(
        NdArray.generate(
            DType.FLOAT64, shape, i -> ((7 * i + 3 * seed) % 23 - 11.3) / 10 * (1 + 0.01 * i)));
  }

  // ---- of every order --------------------------------------------------------------------------

  @ParameterizedTest
  @EnumSource
  void everyOrderByNestingInTheFunction(DType type) {
    Tensor x = Tensor.constant(NdArray.of(new double[] {0.5, -1.25}, 2).as(type));
    Tensor ones = Tensor.constant(NdArray.full(type, x.shape(), 1));
    double[] factors = {1, 5, 20, 60, 120, 120, 0};
    Function<Tensor, Tensor> power = z -> pow(z, 5);
    Function<Tensor, Tensor> exponential = z -> exp(mul(z, 2));
    Function<Tensor, Tensor> sine = Ops::sin;
    double tolerance = type == DType.FLOAT32 ? 1e-5 : 1e-13;
    for (int order = 0; order < 7; order++) {
      double factor = factors[order];
      int exponent = 5 - order;
      double phase = order * Math.PI / 2;
      Tensor ofPower =
          Tensor.constant(x.value().map(t -> factor == 0 ? 0 : factor * Math.pow(t, exponent)));
      Tensor ofSine = Tensor.constant(x.value().map(t -> Math.sin(t + phase)));
      assertWithin(tolerance, ofPower, power.apply(x));
      assertWithin(tolerance, mul(exp(mul(x, 2)), Math.pow(2, order)), exponential.apply(x));
      assertWithin(tolerance, ofSine, sine.apply(x));
      power = slope(power, ones);
      exponential = slope(exponential, ones);
      sine = slope(sine, ones);
    }
  }

  /** The derivative of a function of each element: forward and backward by turns. */
  private static Function<Tensor, Tensor> slope(Function<Tensor, Tensor> f, Tensor ones) {
    return x -> {
      Tensor forward = jvp(f, x, ones, DIFFERENTIABLE).tangent();
      assertWithin(1e-5, vjp(f, x, ones), forward);
      return forward;
    };
  }

  @Test
  void everyOrderByNestingAroundTheFunction() {
    Tensor x = variable(0.7, -0.2);
    Tensor ones = constant(1, 1);
    Tensor slope = vjp(z -> pow(z, 5), x, ones, DIFFERENTIABLE);
    Tensor bend = Gradients.backward(sum(slope), DIFFERENTIABLE, x).of(x);
    Tensor third = vjp(z -> mul(z, bend), x, ones, DIFFERENTIABLE); // bend is held fixed
    assertWithin(1e-14, Tensor.constant(x.value().map(t -> 20 * t * t * t)), third);
    assertWithin(
        1e-14,
        Tensor.constant(x.value().map(t -> 60 * t * t)),
        Gradients.backward(sum(third), x).of(x));
  }

  @Test
  void theDerivativesOfDerivativesAreRight() {
    Function<Tensor, Tensor> f = x -> mul(tanh(x), softmax(x, 0));
    NdArray x = constant(0.3, -0.8, 1.1).value();
    NdArray v = constant(0.7, 1.3, -0.4).value();
    GradientCheck.of("vjp", in -> vjp(f, in.get(0), in.get(1), DIFFERENTIABLE)).check(x, v);
    GradientCheck.of("jvp", in -> jvp(f, in.get(0), in.get(1), DIFFERENTIABLE).tangent())
        .check(x, v);
    GradientCheck.of("value", in -> jvp(f, in.get(0), in.get(1), DIFFERENTIABLE).value())
        .check(x, v);
    GradientCheck.of(
            "hvp",
            in -> hessianVectorProduct(z -> sum(f.apply(z)), in.get(0), in.get(1), DIFFERENTIABLE))
        .check(x, v);
  }

  @Test
  void whatIsCapturedMayBeDifferentiatedToo() {
    Tensor w = variable(3, -2);
    Tensor x = constant(5, 7);
    Tensor ones = constant(1, 1);
    Function<Tensor, Tensor> f = z -> mul(mul(z, z), w);
    for (Tensor slope :
        List.of(
            vjp(f, x, ones, DIFFERENTIABLE),
            jvp(f, x, ones, DIFFERENTIABLE).tangent(),
            jvp(f, x, ones, DIFFERENTIABLE).value(),
            hessianVectorProduct(z -> sum(mul(f.apply(z), z)), x, ones, DIFFERENTIABLE))) {
      assertTrue(slope.isTracked());
      assertTrue(Gradients.backward(sum(slope)).reached(w));
    }
    assertExactly(
        constant(10, 14), Gradients.backward(sum(vjp(f, x, ones, DIFFERENTIABLE)), w).of(w));
    assertExactly(
        constant(10, 14),
        Gradients.backward(sum(jvp(f, x, ones, DIFFERENTIABLE).tangent()), w).of(w));
  }

  // ---- inputs and what is captured -------------------------------------------------------------

  @Test
  void anInputIsNotWhatIsCapturedThoughTheyBeTheSame() {
    Tensor x = variable(3);
    Tensor one = constant(1);
    Tensor square = mul(x, x);
    assertExactly(x, vjp(z -> mul(z, x), x, one)); // not 2 x
    assertExactly(x, jvp(z -> mul(z, x), x, one).tangent());
    assertExactly(square, vjp(z -> mul(z, square), x, one)); // not 3 x^2
    assertExactly(square, jvp(z -> mul(z, square), x, one, DIFFERENTIABLE).tangent());
    Function<Tensor, Tensor> nested =
        y -> mul(y, vjp(z -> add(y, z), y, one, DIFFERENTIABLE)); // y d(y + z)/dz at z = y
    assertExactly(one, vjp(nested, x, one)); // not 2
  }

  @Test
  void oneTensorAsTwoInputsIsTwoInputs() {
    Tensor x = variable(3);
    List<Tensor> products = vjp(in -> mul(in.get(0), pow(in.get(1), 2)), List.of(x, x), x, VALUES);
    assertExactly(constant(27), products.get(0));
    assertExactly(constant(54), products.get(1));
    Tensor along =
        jvp(ProductsTest::product, List.of(x, x), List.of(constant(1), constant(10)), VALUES)
            .tangent();
    assertExactly(constant(33), along);
  }

  @Test
  void valuesAreConstantsWhateverTheyAreMadeOf() {
    Tensor x = mul(variable(3, 4), 2);
    Tensor g = variable(1, 10);
    Function<Tensor, Tensor> f = z -> mul(mul(z, z), g);
    assertFalse(vjp(f, x, g).isTracked());
    assertFalse(jvp(f, x, g).value().isTracked());
    assertFalse(jvp(f, x, g).tangent().isTracked());
    assertFalse(hessianVectorProduct(z -> sum(f.apply(z)), x, g).isTracked());
  }

  @Test
  void atConstantsThereIsNothingToDifferentiateBy() {
    Tensor x = constant(3, 4);
    Tensor g = constant(1, 10);
    Function<Tensor, Tensor> f = z -> mul(mul(z, z), g);
    Function<Tensor, Tensor> slope = z -> jvp(f, z, g, DIFFERENTIABLE).tangent();
    assertFalse(vjp(f, x, g, DIFFERENTIABLE).isTracked());
    assertFalse(jvp(f, x, g, DIFFERENTIABLE).value().isTracked());
    assertFalse(slope.apply(x).isTracked());
    assertFalse(jvp(slope, x, g, DIFFERENTIABLE).tangent().isTracked());
    assertFalse(hessianVectorProduct(z -> sum(f.apply(z)), x, g, DIFFERENTIABLE).isTracked());
    assertFalse(vjp(z -> x, x, g, DIFFERENTIABLE).isTracked());
  }

  @Test
  void theProductsAreLinearInWhatTheyAreTakenWith() {
    Tensor x = constant(3, 4);
    Tensor v = variable(1, 10);
    Function<Tensor, Tensor> f = z -> mul(z, z);
    List<Tensor> products =
        List.of(
            vjp(f, x, v, DIFFERENTIABLE),
            jvp(f, x, v, DIFFERENTIABLE).tangent(),
            hessianVectorProduct(z -> sum(pow(z, 3)), x, v, DIFFERENTIABLE));
    assertExactly(constant(6, 8), Gradients.backward(sum(products.get(0))).of(v));
    assertExactly(constant(6, 8), Gradients.backward(sum(products.get(1))).of(v));
    assertExactly(constant(18, 24), Gradients.backward(sum(products.get(2))).of(v));
  }

  // ---- edges -----------------------------------------------------------------------------------

  @ParameterizedTest
  @EnumSource
  void ofAFunctionThatDoesNotDependOnItsInputAreZero(Mode mode) {
    Tensor x = variable(3, 4);
    Tensor other = variable(5);
    List<Function<Tensor, Tensor>> functions =
        List.of(z -> constant(7), z -> other, z -> mul(other, other), z -> sumOf(z.detach()));
    for (Function<Tensor, Tensor> f : functions) {
      assertExactly(zeros(x), vjp(f, x, constant(1), mode));
      assertExactly(constant(0), jvp(f, x, x, mode).tangent());
      assertExactly(f.apply(x), jvp(f, x, x, mode).value());
      assertExactly(zeros(x), hessianVectorProduct(f, x, x, mode));
    }
    assertExactly(zeros(x), hessianVectorProduct(Ops::sum, x, x, mode)); // linear
    Function<List<Tensor>, Tensor> second = in -> mul(in.get(1), in.get(1));
    List<Tensor> products = vjp(second, List.of(x, other), constant(1), mode);
    assertExactly(zeros(x), products.get(0));
    assertExactly(constant(10), products.get(1));
    assertExactly(
        constant(20), jvp(second, List.of(x, other), List.of(x, constant(2)), mode).tangent());
  }

  private static Tensor sumOf(Tensor x) {
    return Ops.reshape(sum(x), 1);
  }

  @Test
  void theValueOfTheIdentityIsItsInput() {
    Tensor x = variable(3, 4);
    Jvp forward = jvp(z -> z, x, constant(1, 2), DIFFERENTIABLE);
    assertExactly(x, forward.value());
    assertExactly(constant(1, 2), forward.tangent());
    assertExactly(constant(1, 1), Gradients.backward(sum(forward.value())).of(x));
    assertSame( // nothing is copied
        x.value().storage(), jvp(z -> z, x, constant(1, 2)).value().value().storage());
  }

  @ParameterizedTest
  @EnumSource
  void ofNumbersAndOfNothing(DType type) {
    Tensor three = Tensor.constant(NdArray.scalar(type, 3));
    Tensor two = Tensor.constant(NdArray.scalar(type, 2));
    Function<Tensor, Tensor> square = z -> mul(z, z);
    assertExactly(Tensor.constant(NdArray.scalar(type, 12)), vjp(square, three, two));
    assertExactly(Tensor.constant(NdArray.scalar(type, 12)), jvp(square, three, two).tangent());
    assertExactly(
        Tensor.constant(NdArray.scalar(type, 4)), hessianVectorProduct(square, three, two));
    Tensor nothing = Tensor.constant(NdArray.zeros(type, Shape.of(2, 0)));
    assertExactly(nothing, vjp(square, nothing, nothing));
    assertExactly(nothing, jvp(square, nothing, nothing).tangent());
    assertExactly(nothing, hessianVectorProduct(z -> sum(square.apply(z)), nothing, nothing));
  }

  // ---- wrong calls -----------------------------------------------------------------------------

  @Test
  void wrongCallsAreRefused() {
    Tensor x = variable(1, 2, 3);
    Tensor two = constant(1, 2);
    Tensor single = Tensor.constant(x.value().as(DType.FLOAT32));
    Function<Tensor, Tensor> square = z -> mul(z, z);
    assertRefused(
        IllegalArgumentException.class,
        "gradients: the cotangent is constant FLOAT64 [2], but the output is mul FLOAT64 [3]",
        () -> vjp(square, x, two));
    assertRefused(
        IllegalArgumentException.class,
        "jvp: tangent 0 is constant FLOAT64 [2], but input 0 is variable FLOAT64 [3]",
        () -> jvp(square, x, two));
    assertRefused(
        IllegalArgumentException.class,
        "jvp: tangent 1 is constant FLOAT32 [3], but input 1 is variable FLOAT64 [3]",
        () -> jvp(ProductsTest::product, List.of(x, x), List.of(x, single), VALUES));
    assertRefused(
        IllegalArgumentException.class,
        "jvp: 1 tangents for 2 inputs, expected one for each",
        () -> jvp(ProductsTest::product, List.of(x, x), List.of(x), VALUES));
    assertRefused(
        IllegalArgumentException.class,
        "vjp: 0 inputs, expected one or more",
        () -> vjp(in -> x, List.of(), x, VALUES));
    assertRefused(
        IllegalArgumentException.class,
        "jvp: 0 inputs, expected one or more",
        () -> jvp(in -> x, List.of(), List.of(), VALUES));
    assertRefused(
        IllegalArgumentException.class,
        "hessianVectorProduct: the vector is constant FLOAT64 [2], but the input is variable"
            + " FLOAT64 [3]",
        () -> hessianVectorProduct(z -> sum(z), x, two));
    assertRefused(
        ShapeException.class,
        "hessianVectorProduct: the function gives [3], expected one element",
        () -> hessianVectorProduct(square, x, x));
  }
}
