package org.gradus.layers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.SplittableRandom;
import org.gradus.autograd.Gradients;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.update.Sgd;
import org.gradus.layers.data.Batch;
import org.gradus.layers.optim.Optimizer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SequentialTest {

  @Test
  void ofNoLayersReturnsItsInput() {
    Tensor x = Tensor.constant(NdArray.scalar(DType.FLOAT64, 1));

    assertSame(x, new Sequential().forward(x));
    assertEquals(List.of(), new Sequential().parameters());
  }

  @Test
  void namesParametersByPosition() {
    Sequential net = Nets.tinyCnn(DType.FLOAT32, new SplittableRandom(1));
    Sequential outer = new Sequential(new Relu(), net);

    assertEquals(List.of("0.weight", "0.bias", "4.weight", "4.bias"), names(net));
    assertEquals(List.of("1.0.weight", "1.0.bias", "1.4.weight", "1.4.bias"), names(outer));
    assertEquals(net.parameters(), outer.parameters());
  }

  @Test
  void writesItselfLayerByLayer() {
    Sequential net = Nets.tinyCnn(DType.FLOAT32, new SplittableRandom(1));

    assertEquals(
        """
        Sequential[
          0: Conv2d[weight FLOAT32 [4, 1, 3, 3], bias FLOAT32 [4]]
          1: Relu[]
          2: MaxPool2d[2 x 2]
          3: Flatten[]
          4: Linear[weight FLOAT32 [3, 36], bias FLOAT32 [3]]
        ]\
        """,
        net.toString());
    assertEquals(
        """
        Sequential[
          0: Sequential[
            act: Relu[]
          ]
          1: layer
        ]\
        """,
        new Sequential(new Sequential().then("act", new Relu()), x -> x).toString());
    assertEquals("Sequential[]", new Sequential().toString());
  }

  @Test
  void leNetMapsDigitsToLogits() {
    SplittableRandom random = new SplittableRandom(1);
    Sequential net =
        new Sequential(
            new Conv2d(1, 6, 5, random),
            new Relu(),
            new MaxPool2d(2),
            new Conv2d(6, 16, 5, random),
            new Relu(),
            new MaxPool2d(2),
            new Flatten(),
            new Linear(256, 120, random),
            new Relu(),
            new Linear(120, 84, random),
            new Relu(),
            new Linear(84, 10, random));
    NdArray images = NdArray.full(DType.FLOAT32, Shape.of(2, 1, 28, 28), 0.5);

    Tensor logits = net.forward(Tensor.constant(images));

    assertEquals(Shape.of(2, 10), logits.shape());
    assertEquals(44_426, net.parameters().stream().mapToInt(p -> p.shape().size()).sum());
  }

  @ParameterizedTest
  @EnumSource(DType.class)
  void learnsAFewRandomImagesByHeart(DType dtype) {
    Sequential net = Nets.tinyCnn(dtype, new SplittableRandom(1));
    Batch batch = Nets.noise(dtype, 8, new SplittableRandom(2));
    double before = Nets.loss(net, batch).item();

    double after = train(net, batch, 200);

    assertTrue(before > 0.5, "before: " + before);
    assertTrue(after < 1e-3, "after: " + after);
  }

  @ParameterizedTest
  @EnumSource(DType.class)
  void theSameSeedGivesTheSameBits(DType dtype) {
    List<NdArray> once = trained(dtype, 7);
    List<NdArray> twice = trained(dtype, 7);
    List<NdArray> other = trained(dtype, 8);

    assertEquals(once, twice);
    assertNotEquals(once, other);
    assertTrue(once.stream().allMatch(value -> value.dtype() == dtype));
  }

  private static List<NdArray> trained(DType dtype, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Sequential net = Nets.tinyCnn(dtype, random);
    Batch batch = Nets.noise(dtype, 8, random);
    train(net, batch, 10);
    return net.parameters().stream().map(Parameter::value).toList();
  }

  private static double train(Layer net, Batch batch, int steps) {
    Optimizer optimizer = new Optimizer(net.parameters(), new Sgd(0.05).momentum(0.9));
    for (int i = 0; i < steps; i++) {
      optimizer.step(Gradients.backward(Nets.loss(net, batch)));
    }
    return Nets.loss(net, batch).item();
  }

  @Test
  void float32AndFloat64NetsOfOneSeedDifferByRoundingAlone() {
    Sequential single = Nets.tinyCnn(DType.FLOAT32, new SplittableRandom(1));
    Sequential full = Nets.tinyCnn(DType.FLOAT64, new SplittableRandom(1));

    assertEquals(
        single.parameters().stream().map(Parameter::value).toList(),
        full.parameters().stream().map(p -> p.value().as(DType.FLOAT32)).toList());
  }

  private static List<String> names(Layer net) {
    return net.parameters().stream().map(Parameter::name).toList();
  }
}
