package org.gradus.autograd;

import java.util.*;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.ShapeException;
import org.gradus.autograd.array.Uses;
import org.jspecify.annotations.Nullable;

/**
 * The derivatives of one tensor with respect to others, by one walk over the graph in reverse
 * topological order. A value: nothing is written into the graph, which any number of threads may
 * walk at once.
 */
public final class Gradients {

  /**
   * Gradients as constants, so that to differentiate them gives zero; or as part of the graph; or
   * as constants while the memory of all that ops made is taken back: only small values, such as
   * the loss, can be read from then on.
   */
  public enum Mode {
    VALUES,
    DIFFERENTIABLE,
    CONSUMING
  }

  private final Set<Tensor> asked;
  private final Map<Tensor, Tensor> found = new HashMap<>();

  private Gradients(Set<Tensor> asked) {
    this.asked = asked;
  }

  /** As {@link #backward(Tensor, Mode, Tensor...)}, as values. */
  public static Gradients backward(Tensor loss, Tensor... withRespectTo) {
    return backward(loss, Mode.VALUES, withRespectTo);
  }

  /**
   * The gradients of a scalar with respect to the given tensors; if there are none, to all
   * variables.
   *
   * @throws IllegalArgumentException if the loss has more or fewer than one element, or a constant
   *     is among the given tensors
   */
  public static Gradients backward(Tensor loss, Mode mode, Tensor... withRespectTo) {
    if (loss.shape().size() != 1) {
      String text =
          "the loss has shape %s, expected one element; reduce it, or give a cotangent to pullback";
      throw new ShapeException("gradients", text.formatted(loss.shape()));
    }
    Tensor one = Tensor.constant(NdArray.full(loss.dtype(), loss.shape(), 1));
    return pullback(loss, one, mode, withRespectTo);
  }

  /**
   * The products of a cotangent with the Jacobians of any output, with respect to the given tensors
   * or all variables: the gradients of sum(cotangent * output), the cotangent held fixed.
   *
   * @throws IllegalArgumentException if the cotangent has not the output's shape and element type,
   *     or a constant is asked for
   */
  public static Gradients pullback(
      Tensor output, Tensor cotangent, Mode mode, Tensor... withRespectTo) {
    requireLike("gradients: the cotangent", cotangent, "the output", output);
    for (Tensor tensor : withRespectTo) {
      if (!tensor.isTracked()) {
        String text = "gradients: asked for the %s, but it depends on no variable";
        throw new IllegalArgumentException(text.formatted(tensor));
      }
    }
    Gradients gradients = new Gradients(Set.copyOf(List.of(withRespectTo)));
    boolean record = mode == Mode.DIFFERENTIABLE;
    Uses uses = new Uses(mode == Mode.CONSUMING);
    List<Tensor> order = inputsFirst(output);
    Map<Tensor, Cotangent> needed = new HashMap<>();
    for (Tensor node : order) {
      uses.add(node.value());
      node.inputs().stream().filter(t -> !t.isTracked()).forEach(t -> uses.add(t.value()));
      if (gradients.wants(node) || node.inputs().stream().anyMatch(needed::containsKey)) {
        needed.put(node, new Cotangent());
      }
    }
    uses.add(cotangent.value());
    needed.computeIfAbsent(output, o -> new Cotangent()).add(cotangent, record, uses);
    for (int i = order.size() - 1; i >= 0; i--) {
      Tensor node = order.get(i);
      Cotangent sum = needed.remove(node);
      if (sum != null && sum.total != null) {
        propagate(node, sum.total, record, needed, uses);
        if (gradients.wants(node)) {
          gradients.found.put(node, sum.total);
        } else {
          uses.end(sum.total.value());
        }
      }
      if (!node.isVariable()) { // those of variables and constants are not ours to end
        uses.end(node.value());
      }
    }
    return gradients;
  }

  /**
   * The gradient with respect to a tensor, of its shape; zero if the loss does not depend on it.
   *
   * @throws IllegalArgumentException if the tensor was not asked for
   */
  public Tensor of(Tensor tensor) {
    if (!wants(tensor)) {
      throw new IllegalArgumentException(
          "gradients: the %s was not asked for; name it after the loss".formatted(tensor));
    }
    Tensor gradient = found.get(tensor);
    return gradient != null
        ? gradient
        : Tensor.constant(NdArray.zeros(tensor.dtype(), tensor.shape()));
  }

  /** Whether a path leads to the tensor from what was differentiated; if not, its gradient is 0. */
  public boolean reached(Tensor tensor) {
    return found.containsKey(tensor);
  }

  private boolean wants(Tensor tensor) {
    return asked.isEmpty() ? tensor.isVariable() : asked.contains(tensor);
  }

  /** The output and all tracked nodes it depends on, each behind its inputs; without recursion. */
  private static List<Tensor> inputsFirst(Tensor output) {
    Set<Tensor> opened = new HashSet<>();
    Set<Tensor> closed = new LinkedHashSet<>();
    Deque<Tensor> stack = new ArrayDeque<>(List.of(output));
    while (!stack.isEmpty()) {
      Tensor node = stack.peek();
      if (opened.add(node)) {
        node.inputs().stream().filter(Tensor::isTracked).forEach(stack::push);
      } else {
        closed.add(stack.pop());
      }
    }
    return List.copyOf(closed);
  }

  /** Hands the cotangent of a node on to those of its inputs that need one. */
  private static void propagate(
      Tensor node, Tensor cotangent, boolean record, Map<Tensor, Cotangent> needed, Uses uses) {
    Tensor output = record ? node : node.detach();
    List<Tensor> inputs =
        record ? node.inputs() : node.inputs().stream().map(Tensor::detach).toList();
    for (int i = 0; i < inputs.size(); i++) {
      Tensor input = node.inputs().get(i);
      Cotangent sum = needed.get(input);
      if (sum != null) {
        Op op = node.op().orElseThrow(); // whatever has inputs has an op
        Tensor product = op.vjp(i, cotangent, output, inputs);
        requireLike(op.name() + ": the VJP of input " + i, product, "the input", input);
        sum.add(product, record, uses);
      }
    }
  }

  private static void requireLike(String what, Tensor actual, String like, Tensor expected) {
    if (!actual.shape().equals(expected.shape()) || actual.dtype() != expected.dtype()) {
      throw new IllegalArgumentException(
          what + " is " + actual + ", but " + like + " is " + expected);
    }
  }

  /** The sum of cotangents of one tensor. Its VJP is the cotangent itself, for each. */
  record Accumulate() implements Op {
    @Override
    public NdArray forward(List<NdArray> in) {
      return in.stream().reduce((a, b) -> a.plusScaled(1, b)).orElseThrow();
    }

    @Override
    public Tensor vjp(int input, Tensor cotangent, Tensor output, List<Tensor> inputs) {
      return cotangent;
    }
  }

  /** What has arrived at a node. The first arrival is aliased; only a sum made here is added to. */
  private static final class Cotangent {
    private @Nullable Tensor total;
    private @Nullable NdArray owned;

    void add(Tensor next, boolean record, Uses uses) {
      uses.add(next.value());
      if (total == null) {
        total = record ? next : next.detach();
      } else if (record) {
        total = Tensor.of(new Accumulate(), total, next);
      } else if (owned == null) {
        owned = uses.sum(total.value(), next.value());
        total = Tensor.constant(owned);
      } else { // nobody has seen the sum yet: it is handed on when all have arrived
        uses.addTo(owned, next.value());
      }
    }
  }
}
