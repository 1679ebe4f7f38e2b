package org.gradus.autograd.update;

import static org.gradus.autograd.array.DType.FLOAT32;
import static org.gradus.autograd.array.DType.FLOAT64;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.stream.Stream;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each method from 1, by the gradients 0.5, -0.25, 1 and 0.125. The values were worked out from the
 * formulas in PyTorch's documentation, and Lion's from its paper, in decimal with 50 digits.
 */
class MethodsTest {
  private static final double[] GRADIENTS = {0.5, -0.25, 1, 0.125};

  static Stream<Arguments> trajectories() {
    return Stream.of(
        row(new Sgd(0.1), 0.95, 0.975, 0.875, 0.8625),
        row(new Sgd(0.1).weightDecay(0.5), 0.9, 0.88, 0.736, 0.6867),
        row(new Sgd(0.1).momentum(0.9), 0.95, 0.93, 0.812, 0.6933),
        row(
            new Sgd(0.1).momentum(0.9).dampening(0.25).weightDecay(0.01),
            0.949,
            0.92113825,
            0.8203718213125,
            0.7196917566277656),
        row(
            new Sgd(0.1).momentum(0.9).nesterov().weightDecay(0.01),
            0.9031,
            0.90757411,
            0.698189208191,
            0.5754830537663371),
        row(new Adam(0.1), 0.900000002, 0.8733662987078462, 0.8075551396770896, 0.7476574665001414),
        row(
            new Adam(0.1).betas(0.5, 0.75).epsilon(0.1).weightDecay(0.1),
            0.9142857142857143,
            0.8958227675597433,
            0.8205173284120358,
            0.7633225330738014),
        row(
            new AdamW(0.1),
            0.899000002,
            0.8714672987058462,
            0.8047846723763837,
            0.7440822145270591),
        row(
            new AdamW(0.1).betas(0.5, 0.75).epsilon(0.1).weightDecay(0.1),
            0.9066666666666666,
            0.8976,
            0.818647319784907,
            0.761129167536362),
        row(
            new RmsProp(0.01),
            0.900000019999996,
            0.9449013374421751,
            0.8574273783928594,
            0.8465038103038436),
        row(
            new RmsProp(0.1).alpha(0.5).epsilon(0.1).momentum(0.9).weightDecay(0.1),
            0.8855538581016723,
            0.8209014709629269,
            0.6422287339590558,
            0.4535960411299315),
        row(
            new RmsProp(0.1).alpha(0.5).centred(),
            0.8000000079999997,
            0.8816496634261057,
            0.6981170796980772,
            0.6689440820793494),
        row(
            new RmsProp(0.1).alpha(0.5).epsilon(0.1).centred().momentum(0.9).weightDecay(0.1),
            0.85,
            0.754784725681167,
            0.5038713142896276,
            0.24539021903055375),
        row(
            new Adagrad(0.1),
            0.90000000002,
            0.9447213595619958,
            0.8574342034752179,
            0.8465876805852263),
        row(
            new Adagrad(0.1).rateDecay(0.5).epsilon(0.1).weightDecay(0.1),
            0.9142857142857143,
            0.9289560198825049,
            0.8886815001427105,
            0.8824593138313439),
        row(new Lion(0.1), 0.9, 1.0, 0.9, 0.8),
        row(new Lion(0.1).betas(0.5, 0.75).weightDecay(0.1), 0.89, 0.9811, 0.871289, 0.76257611));
  }

  private static Arguments row(UpdateMethod method, double... values) {
    return Arguments.of(method, values);
  }

  /** Each element by itself, in both element types, by the kernel and by the rule's function. */
  @ParameterizedTest
  @MethodSource("trajectories")
  void walksAsItsFormulaSays(UpdateMethod method, double[] values) {
    for (DType dtype : DType.values()) {
      double error = dtype == FLOAT32 ? 5e-7 : 4e-15;
      Shape shape = Shape.of(7, 3); // whole vectors, and a rest
      UpdateState state = UpdateState.zeros(method.kept().size(), dtype, shape);
      NdArray p = NdArray.full(dtype, shape, 1);
      double[] kept = new double[method.kept().size()];
      double q = 1;
      for (int step = 1; step <= values.length; step++) {
        UpdateRule rule = method.rule(method.rate(), step);
        p = state.step(rule, p, NdArray.full(dtype, shape, GRADIENTS[step - 1]));
        q = rule.next(q, GRADIENTS[step - 1], kept);
        for (int i = 0; i < p.size(); i++) {
          assertEquals(values[step - 1], p.at(i), error, "step " + step + " " + dtype);
        }
        assertEquals(values[step - 1], q, 4e-15, "step " + step);
        for (int k = 0; k < kept.length; k++) {
          assertEquals(kept[k], state.kept().get(k).at(20), error, method.kept().get(k));
        }
      }
    }
  }

  @Test
  void theRateIsThatOfTheStep() {
    for (UpdateMethod method : all()) {
      UpdateState state = UpdateState.zeros(method.kept().size(), FLOAT64, Shape.SCALAR);
      NdArray three = NdArray.scalar(FLOAT64, 3);
      assertEquals(three, state.step(method.rule(0, 1), three, three), method.toString());
    }
  }

  private static List<UpdateMethod> all() {
    return List.of(
        new Sgd(1).momentum(0.5),
        new Adam(1),
        new AdamW(1),
        new RmsProp(1).centred().momentum(0.5),
        new Adagrad(1),
        new Lion(1).weightDecay(1));
  }

  @Test
  void whatIsKeptHasPyTorchsNames() {
    assertEquals(List.of(), new Sgd(1).kept());
    assertEquals(List.of("momentum_buffer"), new Sgd(1).momentum(0.5).kept());
    assertEquals(List.of("exp_avg", "exp_avg_sq"), new Adam(1).kept());
    assertEquals(List.of("exp_avg", "exp_avg_sq"), new AdamW(1).kept());
    assertEquals(List.of("square_avg"), new RmsProp(1).kept());
    assertEquals(
        List.of("square_avg", "momentum_buffer", "grad_avg"),
        new RmsProp(1).momentum(0.5).centred().kept());
    assertEquals(List.of("sum"), new Adagrad(1).kept());
    assertEquals(List.of("exp_avg"), new Lion(1).kept());
  }

  @Test
  void defaultsArePyTorchs() {
    assertEquals(new Sgd(0.1, 0, 0, false, 0), new Sgd(0.1));
    assertEquals(
        new Sgd(0.1, 0.9, 0, true, 5e-4), new Sgd(0.1).weightDecay(5e-4).momentum(0.9).nesterov());
    assertEquals(new Adam(0.1, 0.9, 0.999, 1e-8, 0), new Adam(0.1));
    assertEquals(new AdamW(0.1, 0.9, 0.999, 1e-8, 0.01), new AdamW(0.1));
    assertEquals(new RmsProp(0.1, 0.99, 1e-8, 0, false, 0), new RmsProp(0.1));
    assertEquals(new Adagrad(0.1, 0, 1e-10, 0), new Adagrad(0.1));
    assertEquals(new Lion(0.1, 0.9, 0.99, 0), new Lion(0.1));
  }

  /** Its decay would be rounded away if it were a factor of the element, 1 - 1e-8. */
  @Test
  void aSmallDecayOfAdamWIsNotLostInFloat32() {
    AdamW method = new AdamW(1e-6).weightDecay(1e-2);
    double before = 0x1.000002p-1; // one unit in the last place above 1/2
    NdArray p = NdArray.full(FLOAT32, Shape.of(9), before);
    NdArray g = NdArray.full(FLOAT32, Shape.of(9), 1);
    UpdateState state = UpdateState.zeros(2, FLOAT32, Shape.of(9));
    double next = state.step(method.rule(1e-6, 1), p, g).at(0);
    assertEquals((float) (before - 1e-8 * before - 1e-6), next);
  }

  static Stream<Arguments> wrongCalls() {
    String finite = ", expected a finite number of at least 0";
    String positive = ", expected a finite number above 0";
    String share = ", expected at least 0 and below 1";
    return Stream.of(
        wrong("sgd: rate -0.1" + finite, () -> new Sgd(-0.1)),
        wrong("sgd: rate NaN" + finite, () -> new Sgd(Double.NaN)),
        wrong("sgd: rate Infinity" + finite, () -> new Sgd(Double.POSITIVE_INFINITY)),
        wrong("sgd: momentum 1.0" + share, () -> new Sgd(1).momentum(1)),
        wrong("sgd: momentum -0.5" + share, () -> new Sgd(1).momentum(-0.5)),
        wrong("sgd: momentum NaN" + share, () -> new Sgd(1).momentum(Double.NaN)),
        wrong("sgd: dampening 1.0" + share, () -> new Sgd(1).momentum(0.5).dampening(1)),
        wrong("sgd: weight decay -1.0" + finite, () -> new Sgd(1).weightDecay(-1)),
        wrong(
            "sgd: momentum 0.0 and dampening 0.0, but Nesterov's form needs momentum above 0, given"
                + " first, and no dampening",
            () -> new Sgd(1).nesterov()),
        wrong(
            "sgd: momentum 0.9 and dampening 0.5, but Nesterov's form needs momentum above 0, given"
                + " first, and no dampening",
            () -> new Sgd(1).momentum(0.9).nesterov().dampening(0.5)),
        wrong("sgd: rate NaN" + finite, () -> new Sgd(1).rule(Double.NaN, 1)),
        wrong("sgd: step 0, expected at least 1", () -> new Sgd(1).rule(1, 0)),
        wrong("adam: rate -1.0" + finite, () -> new Adam(-1)),
        wrong("adam: beta1 1.0" + share, () -> new Adam(1).betas(1, 0.5)),
        wrong("adam: beta2 -1.0" + share, () -> new Adam(1).betas(0.5, -1)),
        wrong("adam: epsilon 0.0" + positive, () -> new Adam(1).epsilon(0)),
        wrong("adam: weight decay NaN" + finite, () -> new Adam(1).weightDecay(Double.NaN)),
        wrong("adam: rate -1.0" + finite, () -> new Adam(1).rule(-1, 1)),
        wrong("adam: step -3, expected at least 1", () -> new Adam(1).rule(1, -3)),
        wrong("adamW: rate -1.0" + finite, () -> new AdamW(-1)),
        wrong("adamW: beta2 1.0" + share, () -> new AdamW(1).betas(0, 1)),
        wrong("adamW: epsilon -1.0" + positive, () -> new AdamW(1).epsilon(-1)),
        wrong("adamW: weight decay -1.0" + finite, () -> new AdamW(1).weightDecay(-1)),
        wrong("adamW: rate -1.0" + finite, () -> new AdamW(1).rule(-1, 1)),
        wrong("adamW: step 0, expected at least 1", () -> new AdamW(1).rule(1, 0)),
        wrong("rmsProp: rate -1.0" + finite, () -> new RmsProp(-1)),
        wrong("rmsProp: alpha 1.0" + share, () -> new RmsProp(1).alpha(1)),
        wrong("rmsProp: epsilon 0.0" + positive, () -> new RmsProp(1).epsilon(0)),
        wrong("rmsProp: momentum 1.0" + share, () -> new RmsProp(1).momentum(1)),
        wrong("rmsProp: weight decay -1.0" + finite, () -> new RmsProp(1).weightDecay(-1)),
        wrong("rmsProp: rate -1.0" + finite, () -> new RmsProp(1).rule(-1, 1)),
        wrong("rmsProp: step 0, expected at least 1", () -> new RmsProp(1).rule(1, 0)),
        wrong("adagrad: rate -1.0" + finite, () -> new Adagrad(-1)),
        wrong("adagrad: rate decay -1.0" + finite, () -> new Adagrad(1).rateDecay(-1)),
        wrong("adagrad: epsilon 0.0" + positive, () -> new Adagrad(1).epsilon(0)),
        wrong("adagrad: weight decay -1.0" + finite, () -> new Adagrad(1).weightDecay(-1)),
        wrong("adagrad: rate -1.0" + finite, () -> new Adagrad(1).rule(-1, 1)),
        wrong("adagrad: step 0, expected at least 1", () -> new Adagrad(1).rule(1, 0)),
        wrong("lion: rate -1.0" + finite, () -> new Lion(-1)),
        wrong("lion: beta1 1.0" + share, () -> new Lion(1).betas(1, 0)),
        wrong("lion: beta2 1.0" + share, () -> new Lion(1).betas(0, 1)),
        wrong("lion: weight decay -1.0" + finite, () -> new Lion(1).weightDecay(-1)),
        wrong("lion: rate -1.0" + finite, () -> new Lion(1).rule(-1, 1)),
        wrong("lion: step 0, expected at least 1", () -> new Lion(1).rule(1, 0)));
  }

  private static Arguments wrong(String message, Executable call) {
    return Arguments.of(message, call);
  }

  @ParameterizedTest
  @MethodSource("wrongCalls")
  void refuses(String message, Executable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
  }
}
