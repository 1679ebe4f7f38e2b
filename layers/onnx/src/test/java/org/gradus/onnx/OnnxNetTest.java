package org.gradus.onnx;

import static org.gradus.onnx.Judge.draw;
import static org.gradus.onnx.Judge.drawWithin;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.gradus.autograd.Gradients;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;
import org.gradus.autograd.ops.Ops;
import org.gradus.layers.BatchNorm2d;
import org.gradus.layers.Layer;
import org.gradus.layers.Pass;
import org.gradus.layers.Summary;
import org.gradus.layers.Trace;
import org.gradus.layers.files.Weights;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model as a layer. */
class OnnxNetTest {
  /** A block as PyTorch writes it: convolution, normalisation, activation, classes. */
  private static TestModel block() {
    return new TestModel(17)
        .input("image", "N", 3, 6, 6)
        .initializer("layer1.0.conv1.weight", draw(1, 4, 3, 3, 3))
        .initializer("layer1.0.bn1.weight", draw(2, 4))
        .initializer("layer1.0.bn1.bias", draw(3, 4))
        .initializer("layer1.0.bn1.running_mean", draw(4, 4))
        .initializer("layer1.0.bn1.running_var", drawWithin(5, 0.5, 2, 4))
        .initializer("fc.weight", draw(6, 5, 4))
        .initializer("fc.bias", draw(7, 5))
        .initializer("shape", 0, -1)
        .named(
            "/layer1/conv1/Conv",
            "Conv",
            "image layer1.0.conv1.weight",
            "c",
            "pads",
            new int[] {1, 1, 1, 1})
        .named(
            "/layer1/bn1/BatchNormalization",
            "BatchNormalization",
            "c layer1.0.bn1.weight layer1.0.bn1.bias layer1.0.bn1.running_mean"
                + " layer1.0.bn1.running_var",
            "n",
            "momentum",
            0.9f)
        .named("/relu", "Relu", "n", "r")
        .node("GlobalAveragePool", "r", "p")
        .named("/reshape", "Reshape", "p shape", "f")
        .named("/fc/Gemm", "Gemm", "f fc.weight fc.bias", "logits", "transB", 1)
        .outputs("logits");
  }

  private static final NdArray IMAGES = draw(9, 2, 3, 6, 6);

  @Test
  void initializersAreParametersByTheirNames() {
    OnnxNet net = block().net();
    assertEquals(
        List.of(
            "layer1.0.conv1.weight FLOAT32 [4, 3, 3, 3]",
            "layer1.0.bn1.weight FLOAT32 [4]",
            "layer1.0.bn1.bias FLOAT32 [4]",
            "fc.weight FLOAT32 [5, 4]",
            "fc.bias FLOAT32 [5]"),
        net.parameters().stream().map(Object::toString).toList());
    assertEquals(
        List.of("layer1.0.bn1.running_mean FLOAT32 [4]", "layer1.0.bn1.running_var FLOAT32 [4]"),
        net.buffers().stream().map(Object::toString).toList());
    assertTrue(net.buffers().stream().allMatch(buffer -> buffer.isStatistic()));
    assertEquals(draw(6, 5, 4), net.state().get("fc.weight"));
  }

  @Test
  void namesThatAreNoneAreMadeLegalAndStayDifferent() {
    OnnxNet net =
        new TestModel(17)
            .input("x", 2)
            .initializer("a/b:0", draw(1, 2))
            .initializer("a_b_0", draw(2, 2))
            .initializer("c", draw(3, 2))
            .initializer("c.weight", draw(4, 2))
            .initializer("d..e", draw(5, 2))
            .initializer("__metadata__", draw(6, 2))
            .node("Sum", "x a/b:0 a_b_0 c c.weight d..e __metadata__", "y")
            .outputs("y")
            .net();
    assertEquals(
        List.of("a_b_0", "a_b_0_1", "c", "___metadata__", "c_.weight", "d._.e"),
        List.copyOf(net.state().keySet()));
  }

  @Test
  void smallNumbersAreConstants() {
    OnnxNet net =
        new TestModel(17)
            .input("x", 2, 2)
            .initializer("scale", NdArray.scalar(DType.FLOAT32, 3))
            .initializer("exponents", NdArray.of(2f, 3f))
            .initializer("bias", NdArray.of(1f))
            .initializer("w", draw(1, 1, 2))
            .node("Mul", "x scale", "a")
            .node("Pow", "a exponents", "b")
            .node("Gemm", "b w bias", "y", "transB", 1)
            .outputs("y")
            .net();
    assertEquals(List.of("bias", "w"), net.state().keySet().stream().sorted().toList());
  }

  @Test
  void oneInitializerUnderTwoNamesIsOneParameter() {
    OnnxNet net =
        new TestModel(17)
            .input("x", 2, 2)
            .initializer("w", draw(1, 2, 2))
            .node("Identity", "w", "v")
            .node("MatMul", "x w", "a")
            .node("MatMul", "a v", "y")
            .outputs("y")
            .net();
    assertEquals(List.of("w"), List.copyOf(net.state().keySet()));
    Tensor y = Ops.sum(net.forward(draw(2, 2, 2)));
    assertEquals(
        Shape.of(2, 2),
        Gradients.backward(y, net.parameters().get(0).tensor())
            .of(net.parameters().get(0).tensor())
            .shape());
  }

  @Test
  void eachNodeIsInTheTrace() {
    Trace trace = Trace.of(block().net(), IMAGES);
    assertEquals(
        List.of(
            "",
            "/layer1/conv1/Conv",
            "/layer1/bn1/BatchNormalization",
            "/relu",
            "GlobalAveragePool_3",
            "/reshape",
            "/fc/Gemm"),
        trace.calls().stream().map(Trace.Call::place).toList());
    Trace.Call conv = trace.at("/layer1/conv1/Conv");
    assertEquals("/layer1/conv1/Conv: Conv [2, 3, 6, 6] -> [2, 4, 6, 6]", conv.toString());
    assertEquals("Conv /layer1/conv1/Conv", conv.layer().toString());
    Tensor features = trace.at("/relu").output();
    Tensor logit = Ops.sum(Ops.slice(trace.output(), 1, 2, 3));
    assertEquals(features.shape(), Gradients.backward(logit, features).of(features).shape());
  }

  @Test
  void aSummaryCountsItsParameters() {
    Summary summary = Summary.of(block().net(), Shape.of(2, 3, 6, 6));
    assertEquals(4 * 27 + 4 + 4 + 20 + 5, summary.parameters());
    assertEquals(8, summary.buffers());
    assertEquals(7, summary.rows().size());
  }

  @Test
  void aFrozenPartHasNoGradient() {
    Layer frozen = block().net().frozen();
    assertEquals(List.of(), frozen.parameters());
    assertTrue(!frozen.forward(IMAGES, Pass.training(1, 1)).isTracked());
    assertEquals(block().net().predict(IMAGES), frozen.predict(IMAGES));
  }

  @Test
  void weightsAreSavedAndLoaded(@TempDir Path folder) throws IOException {
    OnnxNet net = block().net();
    Weights.save(folder.resolve("net.safetensors"), net);
    OnnxNet other = block().net();
    NdArray zero = NdArray.zeros(DType.FLOAT32, Shape.of(5));
    other.parameters().get(4).set(zero);
    assertNotEquals(net.predict(IMAGES), other.predict(IMAGES));
    Weights.load(folder.resolve("net.safetensors"), other);
    assertEquals(net.predict(IMAGES), other.predict(IMAGES));
  }

  @Test
  void statisticsFollowTheBatchesAsThoseOfALayer() {
    TestModel model =
        new TestModel(17)
            .input("x", "N", 4, 3, 3)
            .initializer("w", NdArray.full(DType.FLOAT32, Shape.of(4), 1))
            .initializer("b", NdArray.zeros(DType.FLOAT32, Shape.of(4)))
            .initializer("m", NdArray.zeros(DType.FLOAT32, Shape.of(4)))
            .initializer("v", NdArray.full(DType.FLOAT32, Shape.of(4), 1))
            .node("BatchNormalization", "x w b m v", "y", "momentum", 0.75f)
            .outputs("y");
    OnnxNet net = model.net();
    BatchNorm2d layer = new BatchNorm2d(4, 1e-5f, 0.25, DType.FLOAT32);
    for (int step = 0; step < 3; step++) {
      Pass ours = Pass.training(1, step);
      Pass theirs = Pass.training(1, step);
      NdArray x = draw(step, 2, 4, 3, 3);
      assertEquals(layer.forward(x, theirs).value(), net.forward(x, ours).value());
      assertEquals(1, ours.calls(net));
      ours.commit();
      theirs.commit();
    }
    assertEquals(layer.runningMean().value(), net.state().get("m"));
    assertEquals(layer.runningVariance().value(), net.state().get("v"));
    assertEquals(layer.predict(draw(8, 1, 4, 3, 3)), net.predict(draw(8, 1, 4, 3, 3)));
  }

  @Test
  void dropoutFollowsThePass() {
    OnnxNet net =
        new TestModel(13)
            .input("x", 1000)
            .initializer("ratio", NdArray.scalar(DType.FLOAT32, 0.25))
            .node("Dropout", "x ratio", "y mask")
            .outputs("y", "mask")
            .net();
    NdArray ones = NdArray.full(DType.FLOAT32, Shape.of(1000), 1);
    assertEquals(ones, net.predict(ones));
    Map<String, Tensor> all = net.outputs(Map.of("x", Tensor.constant(ones)), Pass.training(1, 2));
    NdArray y = all.get("y").value();
    long kept = 0;
    for (int i = 0; i < 1000; i++) {
      kept += y.at(i) == 0 ? 0 : 1;
      assertEquals(y.at(i) == 0 ? 0 : 1, all.get("mask").value().at(i));
    }
    assertTrue(kept > 690 && kept < 810, () -> "kept " + y);
    assertEquals(y, net.forward(ones, Pass.training(1, 2)).value());
    assertNotEquals(y, net.forward(ones, Pass.training(1, 3)).value());
  }

  @Test
  void severalInputsAndOutputs() {
    OnnxNet net =
        new TestModel(13)
            .input("a", "N", 2)
            .input("ids", TensorProto.DataType.INT64, "N")
            .initializer("table", draw(1, 5, 2))
            .node("Gather", "table ids", "words")
            .node("Add", "a words", "sum")
            .node("ArgMax", "sum", "best", "axis", 1, "keepdims", 0)
            .outputs("sum", "best")
            .net();
    Tensor a = Tensor.constant(draw(2, 3, 2));
    Map<String, Tensor> inputs = Map.of("a", a, "ids", Tensor.constant(NdArray.of(4f, 0f, -1f)));
    Map<String, Tensor> outputs = net.outputs(inputs, Pass.inference());
    assertEquals(List.of("sum", "best"), List.copyOf(outputs.keySet()));
    NdArray table = draw(1, 5, 2);
    assertEquals(
        (float) (draw(2, 3, 2).get(2, 1) + table.get(4, 1)), outputs.get("sum").value().get(2, 1));
    assertEquals(Shape.of(3), outputs.get("best").shape());
    assertEquals(DType.FLOAT64, outputs.get("best").dtype());
    assertEquals(
        "onnxNet: the model has the inputs [a, ids], expected one; outputs(inputs, pass) takes any",
        assertThrows(IllegalArgumentException.class, () -> net.forward(a)).getMessage());
    assertEquals("onnxNet: the inputs are [a], expected [a, ids]", refusal(net, Map.of("a", a)));
    assertEquals(
        "onnxNet: the inputs are [a, b], expected [a, ids]",
        refusal(net, new TreeMap<>(Map.of("b", inputs.get("ids"), "a", a))));
    assertEquals(
        "onnxNet: input ids is INT64: element 1 is 0.5, expected a whole number",
        refusal(net, Map.of("a", a, "ids", Tensor.constant(NdArray.of(4f, 0.5f, -1f)))));
    assertEquals(
        "Gather_0: index 5, expected -5 to 4",
        refusal(net, Map.of("a", a, "ids", Tensor.constant(NdArray.of(5f, 0f, 0f)))));
  }

  private static String refusal(OnnxNet net, Map<String, Tensor> inputs) {
    return assertThrows(IllegalArgumentException.class, () -> net.outputs(inputs, Pass.inference()))
        .getMessage();
  }

  @Test
  void shapesThatDoNotFitAreToldWithTheNode() {
    OnnxNet net = block().net();
    assertEquals(
        "onnxNet: input image is [1, 4, 6, 6], expected [N, 3, 6, 6], where {N=1}",
        assertThrows(ShapeException.class, () -> net.predict(draw(1, 1, 4, 6, 6))).getMessage());
    OnnxNet free =
        new TestModel(13)
            .input("x", "N", "C")
            .initializer("w", draw(1, 3, 2))
            .named("/head/MatMul", "MatMul", "x w", "y")
            .outputs("y")
            .net();
    String message =
        assertThrows(ShapeException.class, () -> free.predict(draw(1, 2, 4))).getMessage();
    assertTrue(message.startsWith("/head/MatMul: matmul: "), message);
  }

  @Test
  void theFirstAxisMayBeOfAnyExtent() {
    OnnxNet net = new TestModel(13).input("x", 1, 2).node("Neg", "x", "y").outputs("y").net();
    assertEquals(Shape.of(7, 2), net.predict(draw(1, 7, 2)).shape());
  }

  @Test
  void whatTheFileSaysOfItself(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("m.onnx");
    Files.write(
        file,
        block()
            .proto()
            .setProducerVersion("1.2")
            .addMetadataProps(StringStringEntryProto.newBuilder().setKey("classes").setValue("a,b"))
            .build()
            .toByteArray());
    OnnxNet net = OnnxNet.load(file);
    assertEquals(new OnnxMetadata("test", "1.2", 17, Map.of("classes", "a,b")), net.metadata());
    assertEquals("[image FLOAT [N, 3, 6, 6]]", net.inputs().toString());
    assertEquals("[logits ]", net.outputs().toString());
    assertEquals(net.state(), OnnxNet.load(file, DType.FLOAT32).state());
    assertEquals(1, OnnxNet.operators().get("Conv"));
    assertEquals(17, OnnxNet.operators().get("LayerNormalization"));
  }

  @Test
  void theNetIsAPartOfAnother() {
    OnnxNet net = block().net();
    Layer whole = new org.gradus.layers.Sequential(net, new org.gradus.layers.Relu());
    assertEquals("0.fc.bias", whole.parameters().get(4).name());
    assertEquals(
        List.of("", "0", "0./layer1/conv1/Conv"),
        Trace.of(whole, IMAGES).calls().stream().map(Trace.Call::place).limit(3).toList());
  }

  @Test
  void nullIsRefused() {
    OnnxNet net = block().net();
    assertEquals(
        "load: file is null",
        assertThrows(NullPointerException.class, () -> OnnxNet.load((Path) null)).getMessage());
    assertEquals(
        "of: dtype is null",
        assertThrows(NullPointerException.class, () -> OnnxNet.of(new byte[0], null)).getMessage());
    assertEquals(
        "outputs: inputs is null",
        assertThrows(NullPointerException.class, () -> net.outputs(null, Pass.inference()))
            .getMessage());
    assertEquals(
        "onnxValue: name is null",
        assertThrows(NullPointerException.class, () -> new OnnxValue(null, "", List.of(), false))
            .getMessage());
  }
}
