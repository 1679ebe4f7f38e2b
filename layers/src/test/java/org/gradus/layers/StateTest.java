package org.gradus.layers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.junit.jupiter.api.Test;

class StateTest {

  private static Layer net(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    return new Sequential()
        .then("body", new Sequential(new Linear(2, 3, random), new Relu()))
        .then("head", new Linear(3, 1, random));
  }

  @Test
  void isAMapOfNamesInOrder() {
    assertEquals(
        List.of("body.0.weight", "body.0.bias", "head.weight", "head.bias"),
        List.copyOf(net(1).state().keySet()));
    Layer net = net(1);
    assertSame(net.parameters().get(0).value(), net.state().get("body.0.weight"));
  }

  @Test
  void aLoadedNetComputesAsTheOther() {
    Layer one = net(1);
    Layer other = net(2);
    NdArray x = NdArray.full(DType.FLOAT32, Shape.of(4, 2), 0.5);
    other.load(one.state());
    assertEquals(one.predict(x), other.predict(x));
    one.parameters().get(0).set(one.parameters().get(0).value().map(v -> v + 1));
    assertEquals(net(1).predict(x), other.predict(x));
  }

  @Test
  void tellsAllFaultsAndChangesNothing() {
    Layer net = net(1);
    Map<String, NdArray> before = net.state();
    Map<String, NdArray> wrong = new LinkedHashMap<>(net(2).state());
    wrong.remove("body.0.bias");
    wrong.put("head.weight", NdArray.zeros(DType.FLOAT64, Shape.of(3)));
    wrong.put("tail.bias", NdArray.zeros(DType.FLOAT32, Shape.of(1)));
    IllegalArgumentException refusal =
        assertThrows(IllegalArgumentException.class, () -> net.load(wrong));
    assertEquals(
        "load: head.weight FLOAT32 [1, 3] is FLOAT64 [3]; body.0.bias FLOAT32 [3] is missing;"
            + " tail.bias is left over",
        refusal.getMessage());
    assertEquals(before, net.state());
  }

  /** Scales by a parameter of another layer, which it learns or not. */
  private static final class Scaled extends AbstractLayer {
    private final Parameter scale;

    Scaled(Parameter of, boolean isFrozen) {
      scale = shared("scale", of, isFrozen);
    }

    @Override
    protected Tensor compute(Tensor x, Pass pass) {
      return org.gradus.autograd.ops.Ops.mul(x, pass.use(scale));
    }
  }

  @Test
  void aParameterIsSharedAsAConstant() {
    Parameter scale = new Parameter("s", NdArray.of(2f, 3f));
    NdArray x = NdArray.of(1f, 1f);
    Layer learning = new Scaled(scale, false);
    Layer frozen = new Scaled(scale, true);
    assertEquals(List.of(scale), learning.parameters());
    assertEquals(List.of(), frozen.parameters());
    assertEquals(List.of(scale), frozen.buffers());
    assertEquals(List.of("scale"), List.copyOf(frozen.state().keySet()));
    assertTrue(learning.forward(x, Pass.training(1, 1)).isTracked());
    assertFalse(frozen.forward(x, Pass.training(1, 1)).isTracked());
    Tensor given = Tensor.variable(NdArray.of(5f, 5f));
    assertEquals(given.value(), frozen.forward(x, Pass.inference().with(scale, given)).value());
    assertFalse(frozen.forward(x, Pass.inference().with(scale, given)).isTracked());
    scale.set(NdArray.of(7f, 8f));
    assertEquals(NdArray.of(7f, 8f), frozen.predict(x));
    Layer both = new Sequential(frozen, learning);
    assertEquals(List.of(scale), both.parameters());
  }

  /** One weight in two places, as a decoder may use that of its encoder. */
  private static final class Tied extends AbstractLayer {
    private final Linear encoder = part("encoder", new Linear(2, 2, new SplittableRandom(1)));
    private final Parameter weight = shared("weight", encoder.weight());

    @Override
    protected Tensor compute(Tensor x, Pass pass) {
      return org.gradus.autograd.ops.Ops.matmul(encoder.forward(x, pass), pass.use(weight));
    }
  }

  /** Names do not depend on what is frozen, and where. */
  @Test
  void whatIsFrozenOnceHasTheNameOfItsFirstPlace() {
    Linear shared = new Linear(2, 2, new SplittableRandom(1));
    Layer net = new Sequential(shared, new Relu(), shared);
    Layer half = new Sequential(shared.frozen(), new Relu(), shared);
    assertEquals(List.of("0.weight", "0.bias"), List.copyOf(half.state().keySet()));
    assertEquals(
        List.of("0.weight", "0.bias"), half.parameters().stream().map(Parameter::name).toList());
    assertEquals(List.of(), half.buffers());
    half.load(net.state());
    net.load(half.state());
  }

  @Test
  void isInTheOrderOfThePlaces() {
    Layer net = new Sequential(new BatchNorm1d(2), new Linear(2, 1, new SplittableRandom(1)));
    assertEquals(
        List.of("0.weight", "0.bias", "0.running_mean", "0.running_var", "1.weight", "1.bias"),
        List.copyOf(net.state().keySet()));
    Layer frozen = new Sequential(net.frozen(), new Linear(1, 1, new SplittableRandom(1)));
    assertEquals(
        List.of(
            "0.0.weight",
            "0.0.bias",
            "0.0.running_mean",
            "0.0.running_var",
            "0.1.weight",
            "0.1.bias",
            "1.weight",
            "1.bias"),
        List.copyOf(frozen.state().keySet()));
  }

  @Test
  void aSharedParameterIsThereOnce() {
    Tied tied = new Tied();
    assertEquals(List.of("weight", "encoder.bias"), List.copyOf(tied.state().keySet()));
    tied.load(
        Map.of(
            "weight",
            NdArray.zeros(DType.FLOAT32, Shape.of(2, 2)),
            "encoder.bias",
            NdArray.zeros(DType.FLOAT32, Shape.of(2))));
    assertEquals(0, tied.encoder.weight().value().at(3));
  }
}
