package org.gradus.layers;

import static org.gradus.autograd.ops.ConvOptions.same;
import static org.gradus.autograd.ops.ConvOptions.valid;
import static org.gradus.layers.init.Initializer.heNormal;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.ops.Ops;
import org.gradus.layers.init.Initializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class Conv2dTest {
  private final SplittableRandom random = new SplittableRandom(1);

  @Test
  void correlatesAndAddsABiasToEachChannel() {
    Conv2d layer =
        new Conv2d(
            NdArray.of(new double[] {1, 0, 0, 1, 0, 1, 1, 0}, 2, 1, 2, 2),
            NdArray.of(new double[] {10, 20}, 2),
            valid());
    Tensor x = Tensor.constant(NdArray.of(new double[] {1, 2, 3, 4, 5, 6, 7, 8, 10}, 1, 1, 3, 3));

    assertEquals(
        NdArray.of(new double[] {16, 18, 22, 25, 26, 28, 32, 34}, 1, 2, 2, 2),
        layer.forward(x).value());
  }

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
    assertEquals(NdArray.zeros(DType.FLOAT32, Shape.of(8)), layer.bias().value());
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

  static Stream<Arguments> wrongCalls() {
    SplittableRandom random = new SplittableRandom(1);
    Conv2d layer = new Conv2d(1, 8, 5, random);
    NdArray weight = NdArray.zeros(DType.FLOAT32, Shape.of(3, 1, 2, 2));
    NdArray bias = NdArray.zeros(DType.FLOAT32, Shape.of(3));
    return Stream.of(
        row(
            () -> layer.forward(zeros(64, 3, 28, 28)),
            "conv2d: input [64, 3, 28, 28] has 3 channels, but the weights [8, 1, 5, 5] with"
                + " groups=1 expect 1"),
        row(() -> layer.forward(zeros(28, 28)), "conv2d: input [28, 28] has rank 2, expected 4"),
        row(() -> new Conv2d(0, 1, 1, random), "conv2d: in is 0, expected at least 1"),
        row(() -> new Conv2d(1, 0, 1, random), "conv2d: out is 0, expected at least 1"),
        row(() -> new Conv2d(1, 1, 0, random), "conv2d: kernel is 0, expected at least 1"),
        row(
            () -> new Conv2d(3, 4, 1, valid().groups(2), random),
            "conv2d: in is 3 channels, which groups=2 does not divide"),
        row(
            () -> new Conv2d(4, 3, 1, valid().groups(2), random),
            "conv2d: out is 3 channels, which groups=2 does not divide"),
        row(
            () -> new Conv2d(weight, bias, valid().groups(2)),
            "conv2d: out is 3 channels, which groups=2 does not divide"),
        row(() -> new Conv2d(bias, bias, valid()), "conv2d: weight [3] has rank 1, expected 4"),
        row(
            () -> new Conv2d(weight, weight, valid()),
            "conv2d: the weight [3, 1, 2, 2] has 3 outputs, but the bias has shape"
                + " [3, 1, 2, 2], expected [3]"),
        row(
            () -> new Conv2d(weight, bias.as(DType.FLOAT64), valid()),
            "conv2d: the weight is FLOAT32, but the bias is FLOAT64"),
        row(
            () -> new Conv2d(1 << 16, 1 << 16, 3, random),
            "conv2d: [65536, 65536, 3, 3] has at least 4294967296 elements, and an array holds at"
                + " most 2147483639"));
  }

  @ParameterizedTest
  @MethodSource("wrongCalls")
  void refuses(Executable call, String message) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
  }

  private static Arguments row(Executable call, String message) {
    return Arguments.of(call, message);
  }

  private static Tensor zeros(int... dims) {
    return Tensor.constant(NdArray.zeros(DType.FLOAT32, Shape.of(dims)));
  }
}
