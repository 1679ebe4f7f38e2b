package org.gradus.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.Indices;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;

/** A draft as the message of a file. */
final class ModelWriter {
  private static final int IR = 8;
  private static final int IR_OF_LATER = 10; // opset 21
  private static final int LATER = 19;
  private static final String BATCH = "batch";
  private static final long MOST_BYTES = Integer.MAX_VALUE - (1 << 20); // beside names and nodes

  private ModelWriter() {}

  /**
   * A value that goes in or comes out.
   *
   * @param shapes for each batch size that was tried
   */
  record Port(String name, DType dtype, List<Shape> shapes) {
    Port {
      shapes = List.copyOf(shapes);
    }
  }

  /** The model. */
  static ModelProto model(
      Draft draft,
      String name,
      int opset,
      List<Port> inputs,
      List<Port> outputs,
      int[] sizes,
      Map<String, String> metadata) {
    long bytes = draft.constants().values().stream().mapToLong(ModelWriter::bytes).sum();
    if (bytes > MOST_BYTES) {
      throw new IllegalArgumentException(
          "export: the weights have %s bytes, expected at most %s, which one message holds"
              .formatted(bytes, MOST_BYTES));
    }
    GraphProto.Builder graph = GraphProto.newBuilder().setName(name);
    inputs.forEach(port -> graph.addInput(value(port, sizes)));
    outputs.forEach(port -> graph.addOutput(value(port, sizes)));
    draft.constants().forEach((constant, value) -> graph.addInitializer(tensor(constant, value)));
    draft.nodes().forEach(node -> graph.addNode(node(node)));
    ModelProto.Builder model =
        ModelProto.newBuilder()
            .setIrVersion(opset > LATER ? IR_OF_LATER : opset == LATER ? IR + 1 : IR)
            .setProducerName("Gradus")
            .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(opset))
            .setGraph(graph);
    metadata.forEach(
        (key, text) ->
            model.addMetadataProps(StringStringEntryProto.newBuilder().setKey(key).setValue(text)));
    return model.build();
  }

  private static ValueInfoProto value(Port port, int[] sizes) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    Shape first = port.shapes().get(0);
    for (int axis = 0; axis < first.rank(); axis++) {
      int along = axis;
      int[] extents = port.shapes().stream().mapToInt(s -> s.dim(along)).toArray();
      TensorShapeProto.Dimension.Builder dim = shape.addDimBuilder();
      if (Arrays.stream(extents).allMatch(extent -> extent == extents[0])) {
        dim.setDimValue(extents[0]);
      } else if (Arrays.equals(extents, sizes)) {
        dim.setDimParam(BATCH);
      }
    }
    return ValueInfoProto.newBuilder()
        .setName(port.name())
        .setType(
            TypeProto.newBuilder()
                .setTensorType(
                    TypeProto.Tensor.newBuilder()
                        .setElemType(Protos.type(port.dtype()).getNumber())
                        .setShape(shape)))
        .build();
  }

  private static long bytes(Object constant) {
    return constant instanceof NdArray array
        ? (long) array.size() * (array.dtype() == DType.FLOAT32 ? 4 : 8)
        : 0;
  }

  private static TensorProto tensor(String name, Object value) {
    if (value instanceof NdArray array) {
      return Protos.tensor(name, array);
    }
    if (value instanceof Indices indices) {
      long[] places = Arrays.stream(indices.toArray()).asLongStream().toArray();
      TensorProto.Builder tensor = Protos.tensor(name, places).toBuilder().clearDims();
      Arrays.stream(indices.shape().toArray()).forEach(tensor::addDims);
      return tensor.build();
    }
    return Protos.tensor(name, (long[]) value);
  }

  private static NodeProto node(Draft.Node node) {
    NodeProto.Builder message =
        NodeProto.newBuilder()
            .setName(node.name())
            .setOpType(node.type())
            .addAllInput(node.inputs())
            .addOutput(node.output());
    node.attributes().forEach((name, value) -> message.addAttribute(attribute(name, value)));
    return message.build();
  }

  @SuppressWarnings("unchecked")
  private static AttributeProto attribute(String name, Object value) {
    AttributeProto.Builder message = AttributeProto.newBuilder().setName(name);
    if (value instanceof Long whole) {
      return message.setType(AttributeProto.AttributeType.INT).setI(whole).build();
    }
    if (value instanceof Float number) {
      return message.setType(AttributeProto.AttributeType.FLOAT).setF(number).build();
    }
    if (value instanceof String text) {
      return message
          .setType(AttributeProto.AttributeType.STRING)
          .setS(ByteString.copyFromUtf8(text))
          .build();
    }
    List<?> list = (List<?>) value;
    Object first = list.isEmpty() ? Long.valueOf(0) : list.get(0);
    if (first instanceof Long) {
      return message
          .setType(AttributeProto.AttributeType.INTS)
          .addAllInts((List<Long>) list)
          .build();
    }
    if (first instanceof Float) {
      return message
          .setType(AttributeProto.AttributeType.FLOATS)
          .addAllFloats((List<Float>) list)
          .build();
    }
    message.setType(AttributeProto.AttributeType.STRINGS);
    list.forEach(text -> message.addStrings(ByteString.copyFromUtf8(text.toString())));
    return message.build();
  }
}
