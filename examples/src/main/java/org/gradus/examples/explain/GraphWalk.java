package org.gradus.examples.explain;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.gradus.autograd.Gradients;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.inspect.GraphView;

/**
 * A walk back through a graph, node by node.
 *
 * @param heading what the graph is of
 * @param frames in the order of the walk
 */
record GraphWalk(Chapter.Heading heading, List<Frame> frames) {
  private static final int MOST_SHOWN = 9;

  /**
   * The graph when the gradient of one more node is complete.
   *
   * @param text how it came about
   * @param svg the picture, with all gradients that are known
   */
  record Frame(String text, String svg) {}

  /**
   * The walk from a loss to all that has a gradient.
   *
   * @param names of tensors, in the picture and in the texts
   */
  static GraphWalk of(Chapter.Heading heading, Tensor loss, Map<Tensor, String> names) {
    List<Tensor> order = order(loss);
    Map<Tensor, String> numbered = new HashMap<>(names);
    for (int i = 0; i < order.size(); i++) {
      Tensor tensor = order.get(i);
      numbered.put(tensor, ("#" + (i + 1) + " " + names.getOrDefault(tensor, "")).strip());
    }
    GraphView view = GraphView.of(loss).names(numbered).roomForGradients();
    Gradients all = Gradients.backward(loss, order.toArray(Tensor[]::new));
    List<Frame> frames = new ArrayList<>();
    frames.add(
        new Frame(
            "Forward is done: each box has its value. Round boxes are variables, dashed ones"
                + " constants, others results of ops; the double line is what the walk begins with."
                + " The number after # is the place in the walk back; |gradient| will be the"
                + " size of its gradient.",
            view.svg()));
    for (int i = 0; i < order.size(); i++) {
      Tensor[] known = order.subList(0, i + 1).toArray(Tensor[]::new);
      Gradients sofar = Gradients.backward(loss, known);
      frames.add(new Frame(text(order, i, all, numbered), view.gradients(sofar).svg()));
    }
    return new GraphWalk(heading, frames);
  }

  /** As the library walks: whoever uses a tensor is met before it. */
  private static List<Tensor> order(Tensor loss) {
    Set<Tensor> opened = new HashSet<>();
    Set<Tensor> closed = new LinkedHashSet<>(); // each behind its inputs
    Deque<Tensor> stack = new ArrayDeque<>(List.of(loss));
    while (!stack.isEmpty()) {
      Tensor node = stack.peek();
      if (opened.add(node)) {
        node.inputs().stream().filter(Tensor::isTracked).forEach(stack::push);
      } else {
        closed.add(stack.pop());
      }
    }
    List<Tensor> order = new ArrayList<>(closed);
    Collections.reverse(order);
    return order;
  }

  private static String text(List<Tensor> order, int i, Gradients all, Map<Tensor, String> names) {
    Tensor tensor = order.get(i);
    String gradient = shown(all.of(tensor).value());
    String head = "<b>%s</b>".formatted(label(tensor, names));
    if (i == 0) {
      return head
          + " is where the walk begins. The derivative of the result by itself is "
          + gradient
          + ".";
    }
    List<String> parts = new ArrayList<>();
    for (Tensor user : order.subList(0, i)) {
      for (int position = 0; position < user.inputs().size(); position++) {
        if (user.inputs().get(position) == tensor) {
          NdArray part =
              user.op().orElseThrow().vjp(position, all.of(user), user, user.inputs()).value();
          NdArray arrived = all.of(user).value();
          String how =
              arrived.size() == 1 && part.size() == 1 && arrived.item() != 0
                  ? "%s · %s = "
                      .formatted(
                          Figures.text(arrived.item()),
                          Figures.factor(Figures.text(part.item() / arrived.item())))
                  : "";
          parts.add("%s%s from %s".formatted(how, shown(part), label(user, names)));
        }
      }
    }
    String sum =
        parts.size() > 1
            ? " It is used %s times, so what comes back is added up: <b>%s</b>."
                .formatted(parts.size(), gradient)
            : "";
    return head + " gets " + String.join(", and ", parts) + "." + sum;
  }

  /** As the picture labels it. */
  private static String label(Tensor tensor, Map<Tensor, String> names) {
    return names.get(tensor) + ": " + tensor.op().map(each -> each.name()).orElse("variable");
  }

  private static String shown(NdArray value) {
    if (value.size() == 1) {
      return Figures.text(value.item());
    }
    String numbers =
        Arrays.stream(value.toDoubleArray())
            .mapToObj(Figures::text)
            .collect(Collectors.joining(", ", "[", "]"));
    return value.size() <= MOST_SHOWN
        ? numbers
        : "a tensor %s of length %s".formatted(value.shape(), Figures.text(value.norm()));
  }
}
