package org.gradus.layers.optim;

import static org.gradus.autograd.ops.Ops.crossEntropy;
import static org.gradus.autograd.ops.Ops.halfSquaredError;
import static org.gradus.autograd.ops.Ops.mul;
import static org.gradus.autograd.ops.Ops.sum;
import static org.gradus.layers.optim.SgdOptions.learningRate;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.stream.Stream;
import org.gradus.autograd.Gradients;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.layers.Parameter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The trajectories are worked out by hand, with numbers that both element types hold exactly. */
class SgdTest {

  @ParameterizedTest
  @EnumSource(DType.class)
  void walksDownTheGradient(DType dtype) {
    assertArrayEquals(
        new double[] {0.5, 0.25, 0.125, 0.0625}, trajectory(dtype, learningRate(0.5)));
  }

  /** v = 1, 1, 0.5, 0. */
  @ParameterizedTest
  @EnumSource(DType.class)
  void momentumKeepsAShareOfTheVelocity(DType dtype) {
    assertArrayEquals(
        new double[] {0.5, 0, -0.25, -0.25}, trajectory(dtype, learningRate(0.5).momentum(0.5)));
  }

  /** g + wd p = 1.5 p. */
  @ParameterizedTest
  @EnumSource(DType.class)
  void weightDecayAddsAShareOfTheParameterToItsGradient(DType dtype) {
    assertArrayEquals(
        new double[] {0.25, 0.0625, 0.015625, 0.00390625},
        trajectory(dtype, learningRate(0.5).weightDecay(0.5)));
  }

  /** v = 1.5, 1.125, 0.09375, -0.4921875: the decay goes through the momentum. */
  @ParameterizedTest
  @EnumSource(DType.class)
  void momentumAndWeightDecayTogether(DType dtype) {
    assertArrayEquals(
        new double[] {0.25, -0.3125, -0.359375, -0.11328125},
        trajectory(dtype, learningRate(0.5).momentum(0.5).weightDecay(0.5)));
  }

  /** Four steps down p^2 / 2, whose gradient is p, from p = 1. */
  private static double[] trajectory(DType dtype, SgdOptions options) {
    Parameter p = new Parameter("p", NdArray.full(dtype, Shape.of(1), 1));
    Tensor zero = Tensor.constant(NdArray.zeros(dtype, Shape.of(1)));
    Sgd sgd = new Sgd(List.of(p), options);
    double[] values = new double[4];
    for (int i = 0; i < values.length; i++) {
      sgd.step(Gradients.backward(halfSquaredError(p.tensor(), zero)));
      values[i] = p.value().item();
    }
    return values;
  }

  @Test
  void aParameterThatTheLossDoesNotUseHasGradientZero() {
    Parameter used = scalar("used", 1);
    Parameter unused = scalar("unused", 8);
    Sgd plain = new Sgd(List.of(used, unused), learningRate(0.5));
    Sgd decaying = new Sgd(List.of(used, unused), learningRate(0.5).weightDecay(0.5));

    plain.step(Gradients.backward(sum(used.tensor())));
    assertEquals(0.5, used.value().item());
    assertEquals(8, unused.value().item());

    decaying.step(Gradients.backward(sum(used.tensor())));
    assertEquals(6, unused.value().item());
  }

  @Test
  void aGraphBuiltBeforeTheStepKeepsItsValues() {
    Parameter p = scalar("p", 3);
    Tensor old = p.tensor();
    Tensor square = mul(old, old);

    new Sgd(List.of(p), learningRate(0.5)).step(Gradients.backward(square));

    assertEquals(0, p.value().item());
    assertEquals(3, old.item());
    assertEquals(6, Gradients.backward(square).of(old).item());
  }

  @Test
  void changesNothingIfAGradientWasNotAskedFor() {
    Parameter first = scalar("first", 1);
    Parameter second = scalar("second", 2);
    Tensor loss = mul(first.tensor(), second.tensor());
    Gradients gradients = Gradients.backward(loss, first.tensor());
    Sgd sgd = new Sgd(List.of(first, second), learningRate(0.5));

    var error = assertThrows(IllegalArgumentException.class, () -> sgd.step(gradients));

    assertEquals(
        "gradients: the variable FLOAT64 [] was not asked for; name it after the loss",
        error.getMessage());
    assertEquals(1, first.value().item());
  }

  @Test
  void trainsALinearClassifierToCertainty() {
    Parameter w = new Parameter("w", NdArray.zeros(DType.FLOAT64, Shape.of(2, 2)));
    Sgd sgd = new Sgd(List.of(w), learningRate(1).momentum(0.9));
    for (int i = 0; i < 100; i++) {
      sgd.step(Gradients.backward(crossEntropy(w.tensor(), 1, 0)));
    }

    assertEquals(0, crossEntropy(w.tensor(), 1, 0).item(), 1e-3);
  }

  @Test
  void optionsSayWhatTheyAre() {
    assertEquals(new SgdOptions(0.1, 0.9, 5e-4), learningRate(0.1).weightDecay(5e-4).momentum(0.9));
    assertEquals(new SgdOptions(0.1, 0, 0), learningRate(0.1));
    assertEquals(new SgdOptions(0, 0, 0), learningRate(0));
  }

  static Stream<Arguments> wrongCalls() {
    Parameter p = scalar("weight", 1);
    String finite = ", expected a finite number of at least 0";
    String share = ", expected at least 0 and below 1";
    return Stream.of(
        row(() -> learningRate(-0.1), "sgd: learning rate -0.1" + finite),
        row(() -> learningRate(Double.NaN), "sgd: learning rate NaN" + finite),
        row(() -> learningRate(Double.POSITIVE_INFINITY), "sgd: learning rate Infinity" + finite),
        row(() -> learningRate(1).momentum(1), "sgd: momentum 1.0" + share),
        row(() -> learningRate(1).momentum(-0.5), "sgd: momentum -0.5" + share),
        row(() -> learningRate(1).momentum(Double.NaN), "sgd: momentum NaN" + share),
        row(() -> learningRate(1).weightDecay(-1), "sgd: weight decay -1.0" + finite),
        row(() -> learningRate(1).weightDecay(Double.NaN), "sgd: weight decay NaN" + finite),
        row(
            () -> new Sgd(List.of(scalar("other", 1), p, p.in("1.linear")), learningRate(1)),
            "sgd: the parameter 1.linear.weight is there twice, at position 1 first"));
  }

  @ParameterizedTest
  @MethodSource("wrongCalls")
  void refuses(Executable call, String message) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
  }

  private static Arguments row(Executable call, String message) {
    return Arguments.of(call, message);
  }

  private static Parameter scalar(String name, double value) {
    return new Parameter(name, NdArray.scalar(DType.FLOAT64, value));
  }

  @Test
  void gradientsFromBeforeAnEarlierStepAreRefused() {
    Parameter p = new Parameter("p", NdArray.of(new double[] {1, 2}, 2));
    Sgd sgd = new Sgd(List.of(p), learningRate(0.5).momentum(0.9));
    Gradients gradients = Gradients.backward(sum(p.tensor()));
    sgd.step(gradients);
    NdArray once = p.value();
    var error = assertThrows(IllegalStateException.class, () -> sgd.step(gradients));
    assertEquals(
        "sgd: the loss depends on none of the 1 parameters as they are now (was it computed before"
            + " an earlier step?)",
        error.getMessage());
    assertEquals(once, p.value());
  }

  @Test
  void newNumbersActFromTheNextStepOnAndKeepTheVelocities() {
    Parameter p = scalar("p", 0);
    Sgd sgd = new Sgd(List.of(p), learningRate(1).momentum(0.5));
    sgd.step(Gradients.backward(sum(p.tensor()))); // v = 1, p = -1
    sgd.use(learningRate(0.25).momentum(0.5));
    sgd.step(Gradients.backward(sum(p.tensor()))); // v = 1.5, p = -1 - 0.375
    assertEquals(-1.375, p.value().item());
  }
}
