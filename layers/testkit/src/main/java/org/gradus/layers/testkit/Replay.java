package org.gradus.layers.testkit;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.inspect.Nodes;

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
    for (Tensor node : Nodes.of(output)) {
      if (!made.containsKey(node)) {
        made.put(node, apply(node, made, dtype));
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
    return Nodes.of(output).stream().filter(Tensor::isVariable).toList();
  }
}
