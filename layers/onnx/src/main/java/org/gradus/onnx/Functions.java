package org.gradus.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.FunctionProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.gradus.layers.files.FileFormatException;
import org.jspecify.annotations.Nullable;

/** Puts the nodes of a model's own functions in the place of the nodes that call them. */
final class Functions {
  /** How deep functions may call each other. */
  private static final int DEEPEST = 16;

  /** How deep graphs may stand within each other, where functions are called. */
  private static final int DEEPEST_GRAPH = 64;

  /** How many nodes may come of functions. */
  private static final int MOST_NODES = 100_000;

  /** How many characters the names of these nodes and of their values may have: 2^26. */
  private static final long MOST_CHARACTERS = 1L << 26;

  private final String file;
  private final long version;
  private final Map<String, FunctionProto> functions = new HashMap<>();
  private int made;
  private long characters;

  private Functions(String file, long version) {
    this.file = file;
    this.version = version;
  }

  /**
   * The graph of a model without calls of functions.
   *
   * @param file named in errors
   * @param version of the model's operator set
   * @throws FileFormatException if functions call each other too deep or too often, or are of
   *     another version
   */
  static GraphProto inlined(String file, long version, ModelProto model)
      throws FileFormatException {
    if (model.getFunctionsCount() == 0) {
      return model.getGraph();
    }
    Functions all = new Functions(file, version);
    for (FunctionProto function : model.getFunctionsList()) {
      all.functions.put(key(function.getDomain(), function.getName()), function);
    }
    return all.inlined(model.getGraph(), new Depth(0, 0));
  }

  private static String key(String domain, String name) {
    return domain + "\n" + name;
  }

  /** How many functions, and how many graphs, something stands within. */
  private record Depth(int functions, int graphs) {}

  private GraphProto inlined(GraphProto graph, Depth depth) throws FileFormatException {
    if (depth.graphs > DEEPEST_GRAPH) {
      throw new FileFormatException(
          file,
          "graphs stand %s deep within each other, expected at most %s"
              .formatted(depth.graphs, DEEPEST_GRAPH));
    }
    GraphProto.Builder builder = graph.toBuilder().clearNode();
    for (NodeProto node : graph.getNodeList()) {
      builder.addAllNode(inlined(node, depth));
    }
    return builder.build();
  }

  private List<NodeProto> inlined(NodeProto node, Depth depth) throws FileFormatException {
    @Nullable FunctionProto function = functions.get(key(node.getDomain(), node.getOpType()));
    if (function != null) {
      return body(node, function, new Depth(depth.functions + 1, depth.graphs));
    }
    Depth within = new Depth(depth.functions, depth.graphs + 1);
    NodeProto.Builder builder = node.toBuilder().clearAttribute();
    for (AttributeProto attribute : node.getAttributeList()) {
      builder.addAttribute(
          attribute.hasG()
              ? attribute.toBuilder().setG(inlined(attribute.getG(), within)).build()
              : attribute);
    }
    return List.of(builder.build());
  }

  /** Counts nodes that are made; there are not too many, and calls are not too deep. */
  private void count(FunctionProto function, Depth depth, int nodes) throws FileFormatException {
    made += nodes;
    if (depth.functions > DEEPEST || made > MOST_NODES) {
      throw new FileFormatException(
          file,
          "function %s: calls are %s deep and make %s nodes, expected at most %s and %s"
              .formatted(function.getName(), depth.functions, made, DEEPEST, MOST_NODES));
    }
    if (characters > MOST_CHARACTERS) {
      throw new FileFormatException(
          file,
          "function %s: the names of what calls make have more than %s characters"
              .formatted(function.getName(), MOST_CHARACTERS));
    }
  }

  private List<NodeProto> body(NodeProto call, FunctionProto function, Depth depth)
      throws FileFormatException {
    count(function, depth, function.getNodeCount() + 1);
    for (OperatorSetIdProto set : function.getOpsetImportList()) {
      if (set.getDomain().isEmpty() && set.getVersion() != version) {
        throw new FileFormatException(
            file,
            "function %s: version of the operator set is %s, expected that of the model, %s"
                .formatted(function.getName(), set.getVersion(), version));
      }
    }
    Map<String, String> names = new HashMap<>();
    for (int i = 0; i < function.getInputCount(); i++) {
      names.put(function.getInput(i), i < call.getInputCount() ? call.getInput(i) : "");
    }
    for (int i = 0; i < function.getOutputCount(); i++) {
      boolean isWanted = i < call.getOutputCount() && !call.getOutput(i).isEmpty();
      if (isWanted) {
        names.putIfAbsent(function.getOutput(i), call.getOutput(i));
      }
    }
    String base = call.getName().isBlank() ? call.getOpType() : call.getName();
    Body body = new Body(function, depth, base + "/", "/" + made, names, given(call, function));
    List<NodeProto> nodes = new ArrayList<>();
    for (NodeProto node : function.getNodeList()) {
      nodes.addAll(inlined(renamed(node, body), depth));
    }
    return nodes;
  }

  /** The attributes of a call, and those of the function where the call has none. */
  private static Map<String, AttributeProto> given(NodeProto call, FunctionProto function) {
    Map<String, AttributeProto> given = new HashMap<>();
    call.getAttributeList().forEach(each -> given.putIfAbsent(each.getName(), each));
    function.getAttributeProtoList().forEach(each -> given.putIfAbsent(each.getName(), each));
    return given;
  }

  /**
   * A function where it is called.
   *
   * @param before put before the names of nodes and values
   * @param after put after the names of values, so that no two calls share one
   * @param names that come from the call, by those of the function
   * @param attributes of the call, by name
   */
  private record Body(
      FunctionProto function,
      Depth depth,
      String before,
      String after,
      Map<String, String> names,
      Map<String, AttributeProto> attributes) {}

  /** How a value is called where the function is called. */
  private String name(String name, Body body) {
    @Nullable String own = body.names.get(name);
    if (own != null || name.isEmpty()) {
      return own != null ? own : name;
    }
    characters += body.before.length() + name.length() + body.after.length();
    return body.before + name + body.after;
  }

  private NodeProto renamed(NodeProto node, Body body) throws FileFormatException {
    NodeProto.Builder builder = node.toBuilder().clearInput().clearOutput().clearAttribute();
    String name = node.getName().isBlank() ? node.getOpType() : node.getName();
    characters += body.before.length() + name.length();
    builder.setName(body.before + name);
    for (String input : node.getInputList()) {
      builder.addInput(name(input, body));
      count(body.function, body.depth, 0);
    }
    for (String output : node.getOutputList()) {
      builder.addOutput(name(output, body));
      count(body.function, body.depth, 0);
    }
    for (AttributeProto attribute : node.getAttributeList()) {
      AttributeProto value = given(attribute, body).orElse(null);
      if (value != null) {
        builder.addAttribute(
            value.hasG() ? value.toBuilder().setG(renamed(value.getG(), body)).build() : value);
      }
    }
    return builder.build();
  }

  private GraphProto renamed(GraphProto graph, Body body) throws FileFormatException {
    GraphProto.Builder builder = graph.toBuilder().clearNode();
    count(body.function, body.depth, graph.getNodeCount());
    for (NodeProto node : graph.getNodeList()) {
      builder.addNode(renamed(node, body));
    }
    builder.getInputBuilderList().forEach(each -> each.setName(name(each.getName(), body)));
    builder.getOutputBuilderList().forEach(each -> each.setName(name(each.getName(), body)));
    builder.getInitializerBuilderList().forEach(each -> each.setName(name(each.getName(), body)));
    count(body.function, body.depth, 0);
    return builder.build();
  }

  /** An attribute, or what the call has in its place; empty if the call leaves it out. */
  private static Optional<AttributeProto> given(AttributeProto attribute, Body body) {
    String other = attribute.getRefAttrName();
    return other.isEmpty()
        ? Optional.of(attribute)
        : Optional.ofNullable(body.attributes.get(other))
            .map(value -> value.toBuilder().setName(attribute.getName()).build());
  }
}
