package org.gradus.autograd.check;

import static org.gradus.autograd.ops.Ops.add;
import static org.gradus.autograd.ops.Ops.bias;
import static org.gradus.autograd.ops.Ops.broadcastTo;
import static org.gradus.autograd.ops.Ops.conv2d;
import static org.gradus.autograd.ops.Ops.conv2dInput;
import static org.gradus.autograd.ops.Ops.conv2dWeight;
import static org.gradus.autograd.ops.Ops.crossEntropy;
import static org.gradus.autograd.ops.Ops.div;
import static org.gradus.autograd.ops.Ops.exp;
import static org.gradus.autograd.ops.Ops.flatten;
import static org.gradus.autograd.ops.Ops.gate;
import static org.gradus.autograd.ops.Ops.matmul;
import static org.gradus.autograd.ops.Ops.maxPool2d;
import static org.gradus.autograd.ops.Ops.mean;
import static org.gradus.autograd.ops.Ops.mse;
import static org.gradus.autograd.ops.Ops.mul;
import static org.gradus.autograd.ops.Ops.neg;
import static org.gradus.autograd.ops.Ops.permute;
import static org.gradus.autograd.ops.Ops.relu;
import static org.gradus.autograd.ops.Ops.reshape;
import static org.gradus.autograd.ops.Ops.softmax;
import static org.gradus.autograd.ops.Ops.sub;
import static org.gradus.autograd.ops.Ops.sum;
import static org.gradus.autograd.ops.Ops.sumTo;
import static org.gradus.autograd.ops.Ops.transpose;
import static org.gradus.autograd.ops.Ops.zeros;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.Stream;
import org.gradus.autograd.Op;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.DTypeException;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.ops.AddScalar;
import org.gradus.autograd.ops.ConvGeometry;
import org.gradus.autograd.ops.ConvOptions;
import org.gradus.autograd.ops.Exp;
import org.gradus.autograd.ops.Log;
import org.gradus.autograd.ops.MatMul;
import org.gradus.autograd.ops.Mul;
import org.gradus.autograd.ops.Ops;
import org.gradus.autograd.ops.Pow;
import org.gradus.autograd.ops.Sqrt;
import org.gradus.autograd.ops.Sum;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The checker itself: it finds wrong VJPs of every kind, and nothing wrong in right ones. */
class GradientCheckTest {

  /** An op put together from a right forward and a VJP that may be wrong. */
  private record Made(String name, Function<List<Tensor>, Tensor> forwardFunction, Rule rule)
      implements Op {
    @Override
    public NdArray forward(List<NdArray> in) {
      return forwardFunction.apply(in.stream().map(Tensor::constant).toList()).value();
    }

    @Override
    public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
      return rule.vjp(input, g, y, in);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private interface Rule {
    Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in);
  }

  private static final ConvGeometry GEOMETRY =
      ConvOptions.valid().stride(2).geometry(Shape.of(1, 1, 6, 4), Shape.of(1, 1, 3, 2));

  private static Tensor a(List<Tensor> in) {
    return in.get(0);
  }

  private static Tensor b(List<Tensor> in) {
    return in.get(1);
  }

  private static NdArray numbers(int... dims) {
    SplittableRandom random = new SplittableRandom(5);
    return NdArray.generate(
        DType.FLOAT64,
        Shape.of(dims),
        i -> random.nextInt(10, 200) / 100.0 * (i % 2 == 0 ? 1 : -1));
  }

  static Stream<Arguments> wrongRules() {
    NdArray matrix = numbers(2, 3);
    NdArray square = numbers(3, 3);
    NdArray row = numbers(3);
    return Stream.of(
        wrong("sign", in -> exp(a(in)), (i, g, y, in) -> neg(mul(g, y)), matrix),
        wrong("factor 1.001", in -> exp(a(in)), (i, g, y, in) -> mul(mul(g, y), 1.001), matrix),
        wrong("cotangent ignored", in -> exp(a(in)), (i, g, y, in) -> y, matrix),
        wrong("cotangent squared", in -> exp(a(in)), (i, g, y, in) -> mul(mul(g, g), y), matrix),
        wrong("derivative forgotten", in -> exp(a(in)), (i, g, y, in) -> g, matrix),
        wrong("always zero", in -> exp(a(in)), (i, g, y, in) -> zeros(a(in)), matrix),
        wrong("input for output", in -> exp(a(in)), (i, g, y, in) -> mul(g, a(in)), matrix),
        wrong(
            "inputs swapped",
            in -> mul(a(in), b(in)),
            (i, g, y, in) -> mul(g, in.get(i)),
            matrix,
            numbers(2, 3).map(v -> v + 1)),
        wrong("same rule for both inputs", in -> sub(a(in), b(in)), (i, g, y, in) -> g, row, row),
        wrong(
            "missing transpose",
            in -> matmul(a(in), b(in)),
            (i, g, y, in) -> i == 0 ? matmul(g, b(in)) : matmul(transpose(a(in)), g),
            square,
            numbers(3, 3).map(v -> v * v)),
        wrong(
            "missing factor transposed",
            in -> transpose(a(in)),
            (i, g, y, in) -> reshape(g, 3, 3),
            square),
        wrong(
            "= for += where a tensor is used twice",
            in -> mul(a(in), a(in)),
            (i, g, y, in) -> mul(g, a(in)),
            matrix),
        wrong(
            "missing broadcast sum: the first row only",
            in -> add(a(in), b(in)),
            (i, g, y, in) -> i == 0 ? g : firstRow(g),
            matrix,
            row),
        wrong(
            "broadcast mean for sum",
            in -> add(a(in), b(in)),
            (i, g, y, in) -> i == 0 ? g : div(sumTo(g, row.shape()), 2),
            matrix,
            row),
        wrong(
            "sum over a wrong axis",
            in -> sum(a(in), 0),
            (i, g, y, in) -> broadcastTo(reshape(g, 3, 1), square.shape()),
            square),
        wrong(
            "lost stride remainder: the input stretched over the last row",
            in -> conv2d(a(in), b(in), GEOMETRY),
            (i, g, y, in) -> i == 0 ? lostRemainder(b(in), g) : conv2dWeight(a(in), g, GEOMETRY),
            numbers(1, 1, 6, 4),
            numbers(1, 1, 3, 2)),
        wrong(
            "flipped filter",
            in -> conv2d(a(in), b(in), GEOMETRY),
            (i, g, y, in) ->
                i == 0
                    ? conv2dInput(reshape(flip(b(in)), 1, 1, 3, 2), g, GEOMETRY)
                    : conv2dWeight(a(in), g, GEOMETRY),
            numbers(1, 1, 6, 4),
            numbers(1, 1, 3, 2)),
        wrong(
            "mask of the wrong side", in -> relu(a(in)), (i, g, y, in) -> sub(g, gate(y, g)), row),
        wrong("mask left out", in -> relu(a(in)), (i, g, y, in) -> g, row),
        wrong(
            "bias summed over a wrong axis",
            in -> bias(a(in), b(in)),
            (i, g, y, in) -> i == 0 ? g : sum(g, 0, 1),
            numbers(2, 3, 3),
            row),
        wrong("mean for sum", in -> sum(a(in)), (i, g, y, in) -> spread(div(g, 6)), matrix),
        wrong("1/n forgotten", in -> mean(a(in)), (i, g, y, in) -> spread(g), matrix),
        wrong(
            "diagonal of the Jacobian alone",
            in -> softmax(a(in), 1),
            (i, g, y, in) -> mul(g, mul(y, sub(1, y))),
            matrix),
        wrong(
            "axes in the same order, not the inverse one",
            in -> permute(a(in), 1, 2, 0),
            (i, g, y, in) -> permute(g, 1, 2, 0),
            numbers(2, 2, 2)),
        wrong(
            "1/n for 2/n",
            in -> mse(a(in), b(in)),
            (i, g, y, in) -> {
              Tensor half = mul(sub(a(in), b(in)), div(g, 6));
              return i == 0 ? half : neg(half);
            },
            matrix,
            numbers(2, 3).map(v -> v - 1)),
        wrong(
            "right at order 1, detached at order 2",
            in -> exp(a(in)),
            (i, g, y, in) -> mul(g, y.detach()),
            matrix),
        wrong(
            "right at order 1, cotangent detached",
            in -> exp(a(in)),
            (i, g, y, in) -> mul(g.detach(), y),
            matrix));
  }

  private static Arguments wrong(
      String kind, Function<List<Tensor>, Tensor> forward, Rule rule, NdArray... inputs) {
    return Arguments.of(kind, new Made(kind, forward, rule), inputs);
  }

  private static Tensor spread(Tensor g) {
    return broadcastTo(reshape(g, 1, 1), Shape.of(2, 3));
  }

  private static Tensor firstRow(Tensor g) {
    Tensor first = Tensor.constant(NdArray.of(new double[] {1, 0}, 1, 2));
    return reshape(matmul(first, g), 3);
  }

  /** As if the image ended with the last window: what lies behind is taken from the row before. */
  private static Tensor lostRemainder(Tensor w, Tensor g) {
    Tensor dx = reshape(conv2dInput(w, g, GEOMETRY), 6, 4);
    double[] shift = new double[36];
    for (int i = 0; i < 6; i++) {
      shift[i * 6 + Math.min(i, 4)] = 1;
    }
    return reshape(matmul(Tensor.constant(NdArray.of(shift, 6, 6)), dx), 1, 1, 6, 4);
  }

  private static Tensor flip(Tensor w) {
    double[] flip = new double[36];
    for (int i = 0; i < 6; i++) {
      flip[i * 6 + 5 - i] = 1;
    }
    return matmul(Tensor.constant(NdArray.of(flip, 6, 6)), reshape(w, 6, 1));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("wrongRules")
  void aWrongRuleIsFound(String kind, Op op, NdArray[] inputs) {
    assertThrows(GradientCheckError.class, () -> GradientCheck.of(op).check(inputs), kind);
  }

  @Test
  void theSameOpsWithRightRulesPass() {
    NdArray matrix = numbers(2, 3);
    Made right = new Made("exp", in -> exp(a(in)), (i, g, y, in) -> mul(g, y));
    Report report = GradientCheck.of(right).check(matrix);
    // order 1: 6 products and 6 x 6 entries; order 2: 6 by x and 6 by g
    assertEquals(6 + 36 + 12, report.comparisons());
    assertEquals(List.of(), report.notDifferentiable());
    assertTrue(report.largestError() > 0 && report.largestError() < 1e-9);
  }

  @Test
  void aFailureNamesOpShapesInputIndexBothValuesRatioAndSeed() {
    Made twice = new Made("half", in -> mul(a(in), 0.5), (i, g, y, in) -> g);
    GradientCheckError error =
        assertThrows(
            GradientCheckError.class,
            () ->
                GradientCheck.of(twice)
                    .linear()
                    .seed(42)
                    .check(NdArray.of(new double[] {1, 2}, 2)));
    double g = new SplittableRandom(42).nextInt(10, 201) / 100.0;
    String text = error.getMessage();
    assertTrue(text.contains("half, order 1, inputs [[2]], seed 42: input 0 at [0]"), text);
    assertTrue(text.matches(".*analytic -?" + g + ", numeric -?[0-9.]+, ratio 2.0 .*"), text);
    assertTrue(text.endsWith("(step 1.0, tolerance 1.0E-12)"), text);
  }

  @Test
  void aKinkIsReportedNotFailed() {
    Made relu = new Made("relu", in -> relu(a(in)), (i, g, y, in) -> gate(y, g));
    Report report = GradientCheck.of(relu).orders(1).check(NdArray.of(new double[] {0, 1}, 2));
    assertEquals(
        List.of(
            "relu, order 1, inputs [[2]], seed 1: not differentiable in input 0 at [0]",
            "relu, order 1, inputs [[2]], seed 1: not differentiable in output at [0] by input 0"
                + " at [0]"),
        report.notDifferentiable());
    assertEquals(4, report.comparisons());
  }

  @Test
  void aKinkWithinTheStepIsSteppedOver() {
    Made right = new Made("relu", in -> relu(a(in)), (i, g, y, in) -> gate(y, g));
    Made wrong = new Made("relu", in -> relu(a(in)), (i, g, y, in) -> mul(gate(y, g), 2));
    for (int tenths = -9; tenths <= 9; tenths++) {
      NdArray beside = NdArray.scalar(DType.FLOAT64, tenths * 1e-6);
      Report report = GradientCheck.of(right).orders(1).check(beside);
      assertEquals(tenths == 0 ? 2 : 0, report.notDifferentiable().size(), "at " + beside);
      if (tenths > 0) {
        assertThrows(
            GradientCheckError.class, () -> GradientCheck.of(wrong).check(beside), "at " + beside);
      }
    }
    Report nearer = GradientCheck.of(right).orders(1).check(NdArray.scalar(DType.FLOAT64, 1e-9));
    assertEquals(2, nearer.notDifferentiable().size());
  }

  static Stream<Arguments> rightRulesFarFromOne() {
    return Stream.of(
        Arguments.of(new Sum(List.of(0), false), numbers(3).map(v -> v * 1e6)),
        Arguments.of(new AddScalar(1e6), numbers(2)),
        Arguments.of(new Pow(2), NdArray.of(new double[] {1e8, -3e7}, 2)),
        Arguments.of(new Log(), NdArray.of(new double[] {1e-3, 1e-4}, 2)),
        Arguments.of(new Sqrt(), NdArray.of(new double[] {1e-3, 1e3}, 2)));
  }

  @ParameterizedTest
  @MethodSource("rightRulesFarFromOne")
  void aRightRuleFarFromOneIsRight(Op op, NdArray input) {
    assertEquals(List.of(), GradientCheck.of(op).check(input).notDifferentiable());
  }

  @Test
  void aRightRuleOfTwoLargeInputsIsRight() {
    NdArray x = NdArray.of(new double[] {1e6, 2e6}, 2);
    assertEquals(List.of(), GradientCheck.of(new Mul()).check(x, x).notDifferentiable());
  }

  @Test
  void aWrongRuleIsFoundWhereRoundingIsCoarse() {
    Made wrong = new Made("shifted", in -> add(a(in), 1e6), (i, g, y, in) -> neg(g));
    assertThrows(GradientCheckError.class, () -> GradientCheck.of(wrong).check(numbers(2)));
  }

  @Test
  void outputsThatLoseTheDifferencesAreRefused() {
    GradientCheckError error =
        assertThrows(
            GradientCheckError.class,
            () -> GradientCheck.of(new AddScalar(1e12)).check(NdArray.scalar(DType.FLOAT64, 1)));
    assertTrue(
        error.getMessage().contains("are so large that a step of 1.0E-5 is lost in their rounding"),
        error.getMessage());
    GradientCheck.of(new AddScalar(1e12)).linear().check(NdArray.scalar(DType.FLOAT64, 1));
  }

  @Test
  void aWrongRuleBesideAKinkIsStillFoundElsewhere() {
    Made relu = new Made("relu", in -> relu(a(in)), (i, g, y, in) -> mul(gate(y, g), 2));
    assertThrows(
        GradientCheckError.class,
        () -> GradientCheck.of(relu).check(NdArray.of(new double[] {0, 1}, 2)));
  }

  @Test
  void brokenLawsAreFound() {
    NdArray x = numbers(2);
    Made notZero =
        new Made("affine", in -> a(in), (i, g, y, in) -> add(g, 1e-300)); // too small to measure
    assertLaw("a zero cotangent gives FLOAT64 [2] {1.0E-300, 1.0E-300}", notZero, x);
    int[] calls = {0};
    Made unsteady =
        new Made("unsteady", in -> a(in), (i, g, y, in) -> mul(g, 1 + 1e-15 * calls[0]++));
    assertLaw("two pullbacks differ in their bits", unsteady, x);
    Made modes =
        new Made("modes", in -> a(in), (i, g, y, in) -> y.isTracked() ? mul(g, 1 + 1e-15) : g);
    assertLaw("the gradients differ between the modes", modes, x);
    Made writes =
        new Made(
            "writes",
            in -> a(in),
            (i, g, y, in) -> {
              ((double[]) a(in).value().storage())[0] += 1;
              return g;
            });
    assertLaw("an input was modified", writes, x);
    Made overwrites =
        new Made(
            "overwrites",
            in -> mul(a(in), 2),
            (i, g, y, in) -> {
              ((double[]) y.value().storage())[0] = 7;
              return mul(g, 2);
            });
    assertLaw("the output was modified", overwrites, x);
  }

  /** Cotangents of the sizes that a check draws do not show it. */
  @Test
  void rulesThatAreNotLinearInTheCotangentAreFound() {
    NdArray x = numbers(3);
    Made clips =
        new Made("clips", in -> a(in), (i, g, y, in) -> Ops.clamp(g, -10, 10)); // 4 times 2 is 8
    assertLaw(
        "%s times the cotangent does not give %<s times the gradient of input 0".formatted(0x1p40),
        clips,
        x);
    Made flushes =
        new Made("flushes", in -> a(in), (i, g, y, in) -> Ops.gate(sub(Ops.abs(g), 1e-6), g));
    assertLaw(
        "%s times the cotangent does not give %<s times the gradient of input 0".formatted(0x1p-40),
        flushes,
        x);
    Made wrongForOnes =
        new Made(
            "wrongForOnes",
            in -> exp(a(in)),
            (i, g, y, in) -> mul(mul(g, y), g.value().map(v -> v - 1).equals(zero(g)) ? 1.001 : 1));
    assertLaw("a cotangent and ones do not add up in the gradient of input 0", wrongForOnes, x);
  }

  private static NdArray zero(Tensor like) {
    return NdArray.zeros(like.dtype(), like.shape());
  }

  @Test
  void rulesThatAskWhereInputsComeFromAreFound() {
    NdArray x = numbers(3);
    Rule product = (i, g, y, in) -> mul(g, in.get(1 - i));
    Made alone =
        new Made(
            "alone",
            in -> mul(a(in), b(in)),
            (i, g, y, in) ->
                mul(product.vjp(i, g, y, in), a(in).isTracked() == b(in).isTracked() ? 1 : 2));
    assertLaw("the gradient of input 0 depends on whether others are tracked", alone, x, x);
    Made same =
        new Made(
            "same",
            in -> mul(a(in), b(in)),
            (i, g, y, in) -> mul(product.vjp(i, g, y, in), a(in) == b(in) ? 1.001 : 1));
    assertLaw("one tensor as inputs 0 and 1 is not as two of the same numbers", same, x, x);
  }

  /** Two calls of a VJP hand out one array, and so do two calls of an op. */
  @Test
  void whatIsWrittenToAgainIsFound() {
    float[] scratch = new float[2];
    Function<Tensor, Tensor> twice =
        x -> {
          for (int k = 0; k < scratch.length; k++) {
            scratch[k] = 2 * (float) x.value().at(k);
          }
          return Tensor.constant(NdArray.wrap(scratch, x.shape()));
        };
    NdArray x = numbers(2).as(DType.FLOAT32);
    Made outputs = new Made("outputs", in -> twice.apply(a(in)), (i, g, y, in) -> mul(g, 2));
    Made products = new Made("products", in -> mul(a(in), 2), (i, g, y, in) -> twice.apply(g));
    for (Op op : List.of(outputs, products)) {
      GradientCheckError error =
          assertThrows(GradientCheckError.class, () -> GradientCheck.of(op).checkLaws(x));
      assertTrue(error.getMessage().contains(" modified"), error.getMessage());
    }
  }

  @Test
  void lawsHoldInSinglePrecisionAndAreCheckedAtEachOrder() {
    NdArray x = numbers(2, 3).as(DType.FLOAT32);
    GradientCheck.of(new Exp()).orders(3).checkLaws(x);
    GradientCheck.of(new MatMul(false, true)).checkLaws(x, x);
    Made writes =
        new Made(
            "writes",
            in -> mul(a(in), 2),
            (i, g, y, in) -> {
              if (g.dtype() == DType.FLOAT32) {
                ((float[]) a(in).value().storage())[0] *= 3;
              }
              return mul(g, 2);
            });
    GradientCheck.of(writes).check(numbers(2));
    GradientCheckError error =
        assertThrows(GradientCheckError.class, () -> GradientCheck.of(writes).checkLaws(x));
    assertTrue(
        error
            .getMessage()
            .endsWith("order 1, inputs [[2, 3]] of FLOAT32, seed 1: an input was modified"),
        error.getMessage());
    Made second =
        new Made(
            "second", in -> exp(a(in)), (i, g, y, in) -> mul(g, g.isTracked() ? mul(y, 1.001) : y));
    NdArray another = numbers(2, 3).as(DType.FLOAT32);
    GradientCheck.of(second).orders(1).checkLaws(another);
    assertTrue(
        assertThrows(GradientCheckError.class, () -> GradientCheck.of(second).checkLaws(another))
            .getMessage()
            .contains("the VJP of input 0 of second, order 2"));
  }

  private static void assertLaw(String law, Op op, NdArray... inputs) {
    GradientCheckError error =
        assertThrows(GradientCheckError.class, () -> GradientCheck.of(op).check(inputs));
    assertTrue(error.getMessage().endsWith(law), error.getMessage());
  }

  @Test
  void notANumberIsNeverRight() {
    Made nan = new Made("nan", in -> exp(a(in)), (i, g, y, in) -> mul(g, Double.NaN));
    assertThrows(GradientCheckError.class, () -> GradientCheck.of(nan).check(numbers(2)));
  }

  @Test
  void higherOrdersAreChecked() {
    Made cubic =
        new Made("cubic", in -> mul(a(in), mul(a(in), a(in))), (i, g, y, in) -> square(g, a(in)));
    GradientCheck.of(cubic).orders(3).check(numbers(2));
  }

  private static Tensor square(Tensor g, Tensor x) {
    return mul(mul(g, 3), mul(x, x));
  }

  @Test
  void aWholeNetworkIsCheckedByProjections() {
    NdArray images = numbers(2, 1, 8, 8);
    Function<List<Tensor>, Tensor> network =
        in -> {
          Tensor h = maxPool2d(relu(conv2d(Tensor.constant(images), in.get(0))), 2);
          return crossEntropy(matmul(flatten(h), in.get(1)), 0, 2);
        };
    Report report =
        GradientCheck.of("network", network)
            .projections(5)
            .check(numbers(3, 1, 3, 3), numbers(27, 4));
    assertEquals(List.of(), report.notDifferentiable());
    assertEquals(5 * 3, report.comparisons()); // order 1, and order 2 for each of two inputs

    Function<List<Tensor>, Tensor> forgetful = in -> network.apply(List.of(a(in).detach(), b(in)));
    assertThrows(
        GradientCheckError.class,
        () ->
            GradientCheck.of("forgetful", forgetful)
                .projections(3)
                .check(numbers(3, 1, 3, 3), numbers(27, 4)));
  }

  /** The mean of nothing is NaN, and stays so whatever moves. */
  @Test
  void whereThereAreNoElementsThereAreNoDirections() {
    Function<List<Tensor>, Tensor> meanOfAll = in -> mean(a(in));
    NdArray nothing = NdArray.zeros(DType.FLOAT64, Shape.of(2, 0));
    Report report = GradientCheck.of("mean", meanOfAll).orders(1).projections(3).check(nothing);
    assertEquals(0, report.comparisons());
  }

  @Test
  void settingsAndInputsOutOfRangeAreRefused() {
    GradientCheck check = GradientCheck.of("f", in -> a(in));
    assertMessage("gradient check: 0 inputs, expected one or more", () -> check.check());
    for (double step : new double[] {0, Double.POSITIVE_INFINITY}) {
      assertMessage(
          "gradient check: step %s, expected a finite number, more than 0".formatted(step),
          () -> check.step(step));
    }
    for (double tolerance : new double[] {-1, Double.POSITIVE_INFINITY}) {
      assertMessage(
          "gradient check: tolerance %s, expected a finite number, 0 or more".formatted(tolerance),
          () -> check.tolerance(tolerance));
    }
    for (double x : new double[] {Double.NaN, Double.NEGATIVE_INFINITY}) {
      assertMessage(
          "gradient check: an input has %s, expected finite numbers".formatted(x),
          () -> check.check(NdArray.scalar(DType.FLOAT64, x)));
    }
    assertMessage("gradient check: 0 inputs, expected one or more", () -> check.checkLaws());
    assertEquals(
        "gradient check: the output of nothing is null",
        assertThrows(
                NullPointerException.class,
                () -> GradientCheck.of("nothing", in -> missing()).check(numbers(1)))
            .getMessage());
    assertMessage("gradient check: orders 0, expected at least 1", () -> check.orders(0));
    assertMessage(
        "gradient check: projections -1, expected 0 or more", () -> check.projections(-1));
    DTypeException error =
        assertThrows(DTypeException.class, () -> check.check(NdArray.scalar(DType.FLOAT32, 1)));
    assertEquals("gradient check: an input is FLOAT32, expected FLOAT64", error.getMessage());
  }

  @SuppressWarnings("NullAway") // as a caller who does not obey
  private static Tensor missing() {
    return null;
  }

  private static void assertMessage(String expected, Runnable call) {
    assertEquals(expected, assertThrows(IllegalArgumentException.class, call::run).getMessage());
  }
}
