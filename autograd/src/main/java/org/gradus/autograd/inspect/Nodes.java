package org.gradus.autograd.inspect;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.Nulls;

/** The tensors of a graph. */
public final class Nodes {
  private Nodes() {}

  /**
   * These tensors and all that they depend on, each once and behind its inputs. The same graph
   * gives the same order, however deep it is.
   *
   * <pre>{@code
   * long kept = Nodes.of(loss).stream().mapToLong(node -> node.shape().size()).sum();
   * }</pre>
   *
   * @param outputs any number
   */
  public static List<Tensor> of(Tensor... outputs) {
    return of(Nulls.list("nodes: outputs", outputs));
  }

  static List<Tensor> of(List<Tensor> outputs) {
    Set<Tensor> opened = new HashSet<>();
    Set<Tensor> closed = new LinkedHashSet<>();
    Deque<Tensor> stack = new ArrayDeque<>();
    pushReversed(outputs, stack);
    while (!stack.isEmpty()) {
      Tensor node = stack.peek();
      if (opened.add(node)) {
        pushReversed(node.inputs(), stack);
      } else {
        closed.add(stack.pop());
      }
    }
    return List.copyOf(closed);
  }

  /** So that the first of them is on top. */
  private static void pushReversed(List<Tensor> tensors, Deque<Tensor> stack) {
    for (int i = tensors.size() - 1; i >= 0; i--) {
      stack.push(tensors.get(i));
    }
  }
}
