package org.gradus.layers;

import static org.gradus.autograd.testkit.Domain.distinct;
import static org.gradus.autograd.testkit.Draw.images;

import java.util.stream.Stream;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;
import org.gradus.autograd.testkit.Draw;
import org.gradus.layers.testkit.LayerRow;

/** The rows of layers that are functions: without parameters, and the same in training. */
final class FunctionLayerRows {
  private FunctionLayerRows() {}

  static Stream<LayerRow> rows() {
    return Stream.concat(activations(), shapes());
  }

  private static Stream<LayerRow> activations() {
    return Stream.of(
        elementwise(new Sigmoid()).gives(vector(0), vector(0.5)),
        elementwise(new Tanh()).gives(vector(0), vector(0)),
        elementwise(new Softplus()).gives(vector(0), vector(Math.log(2))),
        elementwise(new Silu()).gives(vector(0), vector(0)),
        elementwise(new Gelu()).gives(vector(0), vector(0)),
        elementwise(new LeakyRelu(0.25))
            .gives(vector(-4, 0, 2), vector(-1, 0, 2))
            .refuses(
                IllegalArgumentException.class,
                "leakyRelu: slope Infinity, expected a finite number",
                () -> new LeakyRelu(Double.POSITIVE_INFINITY)),
        elementwise(new Elu(2))
            .gives(vector(0, 3), vector(0, 3))
            .refuses(
                IllegalArgumentException.class,
                "elu: alpha NaN, expected a finite number",
                () -> new Elu(Double.NaN)),
        elementwise(new HardSigmoid()).gives(vector(-4, 0, 4), vector(0, 0.5, 1)),
        elementwise(new HardSwish()).gives(vector(-4, 0, 4), vector(-0.0, 0, 4)),
        elementwise(new Mish()).gives(vector(0), vector(0)),
        elementwise(new Selu()).gives(vector(0, 1), vector(0, 1.0507009873554805)),
        elementwise(new Relu6()).gives(vector(-1, 5, 7), vector(0, 5, 6)),
        elementwise(new Softsign()).gives(vector(-1, 0, 3), vector(-0.5, 0, 0.75)),
        elementwise(new GeluTanh()).gives(vector(0), vector(0)),
        LayerRow.of(random -> new Softmax(-1))
            .example(Shape.of(3), Shape.of(3))
            .example(Shape.of(2, 4), Shape.of(2, 4))
            .sameBitsInAnyBatch()
            .gives(vector(5, 5), vector(0.5, 0.5))
            .refusesInput("softmax: there is no axis -1 in [], which has rank 0"),
        LayerRow.of(random -> new LogSoftmax(1))
            .example(Shape.of(3), Shape.of(3))
            .sameBitsInAnyBatch()
            .gives(
                NdArray.of(new double[] {5, 5}, 1, 2),
                NdArray.of(new double[] {-Math.log(2), -Math.log(2)}, 1, 2))
            .refusesInput("logSoftmax: there is no axis 1 in [3], which has rank 1", 3));
  }

  private static LayerRow elementwise(Layer layer) {
    return LayerRow.of(random -> layer)
        .examples(Draw.shapes(0, 3), x -> x)
        .whole(Shape.SCALAR, Shape.SCALAR)
        .sameBitsInAnyBatch()
        .takesAnyShape();
  }

  private static NdArray vector(double... values) {
    return NdArray.of(values, values.length);
  }

  private static Stream<LayerRow> shapes() {
    NdArray four = NdArray.of(new double[] {1, 2, 3, 6}, 1, 1, 2, 2);
    return Stream.of(
        LayerRow.of(random -> new AvgPool2d(2))
            .examples(images(2, 2, 7), x -> Shape.of(2, x.dim(1) / 2, x.dim(2) / 2))
            .exact()
            .sameBitsInAnyBatch()
            .gives(four, NdArray.of(new double[] {3}, 1, 1, 1, 1))
            .refusesInput("avgPool2d: input [4, 4] has rank 2, expected 4", 4, 4),
        LayerRow.of(random -> new GlobalAvgPool2d())
            .examples(images(2, 1, 5), x -> Shape.of(2, 1, 1))
            .exact()
            .sameBitsInAnyBatch()
            .gives(four, NdArray.of(new double[] {3}, 1, 1, 1, 1))
            .refusesInput("globalAvgPool2d: input [4, 4] has rank 2, expected 4", 4, 4),
        LayerRow.of(random -> new GlobalMaxPool2d())
            .examples(images(2, 1, 5), x -> Shape.of(2, 1, 1))
            .domain(distinct())
            .sameBitsInAnyBatch()
            .gives(four, NdArray.of(new double[] {6}, 1, 1, 1, 1))
            .refusesInput("globalMaxPool2d: input [4, 4] has rank 2, expected 4", 4, 4),
        LayerRow.of(random -> new UpsampleNearest(2))
            .examples(images(2, 1, 4), x -> Shape.of(2, 2 * x.dim(1), 2 * x.dim(2)))
            .exact()
            .sameBitsInAnyBatch()
            .gives(
                NdArray.of(new double[] {1, 2}, 1, 1, 1, 2),
                NdArray.of(new double[] {1, 1, 2, 2, 1, 1, 2, 2}, 1, 1, 2, 4))
            .refusesInput("upsampleNearest: input [4, 4] has rank 2, expected 4", 4, 4)
            .refuses(
                IllegalArgumentException.class,
                "upsampleNearest: scale is 0, expected at least 1",
                () -> new UpsampleNearest(0)),
        LayerRow.of(random -> new UpsampleBilinear(2))
            .examples(images(2, 1, 4), x -> Shape.of(2, 2 * x.dim(1), 2 * x.dim(2)))
            .exact()
            .sameBitsInAnyBatch()
            .gives(
                NdArray.of(new double[] {1, 3}, 1, 1, 1, 2),
                NdArray.of(new double[] {1, 1.5, 2.5, 3, 1, 1.5, 2.5, 3}, 1, 1, 2, 4))
            .refusesInput("upsampleBilinear: input [4, 4] has rank 2, expected 4", 4, 4)
            .refuses(
                IllegalArgumentException.class,
                "upsampleBilinear: scale is 0, expected at least 1",
                () -> new UpsampleBilinear(0)),
        LayerRow.of(random -> new Unflatten(2, -1))
            .example(Shape.of(6), Shape.of(2, 3))
            .example(Shape.of(4, 1, 3), Shape.of(2, 6))
            .exact()
            .sameBitsInAnyBatch()
            .refusesInput("unflatten: input [] has rank 0, expected 1 or higher")
            .refusesInput(
                "unflatten: input [4, 5] has examples of 5 elements, which are no [2, -1]", 4, 5)
            .refuses(
                IllegalArgumentException.class,
                "unflatten: extents [-1, -1], expected at least 0, and at most one -1",
                () -> new Unflatten(-1, -1))
            .refuses(
                IllegalArgumentException.class,
                "unflatten: extents [-2], expected at least 0, and at most one -1",
                () -> new Unflatten(-2))
            .refuses(
                ShapeException.class,
                "unflatten: [65536, 65536] has at least 4294967296 elements, and an array holds at"
                    + " most 2147483639",
                () -> new Unflatten(65536, -1, 65536)),
        LayerRow.of(random -> new Unflatten(3, 2))
            .example(Shape.of(6), Shape.of(3, 2))
            .exact()
            .sameBitsInAnyBatch()
            .gives(
                NdArray.generate(DType.FLOAT64, Shape.of(1, 6), i -> i),
                NdArray.generate(DType.FLOAT64, Shape.of(1, 3, 2), i -> i))
            .refusesInput(
                "unflatten: input [4, 5] has examples of 5 elements, which are no [3, 2]", 4, 5));
  }
}
