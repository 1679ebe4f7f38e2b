package org.gradus.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.gradus.autograd.array.ShapeException;
import org.gradus.layers.Parameter;

/**
 * A graph that was found right: each value is there before a node asks for it.
 *
 * @param inputs that are not initializers
 * @param constants initializers that are not learnt, by name
 * @param learnt initializers that are parameters or running statistics, by name
 * @param nodes in the order in which they are computed
 * @param outputs the names of values
 */
record Graph(
    List<OnnxValue> inputs,
    Map<String, Value> constants,
    Map<String, Learnt> learnt,
    List<Node> nodes,
    List<OnnxValue> outputs) {

  /** An initializer that is learnt, or follows what is learnt. */
  record Learnt(Parameter parameter, Element type) {}

  /**
   * The values of the outputs.
   *
   * @param scope of this graph, which has its inputs
   */
  List<Value> run(Scope scope) {
    for (Node node : nodes) {
      List<Optional<Value>> inputs = new ArrayList<>();
      for (String input : node.inputs()) {
        inputs.add(input.isEmpty() ? Optional.empty() : Optional.of(scope.get(input)));
      }
      List<Value> made = NodeCall.run(node, inputs, scope);
      if (made.size() < node.outputs().size()) {
        throw new ShapeException(
            node.name(),
            "it makes %s values, expected %s".formatted(made.size(), node.outputs().size()));
      }
      for (int i = 0; i < node.outputs().size(); i++) {
        if (!node.outputs().get(i).isEmpty()) {
          scope.put(node.outputs().get(i), made.get(i));
        }
      }
      node.done().forEach(scope::remove);
    }
    return outputs.stream().map(output -> scope.get(output.name())).toList();
  }

  /** The values of the outputs of a graph within that of a call. */
  List<Value> run(Call around, List<Value> given) {
    Scope scope = around.scope().within(this);
    for (int i = 0; i < given.size(); i++) {
      scope.put(inputs.get(i).name(), given.get(i));
    }
    return run(scope);
  }
}
