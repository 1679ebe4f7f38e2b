package org.gradus.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.gradus.autograd.array.Shape;
import org.gradus.layers.Parameter;
import org.gradus.layers.files.FileFormatException;
import org.jspecify.annotations.Nullable;

/** Reads a graph: its values are known before they are read, and each is made once. */
final class GraphReader {
  private final String file;
  private final NodeReader nodeReader;
  private final TensorReader tensors;
  private final ParameterTree parameters;
  private final @Nullable GraphReader around;

  /** Initializers by name, and what became of them on load. */
  private final Map<String, Value> initials = new LinkedHashMap<>();

  /** Names in the model of initializers that were dequantised. */
  private final Map<String, String> origins = new HashMap<>();

  /** Names that stand for other initializers. */
  private final Map<String, String> aliases = new HashMap<>();

  /** All that can be read so far. */
  private final Set<String> defined = new HashSet<>();

  /** Whatever this graph reads of those around it. */
  private final Set<String> captured = new LinkedHashSet<>();

  private final List<Node> nodes = new ArrayList<>();
  private final IdentityHashMap<Node, Set<String>> capturedBy = new IdentityHashMap<>();
  private final Set<String> folded = new HashSet<>();

  /** What each initializer is for. */
  private Map<String, Set<Operator.Role>> roles = Map.of();

  /** What graphs within this one use its initializers for. */
  private final Map<String, Set<Operator.Role>> within = new HashMap<>();

  GraphReader(
      String file,
      NodeReader nodeReader,
      TensorReader tensors,
      ParameterTree parameters,
      @Nullable GraphReader around) {
    this.file = file;
    this.nodeReader = nodeReader;
    this.tensors = tensors;
    this.parameters = parameters;
    this.around = around;
  }

  /**
   * Reads a graph.
   *
   * @throws FileFormatException if something of it is not known here, or does not fit
   */
  Graph read(GraphProto graph) throws IOException {
    if (graph.getSparseInitializerCount() > 0) {
      throw new FileFormatException(file, "it has sparse initializers, expected dense ones");
    }
    for (TensorProto tensor : graph.getInitializerList()) {
      define("initializer " + tensor.getName(), tensor.getName());
      initials.put(tensor.getName(), tensors.read("initializer " + tensor.getName(), tensor));
    }
    List<OnnxValue> inputs = new ArrayList<>();
    for (ValueInfoProto input : graph.getInputList()) {
      if (!initials.containsKey(input.getName())) {
        define("input " + input.getName(), input.getName());
        inputs.add(value("input", input));
      }
    }
    for (int i = 0; i < graph.getNodeCount(); i++) {
      add(graph.getNode(i), i);
    }
    List<OnnxValue> outputs = new ArrayList<>();
    for (ValueInfoProto output : graph.getOutputList()) {
      if (!isKnown(output.getName())) {
        throw new FileFormatException(
            file, "output %s is made by no node".formatted(output.getName()));
      }
      outputs.add(value("output", output));
    }
    return finished(inputs, outputs);
  }

  private void define(String what, String name) throws FileFormatException {
    if (name.isEmpty()) {
      throw new FileFormatException(file, what + ": the name is empty");
    }
    if (!defined.add(name)) {
      throw new FileFormatException(file, what + ": there is another value of this name");
    }
  }

  /** Whether a value can be read, here or from a graph around; then that is remembered. */
  private boolean isKnown(String name) {
    if (defined.contains(name)) {
      return true;
    }
    if (around == null || !around.isKnown(name)) {
      return false;
    }
    captured.add(name);
    return true;
  }

  private OnnxValue value(String what, ValueInfoProto info) throws FileFormatException {
    TypeProto type = info.getType();
    if (type.getValueCase() == TypeProto.ValueCase.VALUE_NOT_SET) {
      return new OnnxValue(info.getName(), "", List.of(), false);
    }
    int number = type.getTensorType().getElemType();
    boolean isTyped = number != TensorProto.DataType.UNDEFINED_VALUE;
    if (!type.hasTensorType() || (isTyped && Element.of(number).isEmpty())) {
      throw new FileFormatException(
          file,
          "%s %s is of type %s, expected a tensor of numbers"
              .formatted(
                  what,
                  info.getName(),
                  type.hasTensorType() ? Element.name(number) : type.getValueCase()));
    }
    List<String> dims = new ArrayList<>();
    for (TensorShapeProto.Dimension dim : type.getTensorType().getShape().getDimList()) {
      dims.add(
          dim.hasDimValue() && dim.getDimValue() > 0
              ? Long.toString(dim.getDimValue())
              : dim.getDimParam().isEmpty() ? "?" : dim.getDimParam());
    }
    String element = isTyped ? Element.name(number) : "";
    return new OnnxValue(info.getName(), element, dims, type.getTensorType().hasShape());
  }

  // ---- nodes -----------------------------------------------------------------------------------

  private void add(NodeProto proto, int number) throws IOException {
    String name = proto.getName().isBlank() ? proto.getOpType() + "_" + number : proto.getName();
    NodeReader.Place place = new NodeReader.Place(renamed(proto), name);
    Set<String> inner = new LinkedHashSet<>();
    Node node = nodeReader.read(place, (what, attribute) -> inner(attribute, inner));
    for (String input : node.inputs()) {
      if (!input.isEmpty() && !isKnown(input)) {
        throw nodeReader.wrong(
            place,
            "input '%s' is not there yet, expected an input, an initializer, or an output of a node before"
                .formatted(input));
      }
    }
    for (String output : node.outputs()) {
      if (!output.isEmpty()) {
        define(place + ": output " + output, output);
      }
    }
    if (!isFolded(place, node)) {
      nodes.add(node);
      capturedBy.put(node, inner);
    }
  }

  private Graph inner(AttributeProto attribute, Set<String> reads) throws IOException {
    GraphReader reader = new GraphReader(file, nodeReader, tensors, parameters, this);
    Graph graph = reader.read(attribute.getG());
    reads.addAll(reader.captured);
    for (String name : reader.captured) {
      within
          .computeIfAbsent(name, key -> new HashSet<>())
          .addAll(reader.roles.getOrDefault(name, Set.of(Operator.Role.OPERAND)));
    }
    return graph;
  }

  private NodeProto renamed(NodeProto proto) {
    if (proto.getInputList().stream().noneMatch(aliases::containsKey)) {
      return proto;
    }
    NodeProto.Builder builder = proto.toBuilder();
    for (int i = 0; i < builder.getInputCount(); i++) {
      builder.setInput(i, aliases.getOrDefault(builder.getInput(i), builder.getInput(i)));
    }
    return builder.build();
  }

  /** Constants, other names of initializers, and quantised initializers are no nodes here. */
  private boolean isFolded(NodeReader.Place place, Node node) throws FileFormatException {
    String output = node.outputs().isEmpty() ? "" : node.outputs().get(0);
    if (output.isEmpty()) {
      return false;
    }
    switch (node.operator().name()) {
      case "Constant" -> {
        initials.put(output, Making.constant(node, tensors.dtype()));
        folded.add(output);
        return true;
      }
      case "Identity" -> {
        String input = node.inputs().get(0);
        if (initials.containsKey(input)) {
          aliases.put(output, input);
          return true;
        }
        return false;
      }
      case "DequantizeLinear" -> {
        List<Optional<Value>> inputs = new ArrayList<>();
        for (String input : node.inputs()) {
          inputs.add(Optional.ofNullable(initials.get(input)));
        }
        if (inputs.stream().anyMatch(Optional::isEmpty)) {
          return false;
        }
        try {
          tensors.count(place.toString(), inputs.get(0).orElseThrow().shape().size());
          initials.put(output, Quantization.dequantized(node, inputs));
        } catch (IllegalArgumentException e) {
          throw new FileFormatException(file, place + ": " + e.getMessage(), e);
        }
        origins.put(output, node.inputs().get(0));
        return true;
      }
      default -> {
        return false;
      }
    }
  }

  // ---- what is learnt --------------------------------------------------------------------------

  private Graph finished(List<OnnxValue> inputs, List<OnnxValue> outputs) {
    roles = roles(outputs);
    if (separateStatistics()) {
      roles = roles(outputs);
    }
    return made(inputs, outputs);
  }

  /** What each initializer is for, here and in the graphs within. */
  private Map<String, Set<Operator.Role>> roles(List<OnnxValue> outputs) {
    Map<String, Set<Operator.Role>> all = new HashMap<>();
    for (Node node : nodes) {
      for (int i = 0; i < node.inputs().size(); i++) {
        add(all, node.inputs().get(i), node.operator().role(i));
      }
    }
    within.forEach((name, some) -> some.forEach(role -> add(all, name, role)));
    for (OnnxValue output : outputs) {
      add(all, output.name(), Operator.Role.OPERAND);
    }
    return all;
  }

  /**
   * Gives statistics initializers of their own: some tools write equal ones once, such as the first
   * bias and the first mean of a batch normalisation, or the first means of two. What is learnt
   * must not follow what is seen, and a statistic belongs to those nodes that have all else in
   * common, as the calls of one layer have.
   *
   * @return whether there was one to separate
   */
  private boolean separateStatistics() {
    Map<String, String> uses = new HashMap<>(); // of initializers that stay as they are
    Map<String, String> separated = new HashMap<>();
    for (int n = 0; n < nodes.size(); n++) {
      Node node = nodes.get(n);
      List<String> names = new ArrayList<>(node.inputs());
      names.replaceAll(name -> aliases.getOrDefault(name, name));
      List<String> rest = List.copyOf(names.subList(Math.min(1, names.size()), names.size()));
      for (int i = 0; i < names.size(); i++) {
        String name = names.get(i);
        if (node.operator().role(i) == Operator.Role.STATISTIC && initials.containsKey(name)) {
          boolean isMore = roles.getOrDefault(name, Set.of()).size() > 1;
          String use = "%s of %s".formatted(i, isMore ? "node " + n : rest);
          if (isMore || !uses.computeIfAbsent(name, key -> use).equals(use)) {
            names.set(i, separated.computeIfAbsent(name + " as " + use, key -> separate(name)));
          }
        }
      }
      Node own = node.reading(names);
      capturedBy.put(own, capturedBy.getOrDefault(node, Set.of()));
      nodes.set(n, own);
    }
    return !separated.isEmpty();
  }

  private String separate(String name) {
    String own = name + "_statistic";
    while (isKnown(own)) {
      own += "_";
    }
    defined.add(own);
    initials.put(own, initials.get(name));
    return own;
  }

  /** The graph, once it is known what each initializer is for. */
  private Graph made(List<OnnxValue> inputs, List<OnnxValue> outputs) {
    Map<String, Value> constants = new LinkedHashMap<>();
    Map<String, Graph.Learnt> learnt = new LinkedHashMap<>();
    initials.forEach(
        (name, value) -> {
          Set<Operator.Role> all = roles.getOrDefault(name, Set.of());
          if (value instanceof Value.Data data && isKept(name, data, all)) {
            Parameter parameter =
                parameters.add(
                    origins.getOrDefault(name, name),
                    data.tensor().value(),
                    all.contains(Operator.Role.STATISTIC));
            learnt.put(name, new Graph.Learnt(parameter, data.type()));
          } else {
            constants.put(name, value);
          }
        });
    aliases.forEach(
        (alias, name) -> {
          if (learnt.containsKey(name)) {
            learnt.put(alias, learnt.get(name));
          } else {
            constants.put(alias, constants.get(name));
          }
        });
    return new Graph(
        List.copyOf(inputs),
        constants,
        learnt,
        List.copyOf(released(outputs)),
        List.copyOf(outputs));
  }

  private void add(Map<String, Set<Operator.Role>> roles, String name, Operator.Role role) {
    roles.computeIfAbsent(aliases.getOrDefault(name, name), key -> new HashSet<>()).add(role);
  }

  /** Whether an initializer is a parameter, or a statistic. */
  private boolean isKept(String name, Value.Data data, Set<Operator.Role> roles) {
    if (folded.contains(name) || !data.type().isFloating()) {
      return false;
    }
    return roles.contains(Operator.Role.STATISTIC)
        || roles.contains(Operator.Role.WEIGHT)
        || (roles.contains(Operator.Role.OPERAND) && isWeight(name, data.tensor().shape()));
  }

  /** A single number is one if it is a list of one, and has a name that a layer may have. */
  private static boolean isWeight(String name, Shape shape) {
    return shape.size() > 1 || (shape.rank() > 0 && name.matches("[\\w-]+(\\.[\\w-]+)*"));
  }

  /** The nodes, each with the names of the values that no later one reads. */
  private List<Node> released(List<OnnxValue> outputs) {
    Set<String> needed = new HashSet<>();
    outputs.forEach(output -> needed.add(output.name()));
    List<Node> released = new ArrayList<>(nodes);
    for (int i = nodes.size() - 1; i >= 0; i--) {
      Node node = nodes.get(i);
      Set<String> names = new LinkedHashSet<>(node.inputs());
      names.addAll(node.outputs());
      names.addAll(capturedBy.getOrDefault(node, Set.of()));
      List<String> done = new ArrayList<>();
      for (String name : names) {
        if (needed.add(name) && !name.isEmpty()) {
          done.add(name);
        }
      }
      released.set(i, node.releasing(done));
    }
    return released;
  }
}
