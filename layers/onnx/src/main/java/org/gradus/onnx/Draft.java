package org.gradus.onnx;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.onnx.Places.Place;

/** A graph of nodes and constants as it is written down: for one batch size, or for all. */
final class Draft {
  static final int BOOL = DataType.BOOL.getNumber();
  static final int INT64 = DataType.INT64.getNumber();

  private static final String NUMBER = "\0"; // no name of a value begins so

  private final List<Node> nodes = new ArrayList<>();
  private final Map<String, Object> constants = new LinkedHashMap<>();
  private final Set<String> names = new HashSet<>();
  private final Map<String, String> makers = new HashMap<>(); // the names of nodes, by output
  private final Map<String, Integer> taken = new HashMap<>(); // the last number of a name
  private final Map<String, String> truths = new HashMap<>();
  private final Map<String, Source> sources = new HashMap<>();
  private final Map<String, String> shapes = new HashMap<>(); // what was reshaped so before

  /** What a reshaped value was made of, and its shape. */
  private record Source(String value, Shape shape) {}

  /**
   * One node.
   *
   * @param call of the op that it is made for, in words, for messages
   * @param attributes in the order of their names
   */
  record Node(
      String name,
      String type,
      List<String> inputs,
      String output,
      Map<String, Object> attributes,
      String call) {

    Node {
      inputs = List.copyOf(inputs);
      attributes = Collections.unmodifiableMap(new TreeMap<>(attributes));
    }

    /** The same node with other inputs and another output. */
    Node with(List<String> otherInputs, String otherOutput) {
      return new Node(name, type, otherInputs, otherOutput, attributes, call);
    }
  }

  private String call = "";

  /** From now on nodes are made for this call, in words. */
  void begin(String newCall) {
    call = newCall;
  }

  /** Keeps a name from being given to something else. */
  void reserve(String name) {
    names.add(name);
  }

  /** A node; the name of its output. */
  String node(Place place, String type, Map<String, ?> attributes, List<String> inputs) {
    if (type.isBlank()) {
      throw new IllegalArgumentException("the type of a node is blank, expected an operator");
    }
    inputs.forEach(this::requireKnown);
    String own = place.name();
    boolean isOwn = place.isNode() && !names.contains(own);
    String name = unique(isOwn ? own : own.isEmpty() ? type : own + "/" + type);
    String output = unique(name + "_output");
    add(new Node(name, type, inputs, output, checked(type, attributes), call));
    return output;
  }

  void add(Node node) {
    nodes.add(node);
    makers.put(node.output(), node.name());
  }

  /**
   * A constant: an NdArray, whole numbers as a long[], or Indices. Until the draft is complete it
   * has a number for a name; see {@link #isNumber}.
   */
  String constant(Object value) {
    String name = NUMBER + constants.size();
    constants.put(name, value);
    return name;
  }

  /** A constant of this name, or a similar one where that is taken. */
  String constantOf(String name, Object value) {
    String free = unique(name);
    constants.put(free, value);
    return free;
  }

  /** A constant of this very name, which is reserved for it. */
  String constantNamed(String name, Object value) {
    if (constants.put(name, value) != null) {
      throw new IllegalStateException("two constants are called " + name);
    }
    return name;
  }

  /** A name of a value, which must be there. */
  String requireKnown(String value) {
    boolean isKnown = names.contains(value) || constants.containsKey(value) || value.isEmpty();
    if (!isKnown) {
      throw new IllegalArgumentException("there is no value '%s'".formatted(value));
    }
    return value;
  }

  /** Whether this is a constant that has no name yet. */
  static boolean isNumber(String name) {
    return name.startsWith(NUMBER);
  }

  /** Whether a node makes this value. */
  boolean isOutput(String value) {
    return makers.containsKey(value);
  }

  /**
   * The same with other names for some values, and without what no output depends on; each node
   * behind those that made its inputs, in the order in which a reader of the outputs meets them.
   */
  Draft finished(Map<String, String> others, List<String> outputs) {
    Map<String, Node> makers = new HashMap<>();
    for (Node node : nodes) {
      List<String> inputs =
          node.inputs().stream().map(name -> others.getOrDefault(name, name)).toList();
      Node renamed = node.with(inputs, others.getOrDefault(node.output(), node.output()));
      makers.put(renamed.output(), renamed);
    }
    Draft finished = new Draft();
    finished.names.addAll(names);
    finished.constants.putAll(constants);
    Set<String> opened = new HashSet<>();
    Set<String> closed = new HashSet<>();
    Deque<String> stack = new ArrayDeque<>();
    for (int i = outputs.size() - 1; i >= 0; i--) {
      stack.push(outputs.get(i));
    }
    while (!stack.isEmpty()) {
      String value = stack.peek();
      Node maker = makers.get(value);
      if (maker != null && opened.add(value)) {
        for (int i = maker.inputs().size() - 1; i >= 0; i--) {
          stack.push(maker.inputs().get(i));
        }
      } else {
        stack.pop();
        if (maker != null && closed.add(value)) {
          finished.add(maker);
        }
      }
    }
    return finished;
  }

  /** Truth values as numbers, as a node that is named after the one that made them. */
  String numbers(String truth, int type) {
    String maker = makers.getOrDefault(truth, "");
    String cast = node(new Place(maker), "Cast", Map.of("to", type), List.of(truth));
    truths.put(cast, truth);
    return cast;
  }

  /**
   * A value in another shape; of one that was made by that, its source is.
   *
   * @param shape it has
   * @param dims it gets
   */
  String reshaped(Place place, String value, Shape shape, long[] dims) {
    Source source = sources.getOrDefault(value, new Source(value, shape));
    if (Arrays.equals(dims, Arrays.stream(source.shape.toArray()).asLongStream().toArray())) {
      return source.value;
    }
    String key = source.value + " " + Arrays.toString(dims);
    String made = shapes.get(key);
    if (made == null) {
      made = node(place, "Reshape", Map.of(), List.of(source.value, constant(dims)));
      sources.put(made, source);
      shapes.put(key, made);
    }
    return made;
  }

  /** Whether a value is the constant number 0. */
  boolean isZero(String value) {
    return constants.get(value) instanceof NdArray array && array.size() == 1 && array.at(0) == 0;
  }

  Optional<String> truthOf(String numbers) {
    return Optional.ofNullable(truths.get(numbers));
  }

  List<Node> nodes() {
    return Collections.unmodifiableList(nodes);
  }

  Map<String, Object> constants() {
    return Collections.unmodifiableMap(constants);
  }

  /** The name, or with a number behind it where it is taken. */
  String unique(String name) {
    String free = name;
    while (!names.add(free)) {
      free = name + "_" + taken.merge(name, 1, Integer::sum);
    }
    return free;
  }

  /** Whole numbers as Long, others as Float, and lists of these; texts. */
  private static Map<String, Object> checked(String type, Map<String, ?> attributes) {
    Map<String, Object> checked = new TreeMap<>();
    attributes.forEach((name, value) -> checked.put(name, checked(type, name, value)));
    return checked;
  }

  /** Refuses a number that float32 makes 0 or infinite of. */
  static void requireSingle(double number) {
    boolean isFinite = !Double.isInfinite(number) && !Double.isNaN(number);
    if (isFinite && number != 0 && ((float) number == 0 || Float.isInfinite((float) number))) {
      throw new IllegalArgumentException(
          "the number %s is %s in float32".formatted(number, (float) number));
    }
  }

  private static Object checked(String type, String name, Object value) {
    if (value instanceof Integer || value instanceof Long) {
      return ((Number) value).longValue();
    }
    if (value instanceof Float || value instanceof Double) {
      double number = ((Number) value).doubleValue();
      requireSingle(number);
      return (float) number;
    }
    if (value instanceof List<?> list && list.stream().noneMatch(List.class::isInstance)) {
      List<Object> elements = list.stream().map(each -> checked(type, name, each)).toList();
      if (elements.stream().map(Object::getClass).distinct().count() <= 1) {
        return elements;
      }
    }
    if (value instanceof String) {
      return value;
    }
    throw new IllegalArgumentException(
        "%s: attribute %s is %s, expected a whole number, a float, a text, or a list of these"
            .formatted(type, name, value));
  }
}
