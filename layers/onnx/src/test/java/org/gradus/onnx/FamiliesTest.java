package org.gradus.onnx;

import static org.gradus.onnx.Judge.check;
import static org.gradus.onnx.Judge.draw;
import static org.gradus.onnx.Judge.drawWithin;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.List;
import java.util.Map;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.junit.jupiter.api.Test;

/** Normalisation, quantisation, losses, shapes and control, as ONNX Runtime computes them. */
class FamiliesTest {
  private static final NdArray IMAGES = draw(1, 2, 4, 3, 3);

  private static TestModel images(int version) {
    return new TestModel(version).input("x", 2, 4, 3, 3);
  }

  private static TestModel four(TestModel model) {
    return model
        .initializer("a", draw(2, 4))
        .initializer("b", draw(3, 4))
        .initializer("m", draw(4, 4))
        .initializer("v", drawWithin(5, 0.1, 2, 4));
  }

  @Test
  void batchNormalization() {
    for (int version : new int[] {9, 14, 15}) {
      check(
          four(images(version))
              .node("BatchNormalization", "x a b m v", "y", "epsilon", 1e-3f)
              .outputs("y"),
          Map.of("x", IMAGES));
    }
    check(
        four(images(15))
            .node(
                "BatchNormalization",
                "x a b m v",
                "y mean var",
                "training_mode",
                1,
                "momentum",
                0.7f)
            .outputs("y", "mean", "var"),
        Map.of("x", IMAGES));
  }

  @Test
  void otherNormalizations() {
    check(
        four(images(17))
            .initializer("g", draw(6, 3, 3))
            .initializer("h", draw(7, 3))
            .node("InstanceNormalization", "x a b", "instance")
            .node("LayerNormalization", "x g g", "layer", "axis", 2)
            .node("LayerNormalization", "x h", "broad mean inverse", "axis", -1)
            .node("LRN", "x", "local", "size", 3, "alpha", 0.1f, "beta", 0.6f, "bias", 1.5f)
            .node("MeanVarianceNormalization", "x", "mvn")
            .outputs("instance", "layer", "broad", "mean", "inverse", "local", "mvn"),
        Map.of("x", IMAGES));
    check(
        four(images(21)).node("GroupNormalization", "x a b", "y", "num_groups", 2).outputs("y"),
        Map.of("x", IMAGES));
  }

  @Test
  void quantizedNumbers() {
    TensorProto bytes =
        TensorProto.newBuilder()
            .setName("w8")
            .setDataType(TensorProto.DataType.INT8_VALUE)
            .addDims(4)
            .addDims(2)
            .addAllInt32Data(List.of(-128, 127, 3, -7, 0, 50, 1, -2))
            .build();
    TensorProto zero =
        TensorProto.newBuilder()
            .setName("zero")
            .setDataType(TensorProto.DataType.UINT8_VALUE)
            .addInt32Data(120)
            .build();
    TestModel model = new TestModel(13).input("x", 3, 4).input("wide", 4, 2);
    model
        .initializer(bytes)
        .initializer(zero)
        .initializer("scales", NdArray.of(0.5f, 0.25f))
        .initializer("scale", NdArray.scalar(DType.FLOAT32, 0.01))
        .node("DequantizeLinear", "w8 scales", "w", "axis", 1)
        .node("Mul", "wide w", "product")
        .node("QuantizeLinear", "x scale zero", "q")
        .node("DequantizeLinear", "q scale zero", "near")
        .node("DynamicQuantizeLinear", "x", "d s z")
        .node("DequantizeLinear", "d s z", "close")
        .outputs("product", "near", "close");
    check(model, Map.of("x", draw(1, 3, 4), "wide", draw(2, 4, 2)));
    assertEquals("[w8 FLOAT32 [4, 2]]", model.net().parameters().toString(), "dequantised on load");
  }

  @Test
  void losses() {
    for (String reduction : List.of("none", "sum", "mean")) {
      TestModel model = new TestModel(13).input("x", 2, 3, 4);
      model
          .initializer("flat", 0, 2, 1, 1, 0, 2, 2, 1)
          .initializer("shape", 2, 4)
          .initializer("w", drawWithin(1, 0.5, 2, 3))
          .node("Reshape", "flat shape", "t")
          .node("SoftmaxCrossEntropyLoss", "x t", "a", "reduction", reduction)
          .node("SoftmaxCrossEntropyLoss", "x t w", "b logs", "reduction", reduction)
          .node(
              "NegativeLogLikelihoodLoss", "x t w", "c", "reduction", reduction, "ignore_index", 2)
          .outputs("a", "b", "logs", "c");
      check(model, Map.of("x", draw(2, 2, 3, 4)));
    }
  }

  @Test
  void extentsAsNumbers() {
    TestModel model = images(15);
    model
        .initializer("zero", 0)
        .initializer("one", 1)
        .initializer("two", 2)
        .initializer("minus", -1)
        .node("Shape", "x", "all")
        .node("Shape", "x", "some", "start", 1, "end", -1)
        .node("Gather", "all two", "h")
        .node("Mul", "h two", "h2")
        .node("Div", "h2 h", "ratio")
        .node("Slice", "all zero two", "front")
        .node("Concat", "front minus", "wanted", "axis", 0)
        .node("Reshape", "x wanted", "flat")
        .node("ReduceProd", "some", "count", "keepdims", 0)
        .node("ConstantOfShape", "some", "blank")
        .node("Size", "x", "size")
        .node("Equal", "h two", "same")
        .node("Where", "same one ratio", "chosen")
        .node("NonZero", "x", "places")
        .outputs("all", "ratio", "flat", "count", "blank", "size", "chosen", "places");
    check(model, Map.of("x", IMAGES));
  }

  @Test
  void choicesAndLoops() {
    TestModel plus = new TestModel(13).node("Add", "x x", "sum").outputs("sum");
    TestModel minus = new TestModel(13).node("Neg", "x", "less").outputs("less");
    TestModel model = new TestModel(13).input("x", 2);
    model
        .node("ReduceSum", "x", "total", "keepdims", 0)
        .node("Constant", "", "zero", "value_float", 0f)
        .node("Greater", "total zero", "positive")
        .node("If", "positive", "y", "then_branch", plus, "else_branch", minus)
        .outputs("y");
    check(model, Map.of("x", NdArray.of(1f, 2f)));
    check(model, Map.of("x", NdArray.of(1f, -2f)));
    TestModel body = new TestModel(13);
    body.input("i", TensorProto.DataType.INT64)
        .input("going", TensorProto.DataType.BOOL)
        .input("state", 2)
        .node("Add", "state x", "next")
        .node("Identity", "going", "on")
        .node("Mul", "next next", "square")
        .outputs("on", "next", "square");
    TestModel loop = new TestModel(13).input("x", 2).initializer("three", 3);
    loop.node("Loop", "three - x", "last squares", "body", body).outputs("last", "squares");
    check(loop, Map.of("x", NdArray.of(1f, -2f)));
  }

  @Test
  void madeOfNumbers() {
    TestModel model = new TestModel(17).input("x", 3, 4);
    model
        .initializer("depth", NdArray.of(4f))
        .initializer("values", NdArray.of(-1f, 2f))
        .initializer("labels", 0, -1, 3)
        .initializer("n", NdArray.scalar(DType.FLOAT32, 7))
        .initializer("from", NdArray.scalar(DType.FLOAT32, 1))
        .initializer("by", NdArray.scalar(DType.FLOAT32, 1.5))
        .node("EyeLike", "x", "eye", "k", 1)
        .node("OneHot", "labels depth values", "hot", "axis", 0)
        .node("Trilu", "x", "upper")
        .node("Trilu", "x", "lower", "upper", 0)
        .node("Range", "from n by", "range")
        .outputs("eye", "hot", "upper", "lower", "range");
    check(model, Map.of("x", draw(1, 3, 4)));
  }

  @Test
  void numbersOfFewBits() {
    check(
        new TestModel(13)
            .input("x", 7)
            .node("Cast", "x", "half", "to", TensorProto.DataType.FLOAT16_VALUE)
            .node("Cast", "half", "y", "to", TensorProto.DataType.FLOAT_VALUE)
            .outputs("y"),
        Map.of("x", NdArray.of(0.1f, -2.3456f, 70000f, 1e-6f, 3e-8f, 65519f, 1000.3f)),
        0);
  }

  @Test
  void imagesReadAtPlaces() {
    for (String padding : List.of("zeros", "border", "reflection")) {
      TestModel model = new TestModel(16).input("x", 2, 3, 4, 5).input("at", 2, 3, 2, 2);
      model
          .node("GridSample", "x at", "y", "padding_mode", padding)
          .node("GridSample", "x at", "z", "padding_mode", padding, "align_corners", 1)
          .node("GridSample", "x at", "n", "padding_mode", padding, "mode", "nearest")
          .outputs("y", "z", "n");
      check(model, Map.of("x", draw(1, 2, 3, 4, 5), "at", draw(2, 2, 3, 2, 2)));
    }
  }

  /** Version 10 rounds up where it makes smaller, and down where it makes larger. */
  @Test
  void resizingOfVersionTen() {
    for (float scale : new float[] {0.6f, 0.3f, 1.7f}) {
      TestModel model =
          new TestModel(10)
              .input("x", 1, 1, 4, 5)
              .initializer("s", NdArray.of(new float[] {1, 1, scale, 1}, 4))
              .node("Resize", "x s", "y", "mode", "nearest")
              .outputs("y");
      check(model, Map.of("x", draw(1, 1, 1, 4, 5)));
    }
  }
}
