package org.gradus.autograd.internal.graph;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/** Orders of the nodes of a graph without cycles. */
public final class Order {
  private Order() {}

  /** A node and all that it depends on, each behind its inputs; without recursion. */
  public static <N> List<N> of(N output, Function<N, Stream<N>> inputs) {
    Set<N> opened = new HashSet<>();
    Set<N> closed = new LinkedHashSet<>();
    Deque<N> stack = new ArrayDeque<>(List.of(output));
    while (!stack.isEmpty()) {
      N node = stack.peek();
      if (opened.add(node)) {
        inputs.apply(node).forEach(stack::push);
      } else {
        closed.add(stack.pop());
      }
    }
    return List.copyOf(closed);
  }

  /** The same nodes in reverse order. */
  public static <N> List<N> reversed(List<N> nodes) {
    List<N> reversed = new ArrayList<>(nodes);
    Collections.reverse(reversed);
    return reversed;
  }
}
