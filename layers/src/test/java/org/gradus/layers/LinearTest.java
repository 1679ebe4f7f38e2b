package org.gradus.layers;

import static org.gradus.autograd.ops.Ops.square;
import static org.gradus.autograd.ops.Ops.sum;
import static org.gradus.layers.init.Initializer.constant;
import static org.gradus.layers.init.Initializer.heNormal;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.gradus.autograd.Gradients;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.DTypeException;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.layers.init.Initializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class LinearTest {
  private final SplittableRandom random = new SplittableRandom(1);

  @Test
  void multipliesByTheTransposedWeightAndAddsTheBias() {
    Linear linear =
        new Linear(
            NdArray.of(new double[] {1, 2, 3, 4, 5, 6}, 2, 3),
            NdArray.of(new double[] {10, 20}, 2));

    Tensor y = linear.forward(Tensor.constant(NdArray.of(new double[] {1, 0, -1, 2, 1, 0}, 2, 3)));

    assertEquals(NdArray.of(new double[] {8, 18, 14, 33}, 2, 2), y.value());
  }

  @Test
  void gradientsReachWeightAndBias() {
    Linear linear = new Linear(2, 1, constant(3), DType.FLOAT64, random);
    Tensor x = Tensor.constant(NdArray.of(new double[] {1, 2, 3, 4}, 2, 2));

    Gradients gradients = Gradients.backward(sum(linear.forward(x)));

    assertEquals(
        NdArray.of(new double[] {4, 6}, 1, 2), gradients.of(linear.weight().tensor()).value());
    assertEquals(NdArray.of(new double[] {2}, 1), gradients.of(linear.bias().tensor()).value());
  }

  @Test
  void startsWithHesWeightsAndNoBias() {
    Linear linear = new Linear(3, 2, new SplittableRandom(5));

    NdArray drawn =
        heNormal().initialize(DType.FLOAT32, Shape.of(2, 3), 3, 2, new SplittableRandom(5));
    assertEquals(drawn, linear.weight().value());
    assertEquals(NdArray.zeros(DType.FLOAT32, Shape.of(2)), linear.bias().value());
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

  static Stream<Arguments> wrongCalls() {
    SplittableRandom random = new SplittableRandom(1);
    Linear linear = new Linear(400, 10, random);
    NdArray weight = NdArray.zeros(DType.FLOAT32, Shape.of(10, 4));
    return Stream.of(
        row(
            () -> linear.forward(zeros(32, 256)),
            "linear: input [32, 256] has 256 features, but the weight [10, 400] expects 400"),
        row(
            () -> linear.forward(zeros(32, 16, 5, 5)),
            "linear: input [32, 16, 5, 5] has 5 features, but the weight [10, 400] expects 400;"
                + " flatten it first"),
        row(
            () -> linear.forward(zeros(32, 5, 80)),
            "linear: input [32, 5, 80] has 80 features, but the weight [10, 400] expects 400;"
                + " flatten it first"),
        row(
            () -> linear.forward(zeros(32, 5, 4)),
            "linear: input [32, 5, 4] has 4 features, but the weight [10, 400] expects 400"),
        row(
            () -> linear.forward(zeros(256)),
            "linear: input [256] has 256 features, but the weight [10, 400] expects 400"),
        row(
            () -> linear.forward(zeros()),
            "linear: input [] has no axis of features, but the weight [10, 400] expects 400"),
        row(() -> new Linear(0, 10, random), "linear: in is 0, expected at least 1"),
        row(() -> new Linear(4, -1, random), "linear: out is -1, expected at least 1"),
        row(
            () -> new Linear(weight, NdArray.zeros(DType.FLOAT32, Shape.of(4))),
            "linear: the weight [10, 4] has 10 outputs, but the bias has shape [4], expected [10]"),
        row(
            () -> new Linear(weight, NdArray.zeros(DType.FLOAT64, Shape.of(10))),
            "linear: the weight is FLOAT32, but the bias is FLOAT64"),
        row(
            () -> new Linear(NdArray.zeros(DType.FLOAT32, Shape.of(4)), weight),
            "linear: weight [4] has rank 1, expected 2"),
        row(
            () ->
                new Linear(
                    4, 10, (d, s, i, o, r) -> NdArray.zeros(d, Shape.of(4)), DType.FLOAT32, random),
            "linear: the initialiser made FLOAT32 [4], expected FLOAT32 [10, 4]"),
        row(
            () ->
                new Linear(
                    4,
                    10,
                    (d, s, i, o, r) -> NdArray.zeros(DType.FLOAT32, s),
                    DType.FLOAT64,
                    random),
            "linear: the initialiser made FLOAT32 [10, 4], expected FLOAT64 [10, 4]"));
  }

  @ParameterizedTest
  @MethodSource("wrongCalls")
  void refuses(Executable call, String message) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
  }

  @Test
  void refusesAnotherElementType() {
    Linear linear = new Linear(4, 2, random);
    Tensor x = Tensor.constant(NdArray.zeros(DType.FLOAT64, Shape.of(1, 4)));

    var error = assertThrows(DTypeException.class, () -> linear.forward(x));

    assertEquals(
        "linear: the weight is FLOAT32, but input 0 is FLOAT64; convert one with NdArray.as",
        error.getMessage());
  }

  private static Arguments row(Executable call, String message) {
    return Arguments.of(call, message);
  }

  private static Tensor zeros(int... dims) {
    return Tensor.constant(NdArray.zeros(DType.FLOAT32, Shape.of(dims)));
  }
}
