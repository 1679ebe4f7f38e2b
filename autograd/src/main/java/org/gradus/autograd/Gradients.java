package org.gradus.autograd;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.ShapeException;
import org.gradus.autograd.internal.kernel.Kernels;
import org.jspecify.annotations.Nullable;

/**
 * The derivatives of one tensor with respect to others, by one walk over the graph in reverse
 * topological order. A value: nothing is written into the graph, which any number of threads may
 * walk at once.
 */
public final class Gradients {

  /** Gradients as constants, so that to differentiate them gives zero; or as part of the graph. */
  public enum Mode {
    VALUES,
    DIFFERENTIABLE
  }

  private final Set<Tensor> asked;
  private final Map<Tensor, Tensor> found = new HashMap<>();

  private Gradients(Set<Tensor> asked) {
    this.asked = asked;
  }

  /**
   * The gradients of a scalar with respect to the given tensors, or if none are given, to all
   * variables.
   *
   * @throws ShapeException if the loss has more or fewer than one element
   * @throws IllegalArgumentException if a constant is among the given tensors
   */
  public static Gradients backward(Tensor loss, Tensor... withRespectTo) {
    return backward(loss, Mode.VALUES, withRespectTo);
  }

  /** As {@link #backward(Tensor, Tensor...)}, in a mode. */
  public static Gradients backward(Tensor loss, Mode mode, Tensor... withRespectTo) {
    if (loss.shape().size() != 1) {
      throw new ShapeException(
          "gradients",
          "the loss has shape %s, expected one element; reduce it, or give a cotangent to pullback"
              .formatted(loss.shape()));
    }
    Tensor one = Tensor.constant(NdArray.full(loss.dtype(), loss.shape(), 1));
    return pullback(loss, one, mode, withRespectTo);
  }

  /**
   * The products of a cotangent with the Jacobians of any output: the gradients of the scalar sum
   * of (cotangent * output), the cotangent held fixed.
   *
   * @param cotangent of the output's shape and element type
   * @param withRespectTo the tensors asked for; none for all variables
   * @throws IllegalArgumentException if the cotangent does not fit, or a constant is asked for
   */
  public static Gradients pullback(
      Tensor output, Tensor cotangent, Mode mode, Tensor... withRespectTo) {
    requireLike("gradients: the cotangent", cotangent, "the output", output);
    for (Tensor tensor : withRespectTo) {
      if (!tensor.isTracked()) {
        throw new IllegalArgumentException(
            "gradients: asked for the %s, but it depends on no variable".formatted(tensor));
      }
    }
    Gradients gradients = new Gradients(Set.copyOf(List.of(withRespectTo)));
    boolean record = mode == Mode.DIFFERENTIABLE;
    List<Tensor> order = inputsFirst(output);
    Map<Tensor, Cotangent> needed = new HashMap<>();
    for (Tensor node : order) {
      if (gradients.wants(node) || node.inputs().stream().anyMatch(needed::containsKey)) {
        needed.put(node, new Cotangent());
      }
    }
    needed.computeIfAbsent(output, o -> new Cotangent()).add(cotangent, record);
    for (int i = order.size() - 1; i >= 0; i--) {
      Tensor node = order.get(i);
      Cotangent sum = needed.remove(node);
      if (sum != null && sum.total != null) {
        propagate(node, sum.total, record, needed);
        if (gradients.wants(node)) {
          gradients.found.put(node, sum.total);
        }
      }
    }
    return gradients;
  }

  /**
   * The gradient with respect to a tensor: of its shape, and zero if the loss does not depend on
   * it.
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
        for (Tensor input : node.inputs()) {
          if (input.isTracked() && !opened.contains(input)) {
            stack.push(input);
          }
        }
      } else {
        closed.add(stack.pop());
      }
    }
    return List.copyOf(closed);
  }

  /** Hands the cotangent of a node on to those of its inputs that need one. */
  private static void propagate(
      Tensor node, Tensor cotangent, boolean record, Map<Tensor, Cotangent> needed) {
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
        sum.add(product, record);
      }
    }
  }

  private static void requireLike(String what, Tensor actual, String like, Tensor expected) {
    if (!actual.shape().equals(expected.shape()) || actual.dtype() != expected.dtype()) {
      throw new IllegalArgumentException(
          "%s is %s, but %s is %s".formatted(what, actual, like, expected));
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

    void add(Tensor next, boolean record) {
      if (total == null) {
        total = record ? next : next.detach();
      } else if (record) {
        total = Tensor.of(new Accumulate(), total, next);
      } else if (owned == null) {
        owned = total.value().plusScaled(1, next.value());
        total = Tensor.constant(owned);
      } else { // nobody has seen the sum yet: it is handed on when all have arrived
        Object sum = owned.storage();
        Kernels.of(sum).axpy(1, next.value().storage(), sum, sum);
      }
    }
  }
}
