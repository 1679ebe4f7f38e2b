package org.gradus.layers.optim;

import static org.gradus.autograd.ops.Ops.sum;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.update.Adagrad;
import org.gradus.autograd.update.Adam;
import org.gradus.autograd.update.AdamW;
import org.gradus.autograd.update.Lion;
import org.gradus.autograd.update.RmsProp;
import org.gradus.autograd.update.Sgd;
import org.gradus.autograd.update.UpdateMethod;
import org.gradus.layers.Nets;
import org.gradus.layers.Parameter;
import org.gradus.layers.Sequential;
import org.gradus.layers.data.Batch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OptimizerStateTest {

  static Stream<UpdateMethod> methods() {
    return Stream.of(
        new Sgd(0.02),
        new Sgd(0.02).momentum(0.9).dampening(0.5),
        new Adam(0.01),
        new AdamW(0.01),
        new RmsProp(0.01).centred().momentum(0.9),
        new Adagrad(0.01).rateDecay(0.1),
        new Lion(0.001));
  }

  /** A run of a network, its optimiser with a schedule, a plateau, and a rate that was changed. */
  private static final class Run {
    private final Sequential net;
    private final Optimizer optimizer;
    private final Batch batch;

    Run(UpdateMethod method, DType dtype) {
      SplittableRandom random = new SplittableRandom(3);
      net = Nets.tinyCnn(dtype, random);
      batch = Nets.noise(dtype, 8, random);
      optimizer =
          new Optimizer(net.parameters(), method)
              .schedule(Schedule.warmUp(4).then(4, Schedule.cosine(10)))
              .plateau(new Plateau().patience(1).factor(0.5));
    }

    void go(int from, int to) {
      for (int step = from; step < to; step++) {
        if (step == 2) {
          optimizer.rate(optimizer.rate() * 1.5);
        }
        optimizer.minimize(Nets.loss(net, batch));
        optimizer.observe(step % 3);
      }
    }

    List<NdArray> values() {
      return net.parameters().stream().map(Parameter::value).toList();
    }
  }

  @ParameterizedTest
  @MethodSource("methods")
  void aResumedRunHasTheBitsOfOneThatWasNotInterrupted(UpdateMethod method) {
    for (DType dtype : DType.values()) {
      Run whole = new Run(method, dtype);
      whole.go(0, 9);

      Run first = new Run(method, dtype);
      first.go(0, 5);
      Run second = new Run(method, dtype);
      List<NdArray> values = first.values();
      for (int i = 0; i < values.size(); i++) {
        second.net.parameters().get(i).set(values.get(i));
      }
      second.optimizer.load(first.optimizer.state());
      assertEquals(first.optimizer.state(), second.optimizer.state());
      second.go(5, 9);

      assertEquals(whole.values(), second.values());
      assertEquals(whole.optimizer.state(), second.optimizer.state());
      assertNotEquals(first.values(), second.values());
    }
  }

  private static Parameter parameter(String name, DType dtype, int size) {
    return new Parameter(name, NdArray.zeros(dtype, Shape.of(size)));
  }

  @Test
  void theStateHasNamesAndCopies() {
    Parameter a = parameter("0.linear.weight", DType.FLOAT32, 2);
    Parameter b = parameter("0.linear.bias", DType.FLOAT64, 1);
    Optimizer optimizer = new Optimizer(List.of(a, b), new Adam(0.5));
    optimizer.minimize(sum(a.tensor()));
    Map<String, NdArray> state = optimizer.state();
    assertEquals(
        List.of(
            "optimizer.steps",
            "optimizer.rate.0",
            "0.linear.weight.exp_avg",
            "0.linear.weight.exp_avg_sq",
            "0.linear.weight.step",
            "0.linear.bias.exp_avg",
            "0.linear.bias.exp_avg_sq",
            "0.linear.bias.step"),
        List.copyOf(state.keySet()));
    assertEquals(NdArray.scalar(DType.FLOAT64, 1), state.get("optimizer.steps"));
    assertEquals(NdArray.scalar(DType.FLOAT64, 0.5), state.get("optimizer.rate.0"));
    assertEquals(NdArray.scalar(DType.FLOAT64, 1), state.get("0.linear.weight.step"));
    assertEquals(NdArray.scalar(DType.FLOAT64, 0), state.get("0.linear.bias.step"));
    assertEquals(
        NdArray.full(DType.FLOAT32, Shape.of(2), 0.1), state.get("0.linear.weight.exp_avg"));
    NdArray average = state.get("0.linear.weight.exp_avg");
    optimizer.minimize(sum(a.tensor()));
    assertEquals(NdArray.full(DType.FLOAT32, Shape.of(2), 0.1), average);
    assertThrows(UnsupportedOperationException.class, () -> state.remove("optimizer.steps"));
  }

  @Test
  void allFaultsAreToldAtOnceAndNothingChanges() {
    Parameter a = parameter("a", DType.FLOAT32, 2);
    Parameter b = parameter("b", DType.FLOAT64, 1);
    Optimizer optimizer = new Optimizer(List.of(a, b), new Adam(0.5));
    optimizer.minimize(sum(a.tensor()));
    Map<String, NdArray> before = optimizer.state();
    Map<String, NdArray> wrong = new LinkedHashMap<>(before);
    wrong.remove("a.exp_avg");
    wrong.put("a.exp_avg_sq", NdArray.zeros(DType.FLOAT32, Shape.of(3)));
    wrong.put("b.exp_avg", NdArray.zeros(DType.FLOAT32, Shape.of(1)));
    wrong.put("b.exp_avg_sq", NdArray.full(DType.FLOAT64, Shape.of(1), Double.NaN));
    wrong.put("b.step", NdArray.scalar(DType.FLOAT64, 0.5));
    wrong.put("optimizer.steps", NdArray.scalar(DType.FLOAT64, -1));
    wrong.put("optimizer.rate.0", NdArray.scalar(DType.FLOAT64, Double.NaN));
    wrong.put("optimizer.rate.1", NdArray.scalar(DType.FLOAT64, 1));
    wrong.put("a.momentum_buffer", NdArray.zeros(DType.FLOAT32, Shape.of(2)));
    IllegalArgumentException refusal =
        assertThrows(IllegalArgumentException.class, () -> optimizer.load(wrong));
    assertEquals(
        """
        load: nothing was loaded, because
          optimizer.steps is -1.0, which it cannot be
          optimizer.rate.0 is NaN, which it cannot be
          a.exp_avg is missing, expected FLOAT32 [2]
          a.exp_avg_sq is FLOAT32 [3], expected FLOAT32 [2]
          b.exp_avg is FLOAT32 [1], expected FLOAT64 [1]
          b.exp_avg_sq has elements that are NaN or infinite
          b.step is 0.5, which it cannot be
          a.momentum_buffer is left over
          optimizer.rate.1 is left over\
        """,
        refusal.getMessage());
    assertEquals(before, optimizer.state());
    optimizer.load(before);
    assertEquals(before, optimizer.state());
  }

  @Test
  void aPlateausMemoryIsPartOfTheState() {
    Parameter a = parameter("a", DType.FLOAT64, 1);
    Optimizer optimizer =
        new Optimizer(List.of(a), new Sgd(1)).plateau(new Plateau().patience(0).cooldown(2));
    assertEquals(
        NdArray.scalar(DType.FLOAT64, Double.POSITIVE_INFINITY),
        optimizer.state().get("optimizer.plateau.best"));
    optimizer.observe(3);
    optimizer.observe(3);
    Map<String, NdArray> state = optimizer.state();
    assertEquals(3, state.get("optimizer.plateau.best").item());
    assertEquals(0, state.get("optimizer.plateau.bad").item());
    assertEquals(2, state.get("optimizer.plateau.cooling").item());
    assertEquals(0.1, state.get("optimizer.plateau.scale").item());
    assertEquals(0.1, optimizer.rate());

    Optimizer without = new Optimizer(List.of(a), new Sgd(1));
    IllegalArgumentException refusal =
        assertThrows(IllegalArgumentException.class, () -> without.load(state));
    assertEquals(
        """
        load: nothing was loaded, because
          optimizer.plateau.bad is left over
          optimizer.plateau.best is left over
          optimizer.plateau.cooling is left over
          optimizer.plateau.scale is left over\
        """,
        refusal.getMessage());
    without.plateau(new Plateau().patience(0).cooldown(2)).load(state);
    assertEquals(0.1, without.rate());
  }

  @Test
  void nullInAStateIsRefused() {
    Optimizer optimizer = new Optimizer(List.of(parameter("a", DType.FLOAT64, 1)), new Sgd(1));
    Map<String, NdArray> state = new HashMap<>(optimizer.state());
    state.put("a.step", null);
    NullPointerException refusal =
        assertThrows(NullPointerException.class, () -> optimizer.load(state));
    assertEquals("load: state is null at a.step", refusal.getMessage());
    assertEquals(
        "[%s] of 1 parameters after 0 steps at [1.0]".formatted(new Sgd(1)), optimizer.toString());
  }

  /** What is loaded is copied: nobody's array is stepped in. */
  @Test
  void whatIsLoadedIsCopied() {
    Parameter a = parameter("a", DType.FLOAT64, 1);
    Optimizer optimizer = new Optimizer(List.of(a), new Sgd(1).momentum(0.5));
    Map<String, NdArray> state = new LinkedHashMap<>(optimizer.state());
    NdArray velocity = NdArray.of(new double[] {2}, 1);
    state.put("a.momentum_buffer", velocity);
    optimizer.load(state);
    Tensor loss = sum(a.tensor());
    optimizer.minimize(loss);
    assertEquals(-2, a.value().item());
    assertEquals(2, velocity.item());
  }
}
