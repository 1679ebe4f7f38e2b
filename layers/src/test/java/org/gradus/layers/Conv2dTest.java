package org.gradus.layers;

import static org.gradus.autograd.ops.ConvOptions.same;
import static org.gradus.autograd.ops.ConvOptions.valid;
import static org.gradus.layers.init.Initializer.heNormal;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.SplittableRandom;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.ops.Ops;
import org.gradus.layers.init.Initializer;
import org.junit.jupiter.api.Test;

class Conv2dTest {
  private final SplittableRandom random = new SplittableRandom(1);

  @Test
  void passesItsOptionsOn() {
    Conv2d layer = new Conv2d(4, 6, 3, same().stride(2).groups(2), random);
    Tensor x = Tensor.constant(NdArray.full(DType.FLOAT32, Shape.of(2, 4, 7, 5), 1));

    Tensor y = layer.forward(x);

    assertEquals(Shape.of(6, 2, 3, 3), layer.weight().shape());
    assertEquals(same().stride(2).groups(2), layer.options());
    assertEquals(Ops.conv2d(x, layer.weight().tensor(), layer.options()).value(), y.value());
    assertEquals(Shape.of(2, 6, 4, 3), y.shape());
  }

  @Test
  void startsWithHesWeightsAndNoBias() {
    Conv2d layer = new Conv2d(3, 8, 5, new SplittableRandom(5));

    NdArray drawn =
        heNormal()
            .initialize(DType.FLOAT32, Shape.of(8, 3, 5, 5), 75, 200, new SplittableRandom(5));
    assertEquals(drawn, layer.weight().value());
    assertEquals(NdArray.zeros(DType.FLOAT32, Shape.of(8)), layer.bias().orElseThrow().value());
    assertEquals("Conv2d[weight FLOAT32 [8, 3, 5, 5], bias FLOAT32 [8]]", layer.toString());
  }

  @Test
  void tellsTheInitialiserItsFans() {
    Initializer fans =
        (dtype, shape, fanIn, fanOut, generator) ->
            NdArray.full(dtype, shape, 1000 * fanIn + fanOut);

    Conv2d whole = new Conv2d(4, 6, 3, valid(), fans, DType.FLOAT64, random);
    Conv2d grouped = new Conv2d(4, 6, 3, valid().groups(2), fans, DType.FLOAT64, random);

    assertEquals(36_054, whole.weight().value().at(0));
    assertEquals(18_027, grouped.weight().value().at(0));
  }
}
