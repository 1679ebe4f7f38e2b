package org.gradus.layers.optim;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.gradus.autograd.Tensor;

/** The variables that a tensor depends on. */
final class Leaves {
  private final Set<Tensor> variables;

  private Leaves(Set<Tensor> variables) {
    this.variables = variables;
  }

  /** Found without recursion. */
  static Leaves of(Tensor output) {
    Set<Tensor> variables = new HashSet<>();
    Set<Tensor> seen = new HashSet<>(List.of(output));
    Deque<Tensor> open = new ArrayDeque<>(seen);
    while (!open.isEmpty()) {
      Tensor node = open.pop();
      if (node.isVariable()) {
        variables.add(node);
      }
      for (Tensor input : node.inputs()) {
        if (input.isTracked() && seen.add(input)) {
          open.push(input);
        }
      }
    }
    return new Leaves(variables);
  }

  /** Whether the tensor is one of them. */
  boolean has(Tensor tensor) {
    return variables.contains(tensor);
  }

  /** Those that are none of the given ones. */
  Set<Tensor> otherThan(Collection<Tensor> given) {
    Set<Tensor> others = new HashSet<>(variables);
    given.forEach(others::remove);
    return others;
  }
}
