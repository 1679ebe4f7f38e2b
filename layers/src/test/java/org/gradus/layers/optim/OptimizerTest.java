package org.gradus.layers.optim;

import static org.gradus.autograd.ops.Ops.add;
import static org.gradus.autograd.ops.Ops.crossEntropy;
import static org.gradus.autograd.ops.Ops.div;
import static org.gradus.autograd.ops.Ops.halfSquaredError;
import static org.gradus.autograd.ops.Ops.log;
import static org.gradus.autograd.ops.Ops.mul;
import static org.gradus.autograd.ops.Ops.sqrt;
import static org.gradus.autograd.ops.Ops.sum;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.gradus.autograd.Gradients;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.update.Adam;
import org.gradus.autograd.update.Sgd;
import org.gradus.autograd.update.UpdateMethod;
import org.gradus.autograd.update.UpdateRule;
import org.gradus.layers.Parameter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The trajectories are worked out by hand, with numbers that both element types hold exactly. */
class OptimizerTest {

  @ParameterizedTest
  @EnumSource(DType.class)
  void walksDownTheGradient(DType dtype) {
    assertArrayEquals(new double[] {0.5, 0.25, 0.125, 0.0625}, trajectory(dtype, new Sgd(0.5)));
  }

  /** v = 1, 1, 0.5, 0. */
  @ParameterizedTest
  @EnumSource(DType.class)
  void momentumKeepsAShareOfTheVelocity(DType dtype) {
    assertArrayEquals(
        new double[] {0.5, 0, -0.25, -0.25}, trajectory(dtype, new Sgd(0.5).momentum(0.5)));
  }

  /** g + wd p = 1.5 p. */
  @ParameterizedTest
  @EnumSource(DType.class)
  void weightDecayAddsAShareOfTheParameterToItsGradient(DType dtype) {
    assertArrayEquals(
        new double[] {0.25, 0.0625, 0.015625, 0.00390625},
        trajectory(dtype, new Sgd(0.5).weightDecay(0.5)));
  }

  /** v = 1.5, 1.125, 0.09375, -0.4921875: the decay goes through the momentum. */
  @ParameterizedTest
  @EnumSource(DType.class)
  void momentumAndWeightDecayTogether(DType dtype) {
    assertArrayEquals(
        new double[] {0.25, -0.3125, -0.359375, -0.11328125},
        trajectory(dtype, new Sgd(0.5).momentum(0.5).weightDecay(0.5)));
  }

  /** Four steps down p^2 / 2, whose gradient is p, from p = 1. */
  private static double[] trajectory(DType dtype, UpdateMethod method) {
    Parameter p = new Parameter("p", NdArray.full(dtype, Shape.of(1), 1));
    Tensor zero = Tensor.constant(NdArray.zeros(dtype, Shape.of(1)));
    Optimizer optimizer = new Optimizer(List.of(p), method);
    double[] values = new double[4];
    for (int i = 0; i < values.length; i++) {
      optimizer.step(Gradients.backward(halfSquaredError(p.tensor(), zero)));
      values[i] = p.value().item();
    }
    assertEquals(4, optimizer.steps());
    return values;
  }

  @Test
  void aGraphBuiltBeforeTheStepKeepsItsValues() {
    Parameter p = scalar("p", 3);
    Tensor old = p.tensor();
    Tensor square = mul(old, old);

    new Optimizer(List.of(p), new Sgd(0.5)).step(Gradients.backward(square));

    assertEquals(0, p.value().item());
    assertEquals(3, old.item());
    assertEquals(6, Gradients.backward(square).of(old).item());
  }

  @Test
  void aParameterWhoseGradientWasNotAskedForStaysAsItIs() {
    Parameter first = scalar("first", 1);
    Parameter second = scalar("second", 2);
    Tensor loss = mul(first.tensor(), second.tensor());
    Optimizer optimizer = new Optimizer(List.of(first, second), new Sgd(0.5));

    optimizer.step(Gradients.backward(loss, first.tensor()));

    assertEquals(0, first.value().item());
    assertEquals(2, second.value().item());
    assertEquals(0, optimizer.state().get("second.step").item());
  }

  @Test
  void gradientsOfOtherParametersAreRefused() {
    Parameter first = scalar("first", 1);
    Parameter second = scalar("second", 2);
    Optimizer optimizer = new Optimizer(List.of(first, second), new Sgd(0.5));
    Tensor loss = mul(first.tensor(), second.tensor());
    assertRefused(
        IllegalArgumentException.class,
        "step: there is no gradient of second, only of [first]",
        () -> optimizer.step(ParameterGradients.of(loss, List.of(first))));
    assertEquals(1, first.value().item());
    assertEquals(0, optimizer.steps());
  }

  @Test
  void trainsALinearClassifierToCertainty() {
    Parameter w = new Parameter("w", NdArray.zeros(DType.FLOAT64, Shape.of(2, 2)));
    Optimizer optimizer = new Optimizer(List.of(w), new Sgd(1).momentum(0.9));
    for (int i = 0; i < 100; i++) {
      optimizer.minimize(crossEntropy(w.tensor(), 1, 0));
    }

    assertEquals(0, crossEntropy(w.tensor(), 1, 0).item(), 1e-3);
  }

  @Test
  void groupsHaveMethodsAndRatesOfTheirOwn() {
    Parameter weight = scalar("weight", 4);
    Parameter bias = scalar("bias", 4);
    Optimizer optimizer =
        new Optimizer(
            List.of(
                new Optimizer.Group(List.of(weight), new Sgd(0.5).weightDecay(0.5)),
                new Optimizer.Group(List.of(bias), new Sgd(0.25))));
    optimizer.minimize(add(weight.tensor(), bias.tensor()));
    assertEquals(4 - 0.5 * (1 + 0.5 * 4), weight.value().item());
    assertEquals(4 - 0.25, bias.value().item());

    optimizer.rateOf(1, 1);
    assertEquals(0.5, optimizer.rateOf(0));
    assertEquals(1, optimizer.rateOf(1));
    optimizer.minimize(add(weight.tensor(), bias.tensor()));
    assertEquals(2.75, bias.value().item());
    assertRefused(
        IllegalStateException.class,
        "rate: there are 2 groups of parameters; say which one by rateOf",
        () -> optimizer.rate(1));
    assertRefused(
        IllegalStateException.class,
        "rate: there are 2 groups of parameters; say which one by rateOf",
        optimizer::rate);
    assertRefused(
        IllegalArgumentException.class,
        "rateOf: group 2, expected 0 to 1",
        () -> optimizer.rateOf(2, 1));
    assertRefused(
        IllegalArgumentException.class,
        "rateOf: group -1, expected 0 to 1",
        () -> optimizer.rateOf(-1));
  }

  @Test
  void aScheduleMultipliesTheRateOfTheStep() {
    Parameter p = scalar("p", 0);
    Optimizer optimizer = new Optimizer(List.of(p), new Sgd(8)).schedule(Schedule.exponential(0.5));
    double[] expected = {-8, -12, -14, -15};
    for (double value : expected) {
      optimizer.minimize(sum(p.tensor()));
      assertEquals(value, p.value().item());
    }
    assertEquals(0.5, optimizer.rate());
    optimizer.rate(16);
    assertEquals(1, optimizer.rate());

    optimizer.schedule(step -> -1);
    String text =
        ": the schedule gives the factor -1.0 for step 4, expected a finite number of at least 0";
    assertRefused(IllegalStateException.class, "rate" + text, optimizer::rate);
    assertRefused(
        IllegalStateException.class, "minimize" + text, () -> optimizer.minimize(sum(p.tensor())));
    assertRefused(
        IllegalStateException.class,
        "step" + text,
        () -> optimizer.step(Gradients.backward(sum(p.tensor()))));
    assertEquals(-15, p.value().item());
  }

  /** It once dropped the momentum where the options of a new rate did not repeat it. */
  @Test
  void aNewRateActsFromTheNextStepOnAndDropsNothing() {
    Parameter p = scalar("p", 0);
    Optimizer optimizer = new Optimizer(List.of(p), new Sgd(1).momentum(0.5));
    optimizer.minimize(sum(p.tensor())); // v = 1, p = -1
    optimizer.rate(0.25);
    optimizer.minimize(sum(p.tensor())); // v = 1.5, p = -1 - 0.375
    assertEquals(-1.375, p.value().item());
    assertRefused(
        IllegalArgumentException.class,
        "rate: rate NaN, expected a finite number of at least 0, in FLOAT32, too",
        () -> optimizer.rate(Double.NaN));
    assertRefused(
        IllegalArgumentException.class,
        "rate: rate -1.0, expected a finite number of at least 0, in FLOAT32, too",
        () -> optimizer.rate(-1));
    assertRefused(
        IllegalArgumentException.class,
        "rateOf: rate -1.0, expected a finite number of at least 0, in FLOAT32, too",
        () -> optimizer.rateOf(0, -1));
    assertEquals(0.25, optimizer.rate());
  }

  // ---- traps -----------------------------------------------------------------------------------

  /** As in PyTorch: neither its weight decay nor its momentum moves it, and its count stays. */
  @Test
  void aParameterThatTheLossDoesNotUseStaysAsItIs() {
    Parameter used = scalar("used", 1);
    Parameter now = scalar("now", 8);
    Optimizer optimizer =
        new Optimizer(List.of(used, now), new Sgd(0.5).momentum(0.5).weightDecay(0.5));
    optimizer.minimize(add(used.tensor(), now.tensor()));
    NdArray value = now.value();
    NdArray velocity = optimizer.state().get("now.momentum_buffer");
    assertEquals(5, velocity.item());

    optimizer.minimize(sum(used.tensor()));
    optimizer.step(Gradients.backward(sum(used.tensor())));

    assertEquals(value, now.value());
    assertEquals(velocity, optimizer.state().get("now.momentum_buffer"));
    assertEquals(1, optimizer.state().get("now.step").item());
    assertEquals(3, optimizer.state().get("used.step").item());
    assertEquals(3, optimizer.steps());
  }

  private static final String STALE =
      ": the loss was computed with a former value of p, which another has replaced since (by a"
          + " step?); compute it anew";

  @Test
  void aLossFromBeforeAnEarlierStepIsRefused() {
    Parameter p = new Parameter("p", NdArray.of(new double[] {1, 2}, 2));
    Optimizer optimizer = new Optimizer(List.of(p), new Sgd(0.5).momentum(0.9));
    Tensor loss = sum(p.tensor());
    Gradients gradients = Gradients.backward(loss);
    Gradients asked = Gradients.backward(loss, p.tensor());
    ParameterGradients values = ParameterGradients.of(loss, List.of(p));
    optimizer.step(gradients);
    NdArray once = p.value();
    Map<String, NdArray> state = optimizer.state();
    assertRefused(IllegalStateException.class, "step" + STALE, () -> optimizer.step(gradients));
    assertRefused(IllegalStateException.class, "step" + STALE, () -> optimizer.step(asked));
    assertRefused(IllegalStateException.class, "step" + STALE, () -> optimizer.step(values));
    assertRefused(IllegalStateException.class, "minimize" + STALE, () -> optimizer.minimize(loss));
    assertEquals(once, p.value());
    assertEquals(state, optimizer.state());
  }

  /** The second step once skipped the parameter without a word. */
  @Test
  void twoOptimisersThatShareAParameterNeedALossEach() {
    Parameter p = scalar("p", 1);
    Parameter q = scalar("q", 1);
    Optimizer first = new Optimizer(List.of(p), new Sgd(0.5));
    Optimizer second = new Optimizer(List.of(q, p.in("net")), new Sgd(0.5).momentum(0.5));
    Gradients gradients = Gradients.backward(mul(p.tensor(), q.tensor()));
    first.step(gradients);
    Map<String, NdArray> state = second.state();
    assertRefused(
        IllegalStateException.class,
        "step" + STALE.replace(" p,", " net.p,"),
        () -> second.step(gradients));
    assertEquals(1, q.value().item());
    assertEquals(state, second.state());
  }

  /** A loss that depends on two values of one parameter has a gradient for neither. */
  @Test
  void aLossOfAFormerAndTheCurrentValueIsRefused() {
    Parameter p = scalar("p", 1);
    Optimizer optimizer = new Optimizer(List.of(p), new Sgd(0.5));
    Tensor former = mul(p.tensor(), 2);
    optimizer.minimize(sum(p.tensor()));
    Tensor loss = add(p.tensor(), former);
    assertRefused(IllegalStateException.class, "minimize" + STALE, () -> optimizer.minimize(loss));
    assertRefused(
        IllegalStateException.class, "of" + STALE, () -> ParameterGradients.of(loss, List.of(p)));
    assertRefused(
        IllegalStateException.class,
        "step" + STALE,
        () -> optimizer.step(Gradients.backward(loss)));
    assertEquals(0.5, p.value().item());
  }

  @Test
  void aLossWithoutAnyOfTheParametersIsRefused() {
    Parameter p = scalar("p", 1);
    Parameter q = scalar("q", 1);
    Optimizer optimizer = new Optimizer(List.of(p), new Sgd(0.5));
    Tensor other = sum(q.tensor());
    String text = ": the loss depends on none of the 1 parameters";
    assertRefused(IllegalStateException.class, "minimize" + text, () -> optimizer.minimize(other));
    assertRefused(
        IllegalStateException.class,
        "minimize" + text,
        () -> optimizer.minimize(Tensor.constant(p.value())));
    assertRefused(
        IllegalStateException.class,
        "step" + text,
        () -> optimizer.step(Gradients.backward(other)));
    assertEquals(0, optimizer.steps());
  }

  @Test
  void aLossOfSeveralElementsIsRefused() {
    Parameter p = new Parameter("p", NdArray.of(new double[] {1, Double.NaN}, 2));
    Optimizer optimizer = new Optimizer(List.of(p), new Sgd(0.5));
    assertRefused(
        IllegalArgumentException.class,
        "minimize: the loss has shape [2], expected one element",
        () -> optimizer.minimize(p.tensor()));
    assertRefused(
        IllegalArgumentException.class,
        "of: the loss has shape [2], expected one element",
        () -> ParameterGradients.of(p.tensor(), List.of(p)));
  }

  @Test
  void aLossThatIsNotFiniteIsRefusedByTheNameOfTheOp() {
    Parameter p = new Parameter("p", NdArray.of(new double[] {0, 2}, 2));
    Optimizer optimizer = new Optimizer(List.of(p), new Sgd(0.5).momentum(0.5));
    Map<String, NdArray> state = optimizer.state();
    Tensor loss = sum(mul(log(p.tensor()), 2));
    assertRefused(
        NonFiniteStepException.class,
        """
        minimize: the loss is -Infinity, so no step was taken
        log: its output has 1 of 2 elements NaN or infinite, the first -Infinity at [0]
          input 0: FLOAT64 [2], 0.0 to 2.0
          output: FLOAT64 [2], 0.6931471805599453 to 0.6931471805599453, 1 infinite\
        """,
        () -> optimizer.minimize(loss));
    assertEquals(NdArray.of(new double[] {0, 2}, 2), p.value());
    assertEquals(state, optimizer.state());
  }

  @Test
  void aGradientThatIsNotFiniteIsRefusedByTheNamesOfParameterAndOp() {
    Parameter fine = new Parameter("fine", NdArray.of(new double[] {1, 1}, 2));
    Parameter p = new Parameter("p", NdArray.of(new double[] {0, 4}, 2));
    Optimizer optimizer = new Optimizer(List.of(fine, p), new Sgd(0.5).momentum(0.5));
    Map<String, NdArray> state = optimizer.state();
    String words = ": the gradient of p has 1 of 2 elements NaN or infinite, so no step was taken";
    assertRefused(
        NonFiniteStepException.class,
        "minimize"
            + words
            + "\nsqrt: its VJP of input 0 has 1 of 2 elements NaN or infinite, the first Infinity"
            + " at [0]\n"
            + "  cotangent: FLOAT64 [2], 1.0 to 1.0\n"
            + "  input 0: FLOAT64 [2], 0.0 to 4.0\n"
            + "  output: FLOAT64 [2], 0.0 to 2.0\n"
            + "  VJP of input 0: FLOAT64 [2], 0.25 to 0.25, 1 infinite",
        () -> optimizer.minimize(sum(add(fine.tensor(), sqrt(p.tensor())))));
    Gradients gradients = Gradients.backward(sum(add(fine.tensor(), sqrt(p.tensor()))));
    assertRefused(NonFiniteStepException.class, "step" + words, () -> optimizer.step(gradients));
    assertEquals(NdArray.of(new double[] {0, 4}, 2), p.value());
    assertEquals(NdArray.of(new double[] {1, 1}, 2), fine.value());
    assertEquals(state, optimizer.state());

    optimizer.allowNonFinite().step(gradients);
    assertEquals(Double.NEGATIVE_INFINITY, p.value().at(0));
  }

  @Test
  void aLossThatIsNotFiniteIsAllowedIfToldSo() {
    Parameter p = scalar("p", 0);
    Optimizer optimizer = new Optimizer(List.of(p), new Sgd(0.5)).allowNonFinite();
    assertTrue(Double.isNaN(optimizer.minimize(div(p.tensor(), p.tensor()))));
    assertTrue(Double.isNaN(p.value().item()));
  }

  /** A method whose rule throws when it meets 2. */
  private record Failing(double rate) implements UpdateMethod {
    @Override
    public List<String> kept() {
      return List.of("last");
    }

    @Override
    public UpdateRule rule(double rateOfStep, long step) {
      return (value, gradient, kept) -> {
        kept[0] = gradient;
        if (value == 2) {
          throw new ArithmeticException("as is meant");
        }
        return value - rateOfStep * gradient;
      };
    }
  }

  @Test
  void aMethodOfOnesOwnThatThrowsHasChangedNothing() {
    Parameter first = scalar("first", 1);
    Parameter second = scalar("second", 2);
    Parameter third = scalar("third", 3);
    Optimizer optimizer =
        new Optimizer(
            List.of(
                new Optimizer.Group(List.of(third), new Sgd(1).momentum(0.5)),
                new Optimizer.Group(List.of(first, second), new Failing(1))));
    Map<String, NdArray> state = optimizer.state();
    Tensor loss = add(add(first.tensor(), second.tensor()), third.tensor());
    assertRefused(ArithmeticException.class, "as is meant", () -> optimizer.minimize(loss));
    assertEquals(state, optimizer.state());
    assertEquals(
        List.of(1.0, 2.0, 3.0),
        Stream.of(first, second, third).map(p -> p.value().item()).toList());

    second.set(NdArray.scalar(DType.FLOAT64, 5));
    optimizer.minimize(add(add(first.tensor(), second.tensor()), third.tensor()));
    assertEquals(
        List.of(0.0, 4.0, 2.0),
        Stream.of(first, second, third).map(p -> p.value().item()).toList());
    assertEquals(1, optimizer.state().get("second.last").item());
  }

  /** A rule of somebody else's, which gives what it likes. */
  private record Rule(List<String> kept, double next) implements UpdateMethod {
    @Override
    public double rate() {
      return 1;
    }

    @Override
    public UpdateRule rule(double rateOfStep, long step) {
      return (value, gradient, kept) -> {
        kept[0] = 7;
        return next;
      };
    }
  }

  @Test
  void aMethodOfOnesOwnThatMakesNaNHasChangedNothing() {
    Parameter p = scalar("p", 1);
    Rule rule = new Rule(List.of("last"), Double.NaN);
    Optimizer optimizer = new Optimizer(List.of(p), rule);
    Map<String, NdArray> state = optimizer.state();
    assertRefused(
        NonFiniteStepException.class,
        "minimize: by Rule[kept=[last], next=NaN], 1 of 1 elements of p would be NaN or infinite,"
            + " so no step was taken",
        () -> optimizer.minimize(p.tensor()));
    assertEquals(state, optimizer.state());
    assertEquals(1, p.value().item());
    optimizer.allowNonFinite().minimize(p.tensor());
    assertEquals(Double.NaN, p.value().item());
  }

  @Test
  void namesOfWhatAMethodKeepsAreChecked() {
    Parameter p = scalar("p", 1);
    for (List<String> names : List.of(List.of("a", "a"), List.of(" "), List.of("a", "step"))) {
      Rule rule = new Rule(names, 1);
      assertRefused(
          IllegalArgumentException.class,
          "optimizer: what %s keeps is called %s, expected names that differ, none of them blank,"
                  .formatted(rule, names)
              + " nor step",
          () -> new Optimizer(List.of(p), rule));
    }
  }

  static Stream<Arguments> wrongCalls() {
    Parameter p = scalar("weight", 1);
    UpdateMethod method = new Adam(1);
    return Stream.of(
        row(
            () -> new Optimizer(List.of(), method),
            "optimizer: no parameters, expected one or more"),
        row(
            () -> new Optimizer(List.of(Parameter.buffer("mean", p.value())), method),
            "optimizer: mean is a buffer, which is not learnt"),
        row(
            () -> ParameterGradients.of(p.tensor(), List.of(Parameter.buffer("mean", p.value()))),
            "of: mean is a buffer, which is not learnt"),
        row(
            () -> new Optimizer(List.of(p), new Failing(-1)),
            "optimizer: rate -1.0, expected a finite number of at least 0, in FLOAT32, too"),
        row(
            () -> new Sgd(1e39),
            "sgd: rate 1.0E39, expected a finite number of at least 0, in" + " FLOAT32, too"),
        row(
            () -> new Adam(1).epsilon(1e300),
            "adam: epsilon 1.0E300, expected a finite number" + " above 0, in FLOAT32, too"),
        row(
            () -> new Optimizer(List.of(p), method).rate(1e39),
            "rate: rate 1.0E39, expected a finite number of at least 0, in FLOAT32, too"),
        row(() -> new Optimizer(List.of()), "optimizer: no parameters, expected one or more"),
        row(
            () -> new Optimizer(List.of(scalar("other", 1), p, p.in("1.linear")), method),
            "optimizer: the parameter 1.linear.weight is there twice, as weight first"),
        row(
            () -> new Optimizer(List.of(p, scalar("weight", 1)), method),
            "optimizer: weight.exp_avg would be in the state twice, for weight and for weight;"
                + " rename one, as by Parameter.in"),
        row(
            () -> new Optimizer(List.of(p, scalar("weight", 1)), new Sgd(1)),
            "optimizer: weight.step would be in the state twice, for weight and for weight;"
                + " rename one, as by Parameter.in"));
  }

  @ParameterizedTest
  @MethodSource("wrongCalls")
  void refuses(Executable call, String message) {
    assertRefused(IllegalArgumentException.class, message, call);
  }

  private static Arguments row(Executable call, String message) {
    return Arguments.of(call, message);
  }

  private static void assertRefused(
      Class<? extends Exception> type, String message, Executable call) {
    assertEquals(message, assertThrows(type, call).getMessage());
  }

  private static Parameter scalar(String name, double value) {
    return new Parameter(name, NdArray.scalar(DType.FLOAT64, value));
  }
}
