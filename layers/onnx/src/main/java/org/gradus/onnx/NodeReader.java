package org.gradus.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import com.google.protobuf.ByteString;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.gradus.layers.files.FileFormatException;

/** Reads nodes: finds their operators, and refuses what is not known of them. */
final class NodeReader {
  private final String file;
  private final int version;
  private final TensorReader tensors;
  private final Map<String, Operator> operators = Operators.all();

  NodeReader(String file, int version, TensorReader tensors) {
    this.file = file;
    this.version = version;
    this.tensors = tensors;
  }

  /** Reads the graph that is an attribute. */
  @FunctionalInterface
  interface Inner {
    Graph read(String what, AttributeProto attribute) throws IOException;
  }

  /** What is read of a node, for one place in a graph. */
  record Place(NodeProto proto, String name) {
    /** For messages, such as {@code node conv1 (Conv)}. */
    @Override
    public String toString() {
      return "node %s (%s)".formatted(name, proto.getOpType());
    }
  }

  FileFormatException wrong(Place place, String message) {
    return new FileFormatException(file, place + ": " + message);
  }

  /**
   * A node that was found right but for the values that it reads.
   *
   * @throws FileFormatException if its operator, an attribute, or the count of its inputs or
   *     outputs is not known here
   */
  Node read(Place place, Inner inner) throws IOException {
    NodeProto proto = place.proto();
    if (!proto.getDomain().isEmpty() && !proto.getDomain().equals("ai.onnx")) {
      throw wrong(
          place,
          "domain is '%s', expected that of ONNX's own operators".formatted(proto.getDomain()));
    }
    Operator operator =
        Optional.ofNullable(operators.get(proto.getOpType()))
            .orElseThrow(() -> wrong(place, "the operator is not known here"));
    if (version < operator.since() || version > operator.until()) {
      throw wrong(
          place,
          "version of the operator set is %s, expected %s to %s"
              .formatted(version, operator.since(), operator.until()));
    }
    List<String> inputs = trimmed(proto.getInputList());
    List<String> outputs = trimmed(proto.getOutputList());
    requireCount(place, "inputs", inputs.size(), operator.least(), operator.most());
    requireCount(place, "outputs", outputs.size(), 0, operator.outputs());
    for (int i = 0; i < operator.least(); i++) {
      if (inputs.get(i).isEmpty()) {
        throw wrong(place, "input %s is left out, expected a value".formatted(i));
      }
    }
    Map<String, Object> attributes = attributes(place, operator, inner);
    Node node = new Node(place.name(), operator, version, inputs, outputs, attributes, List.of());
    try {
      operator.check().accept(node);
    } catch (IllegalArgumentException e) {
      throw new FileFormatException(file, place + ": " + e.getMessage(), e);
    }
    return node;
  }

  /** Names without those at the end that are left out. */
  private static List<String> trimmed(List<String> names) {
    int size = names.size();
    while (size > 0 && names.get(size - 1).isEmpty()) {
      size--;
    }
    return List.copyOf(names.subList(0, size));
  }

  private void requireCount(Place place, String what, int count, int least, int most)
      throws FileFormatException {
    if (count < least || count > most) {
      String expected =
          most == Operator.ANY
              ? "at least " + least
              : least == most ? Integer.toString(least) : least + " to " + most;
      throw wrong(place, "it has %s %s, expected %s".formatted(count, what, expected));
    }
  }

  // ---- attributes ------------------------------------------------------------------------------

  private Map<String, Object> attributes(Place place, Operator operator, Inner inner)
      throws IOException {
    Map<String, Object> values = new LinkedHashMap<>();
    List<String> known = operator.attributes(version);
    for (AttributeProto attribute : place.proto().getAttributeList()) {
      String name = attribute.getName();
      Operator.Rule rule = operator.attributes().get(name);
      if (rule == null || !known.contains(name)) {
        throw wrong(
            place,
            "attribute %s is not known in version %s, expected one of %s"
                .formatted(name, version, known));
      }
      if (values.put(name, value(place, attribute, rule, inner)) != null) {
        throw wrong(place, "attribute %s is there twice, expected once".formatted(name));
      }
    }
    for (String name : known) {
      Operator.Rule rule = operator.attributes().get(name);
      if (rule != null && rule.isRequired() && !values.containsKey(name)) {
        throw wrong(place, "attribute %s is missing".formatted(name));
      }
    }
    return values;
  }

  private Object value(Place place, AttributeProto attribute, Operator.Rule rule, Inner inner)
      throws IOException {
    String name = attribute.getName();
    boolean isTyped = attribute.getType() != AttributeProto.AttributeType.UNDEFINED;
    if (isTyped && !attribute.getType().name().equals(rule.kind().name())) {
      throw wrong(
          place,
          "attribute %s is of type %s, expected %s"
              .formatted(name, attribute.getType(), rule.kind()));
    }
    if (!attribute.getRefAttrName().isEmpty()) {
      throw wrong(
          place,
          "attribute %s is that of a function, %s, expected a value"
              .formatted(name, attribute.getRefAttrName()));
    }
    tensors.count(place + ": attribute " + name, elements(attribute));
    return switch (rule.kind()) {
      case INT -> attribute.getI();
      case FLOAT -> (double) attribute.getF();
      case STRING -> word(place, name, attribute.getS(), rule);
      case INTS -> attribute.getIntsList().stream().mapToLong(Long::longValue).toArray();
      case FLOATS -> attribute.getFloatsList().stream().mapToDouble(Float::doubleValue).toArray();
      case STRINGS -> {
        List<String> words = new ArrayList<>();
        for (ByteString word : attribute.getStringsList()) {
          words.add(word(place, name, word, rule));
        }
        yield words;
      }
      case TENSOR -> tensors.read("%s: attribute %s".formatted(place, name), attribute.getT());
      case GRAPH -> inner.read("%s: attribute %s".formatted(place, name), attribute);
    };
  }

  private static long elements(AttributeProto attribute) {
    return (long) attribute.getIntsCount()
        + attribute.getFloatsCount()
        + attribute.getStringsCount();
  }

  private String word(Place place, String name, ByteString bytes, Operator.Rule rule)
      throws FileFormatException {
    String word = bytes.toStringUtf8();
    if (!rule.choices().isEmpty() && !rule.choices().contains(word)) {
      throw wrong(
          place,
          "attribute %s is '%s', expected one of %s"
              .formatted(name, word, rule.choices().stream().sorted().toList()));
    }
    return word;
  }
}
