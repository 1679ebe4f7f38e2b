package org.gradus.layers;

import static org.gradus.autograd.ops.Ops.add;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.SplittableRandom;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;
import org.gradus.autograd.ops.Ops;
import org.gradus.autograd.ops.PoolOptions;
import org.junit.jupiter.api.Test;

class LayerTest {

  @Test
  void aFunctionIsALayerWithoutParameters() {
    Layer tanh = Ops::tanh;

    assertEquals(List.of(), tanh.parameters());
    assertEquals(0.0, tanh.forward(constant(new double[] {0}, 1)).item());
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
  void aUsersLayerMadeOfLayersNeedsTwoMethods() {
    Linear inner = new Linear(2, 2, new SplittableRandom(1));
    Sequential net = new Sequential(new Relu(), new Residual(new Sequential(inner)));

    assertEquals(
        List.of("1.residual.body.0.linear.weight", "1.residual.body.0.linear.bias"),
        net.parameters().stream().map(Parameter::name).toList());
    assertEquals(List.of(inner.weight(), inner.bias()), net.parameters());
  }

  private record Residual(Layer body) implements Layer {
    @Override
    public Tensor forward(Tensor x) {
      return add(x, body.forward(x));
    }

    @Override
    public List<Parameter> parameters() {
      return body.parameters().stream().map(parameter -> parameter.in("body")).toList();
    }
  }

  @Test
  void reluCutsOffBelowZero() {
    Tensor y = new Relu().forward(constant(new double[] {-1, 0, 2}, 3));

    assertEquals(NdArray.of(new double[] {0, 0, 2}, 3), y.value());
  }

  @Test
  void maxPool2dTakesTheLargestOfEachWindow() {
    Tensor x = Tensor.constant(NdArray.generate(DType.FLOAT32, Shape.of(1, 1, 4, 4), i -> i));

    assertEquals(
        NdArray.of(new float[] {5, 7, 13, 15}, 1, 1, 2, 2), new MaxPool2d(2).forward(x).value());
    assertEquals(
        NdArray.of(new float[] {10, 11, 14, 15}, 1, 1, 2, 2),
        new MaxPool2d(PoolOptions.window(3).stride(1)).forward(x).value());
  }

  @Test
  void flattenKeepsTheFirstAxis() {
    assertEquals(Shape.of(2, 12), flattened(2, 3, 2, 2));
    assertEquals(Shape.of(5, 4), flattened(5, 4));
    assertEquals(Shape.of(5, 1), flattened(5));
    assertEquals(Shape.of(0, 12), flattened(0, 3, 4));
    ShapeException error = assertThrows(ShapeException.class, () -> flattened());
    assertEquals("flatten: input [] has rank 0, expected 1 or higher", error.getMessage());
  }

  private static Shape flattened(int... dims) {
    NdArray x = NdArray.zeros(DType.FLOAT32, Shape.of(dims));
    return new Flatten().forward(Tensor.constant(x)).shape();
  }

  private static Tensor constant(double[] values, int... dims) {
    return Tensor.constant(NdArray.of(values, dims));
  }
}
