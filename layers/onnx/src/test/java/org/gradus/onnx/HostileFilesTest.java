package org.gradus.onnx;

import static org.gradus.onnx.Judge.draw;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.layers.files.FileFormatException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that are damaged, forged, or have what is not known: each is refused in words. */
class HostileFilesTest {
  private static TestModel model() {
    return new TestModel(17).input("x", 1, 2, 5, 5);
  }

  private static void refused(String message, TestModel model) {
    assertEquals("model: " + message, model.refusal());
  }

  private static void refused(String message, ModelProto.Builder model) {
    assertEquals(
        "model: " + message,
        assertThrows(
                FileFormatException.class,
                () -> OnnxNet.of(model.build().toByteArray(), DType.FLOAT32))
            .getMessage());
  }

  @Test
  void whatIsNoModel() {
    refused("it is no ONNX model: it has no graph", ModelProto.newBuilder());
    FileFormatException e =
        assertThrows(
            FileFormatException.class, () -> OnnxNet.of(new byte[] {1, 2, 3}, DType.FLOAT32));
    assertTrue(e.getMessage().startsWith("model: it is no ONNX model: "), e.getMessage());
    refused("the graph has no outputs, expected at least one", model());
    refused("version of the operator set is 22, expected 1 to 21", new TestModel(22).input("x", 1));
  }

  @Test
  void cutOffAndChangedFilesAreRefusedOrRead() {
    byte[] bytes =
        model().initializer("w", draw(1, 3, 2, 3, 3)).node("Conv", "x w", "y").outputs("y").bytes();
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 1000; i++) {
      byte[] changed = bytes.clone();
      for (int k = 0; k <= random.nextInt(3); k++) {
        changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
      }
      byte[] file = i % 3 == 0 ? Arrays.copyOf(changed, random.nextInt(bytes.length)) : changed;
      try {
        OnnxNet.of(file, DType.FLOAT32).predict(draw(1, 1, 2, 5, 5));
      } catch (FileFormatException | IllegalArgumentException e) {
        assertTrue(e.getMessage().length() > 5, e::toString);
      }
    }
  }

  @Test
  void operatorsAndAttributesThatAreNotKnown() {
    refused(
        "node strange (Strange): the operator is not known here",
        model().named("strange", "Strange", "x", "y"));
    refused(
        "node n (Relu): domain is 'com.example', expected that of ONNX's own operators",
        model()
            .node(
                NodeProto.newBuilder()
                    .setName("n")
                    .setOpType("Relu")
                    .setDomain("com.example")
                    .build()));
    refused(
        "node LayerNormalization_0 (LayerNormalization): version of the operator set is 11,"
            + " expected 17 to 21",
        new TestModel(11).input("x", 2).node("LayerNormalization", "x x", "y"));
    refused(
        "node conv1 (Conv): attribute colour is not known in version 17, expected one of"
            + " [auto_pad, strides, pads, dilations, group, kernel_shape]",
        model().named("conv1", "Conv", "x x", "y", "colour", 1));
    refused(
        "node conv1 (Conv): attribute auto_pad is 'LEFT', expected one of [NOTSET, SAME_LOWER,"
            + " SAME_UPPER, VALID]",
        model().named("conv1", "Conv", "x x", "y", "auto_pad", "LEFT"));
    refused(
        "node conv1 (Conv): attribute strides is of type INT, expected INTS",
        model().named("conv1", "Conv", "x x", "y", "strides", 1));
    refused(
        "node conv1 (Conv): attribute group is there twice, expected once",
        model().named("conv1", "Conv", "x x", "y", "group", 1, "group", 1));
    refused(
        "node conv1 (Conv): attribute strides is [0, 1], expected numbers of at least 1",
        model().named("conv1", "Conv", "x x", "y", "strides", new int[] {0, 1}));
    refused(
        "node conv1 (Conv): attribute pads is [0, -1], expected 4 numbers of at least 0",
        model()
            .named(
                "conv1",
                "Conv",
                "x x",
                "y",
                "kernel_shape",
                new int[] {3, 3},
                "pads",
                new int[] {0, -1}));
    refused(
        "node pool (MaxPool): attribute kernel_shape is [2, 2, 2, 2], expected 1 to 3 axes",
        model().named("pool", "MaxPool", "x", "y", "kernel_shape", new int[] {2, 2, 2, 2}));
    refused(
        "node pool (MaxPool): attribute kernel_shape is missing",
        model().named("pool", "MaxPool", "x", "y"));
    refused(
        "node cast (Cast): attribute to is STRING, expected numbers or truth values",
        model().named("cast", "Cast", "x", "y", "to", 8));
    refused(
        "node rnn (RNN): attribute activations has 'Wild', expected [Affine, Elu, HardSigmoid,"
            + " LeakyRelu, Relu, ScaledTanh, Sigmoid, Softplus, Softsign, Tanh, ThresholdedRelu]",
        model().named("rnn", "RNN", "x x x", "y", "activations", new String[] {"Wild"}));
    refused(
        "node n (Elu): attribute alpha is that of a function, outer, expected a value",
        model()
            .node(
                NodeProto.newBuilder()
                    .setName("n")
                    .setOpType("Elu")
                    .addInput("x")
                    .addOutput("y")
                    .addAttribute(
                        AttributeProto.newBuilder().setName("alpha").setRefAttrName("outer"))
                    .build()));
  }

  @Test
  void valuesThatAreMissingOrThereTwice() {
    refused(
        "node a (Relu): input 'z' is not there yet, expected an input, an initializer, or an"
            + " output of a node before",
        model().named("a", "Relu", "z", "y"));
    refused(
        "node a (Relu): input 'c' is not there yet, expected an input, an initializer, or an"
            + " output of a node before",
        model().named("a", "Relu", "c", "b").named("c", "Relu", "b", "c"));
    refused(
        "node b (Relu): output y: there is another value of this name",
        model().named("a", "Relu", "x", "y").named("b", "Relu", "x", "y"));
    refused("input x: there is another value of this name", model().input("x", 1));
    refused(
        "initializer w: there is another value of this name",
        model().initializer("w", 1).initializer("w", 2));
    refused("output q is made by no node", model().outputs("q"));
    refused("node a (Add): it has 1 inputs, expected 2", model().named("a", "Add", "x", "y"));
    refused(
        "node a (Where): input 1 is left out, expected a value",
        model().named("a", "Where", "x - x", "y"));
    refused(
        "node p (MaxPool): it has 2 outputs, expected 0 to 1",
        model().named("p", "MaxPool", "x", "y places", "kernel_shape", new int[] {2, 2}));
  }

  private static TensorProto.Builder tensor(TensorProto.DataType type, long... dims) {
    TensorProto.Builder tensor =
        TensorProto.newBuilder().setName("w").setDataType(type.getNumber());
    Arrays.stream(dims).forEach(tensor::addDims);
    return tensor;
  }

  private static void refused(String message, TensorProto.Builder tensor) {
    refused("initializer w " + message, model().initializer(tensor.build()));
  }

  @Test
  void tensorsThatAreNotWhatTheySay() {
    TensorProto.DataType single = TensorProto.DataType.FLOAT;
    refused(
        "has 8 bytes of raw data, expected 12 for [3]",
        tensor(single, 3).setRawData(ByteString.copyFrom(new byte[8])));
    refused("has 1 numbers, expected 3 for [3]", tensor(single, 3).addFloatData(1));
    refused(
        "has 0 bytes of raw data, expected 8000000000 for [2000000000]",
        tensor(single, 2_000_000_000).setRawData(ByteString.EMPTY));
    refused(
        "has extents [4000000000, 4000000000], expected at least 0 each, of at most 2147483639"
            + " elements",
        tensor(single, 4_000_000_000L, 4_000_000_000L).addFloatData(1));
    refused(
        "has extents [-1], expected at least 0 each, of at most 2147483639 elements",
        tensor(single, -1));
    refused(
        "has elements of type STRING, expected one of [FLOAT, UINT8, INT8, UINT16, INT16, INT32,"
            + " INT64, BOOL, FLOAT16, DOUBLE, UINT32, UINT64, BFLOAT16]",
        tensor(TensorProto.DataType.STRING, 1));
    refused(
        "is in segments, expected a whole tensor",
        tensor(single, 1).setSegment(TensorProto.Segment.getDefaultInstance()));
    refused(
        "has a number of 2^63 or more, expected less",
        tensor(TensorProto.DataType.UINT64, 1).addUint64Data(-1));
  }

  private static TensorProto.Builder external(String location, String... more) {
    TensorProto.Builder tensor =
        tensor(TensorProto.DataType.FLOAT, 2).setDataLocation(TensorProto.DataLocation.EXTERNAL);
    tensor.addExternalData(
        StringStringEntryProto.newBuilder().setKey("location").setValue(location));
    for (int i = 0; i < more.length; i += 2) {
      tensor.addExternalData(
          StringStringEntryProto.newBuilder().setKey(more[i]).setValue(more[i + 1]));
    }
    return tensor;
  }

  private static OnnxNet load(Path file, TensorProto.Builder tensor) throws IOException {
    TestModel model = new TestModel(17).input("x", 2);
    model.initializer(tensor.build()).node("Add", "x w", "y").outputs("y");
    Files.write(file, model.bytes());
    return OnnxNet.load(file);
  }

  private static void refusedFile(Path file, String message, TensorProto.Builder tensor) {
    assertEquals(
        file + ": initializer w: " + message,
        assertThrows(FileFormatException.class, () -> load(file, tensor)).getMessage());
  }

  @Test
  void externalDataIsReadFromTheFolderOfTheModel(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("model.onnx");
    byte[] bytes = new byte[12];
    bytes[7] = 64; // 2 as a float
    bytes[11] = 63;
    bytes[10] = (byte) 128; // 1 as a float
    Files.createDirectory(folder.resolve("data"));
    Files.write(folder.resolve("data").resolve("w.bin"), bytes);
    OnnxNet net = load(file, external("data/w.bin", "offset", "4", "length", "8"));
    assertEquals(NdArray.of(2f, 1f), net.state().get("w"));
  }

  @Test
  void externalDataElsewhereIsRefused(@TempDir Path top) throws IOException {
    Path folder = Files.createDirectory(top.resolve("in"));
    Path file = folder.resolve("model.onnx");
    Path secret = Files.write(top.resolve("secret"), new byte[8]);
    Files.write(folder.resolve("w.bin"), new byte[8]);
    String outside = "it is outside the model's folder, expected a file within";
    refusedFile(file, "external data '../secret': " + outside, external("../secret"));
    refusedFile(file, "external data '%s': %s".formatted(secret, outside), external("" + secret));
    refusedFile(file, "external data '': " + outside, external(""));
    Files.createSymbolicLink(folder.resolve("link"), secret);
    refusedFile(file, "external data 'link': " + outside, external("link"));
    refusedFile(
        file, "external data 'none': there is no such file beside the model", external("none"));
    refusedFile(file, "external data '.': there is no such file beside the model", external("."));
    refusedFile(
        file,
        "external data 'w.bin': 8 bytes at 4 are announced, but it has 8",
        external("w.bin", "offset", "4"));
    refusedFile(
        file, "external data 'w.bin': length is 4, expected 8", external("w.bin", "length", "4"));
    refusedFile(file, "offset is '-1', expected a whole number", external("w.bin", "offset", "-1"));
    TestModel model = new TestModel(17).input("x", 2).initializer(external("w.bin").build());
    refused(
        "initializer w: external data 'w.bin': the model is no file, expected all numbers in it",
        model);
  }

  @Test
  void whatWouldBeTooLargeIsRefusedWhenItIsComputed() {
    TestModel model =
        new TestModel(17)
            .input("x", 1)
            .initializer("shape", 1_000_000, 1_000_000)
            .node("ConstantOfShape", "shape", "much")
            .node("Add", "much x", "y")
            .outputs("y");
    assertEquals(
        "ConstantOfShape_0: ConstantOfShape: [1000000, 1000000] are more than 134217728 elements,"
            + " expected fewer",
        assertThrows(IllegalArgumentException.class, () -> model.net().predict(NdArray.of(1f)))
            .getMessage());
    for (String operator : new String[] {"Expand", "Tile", "Pad"}) {
      TestModel large =
          new TestModel(13)
              .input("x", 1)
              .initializer(
                  "by", operator.equals("Pad") ? new long[] {0, 1L << 40} : new long[] {1L << 40})
              .node(operator, "x by", "y")
              .outputs("y");
      String message =
          assertThrows(IllegalArgumentException.class, () -> large.net().predict(NdArray.of(1f)))
              .getMessage();
      assertTrue(message.endsWith("are more than 134217728 elements, expected fewer"), message);
    }
  }

  @Test
  void loopsWithinLoopsEnd() {
    TestModel inner = new TestModel(13);
    inner.input("j", TensorProto.DataType.INT64).input("on", TensorProto.DataType.BOOL);
    inner.node("Identity", "on", "still").outputs("still");
    TestModel outer = new TestModel(13);
    outer.input("i", TensorProto.DataType.INT64).input("going", TensorProto.DataType.BOOL);
    outer.node("Loop", "many - ", "", "body", inner);
    outer.node("Identity", "going", "goes").outputs("goes");
    TestModel model = new TestModel(13).input("x", 1).initializer("many", 1L << 40);
    model.node("Loop", "many - ", "", "body", outer).node("Neg", "x", "y").outputs("y");
    String message =
        assertThrows(IllegalArgumentException.class, () -> model.net().predict(NdArray.of(1f)))
            .getMessage();
    assertTrue(
        message.endsWith("loops make more than 1048576 turns in all, expected fewer"), message);
  }

  @Test
  void paddingMakesNotTooMuch() {
    TestModel model =
        model()
            .initializer("w", draw(1, 3, 2, 3, 3))
            .node("Conv", "x w", "y", "pads", new int[] {100_000, 100_000, 0, 0})
            .outputs("y");
    assertEquals(
        "Conv_0: Conv: [1, 2, 100005, 100005] are more than 134217728 elements, expected fewer",
        assertThrows(IllegalArgumentException.class, () -> model.net().predict(draw(1, 1, 2, 5, 5)))
            .getMessage());
  }

  @Test
  void deepNamesMakeNoDeepNets() {
    String deep = "a" + ".a".repeat(10_000);
    OnnxNet net =
        new TestModel(17)
            .input("x", 2)
            .initializer(deep, draw(1, 2))
            .node("Add", "x " + deep, "y")
            .outputs("y")
            .net();
    assertEquals(deep.replace('.', '_'), net.parameters().get(0).name());
  }

  @Test
  void graphsWithinThatDoNotFit() {
    TestModel none = new TestModel(13);
    TestModel one = new TestModel(13).node("Neg", "x", "z").outputs("z");
    refused(
        "node if (If): a graph within it has 0 inputs and 0 outputs, expected 0 and 1",
        model().named("if", "If", "x", "y", "then_branch", one, "else_branch", none));
  }

  @Test
  void partsThatAreFewerThanTheOutputs() {
    TestModel model = new TestModel(13).input("x", 3).initializer("parts", 3);
    model.node("Split", "x parts", "a b").outputs("a");
    assertEquals(
        "Split_0: it makes 1 values, expected 2",
        assertThrows(
                IllegalArgumentException.class, () -> model.net().predict(NdArray.of(1f, 2f, 3f)))
            .getMessage());
  }
}
