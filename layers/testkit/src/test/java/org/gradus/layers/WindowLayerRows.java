package org.gradus.layers;

import static org.gradus.autograd.ops.ConvOptions.same;
import static org.gradus.autograd.ops.ConvOptions.valid;
import static org.gradus.autograd.testkit.Domain.distinct;
import static org.gradus.autograd.testkit.Draw.images;
import static org.gradus.layers.init.Initializer.heNormal;

import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;
import org.gradus.autograd.ops.PadMode;
import org.gradus.layers.testkit.LayerRow;

/** The rows of layers with windows, beside {@link Conv2d}, and of those that move pixels. */
final class WindowLayerRows {
  private WindowLayerRows() {}

  static Stream<LayerRow> rows() {
    return Stream.of(
        conv1d(),
        conv1dOfGroups(),
        conv2dNotSquare(),
        depthwise(),
        depthwiseNotSquare(),
        transposed(),
        transposedNotSquare(),
        transposedWithRemainder(),
        adaptiveAvgPool2d(),
        adaptiveMaxPool2d(),
        pixelShuffle(),
        pad2d(),
        pad2dOfZeros(),
        embedding(),
        prelu(),
        preluOfOne());
  }

  private static SplittableRandom random() {
    return new SplittableRandom(1);
  }

  private static NdArray numbers(double[] values, int... dims) {
    return NdArray.of(values, dims);
  }

  private static LayerRow conv1d() {
    return LayerRow.of(random -> new Conv1d(1, 2, 2, valid(), heNormal(), DType.FLOAT64, random))
        .parameter("weight", 2, 1, 2)
        .parameter("bias", 2)
        .example(Shape.of(1, 5), Shape.of(2, 4))
        .exact()
        .gives(
            numbers(new double[] {1, 2, 4}, 1, 1, 3),
            numbers(new double[] {13, 16, 22, 24}, 1, 2, 2),
            numbers(new double[] {1, 1, 2, 0}, 2, 1, 2),
            numbers(new double[] {10, 20}, 2))
        .refusesInput("conv1d: input [1, 1, 2, 3] has rank 4, expected 3", 1, 1, 2, 3)
        .refuses(
            IllegalArgumentException.class,
            "conv1d: kernel is 0, expected at least 1",
            () -> new Conv1d(1, 1, 0, random()))
        .refuses(
            ShapeException.class,
            "conv1d: weight [2, 2] has rank 2, expected 3",
            () -> new Conv1d(NdArray.zeros(DType.FLOAT32, Shape.of(2, 2)), valid()));
  }

  private static LayerRow conv1dOfGroups() {
    return LayerRow.of(
            random -> new Conv1d(4, 6, 3, same().stride(2).groups(2), random).withoutBias())
        .parameter("weight", 6, 2, 3)
        .example(Shape.of(4, 5), Shape.of(6, 3))
        .exact()
        .refusesInput("conv1d: input [4, 5] has rank 2, expected 3", 4, 5)
        .refuses(
            ShapeException.class,
            "conv1d: in is 3, which groups=2 does not divide",
            () -> new Conv1d(3, 4, 1, valid().groups(2), random()));
  }

  private static LayerRow conv2dNotSquare() {
    return LayerRow.of(random -> new Conv2d(2, 4, 3, 1, same().groups(2), random))
        .parameter("weight", 4, 1, 3, 1)
        .parameter("bias", 4)
        .examples(images(2, 1, 4), x -> Shape.of(4, x.dim(1), x.dim(2)))
        .exact()
        .refusesInput("conv2d: input [4, 4] has rank 2, expected 4", 4, 4)
        .refuses(
            IllegalArgumentException.class,
            "conv2d: kernel is 0, expected at least 1",
            () -> new Conv2d(1, 1, 1, 0, valid(), random()));
  }

  private static LayerRow depthwise() {
    return LayerRow.of(
            random -> new DepthwiseConv2d(2, 3, 2, valid(), heNormal(), DType.FLOAT32, random))
        .parameter("weight", 6, 1, 2, 2)
        .parameter("bias", 6)
        .examples(images(2, 2, 5), x -> Shape.of(6, x.dim(1) - 1, x.dim(2) - 1))
        .exact()
        .refusesInput("depthwiseConv2d: input [4, 4] has rank 2, expected 4", 4, 4)
        .refuses(
            IllegalArgumentException.class,
            "depthwiseConv2d: multiplier is 0, expected at least 1",
            () -> new DepthwiseConv2d(2, 0, 3, valid(), heNormal(), DType.FLOAT32, random()))
        .refuses(
            ShapeException.class,
            "depthwiseConv2d: weight [4, 2, 1, 1] and options with groups=1, expected filters of"
                + " one channel, and no groups",
            () -> new DepthwiseConv2d(NdArray.zeros(DType.FLOAT32, Shape.of(4, 2, 1, 1)), valid()));
  }

  private static LayerRow depthwiseNotSquare() {
    return LayerRow.of(
            random -> new DepthwiseConv2d(2, 1, 1, 3, valid(), heNormal(), DType.FLOAT64, random))
        .parameter("weight", 2, 1, 1, 3)
        .parameter("bias", 2)
        .examples(images(2, 3, 5), x -> Shape.of(2, x.dim(1), x.dim(2) - 2))
        .exact()
        .refusesInput("depthwiseConv2d: input [4, 4] has rank 2, expected 4", 4, 4)
        .refuses(
            IllegalArgumentException.class,
            "depthwiseConv2d: kernel is -1, expected at least 1",
            () -> new DepthwiseConv2d(2, 1, 3, -1, valid(), heNormal(), DType.FLOAT32, random()));
  }

  private static LayerRow transposed() {
    return LayerRow.of(
            random ->
                new ConvTranspose2d(1, 1, 2, valid().stride(2), heNormal(), DType.FLOAT64, random))
        .parameter("weight", 1, 1, 2, 2)
        .parameter("bias", 1)
        .examples(images(1, 1, 3), x -> Shape.of(1, 2 * x.dim(1), 2 * x.dim(2)))
        .exact()
        .gives(
            numbers(new double[] {1, 3}, 1, 1, 1, 2),
            numbers(new double[] {11, 12, 13, 16, 13, 14, 19, 22}, 1, 1, 2, 4),
            numbers(new double[] {1, 2, 3, 4}, 1, 1, 2, 2),
            numbers(new double[] {10}, 1))
        .refusesInput("convTranspose2d: input [4, 4] has rank 2, expected 4", 4, 4);
  }

  /** With as much more as the strides leave, and the bias there, too. */
  private static LayerRow transposedNotSquare() {
    return LayerRow.of(
            random ->
                new ConvTranspose2d(
                        1, 1, 1, 2, valid().stride(2, 3), heNormal(), DType.FLOAT64, random)
                    .outputPadding(1, 0))
        .parameter("weight", 1, 1, 1, 2)
        .parameter("bias", 1)
        .examples(images(1, 1, 3), x -> Shape.of(1, 2 * x.dim(1), 3 * x.dim(2) - 1))
        .exact()
        .gives(
            numbers(new double[] {1, 2}, 1, 1, 1, 2),
            numbers(new double[] {15, 17, 10, 20, 24, 10, 10, 10, 10, 10}, 1, 1, 2, 5),
            numbers(new double[] {5, 7}, 1, 1, 1, 2),
            numbers(new double[] {10}, 1))
        .refuses(
            IllegalArgumentException.class,
            "convTranspose2d: output padding -2, expected at least 0",
            () -> new ConvTranspose2d(2, 2, 3, valid(), random()).outputPadding(1, -2));
  }

  private static LayerRow transposedWithRemainder() {
    return LayerRow.of(
            random ->
                new ConvTranspose2d(4, 6, 3, valid().padding(1).stride(2).groups(2), random)
                    .outputPadding(1)
                    .withoutBias())
        .parameter("weight", 4, 3, 3, 3)
        .example(Shape.of(4, 2, 3), Shape.of(6, 4, 6))
        .exact()
        .refuses(
            IllegalArgumentException.class,
            "convTranspose2d: output padding -1, expected at least 0",
            () -> new ConvTranspose2d(2, 2, 3, valid(), random()).outputPadding(-1))
        .refuses(
            ShapeException.class,
            "convTranspose2d: the weight [2, 3, 1, 1] has 6 outputs, but the bias has shape [3],"
                + " expected [6]",
            () ->
                new ConvTranspose2d(
                    NdArray.zeros(DType.FLOAT32, Shape.of(2, 3, 1, 1)),
                    NdArray.zeros(DType.FLOAT32, Shape.of(3)),
                    valid().groups(2)));
  }

  private static LayerRow adaptiveAvgPool2d() {
    return LayerRow.of(random -> new AdaptiveAvgPool2d(2, 1))
        .examples(images(2, 1, 5), x -> Shape.of(2, 2, 1))
        .exact()
        .sameBitsInAnyBatch()
        .gives(
            numbers(new double[] {1, 2, 3, 5, 6, 7}, 1, 1, 3, 2),
            numbers(new double[] {2.75, 5.25}, 1, 1, 2, 1))
        .refusesInput("adaptiveAvgPool2d: input [4, 4] has rank 2, expected 4", 4, 4)
        .refuses(
            IllegalArgumentException.class,
            "adaptiveAvgPool2d: width is 0, expected at least 1",
            () -> new AdaptiveAvgPool2d(1, 0));
  }

  private static LayerRow adaptiveMaxPool2d() {
    return LayerRow.of(random -> new AdaptiveMaxPool2d(2, 2))
        .examples(images(2, 2, 5), x -> Shape.of(2, 2, 2))
        .domain(distinct())
        .sameBitsInAnyBatch()
        .gives(
            numbers(new double[] {1, 2, 3, 5, 6, 7}, 1, 1, 3, 2),
            numbers(new double[] {3, 5, 6, 7}, 1, 1, 2, 2))
        .refusesInput("adaptiveMaxPool2d: input [4, 4] has rank 2, expected 4", 4, 4);
  }

  private static LayerRow pixelShuffle() {
    return LayerRow.of(random -> new PixelShuffle(2))
        .examples(images(4, 1, 3), x -> Shape.of(1, 2 * x.dim(1), 2 * x.dim(2)))
        .exact()
        .sameBitsInAnyBatch()
        .gives(
            numbers(new double[] {1, 2, 3, 4}, 1, 4, 1, 1),
            numbers(new double[] {1, 2, 3, 4}, 1, 1, 2, 2))
        .refusesInput(
            "pixelShuffle: input [1, 3, 2, 2], expected [N, channels that 2 x 2 divides, H, W]",
            1,
            3,
            2,
            2);
  }

  private static LayerRow pad2d() {
    return LayerRow.of(random -> new Pad2d(1, 0, 2, 1, PadMode.REFLECT))
        .examples(images(1, 3, 5), x -> Shape.of(1, x.dim(1) + 1, x.dim(2) + 3))
        .exact()
        .sameBitsInAnyBatch()
        .gives(
            numbers(new double[] {1, 2, 3, 4, 5, 6}, 1, 1, 2, 3),
            numbers(
                new double[] {6, 5, 4, 5, 6, 5, 3, 2, 1, 2, 3, 2, 6, 5, 4, 5, 6, 5}, 1, 1, 3, 6))
        .refusesInput(
            "pad2d: input [1, 1, 1, 3] has height 1, too little for a margin of 1 by REFLECT",
            1,
            1,
            1,
            3)
        .refuses(
            IllegalArgumentException.class,
            "pad2d: top 0, bottom 0, left -1, right 0, expected at least 0",
            () -> new Pad2d(0, 0, -1, 0, PadMode.EDGE));
  }

  private static LayerRow pad2dOfZeros() {
    return LayerRow.of(random -> new Pad2d(1, PadMode.CONSTANT))
        .examples(images(1, 1, 4), x -> Shape.of(1, x.dim(1) + 2, x.dim(2) + 2))
        .exact()
        .sameBitsInAnyBatch()
        .refusesInput("pad2d: input [2, 3] has rank 2, expected 4", 2, 3);
  }

  private static LayerRow embedding() {
    return LayerRow.of(random -> new Embedding(5, 3, random))
        .parameter("weight", 5, 3)
        .example(Shape.of(4), Shape.of(4, 3))
        .whole(Shape.SCALAR, Shape.of(3))
        .inputChooses()
        .domain(
            (shape, seed) -> {
              SplittableRandom draw = new SplittableRandom(seed);
              return NdArray.generate(DType.FLOAT64, shape, i -> draw.nextInt(5));
            })
        .sameBitsInAnyBatch()
        .takesAnyShape()
        .refuses(
            IllegalArgumentException.class,
            "embedding: word 5.0 of input [1], expected a whole number from 0 to 4",
            () -> new Embedding(5, 3, random()).predict(NdArray.of(new float[] {5}, 1)))
        .refuses(
            IllegalArgumentException.class,
            "embedding: word 0.5 of input [1], expected a whole number from 0 to 4",
            () -> new Embedding(5, 3, random()).predict(NdArray.of(new float[] {0.5f}, 1)))
        .refuses(
            IllegalArgumentException.class,
            "embedding: word NaN of input [1], expected a whole number from 0 to 4",
            () -> new Embedding(5, 3, random()).predict(NdArray.of(new float[] {Float.NaN}, 1)))
        .refuses(
            ShapeException.class,
            "embedding: weight [16777217, 0] has 16777217 words, but FLOAT32 counts to 16777216;"
                + " take FLOAT64",
            () -> new Embedding(NdArray.zeros(DType.FLOAT32, Shape.of((1 << 24) + 1, 0))));
  }

  private static LayerRow prelu() {
    return LayerRow.of(random -> new Prelu(3))
        .parameter("weight", 3)
        .example(Shape.of(3, 4), Shape.of(3, 4))
        .sameBitsInAnyBatch()
        .refuses(
            IllegalArgumentException.class,
            "prelu: channels is 0, expected at least 1",
            () -> new Prelu(0));
  }

  private static LayerRow preluOfOne() {
    return LayerRow.of(random -> new Prelu(1, 0.5, DType.FLOAT64))
        .parameter("weight", 1)
        .example(Shape.of(3, 4), Shape.of(3, 4))
        .sameBitsInAnyBatch()
        .takesAnyShape()
        .gives(
            numbers(new double[] {-2, 4}, 2),
            numbers(new double[] {-1, 4}, 2),
            numbers(new double[] {0.5}, 1))
        .refuses(
            IllegalArgumentException.class,
            "prelu: slope NaN, expected a finite number",
            () -> new Prelu(1, Double.NaN, DType.FLOAT32));
  }
}
