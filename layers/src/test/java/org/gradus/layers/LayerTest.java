package org.gradus.layers;

import static org.gradus.autograd.ops.Ops.add;
import static org.gradus.autograd.ops.Ops.sum;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.SplittableRandom;
import org.gradus.autograd.Gradients;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.ops.Ops;
import org.junit.jupiter.api.Test;

class LayerTest {

  @Test
  void aFunctionIsALayerWithoutParameters() {
    Layer tanh = Ops::tanh;

    assertEquals(List.of(), tanh.parameters());
    assertEquals(0.0, tanh.forward(constant(new double[] {0}, 1)).item());
  }

  @Test
  void numbersArePartOfTheGraphAsConstants() {
    Linear linear = new Linear(2, 3, new SplittableRandom(1));
    Layer net = new Sequential(linear, new Dropout(0.5));
    NdArray x = NdArray.of(new float[] {1, 2, 3, 4}, 2, 2);
    Tensor y = net.forward(x);
    assertEquals(net.forward(Tensor.constant(x)).value(), y.value());
    assertTrue(Gradients.backward(sum(y)).reached(linear.weight().tensor()));
    Pass pass = Pass.training(1, 1);
    assertEquals(net.forward(Tensor.constant(x), pass).value(), net.forward(x, pass).value());
    Layer function = Ops::tanh;
    assertEquals(x.map(Math::tanh).at(3), function.forward(x, pass).value().at(3), 1e-7);
  }

  @Test
  void namesComeFromTheClass() {
    Layer function = Ops::tanh;
    Layer anonymous =
        new Layer() {
          @Override
          public Tensor forward(Tensor x) {
            return x;
          }
        };

    assertEquals("relu", new Relu().name());
    assertEquals("maxPool2d", new MaxPool2d(2).name());
    assertEquals("residual", new Residual(new Relu()).name());
    assertEquals("layer", function.name());
    assertEquals("layer", anonymous.name());
  }

  @Test
  void aUsersLayerMadeOfLayersNamesItsParts() {
    Linear inner = new Linear(2, 2, new SplittableRandom(1));
    Sequential net = new Sequential(new Relu(), new Residual(new Sequential(inner)));

    assertEquals(
        List.of("1.body.0.weight", "1.body.0.bias"),
        net.parameters().stream().map(Parameter::name).toList());
    assertEquals(List.of(inner.weight(), inner.bias().orElseThrow()), net.parameters());
  }

  private static final class Residual extends AbstractLayer {
    private final Layer body;

    Residual(Layer body) {
      this.body = part("body", body);
    }

    @Override
    protected Tensor compute(Tensor x, Pass pass) {
      return add(x, body.forward(x, pass));
    }
  }

  private static Tensor constant(double[] values, int... dims) {
    return Tensor.constant(NdArray.of(values, dims));
  }
}
