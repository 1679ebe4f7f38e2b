package org.gradus.onnx;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.gradus.autograd.array.Shape;

/** What an op of the catalogue is in ONNX, given its attributes by name. */
@FunctionalInterface
interface BuiltIn {

  /** Writes the nodes, and returns the name of the output. */
  String write(Map<String, Object> attributes, NodeWriter to);

  /** An operator of the same inputs, without attributes. */
  static BuiltIn same(String type) {
    return (a, to) ->
        to.node(type, IntStream.range(0, to.inputs()).mapToObj(to::input).toArray(String[]::new));
  }

  /** A whole number. */
  static int whole(Map<String, Object> attributes, String name) {
    return (Integer) get(attributes, name);
  }

  /** Any number. */
  static double number(Map<String, Object> attributes, String name) {
    return ((Number) get(attributes, name)).doubleValue();
  }

  /** True or false. */
  static boolean is(Map<String, Object> attributes, String name) {
    return (Boolean) get(attributes, name);
  }

  /** Whole numbers. */
  @SuppressWarnings("unchecked")
  static List<Integer> wholes(Map<String, Object> attributes, String name) {
    return (List<Integer>) get(attributes, name);
  }

  /** Something else. */
  static <T> T get(Map<String, Object> attributes, String name, Class<T> type) {
    return type.cast(get(attributes, name));
  }

  private static Object get(Map<String, Object> attributes, String name) {
    Object value = attributes.get(name);
    if (value == null) {
      throw new IllegalStateException("attribute %s of %s".formatted(name, attributes));
    }
    return value;
  }

  /** An axis counted from 0, of an input. */
  static int axis(Map<String, Object> attributes, NodeWriter to) {
    return to.shape(0).axis("export", whole(attributes, "axis"));
  }

  /** Axes counted from 0, of an input. */
  static List<Integer> axes(Map<String, Object> attributes, NodeWriter to) {
    Shape shape = to.shape(0);
    return wholes(attributes, "axes").stream().map(axis -> shape.axis("export", axis)).toList();
  }
}
