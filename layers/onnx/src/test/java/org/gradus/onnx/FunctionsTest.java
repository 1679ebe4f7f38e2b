package org.gradus.onnx;

import static org.gradus.onnx.Judge.draw;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.FunctionProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import java.util.List;
import java.util.Map;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.layers.Trace;
import org.gradus.layers.files.FileFormatException;
import org.junit.jupiter.api.Test;

/** Functions that a model brings with it. */
class FunctionsTest {
  private static NodeProto.Builder node(String operator, String input, String output) {
    return NodeProto.newBuilder().setOpType(operator).addInput(input).addOutput(output);
  }

  private static OperatorSetIdProto set(String domain, int version) {
    return OperatorSetIdProto.newBuilder().setDomain(domain).setVersion(version).build();
  }

  /** own.twice(x; slope) = leakyRelu(leakyRelu(x; slope); slope). */
  static FunctionProto.Builder twice() {
    AttributeProto slope =
        AttributeProto.newBuilder()
            .setName("alpha")
            .setType(AttributeProto.AttributeType.FLOAT)
            .setRefAttrName("slope")
            .build();
    return FunctionProto.newBuilder()
        .setDomain("own")
        .setName("twice")
        .addInput("in")
        .addOutput("out")
        .addAttribute("slope")
        .addOpsetImport(set("", 17))
        .addNode(node("LeakyRelu", "in", "once").addAttribute(slope).setName("first"))
        .addNode(node("LeakyRelu", "once", "out").addAttribute(slope));
  }

  static ModelProto.Builder model(FunctionProto.Builder... functions) {
    NodeProto first =
        node("twice", "x", "a")
            .setDomain("own")
            .setName("call")
            .addAttribute(TestModel.attribute("slope", 0.5f))
            .build();
    TestModel model = new TestModel(17).input("x", 2, 3).node(first);
    model.node(node("twice", "a", "y").setDomain("own").build()).outputs("y");
    ModelProto.Builder proto = model.proto().addOpsetImport(set("own", 1));
    for (FunctionProto.Builder function : functions) {
      proto.addFunctions(function);
    }
    return proto;
  }

  @Test
  void theirNodesStandWhereTheyAreCalled() throws FileFormatException {
    byte[] bytes = model(twice()).build().toByteArray();
    NdArray x = draw(1, 2, 3);
    OnnxNet net = OnnxNet.of(bytes, DType.FLOAT32);
    NdArray y = OnnxRuntime.run(bytes, Map.of("x", x)).get("y");
    for (int i = 0; i < 6; i++) {
      assertEquals(y.at(i), net.predict(x).at(i), 1e-6);
    }
    assertEquals(
        List.of("", "call/first", "call/LeakyRelu", "twice/first", "twice/LeakyRelu"),
        Trace.of(net, x).calls().stream().map(Trace.Call::place).toList());
  }

  @Test
  void anAttributeThatIsLeftOutIsThatOfTheFunction() throws FileFormatException {
    FunctionProto.Builder other = twice().clearAttribute();
    other.addAttributeProto(TestModel.attribute("slope", 0.25f));
    byte[] bytes = model(other).build().toByteArray();
    NdArray x = NdArray.of(new float[] {-16, -1, 0, 1, 2, 3}, 2, 3);
    assertEquals(-16 / 4.0 / 16, OnnxNet.of(bytes, DType.FLOAT32).predict(x).at(0));
  }

  private static void refused(String message, ModelProto.Builder model) {
    assertEquals(
        message,
        assertThrows(
                FileFormatException.class,
                () -> OnnxNet.of(model.build().toByteArray(), DType.FLOAT32))
            .getMessage());
  }

  @Test
  void whatNeverEndsIsRefused() {
    FunctionProto.Builder endless =
        twice().clearNode().addNode(node("twice", "in", "out").setDomain("own"));
    refused(
        "model: function twice: calls are 17 deep and make 34 nodes, expected at most 16 and"
            + " 100000",
        model(endless));
    FunctionProto.Builder wide = twice().clearNode();
    for (int i = 0; i < 10; i++) {
      wide.addNode(node("twice", "in", "v" + i).setDomain("own"));
    }
    refused(
        "model: function twice: calls are 17 deep and make 187 nodes, expected at most 16 and"
            + " 100000",
        model(wide));
  }

  @Test
  void tensorsThatFunctionsRepeatAreCounted() {
    AttributeProto much = TestModel.attribute("value", Protos.tensor("", new long[40_000]));
    FunctionProto.Builder wide = twice();
    for (int i = 0; i < 100; i++) {
      wide.addNode(
          NodeProto.newBuilder()
              .setOpType("Constant")
              .addOutput("c" + i)
              .addAttribute(much.toBuilder().clearT().setRefAttrName("much")));
    }
    wide.addAttributeProto(much.toBuilder().setName("much"));
    ModelProto.Builder model = model(wide);
    String message =
        assertThrows(
                FileFormatException.class,
                () -> OnnxNet.of(model.build().toByteArray(), DType.FLOAT32))
            .getMessage();
    assertTrue(
        message.endsWith("has 40000 elements, which makes more than 16 for each byte of the model"),
        message);
  }

  @Test
  void anotherVersionIsRefused() {
    refused(
        "model: function twice: version of the operator set is 13, expected that of the model, 17",
        model(twice().clearOpsetImport().addOpsetImport(set("", 13))));
  }
}
