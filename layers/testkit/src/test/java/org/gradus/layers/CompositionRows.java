package org.gradus.layers;

import static org.gradus.autograd.ops.ConvOptions.same;
import static org.gradus.layers.init.Initializer.heNormal;

import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;
import org.gradus.layers.testkit.LayerRow;

/** The rows of layers that are made of layers, beside {@link Sequential}. */
final class CompositionRows {
  private CompositionRows() {}

  static Stream<LayerRow> rows() {
    return Stream.of(
        frozen(), frozenWithinANet(), residual(), residualWithShortcut(), branches(), block());
  }

  private static LayerRow frozen() {
    return LayerRow.of(random -> new Linear(3, 2, random).frozen())
        .buffer("weight", 2, 3)
        .buffer("bias", 2)
        .example(Shape.of(3), Shape.of(2))
        .exact()
        .refusesInput("linear: input [2, 4] has 4 features, but the weight [2, 3] expects 3", 2, 4);
  }

  private static LayerRow frozenWithinANet() {
    return LayerRow.of(
            random ->
                new Sequential(
                    new Sequential(new Linear(3, 2, random), new BatchNorm1d(2), new Dropout(0.5))
                        .frozen(),
                    new Linear(2, 2, random)))
        .parameter("1.weight", 2, 2)
        .parameter("1.bias", 2)
        .buffer("0.0.weight", 2, 3)
        .buffer("0.0.bias", 2)
        .buffer("0.1.weight", 2)
        .buffer("0.1.bias", 2)
        .buffer("0.1.running_mean", 2)
        .buffer("0.1.running_var", 2)
        .example(Shape.of(3), Shape.of(2))
        .refusesInput(
            "0.0: linear: input [2, 4] has 4 features, but the weight [2, 3] expects 3", 2, 4);
  }

  private static LayerRow residual() {
    return LayerRow.of(random -> new Residual(new Linear(3, 3, heNormal(), DType.FLOAT64, random)))
        .parameter("body.weight", 3, 3)
        .parameter("body.bias", 3)
        .example(Shape.of(3), Shape.of(3))
        .exact()
        .gives(
            NdArray.of(new double[] {1, 2, 3}, 1, 3),
            NdArray.of(new double[] {2, 4, 6}, 1, 3),
            NdArray.of(new double[] {1, 0, 0, 0, 1, 0, 0, 0, 1}, 3, 3),
            NdArray.of(new double[] {0, 0, 0}, 3))
        .refusesInput(
            "body: linear: input [2, 4] has 4 features, but the weight [3, 3] expects 3", 2, 4);
  }

  private static LayerRow residualWithShortcut() {
    return LayerRow.of(
            random ->
                new Residual(
                    new Conv2d(2, 4, 3, same().stride(2), random),
                    new Conv2d(2, 4, 1, same().stride(2), random).withoutBias()))
        .parameter("body.weight", 4, 2, 3, 3)
        .parameter("body.bias", 4)
        .parameter("shortcut.weight", 4, 2, 1, 1)
        .example(Shape.of(2, 5, 4), Shape.of(4, 3, 2))
        .exact()
        .refusesInput(
            "body: conv2d: input [2, 3, 4, 4] has 3 channels, but the weights [4, 2, 3, 3] with"
                + " groups=1 expect 2",
            2,
            3,
            4,
            4);
  }

  private static LayerRow branches() {
    return LayerRow.of(
            random ->
                new Branches(1, x -> x, new Conv2d(2, 3, 1, random), new Sequential(new Relu())))
        .parameter("1.weight", 3, 2, 1, 1)
        .parameter("1.bias", 3)
        .example(Shape.of(2, 3, 2), Shape.of(7, 3, 2))
        .refusesInput("1: conv2d: input [2, 3] has rank 2, expected 4", 2, 3)
        .refuses(
            ShapeException.class,
            "branches: the output [1, 2] of 0 and [1, 1] of 1 differ beside axis 0",
            () ->
                new Branches(0, x -> x, new Linear(2, 1, new SplittableRandom(1)))
                    .forward(LayersGateTest.zeros(DType.FLOAT32, 1, 2)))
        .refuses(
            ShapeException.class,
            "branches: there is no axis 2 in the output [1, 2] of 0",
            () -> new Branches(2, x -> x).forward(LayersGateTest.zeros(DType.FLOAT32, 1, 2)))
        .refuses(
            IllegalArgumentException.class,
            "branches: 0 layers, expected one or more",
            () -> new Branches(1));
  }

  /** Of all that behaves otherwise in training. */
  private static LayerRow block() {
    return LayerRow.of(
            random ->
                new Residual(
                    new Sequential()
                        .then("conv1", new Conv2d(2, 2, 3, same(), random).withoutBias())
                        .then("bn1", new BatchNorm2d(2))
                        .then("act1", new Tanh())
                        .then("drop", new Dropout(0.25))))
        .parameter("body.conv1.weight", 2, 2, 3, 3)
        .parameter("body.bn1.weight", 2)
        .parameter("body.bn1.bias", 2)
        .buffer("body.bn1.running_mean", 2)
        .buffer("body.bn1.running_var", 2)
        .example(Shape.of(2, 3, 3), Shape.of(2, 3, 3))
        .refusesInput("body.conv1: conv2d: input [2, 3, 3] has rank 3, expected 4", 2, 3, 3);
  }
}
