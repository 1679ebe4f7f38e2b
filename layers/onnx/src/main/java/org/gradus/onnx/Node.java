package org.gradus.onnx;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A node of a graph that was found right.
 *
 * @param name its own, or its operator and number where it has none
 * @param operator what it computes
 * @param version of the operator set
 * @param inputs the names of values; empty where one is left out
 * @param outputs the names of values; empty where one is not wanted
 * @param attributes by name: Long, Double, String, long[], double[], List, Value or Graph
 * @param done names of values that no later node reads
 */
record Node(
    String name,
    Operator operator,
    int version,
    List<String> inputs,
    List<String> outputs,
    Map<String, Object> attributes,
    List<String> done) {

  /** The same node, which reads other values. */
  Node reading(List<String> others) {
    return new Node(name, operator, version, List.copyOf(others), outputs, attributes, done);
  }

  /** The same node, after which no other reads these. */
  Node releasing(List<String> last) {
    return new Node(name, operator, version, inputs, outputs, attributes, List.copyOf(last));
  }

  /** Whether an attribute is there. */
  boolean has(String attribute) {
    return attributes.containsKey(attribute);
  }

  /** An attribute that is a whole number; the other value if it is not there. */
  long whole(String attribute, long other) {
    return attributes.get(attribute) instanceof Long value ? value : other;
  }

  /** A whole number from one to another. */
  int whole(String attribute, long other, long least, long most) {
    long value = whole(attribute, other);
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          "attribute %s is %s, expected %s to %s".formatted(attribute, value, least, most));
    }
    return Math.toIntExact(value);
  }

  /** An attribute that is a truth value; the other value if it is not there. */
  boolean flag(String attribute, boolean other) {
    return whole(attribute, other ? 1 : 0) != 0;
  }

  /** An attribute that is a number; the other value if it is not there. */
  double number(String attribute, double other) {
    return attributes.get(attribute) instanceof Double value ? value : other;
  }

  /** An attribute that is a word; the other value if it is not there. */
  String text(String attribute, String other) {
    return attributes.get(attribute) instanceof String value ? value : other;
  }

  /** An attribute that is a list of whole numbers; null if it is not there. */
  long @Nullable [] wholes(String attribute) {
    return attributes.get(attribute) instanceof long[] value ? value : null;
  }

  /** An attribute that is a list of numbers; empty if it is not there. */
  double[] numbers(String attribute) {
    return attributes.get(attribute) instanceof double[] value ? value : new double[0];
  }

  /** An attribute that is a list of words; empty if it is not there. */
  List<String> texts(String attribute) {
    return attributes.get(attribute) instanceof List<?> value
        ? value.stream().map(String.class::cast).toList()
        : List.of();
  }

  /** An attribute that is a graph, which is known to be there. */
  Graph graph(String attribute) {
    return (Graph) java.util.Objects.requireNonNull(attributes.get(attribute));
  }
}
