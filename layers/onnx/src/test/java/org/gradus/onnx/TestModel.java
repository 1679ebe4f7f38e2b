package org.gradus.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import java.util.Arrays;
import java.util.List;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.layers.files.FileFormatException;

/** Makes models for tests, message by message. */
final class TestModel {
  private final GraphProto.Builder graph = GraphProto.newBuilder().setName("test");
  private final int version;

  /** An empty model with a version of the operator set. */
  TestModel(int version) {
    this.version = version;
  }

  /** Adds an input of single precision; extents are numbers or names. */
  TestModel input(String name, Object... dims) {
    return input(name, TensorProto.DataType.FLOAT, dims);
  }

  TestModel input(String name, TensorProto.DataType type, Object... dims) {
    graph.addInput(value(name, type, dims));
    return this;
  }

  private static ValueInfoProto value(String name, TensorProto.DataType type, Object... dims) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    for (Object dim : dims) {
      TensorShapeProto.Dimension.Builder one = shape.addDimBuilder();
      if (dim instanceof Integer number) {
        one.setDimValue(number);
      } else {
        one.setDimParam((String) dim);
      }
    }
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            TypeProto.newBuilder()
                .setTensorType(
                    TypeProto.Tensor.newBuilder().setElemType(type.getNumber()).setShape(shape)))
        .build();
  }

  /** Adds outputs, of which nothing but the name is said. */
  TestModel outputs(String... names) {
    for (String name : names) {
      graph.addOutput(ValueInfoProto.newBuilder().setName(name));
    }
    return this;
  }

  TestModel initializer(String name, NdArray value) {
    return initializer(Protos.tensor(name, value));
  }

  TestModel initializer(String name, long... values) {
    return initializer(Protos.tensor(name, values));
  }

  TestModel initializer(TensorProto tensor) {
    graph.addInitializer(tensor);
    return this;
  }

  /**
   * Adds a node.
   *
   * @param inputs their names, separated by spaces; {@code -} for one that is left out
   * @param outputs their names, separated by spaces
   * @param attributes a name, its value, a name, its value, and so on
   */
  TestModel node(String operator, String inputs, String outputs, Object... attributes) {
    return named("", operator, inputs, outputs, attributes);
  }

  /** As {@link #node}, of a node that has a name. */
  TestModel named(
      String name, String operator, String inputs, String outputs, Object... attributes) {
    NodeProto.Builder node = NodeProto.newBuilder().setName(name).setOpType(operator);
    words(inputs).forEach(node::addInput);
    words(outputs).forEach(node::addOutput);
    for (int i = 0; i < attributes.length; i += 2) {
      node.addAttribute(attribute((String) attributes[i], attributes[i + 1]));
    }
    return node(node.build());
  }

  TestModel node(NodeProto node) {
    graph.addNode(node);
    return this;
  }

  private static List<String> words(String text) {
    return text.isEmpty()
        ? List.of()
        : Arrays.stream(text.split(" ", -1)).map(word -> word.equals("-") ? "" : word).toList();
  }

  static AttributeProto attribute(String name, Object value) {
    AttributeProto.Builder attribute = AttributeProto.newBuilder().setName(name);
    if (value instanceof Integer number) {
      attribute.setType(AttributeProto.AttributeType.INT).setI(number);
    } else if (value instanceof Float number) {
      attribute.setType(AttributeProto.AttributeType.FLOAT).setF(number);
    } else if (value instanceof String text) {
      attribute.setType(AttributeProto.AttributeType.STRING).setS(ByteString.copyFromUtf8(text));
    } else if (value instanceof int[] numbers) {
      attribute.setType(AttributeProto.AttributeType.INTS);
      Arrays.stream(numbers).forEach(attribute::addInts);
    } else if (value instanceof float[] numbers) {
      attribute.setType(AttributeProto.AttributeType.FLOATS);
      for (float number : numbers) {
        attribute.addFloats(number);
      }
    } else if (value instanceof String[] texts) {
      attribute.setType(AttributeProto.AttributeType.STRINGS);
      Arrays.stream(texts).map(ByteString::copyFromUtf8).forEach(attribute::addStrings);
    } else if (value instanceof TensorProto tensor) {
      attribute.setType(AttributeProto.AttributeType.TENSOR).setT(tensor);
    } else {
      attribute.setType(AttributeProto.AttributeType.GRAPH).setG(((TestModel) value).graph);
    }
    return attribute.build();
  }

  /** The message, to which more can be added. */
  ModelProto.Builder proto() {
    return ModelProto.newBuilder()
        .setIrVersion(version >= 20 ? 9 : 8)
        .setProducerName("test")
        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(version))
        .setGraph(graph);
  }

  byte[] bytes() {
    return proto().build().toByteArray();
  }

  /** The net that is read from it, in single precision. */
  OnnxNet net() {
    return net(DType.FLOAT32);
  }

  OnnxNet net(DType dtype) {
    try {
      return OnnxNet.of(bytes(), dtype);
    } catch (FileFormatException e) {
      throw new AssertionError(e.getMessage(), e);
    }
  }

  /** What is said when it is refused. */
  String refusal() {
    try {
      OnnxNet.of(bytes(), DType.FLOAT32);
    } catch (FileFormatException e) {
      return e.getMessage();
    }
    throw new AssertionError("it was read");
  }
}
