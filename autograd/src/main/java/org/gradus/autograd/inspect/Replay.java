package org.gradus.autograd.inspect;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.gradus.autograd.Gradients;
import org.gradus.autograd.Op;
import org.gradus.autograd.Tensor;

/** A graph that is computed once more from its leaves, each op watched. */
final class Replay {
  private final Map<Tensor, Tensor> again = new HashMap<>();

  /** What is wrong with the first op that makes a NaN or an infinity, in the order of the graph. */
  static Optional<String> firstFault(Tensor output) {
    try {
      Tensor watched = new Replay().of(output);
      if (watched.isTracked() && watched.shape().size() == 1) {
        Gradients.backward(watched);
      }
      return Optional.empty();
    } catch (NonFiniteException e) {
      return Optional.ofNullable(e.getMessage());
    }
  }

  private Tensor of(Tensor output) {
    Nodes.of(output).forEach(node -> again.put(node, made(node)));
    return Objects.requireNonNull(again.get(output));
  }

  private Tensor made(Tensor node) {
    Optional<Op> op = node.op();
    if (op.isEmpty()) {
      return node.isVariable() ? Tensor.variable(node.value()) : Tensor.constant(node.value());
    }
    Tensor[] inputs =
        node.inputs().stream()
            .map(input -> Objects.requireNonNull(again.get(input)))
            .toArray(Tensor[]::new);
    return Tensor.of(new Watched(Watched.bare(op.get()), List.of()), inputs);
  }
}
