package org.gradus.layers;

import static org.gradus.autograd.ops.ConvOptions.same;
import static org.gradus.autograd.ops.ConvOptions.valid;
import static org.gradus.autograd.testkit.Domain.distinct;
import static org.gradus.autograd.testkit.Draw.images;
import static org.gradus.layers.init.Initializer.heNormal;

import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.DTypeException;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;
import org.gradus.autograd.ops.Ops;
import org.gradus.autograd.ops.PoolOptions;
import org.gradus.autograd.testkit.Draw;
import org.gradus.layers.testkit.LayerGate;
import org.gradus.layers.testkit.LayerRow;

/** The built-in layers, by the same gate as yours. */
class LayersGateTest extends LayerGate {
  LayersGateTest() {
    super("org.gradus.layers");
  }

  @Override
  protected Stream<LayerRow> rows() {
    return Stream.of(
            linear(),
            conv2d(),
            withoutParameters(),
            sequential(),
            functions(),
            NormLayerRows.rows(),
            WindowLayerRows.rows(),
            FunctionLayerRows.rows(),
            CompositionRows.rows())
        .flatMap(Function.identity());
  }

  // ---- Linear ----------------------------------------------------------------------------------

  private static Stream<LayerRow> linear() {
    return Stream.of(
        linearByHand(DType.FLOAT32),
        linearByHand(DType.FLOAT64),
        LayerRow.of(random -> new Linear(1, 7, random))
            .parameter("weight", 7, 1)
            .parameter("bias", 7)
            .examples(Draw.shapes(0, 2).map(LayersGateTest::ofOne), x -> x.with(x.rank() - 1, 7))
            .exact()
            .refusesInput(
                "linear: input [2, 2] has 2 features, but the weight [7, 1] expects 1", 2, 2),
        linearThatRefusesShapes(),
        linearThatIsNotMade());
  }

  private static LayerRow linearByHand(DType dtype) {
    return LayerRow.of(random -> new Linear(3, 2, heNormal(), dtype, random))
        .parameter("weight", 2, 3)
        .parameter("bias", 2)
        .example(Shape.of(3), Shape.of(2))
        .example(Shape.of(5, 3), Shape.of(5, 2))
        .example(Shape.of(2, 0, 3), Shape.of(2, 0, 2))
        .whole(Shape.of(3), Shape.of(2))
        .exact()
        .gives(
            NdArray.of(new double[] {1, 0, -1, 2, 1, 0}, 2, 3),
            NdArray.of(new double[] {8, 18, 14, 33}, 2, 2),
            NdArray.of(new double[] {1, 2, 3, 4, 5, 6}, 2, 3),
            NdArray.of(new double[] {10, 20}, 2))
        .refuses(
            DTypeException.class,
            "linear: the weight is FLOAT32, but input 0 is FLOAT64; convert one with NdArray.as",
            () -> new Linear(4, 2, random()).forward(zeros(DType.FLOAT64, 1, 4)));
  }

  /** A shape with one feature behind it. */
  private static Shape ofOne(Shape before) {
    int[] dims = Arrays.copyOf(before.toArray(), before.rank() + 1);
    dims[before.rank()] = 1;
    return Shape.of(dims);
  }

  private static LayerRow linearThatRefusesShapes() {
    LayerRow row =
        LayerRow.of(random -> new Linear(2, 3, random))
            .parameter("weight", 3, 2)
            .parameter("bias", 3)
            .example(Shape.of(2), Shape.of(3))
            .exact();
    Map<Tensor, String> wrong =
        Map.of(
            zeros(DType.FLOAT32, 32, 256),
            "input [32, 256] has 256 features, but the weight [10, 400] expects 400",
            zeros(DType.FLOAT32, 32, 16, 5, 5),
            "input [32, 16, 5, 5] has 5 features, but the weight [10, 400] expects 400; flatten it"
                + " first",
            zeros(DType.FLOAT32, 32, 5, 80),
            "input [32, 5, 80] has 80 features, but the weight [10, 400] expects 400; flatten it"
                + " first",
            zeros(DType.FLOAT32, 32, 5, 4),
            "input [32, 5, 4] has 4 features, but the weight [10, 400] expects 400",
            zeros(DType.FLOAT32, 256),
            "input [256] has 256 features, but the weight [10, 400] expects 400",
            zeros(DType.FLOAT32),
            "input [] has no axis of features, but the weight [10, 400] expects 400");
    for (Map.Entry<Tensor, String> call : wrong.entrySet()) {
      row =
          row.refuses(
              ShapeException.class,
              "linear: " + call.getValue(),
              () -> new Linear(400, 10, random()).forward(call.getKey()));
    }
    return row;
  }

  private static LayerRow linearThatIsNotMade() {
    NdArray weight = NdArray.zeros(DType.FLOAT32, Shape.of(10, 4));
    return LayerRow.of(random -> new Linear(2, 2, random))
        .parameter("weight", 2, 2)
        .parameter("bias", 2)
        .example(Shape.of(2), Shape.of(2))
        .exact()
        .refuses(
            IllegalArgumentException.class,
            "linear: in is 0, expected at least 1",
            () -> new Linear(0, 10, random()))
        .refuses(
            IllegalArgumentException.class,
            "linear: out is -1, expected at least 1",
            () -> new Linear(4, -1, random()))
        .refuses(
            ShapeException.class,
            "linear: the weight [10, 4] has 10 outputs, but the bias has shape [4], expected [10]",
            () -> new Linear(weight, NdArray.zeros(DType.FLOAT32, Shape.of(4))))
        .refuses(
            DTypeException.class,
            "linear: the weight is FLOAT32, but the bias is FLOAT64",
            () -> new Linear(weight, NdArray.zeros(DType.FLOAT64, Shape.of(10))))
        .refuses(
            ShapeException.class,
            "linear: weight [4] has rank 1, expected 2",
            () -> new Linear(NdArray.zeros(DType.FLOAT32, Shape.of(4)), weight))
        .refuses(
            ShapeException.class,
            "linear: the initialiser made FLOAT32 [4], expected FLOAT32 [10, 4]",
            () ->
                new Linear(
                    4,
                    10,
                    (d, s, i, o, r) -> NdArray.zeros(d, Shape.of(4)),
                    DType.FLOAT32,
                    random()))
        .refuses(
            ShapeException.class,
            "linear: the initialiser made FLOAT32 [10, 4], expected FLOAT64 [10, 4]",
            () ->
                new Linear(
                    4,
                    10,
                    (d, s, i, o, r) -> NdArray.zeros(DType.FLOAT32, s),
                    DType.FLOAT64,
                    random()));
  }

  // ---- Conv2d ----------------------------------------------------------------------------------

  private static Stream<LayerRow> conv2d() {
    return Stream.of(
        conv2dByHand(DType.FLOAT32),
        conv2dByHand(DType.FLOAT64),
        LayerRow.of(
                random ->
                    new Conv2d(
                        4, 6, 3, same().stride(2).groups(2), heNormal(), DType.FLOAT64, random))
            .parameter("weight", 6, 2, 3, 3)
            .parameter("bias", 6)
            .examples(images(4, 1, 6), x -> Shape.of(6, (x.dim(1) + 1) / 2, (x.dim(2) + 1) / 2))
            .exact()
            .refusesInput("conv2d: input [4, 7, 5] has rank 3, expected 4", 4, 7, 5),
        LayerRow.of(random -> new Conv2d(1, 8, 5, random))
            .parameter("weight", 8, 1, 5, 5)
            .parameter("bias", 8)
            .example(Shape.of(1, 5, 7), Shape.of(8, 1, 3))
            .exact()
            .refusesInput(
                "conv2d: input [64, 3, 28, 28] has 3 channels, but the weights [8, 1, 5, 5]"
                    + " with groups=1 expect 1",
                64,
                3,
                28,
                28),
        conv2dThatIsNotMade());
  }

  private static LayerRow conv2dByHand(DType dtype) {
    return LayerRow.of(random -> new Conv2d(1, 2, 2, valid(), heNormal(), dtype, random))
        .parameter("weight", 2, 1, 2, 2)
        .parameter("bias", 2)
        .examples(images(1, 2, 7), x -> Shape.of(2, x.dim(1) - 1, x.dim(2) - 1))
        .exact()
        .gives(
            NdArray.of(new double[] {1, 2, 3, 4, 5, 6, 7, 8, 10}, 1, 1, 3, 3),
            NdArray.of(new double[] {16, 18, 22, 25, 26, 28, 32, 34}, 1, 2, 2, 2),
            NdArray.of(new double[] {1, 0, 0, 1, 0, 1, 1, 0}, 2, 1, 2, 2),
            NdArray.of(new double[] {10, 20}, 2))
        .refusesInput("conv2d: input [28, 28] has rank 2, expected 4", 28, 28);
  }

  private static LayerRow conv2dThatIsNotMade() {
    NdArray weight = NdArray.zeros(DType.FLOAT32, Shape.of(3, 1, 2, 2));
    NdArray bias = NdArray.zeros(DType.FLOAT32, Shape.of(3));
    return LayerRow.of(random -> new Conv2d(2, 1, 1, valid().padding(1), random))
        .parameter("weight", 1, 2, 1, 1)
        .parameter("bias", 1)
        .example(Shape.of(2, 1, 1), Shape.of(1, 3, 3))
        .exact()
        .refuses(
            IllegalArgumentException.class,
            "conv2d: in is 0, expected at least 1",
            () -> new Conv2d(0, 1, 1, random()))
        .refuses(
            IllegalArgumentException.class,
            "conv2d: out is 0, expected at least 1",
            () -> new Conv2d(1, 0, 1, random()))
        .refuses(
            IllegalArgumentException.class,
            "conv2d: kernel is 0, expected at least 1",
            () -> new Conv2d(1, 1, 0, random()))
        .refuses(
            ShapeException.class,
            "conv2d: in is 3, which groups=2 does not divide",
            () -> new Conv2d(3, 4, 1, valid().groups(2), random()))
        .refuses(
            ShapeException.class,
            "conv2d: out is 3, which groups=2 does not divide",
            () -> new Conv2d(4, 3, 1, valid().groups(2), random()))
        .refuses(
            ShapeException.class,
            "conv2d: out is 3, which groups=2 does not divide",
            () -> new Conv2d(weight, bias, valid().groups(2)))
        .refuses(
            ShapeException.class,
            "conv2d: weight [3] has rank 1, expected 4",
            () -> new Conv2d(bias, bias, valid()))
        .refuses(
            ShapeException.class,
            "conv2d: the weight [3, 1, 2, 2] has 3 outputs, but the bias has shape [3, 1, 2, 2],"
                + " expected [3]",
            () -> new Conv2d(weight, weight, valid()))
        .refuses(
            DTypeException.class,
            "conv2d: the weight is FLOAT32, but the bias is FLOAT64",
            () -> new Conv2d(weight, bias.as(DType.FLOAT64), valid()))
        .refuses(
            ShapeException.class,
            "conv2d: [65536, 65536, 3, 3] has at least 4294967296 elements, and an array holds at"
                + " most 2147483639",
            () -> new Conv2d(1 << 16, 1 << 16, 3, random()));
  }

  // ---- layers without parameters ---------------------------------------------------------------

  private static Stream<LayerRow> withoutParameters() {
    return Stream.of(
        LayerRow.of(random -> new Relu())
            .examples(Draw.shapes(0, 3), x -> x)
            .whole(Shape.SCALAR, Shape.SCALAR)
            .sameBitsInAnyBatch()
            .takesAnyShape()
            .gives(NdArray.of(new double[] {-1, 0, 2}, 3), NdArray.of(new double[] {0, 0, 2}, 3)),
        LayerRow.of(random -> new MaxPool2d(2))
            .examples(images(2, 2, 7), x -> Shape.of(2, x.dim(1) / 2, x.dim(2) / 2))
            .domain(distinct())
            .sameBitsInAnyBatch()
            .gives(sixteen(), NdArray.of(new double[] {5, 7, 13, 15}, 1, 1, 2, 2))
            .refusesInput("maxPool2d: input [4, 4] has rank 2, expected 4", 4, 4),
        LayerRow.of(random -> new MaxPool2d(PoolOptions.window(3).stride(1)))
            .examples(images(1, 3, 6), x -> Shape.of(1, x.dim(1) - 2, x.dim(2) - 2))
            .domain(distinct())
            .sameBitsInAnyBatch()
            .gives(sixteen(), NdArray.of(new double[] {10, 11, 14, 15}, 1, 1, 2, 2))
            .refusesInput("maxPool2d: input [16] has rank 1, expected 4", 16),
        LayerRow.of(random -> new Dropout(0.5))
            .examples(Draw.shapes(0, 3), x -> x)
            .whole(Shape.SCALAR, Shape.SCALAR)
            .exact()
            .sameBitsInAnyBatch()
            .takesAnyShape()
            .gives(NdArray.of(new double[] {-1, 2}, 2), NdArray.of(new double[] {-1, 2}, 2))
            .refuses(
                IllegalArgumentException.class,
                "dropout: rate 1.5, expected 0 to 1",
                () -> new Dropout(1.5))
            .refuses(
                IllegalArgumentException.class,
                "dropout: rate NaN, expected 0 to 1",
                () -> new Dropout(Double.NaN)),
        LayerRow.of(random -> new Flatten())
            .examples(Draw.shapes(0, 3), x -> Shape.of(x.size()))
            .example(Shape.of(3, 2, 2), Shape.of(12))
            .example(Shape.of(4), Shape.of(4))
            .example(Shape.SCALAR, Shape.of(1))
            .whole(Shape.of(0, 3, 4), Shape.of(0, 12))
            .exact()
            .sameBitsInAnyBatch()
            .refusesInput("flatten: input [] has rank 0, expected 1 or higher"));
  }

  private static NdArray sixteen() {
    return NdArray.generate(DType.FLOAT32, Shape.of(1, 1, 4, 4), i -> i);
  }

  // ---- compositions ----------------------------------------------------------------------------

  private static Stream<LayerRow> sequential() {
    return Stream.of(
        tinyCnn(DType.FLOAT32),
        tinyCnn(DType.FLOAT64),
        LayerRow.of(random -> new Sequential())
            .examples(Draw.shapes(0, 3), x -> x)
            .exact()
            .sameBitsInAnyBatch()
            .takesAnyShape(),
        LayerRow.of(random -> new Sequential(x -> Ops.add(x, 1), x -> Ops.mul(x, 10)))
            .examples(Draw.shapes(0, 3), x -> x)
            .whole(Shape.SCALAR, Shape.SCALAR)
            .exact()
            .sameBitsInAnyBatch()
            .takesAnyShape()
            .gives(NdArray.scalar(DType.FLOAT64, 1), NdArray.scalar(DType.FLOAT64, 20)),
        LayerRow.of(
                random ->
                    new Sequential(
                        new Sequential(new Linear(4, 2, random)),
                        Ops::tanh,
                        new Linear(2, 4, random)))
            .parameter("0.0.weight", 2, 4)
            .parameter("0.0.bias", 2)
            .parameter("2.weight", 4, 2)
            .parameter("2.bias", 4)
            .example(Shape.of(4), Shape.of(4))
            .example(Shape.of(3, 4), Shape.of(3, 4))
            .refusesInput(
                "0.0: linear: input [2] has 2 features, but the weight [2, 4] expects 4", 2),
        LayerRow.of(
                random -> {
                  Layer shared = new Linear(2, 2, random);
                  return new Sequential(shared, Ops::sigmoid, shared);
                })
            .parameter("0.weight", 2, 2)
            .parameter("0.bias", 2)
            .example(Shape.of(2), Shape.of(2))
            .refusesInput(
                "0: linear: input [3] has 3 features, but the weight [2, 2] expects 2", 3));
  }

  /** One layer of each kind. */
  private static LayerRow tinyCnn(DType dtype) {
    return LayerRow.of(
            random ->
                new Sequential(
                    new Conv2d(1, 4, 3, same(), heNormal(), dtype, random),
                    new Relu(),
                    new MaxPool2d(2),
                    new Flatten(),
                    new Linear(36, 3, heNormal(), dtype, random)))
        .parameter("0.weight", 4, 1, 3, 3)
        .parameter("0.bias", 4)
        .parameter("4.weight", 3, 36)
        .parameter("4.bias", 3)
        .example(Shape.of(1, 6, 6), Shape.of(3))
        .example(Shape.of(1, 7, 6), Shape.of(3))
        .domain(distinct())
        .refusesInput(
            "4: linear: input [1, 64] has 64 features, but the weight [3, 36] expects 36",
            1,
            1,
            8,
            8);
  }

  // ---- functions -------------------------------------------------------------------------------

  private static Stream<LayerRow> functions() {
    return Stream.of(
        LayerRow.function("tanh", Ops::tanh)
            .examples(Draw.shapes(0, 3), x -> x)
            .sameBitsInAnyBatch()
            .takesAnyShape()
            .gives(NdArray.of(new double[] {0}, 1), NdArray.of(new double[] {0}, 1)),
        LayerRow.function("reshape", x -> Ops.reshape(x, -1, 1, 4))
            .example(Shape.of(4), Shape.of(1, 4))
            .exact()
            .sameBitsInAnyBatch()
            .refusesInput(
                "reshape: no single extent in place of -1 makes [-1, 1, 4] hold the 6 elements of"
                    + " [2, 3]",
                2,
                3));
  }

  private static RandomGenerator random() {
    return new SplittableRandom(1);
  }

  static Tensor zeros(DType dtype, int... dims) {
    return Tensor.constant(NdArray.zeros(dtype, Shape.of(dims)));
  }
}
