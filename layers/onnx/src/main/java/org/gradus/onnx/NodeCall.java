package org.gradus.onnx;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;
import org.gradus.layers.AbstractLayer;
import org.gradus.layers.Parameter;
import org.gradus.layers.Pass;

/**
 * A node as a layer, so that a trace has its place, its input and its output. Called again, it
 * computes with another x, the parameters of the pass, and the rest of its inputs as they were.
 */
final class NodeCall extends AbstractLayer {
  private final Node node;
  private final List<Optional<Value>> inputs;
  private final Scope scope;

  /** The input that is x, in the graph. */
  private final int first;

  /** The inputs that are parameters. */
  private final Map<Integer, Parameter> learnt = new LinkedHashMap<>();

  private List<Value> made = List.of();
  private volatile boolean isDone;

  private NodeCall(Node node, List<Optional<Value>> inputs, Scope scope, int first) {
    this.node = node;
    this.inputs = inputs;
    this.scope = scope;
    this.first = first;
    for (int i = 0; i < inputs.size(); i++) {
      Optional<Parameter> parameter = scope.parameter(node.inputs().get(i));
      if (parameter.isPresent()) {
        Parameter own = parameter.get();
        if (!learnt.containsValue(own)) {
          shared("input" + i, own, scope.isFrozen(own));
        }
        learnt.put(i, own);
      }
    }
  }

  /** The outputs of a node. Whole numbers are computed without a place. */
  static List<Value> run(Node node, List<Optional<Value>> inputs, Scope scope) {
    int first = first(node, inputs, scope);
    if (first < 0 || isWhole(new Call(node, inputs, scope))) {
      return bare(new Call(node, inputs, scope));
    }
    NodeCall layer = new NodeCall(node, inputs, scope, first);
    layer.forward(layer.traced(), scope.pass());
    layer.isDone = true;
    return layer.made;
  }

  /** The first input that is a tensor, of those that are no parameters if there is one. */
  private static int first(Node node, List<Optional<Value>> inputs, Scope scope) {
    int found = -1;
    for (int i = 0; i < inputs.size(); i++) {
      if (inputs.get(i).filter(Value.Data.class::isInstance).isPresent()) {
        if (scope.parameter(node.inputs().get(i)).isEmpty()) {
          return i;
        }
        found = found < 0 ? i : found;
      }
    }
    return found;
  }

  /** What x was in the graph. */
  private Tensor traced() {
    return ((Value.Data) inputs.get(first).orElseThrow()).tensor();
  }

  /** Whether the first output is of whole numbers, which are no tensor. */
  private static boolean isWhole(Call call) {
    return switch (call.node().operator().name()) {
      case "Shape", "Size", "ArgMax", "ArgMin", "NonZero", "QuantizeLinear", "If", "Loop", "Scan" ->
          true;
      case "DynamicQuantizeLinear",
          "ConvInteger",
          "MatMulInteger",
          "QLinearConv",
          "QLinearMatMul" ->
          true;
      case "Cast" ->
          Element.of((int) call.node().whole("to", 0)).filter(NodeCall::isTensor).isEmpty();
      case "CastLike" -> !isTensor(call.value(1).type());
      default -> false;
    };
  }

  /** Whether values of a type that depend on data are tensors: numbers, and masks. */
  private static boolean isTensor(Element type) {
    return type.isFloating() || type == Element.BOOL;
  }

  private static List<Value> bare(Call call) {
    try {
      return body(call);
    } catch (ShapeException e) {
      throw new ShapeException(call.node().name(), String.valueOf(e.getMessage()));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(call.node().name() + ": " + e.getMessage(), e);
    }
  }

  /** What is read of a recorded input is told with the node that reads it. */
  private static List<Value> body(Call call) {
    try {
      return call.node().operator().body().apply(call);
    } catch (IllegalStateException e) {
      throw new IllegalStateException(
          "%s %s: %s".formatted(call.node().operator().name(), call.node().name(), e.getMessage()),
          e);
    }
  }

  @Override
  protected Tensor compute(Tensor x, Pass pass) {
    boolean isOwn = !isDone && x == traced();
    List<Optional<Value>> given = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      int input = i;
      given.add(inputs.get(i).map(value -> given(input, value, x, isOwn, pass)));
    }
    List<Value> values = body(new Call(node, given, scope.with(pass)));
    if (isOwn) {
      made = values;
    }
    return !values.isEmpty() && values.get(0) instanceof Value.Data data ? data.tensor() : x;
  }

  /** What an input is now; what belongs to the graph is a constant outside of it. */
  private Value given(int input, Value value, Tensor x, boolean isOwn, Pass pass) {
    if (!(value instanceof Value.Data data)) {
      return value;
    }
    Parameter parameter = learnt.get(input);
    if (parameter != null && (isOwn || input != first)) {
      return new Value.Data(pass.use(parameter), data.type());
    }
    if (input == first || (parameter == null && data.tensor() == traced())) {
      return new Value.Data(x, data.type()); // however often the node reads it
    }
    return isOwn ? data : new Value.Data(data.tensor().detach(), data.type());
  }

  /** Of convolutions and products with weights. */
  @Override
  protected long multiplyAdds(Shape input, Shape output) {
    Parameter weight = learnt.get(1);
    if (weight == null) {
      return 0;
    }
    Shape w = weight.shape();
    return switch (node.operator().name()) {
      case "Conv" -> (long) output.size() * w.size(1, w.rank());
      case "ConvTranspose" -> (long) input.size() * w.size(1, w.rank());
      case "Gemm" -> (long) output.size() * w.dim(node.flag("transB", false) ? 1 : 0);
      case "MatMul" -> (long) output.size() * w.dim(Math.max(0, w.rank() - 2));
      default -> 0;
    };
  }

  /** The operator, such as {@code Conv}. */
  @Override
  public String kind() {
    return node.operator().name();
  }

  @Override
  public String name() {
    return node.name();
  }

  Node node() {
    return node;
  }

  /** For example {@code Conv /layer1/conv1}. */
  @Override
  public String toString() {
    return kind() + " " + name();
  }
}
