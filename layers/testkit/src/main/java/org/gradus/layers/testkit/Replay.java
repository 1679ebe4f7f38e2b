package org.gradus.layers.testkit;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;

/**
 * Builds a graph once more from other leaves. A layer reads its parameters by itself, and cannot be
 * given others; but an op is a value that can be applied again, so the graph that the layer has
 * built is a function of its leaves.
 */
final class Replay {
  private Replay() {}

  /**
   * The output, with other tensors in the place of some leaves; all other leaves are constants.
   *
   * @param leaves by the leaf that each takes the place of
   * @param dtype of the new leaves, to which constants are converted
   */
  static Tensor of(Tensor output, Map<Tensor, Tensor> leaves, DType dtype) {
    Map<Tensor, Tensor> made = new HashMap<>(leaves);
    Deque<Tensor> waiting = new ArrayDeque<>(List.of(output));
    while (!waiting.isEmpty()) {
      Tensor node = waiting.getLast();
      List<Tensor> missing = node.inputs().stream().filter(in -> !made.containsKey(in)).toList();
      waiting.addAll(missing);
      if (missing.isEmpty()) {
        waiting.removeLast();
        if (!made.containsKey(node)) {
          made.put(node, apply(node, made, dtype));
        }
      }
    }
    return Objects.requireNonNull(made.get(output));
  }

  private static Tensor apply(Tensor node, Map<Tensor, Tensor> made, DType dtype) {
    if (node.op().isEmpty()) {
      return Tensor.constant(node.value().as(dtype));
    }
    Tensor[] inputs = node.inputs().stream().map(made::get).toArray(Tensor[]::new);
    return Tensor.of(node.op().get(), inputs);
  }

  /** The variables that a tensor depends on. */
  static List<Tensor> variables(Tensor output) {
    List<Tensor> variables = new ArrayList<>();
    Set<Tensor> seen = new HashSet<>(List.of(output));
    Deque<Tensor> waiting = new ArrayDeque<>(List.of(output));
    while (!waiting.isEmpty()) {
      Tensor node = waiting.removeLast();
      if (node.isVariable()) {
        variables.add(node);
      }
      node.inputs().stream().filter(seen::add).forEach(waiting::add);
    }
    return variables;
  }
}
