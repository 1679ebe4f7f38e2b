package org.gradus.layers;

import static org.gradus.autograd.testkit.Draw.images;

import java.util.stream.Stream;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;
import org.gradus.autograd.testkit.Domain;
import org.gradus.autograd.testkit.Draw;
import org.gradus.layers.testkit.LayerRow;

/** The rows of layers that normalise. */
final class NormLayerRows {
  private NormLayerRows() {}

  static Stream<LayerRow> rows() {
    return Stream.of(
        batchNorm1d(),
        batchNorm2d(DType.FLOAT32),
        batchNorm2d(DType.FLOAT64),
        batchNormThatIsNotMade(),
        layerNorm(),
        groupNorm(),
        instanceNorm2d());
  }

  private static LayerRow batchNormRow(LayerRow row, int channels) {
    return row.parameter("weight", channels)
        .parameter("bias", channels)
        .buffer("running_mean", channels)
        .buffer("running_var", channels)
        .trainsOnAtLeast(2)
        .sameBitsInAnyBatch();
  }

  private static LayerRow batchNorm1d() {
    return batchNormRow(LayerRow.of(random -> new BatchNorm1d(3)), 3)
        .example(Shape.of(3), Shape.of(3))
        .example(Shape.of(3, 4), Shape.of(3, 4))
        .refusesInput("batchNorm1d: input [3] has rank 1, expected 2 or 3", 3)
        .refusesInput("batchNorm1d: input [2, 3, 1, 1] has rank 4, expected 2 or 3", 2, 3, 1, 1)
        .refusesInput("batchNorm1d: input [2, 4] has 4 channels, expected 3", 2, 4)
        .refuses(
            ShapeException.class,
            "batchNorm1d: input [1, 3] has 1 elements for each channel, expected at least 2 in"
                + " training",
            () ->
                new BatchNorm1d(3)
                    .forward(LayersGateTest.zeros(DType.FLOAT32, 1, 3), Pass.training(1, 1)));
  }

  /** (x - 3) / sqrt(4 + 0) 5 + 7, with an epsilon that float32 does not see. */
  private static LayerRow batchNorm2d(DType dtype) {
    return batchNormRow(LayerRow.of(random -> new BatchNorm2d(1, 1e-30, 0.25, dtype)), 1)
        .examples(images(1, 2, 5), x -> x)
        .gives(
            NdArray.of(new double[] {1, 3, 5, 7}, 1, 1, 2, 2),
            NdArray.of(new double[] {2, 7, 12, 17}, 1, 1, 2, 2),
            NdArray.of(new double[] {5}, 1),
            NdArray.of(new double[] {7}, 1),
            NdArray.of(new double[] {3}, 1),
            NdArray.of(new double[] {4}, 1))
        .refusesInput("batchNorm2d: input [2, 3] has rank 2, expected 4", 2, 3)
        .refusesInput("batchNorm2d: input [2, 3, 1, 1] has 3 channels, expected 1", 2, 3, 1, 1);
  }

  private static LayerRow batchNormThatIsNotMade() {
    return batchNormRow(LayerRow.of(random -> new BatchNorm2d(2)), 2)
        .example(Shape.of(2, 3, 2), Shape.of(2, 3, 2))
        .refuses(
            IllegalArgumentException.class,
            "batchNorm2d: channels is 0, expected at least 1",
            () -> new BatchNorm2d(0))
        .refuses(
            IllegalArgumentException.class,
            "batchNorm2d: epsilon 0.0, expected a finite number above 0",
            () -> new BatchNorm2d(1, 0, 0.1, DType.FLOAT32))
        .refuses(
            IllegalArgumentException.class,
            "batchNorm2d: momentum 1.5, expected 0 to 1",
            () -> new BatchNorm2d(1, 1e-5, 1.5, DType.FLOAT32));
  }

  private static LayerRow layerNorm() {
    return LayerRow.of(random -> new LayerNorm(Shape.of(2, 3), 1e-5, DType.FLOAT64))
        .parameter("weight", 2, 3)
        .parameter("bias", 2, 3)
        .example(Shape.of(2, 3), Shape.of(2, 3))
        .example(Shape.of(4, 2, 3), Shape.of(4, 2, 3))
        .sameBitsInAnyBatch()
        .refusesInput(
            "layerNorm: gamma has shape [2, 3], expected the last extents of input [3, 2], one or"
                + " more",
            3,
            2)
        .refuses(
            ShapeException.class,
            "layerNorm: [-1] has the negative extent -1",
            () -> new LayerNorm(-1))
        .refuses(
            IllegalArgumentException.class,
            "layerNorm: shape [], expected one or more of at least 1",
            LayerNorm::new)
        .refuses(
            IllegalArgumentException.class,
            "layerNorm: shape [2, 0], expected one or more of at least 1",
            () -> new LayerNorm(2, 0))
        .refuses(
            IllegalArgumentException.class,
            "layerNorm: epsilon -1.0, expected a finite number above 0",
            () -> new LayerNorm(Shape.of(2), -1, DType.FLOAT32));
  }

  private static LayerRow groupNorm() {
    return LayerRow.of(random -> new GroupNorm(2, 4))
        .parameter("weight", 4)
        .parameter("bias", 4)
        .example(Shape.of(4, 2, 3), Shape.of(4, 2, 3))
        .example(Shape.of(4, 5), Shape.of(4, 5))
        .domain(Domain.distinct())
        .sameBitsInAnyBatch()
        .refusesInput(
            "groupNorm: input [2, 6, 2] has 6 channels, but gamma has shape [4], expected [6]",
            2,
            6,
            2)
        .refuses(
            IllegalArgumentException.class,
            "groupNorm: groups is 0, expected at least 1",
            () -> new GroupNorm(0, 4))
        .refuses(
            ShapeException.class,
            "groupNorm: channels is 4, which groups=3 does not divide",
            () -> new GroupNorm(3, 4));
  }

  private static LayerRow instanceNorm2d() {
    return LayerRow.of(random -> new InstanceNorm2d())
        .examples(Draw.images(2, 2, 5), x -> x)
        .sameBitsInAnyBatch()
        .refusesInput("instanceNorm2d: input [2, 3] has rank 2, expected 4", 2, 3)
        .refuses(
            IllegalArgumentException.class,
            "instanceNorm2d: epsilon NaN, expected a finite number above 0",
            () -> new InstanceNorm2d(Double.NaN));
  }
}
