package org.gradus.layers;

import static org.gradus.autograd.ops.Ops.square;
import static org.gradus.autograd.ops.Ops.sum;
import static org.gradus.layers.init.Initializer.constant;
import static org.gradus.layers.init.Initializer.heNormal;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.gradus.autograd.Gradients;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.layers.init.Initializer;
import org.junit.jupiter.api.Test;

class LinearTest {
  private final SplittableRandom random = new SplittableRandom(1);

  @Test
  void gradientsReachWeightAndBias() {
    Linear linear = new Linear(2, 1, constant(3), DType.FLOAT64, random);
    Tensor x = Tensor.constant(NdArray.of(new double[] {1, 2, 3, 4}, 2, 2));

    Gradients gradients = Gradients.backward(sum(linear.forward(x)));

    assertEquals(
        NdArray.of(new double[] {4, 6}, 1, 2), gradients.of(linear.weight().tensor()).value());
    assertEquals(
        NdArray.of(new double[] {2}, 1),
        gradients.of(linear.bias().orElseThrow().tensor()).value());
  }

  @Test
  void startsWithHesWeightsAndNoBias() {
    Linear linear = new Linear(3, 2, new SplittableRandom(5));

    NdArray drawn =
        heNormal().initialize(DType.FLOAT32, Shape.of(2, 3), 3, 2, new SplittableRandom(5));
    assertEquals(drawn, linear.weight().value());
    assertEquals(NdArray.zeros(DType.FLOAT32, Shape.of(2)), linear.bias().orElseThrow().value());
    assertEquals("Linear[weight FLOAT32 [2, 3], bias FLOAT32 [2]]", linear.toString());
  }

  @Test
  void tellsTheInitialiserItsFans() {
    Initializer fans =
        (dtype, shape, fanIn, fanOut, generator) ->
            NdArray.full(dtype, shape, 100 * fanIn + fanOut);

    Linear linear = new Linear(3, 2, fans, DType.FLOAT64, random);

    assertEquals(302, linear.weight().value().at(0));
  }

  /** Whatever stands before the last axis, the rows are those of a matrix. */
  @Test
  void mapsTheLastAxis() {
    Linear linear = new Linear(4, 3, random);
    NdArray numbers =
        NdArray.generate(DType.FLOAT32, Shape.of(24), i -> random.nextInt(-8, 9) / 4.0);
    Tensor matrix = Tensor.variable(numbers.reshape(Shape.of(6, 4)));
    Tensor y = linear.forward(matrix);
    Gradients expected = Gradients.backward(sum(square(y)));
    for (int[] before : new int[][] {{2, 3}, {1, 2, 3}, {6, 1}}) {
      int[] in = Arrays.copyOf(before, before.length + 1);
      in[before.length] = 4;
      int[] out = in.clone();
      out[before.length] = 3;
      Tensor x = Tensor.variable(numbers.reshape(Shape.of(in)));
      Tensor z = linear.forward(x);
      assertEquals(y.value().reshape(Shape.of(out)), z.value());
      Gradients actual = Gradients.backward(sum(square(z)));
      assertEquals(expected.of(matrix).value().reshape(x.shape()), actual.of(x).value());
      for (Parameter parameter : linear.parameters()) {
        Tensor variable = parameter.tensor();
        assertEquals(expected.of(variable).value(), actual.of(variable).value());
      }
    }
    Tensor row =
        Tensor.constant(NdArray.wrap(Arrays.copyOf(numbers.toFloatArray(), 4), Shape.of(4)));
    float[] first = Arrays.copyOf(y.value().toFloatArray(), 3);
    assertEquals(NdArray.of(first, 3), linear.forward(row).value());
    assertEquals(Shape.of(0, 5, 3), linear.forward(zeros(0, 5, 4)).shape());
    assertEquals(Shape.of(5, 0, 3), linear.forward(zeros(5, 0, 4)).shape());
  }

  private static Tensor zeros(int... dims) {
    return Tensor.constant(NdArray.zeros(DType.FLOAT32, Shape.of(dims)));
  }
}
