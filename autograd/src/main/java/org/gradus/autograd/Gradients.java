package org.gradus.autograd;

import java.util.*;
import java.util.function.*;
import org.gradus.autograd.array.*;
import org.gradus.autograd.internal.graph.*;
import org.gradus.autograd.internal.kernel.*;
import org.gradus.autograd.internal.memory.Buffers;

/**
 * The derivatives of one tensor with respect to others, by one walk over the graph in reverse
 * topological order. A value: nothing is written into the graph, which many threads may walk at
 * once. Cotangents of one tensor are added up in its element type, and may overflow there.
 */
public final class Gradients {
  /**
   * VALUES are constants. DIFFERENTIABLE gradients are part of the graph. CONSUMING ones are
   * constants, and the walk takes back the memory of all other values: to read them is refused
   * afterwards, but for leaves, the output, and what was asked for before.
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
   * The gradients of a scalar with respect to {@code withRespectTo}, or to all variables if no
   * tensor is given; the mode says whether they can be differentiated.
   *
   * @throws IllegalArgumentException if the loss has not one element, or a constant is given
   */
  public static Gradients backward(Tensor loss, Mode mode, Tensor... withRespectTo) {
    if (Nulls.given("gradients: loss", loss).shape().size() != 1) {
      String text = "the loss has shape %s, expected one element; reduce it, or use pullback";
      throw new ShapeException("gradients", text.formatted(loss.shape()));
    }
    Tensor one = Tensor.constant(NdArray.full(loss.dtype(), loss.shape(), 1));
    return pullback(loss, one, mode, withRespectTo);
  }

  /**
   * The products of a cotangent with the Jacobians of any output, mode and {@code withRespectTo} as
   * for a scalar: the gradients of sum(cotangent * output), the cotangent held fixed.
   *
   * @throws IllegalArgumentException if shapes or element types differ, or for a constant
   * @throws IllegalStateException if memory of the graph was taken back before
   */
  public static Gradients pullback(
      Tensor output, Tensor cotangent, Mode mode, Tensor... withRespectTo) {
    Nulls.refuse("gradients: output, cotangent, mode", output, cotangent, mode);
    requireLike("gradients: the cotangent", cotangent, "the output", output);
    if (mode != Mode.DIFFERENTIABLE) { // values leave the graph: they are held, or may be refused
      cotangent.value();
      (mode == Mode.VALUES ? output : cotangent).value();
      output.op().filter(Op.Companion.class::isInstance).ifPresent(op -> output.value());
    }
    String text = "gradients: asked for the %s, but it depends on no variable";
    Nulls.list("gradients: withRespectTo", withRespectTo)
        .forEach(tensor -> Text.require(tensor.isTracked(), text, tensor));
    Set<Tensor> asked = Set.copyOf(List.of(withRespectTo));
    Predicate<Tensor> wanted = asked.isEmpty() ? Tensor::isVariable : asked::contains;
    Gradients gradients = new Gradients(asked);
    Reclaimer uses = new Reclaimer(mode == Mode.CONSUMING, output.buffer);
    Walk walk = new Walk(mode == Mode.DIFFERENTIABLE, uses, new HashMap<>());
    List<Tensor> order = Order.of(output, t -> t.inputs().stream().filter(Tensor::isTracked));
    for (Tensor node : order) {
      uses.add(node.buffer);
      node.inputs().stream().filter(t -> !t.isTracked()).forEach(t -> uses.keep(t.buffer));
      if (wanted.test(node) || node.inputs().stream().anyMatch(walk.needed::containsKey)) {
        walk.need(node);
      }
    }
    uses.claimAll();
    walk.arrive(walk.need(output), "the cotangent", i -> cotangent, 0, output);
    for (Tensor node : Order.reversed(order)) {
      Pairwise<Tensor> arrived = walk.needed.remove(node);
      if (arrived != null) {
        walk.finish(node, arrived);
        Tensor total = arrived.total();
        walk.propagate(node, total);
        if (wanted.test(node)) {
          gradients.found.put(node, total);
        } else {
          uses.end(total.buffer);
        }
      }
      uses.end(node.buffer); // that of a variable is held
    }
    uses.close();
    return gradients;
  }

  /**
   * The gradient with respect to a tensor, of its shape; of one that was named, zero if unused.
   *
   * @throws IllegalArgumentException if it was not named, and is no variable that was depended on
   */
  public Tensor of(Tensor tensor) {
    boolean known = reached(tensor) || asked.contains(tensor);
    Text.require(known, "gradients: the %s is no variable of the graph, nor was it named", tensor);
    Tensor total = found.get(tensor);
    return total != null ? total : Tensor.constant(NdArray.zeros(tensor.dtype(), tensor.shape()));
  }

  /** Whether what was differentiated depends on the tensor; if not, its gradient is 0. */
  public boolean reached(Tensor tensor) {
    return found.containsKey(Nulls.given("gradients: tensor", tensor));
  }

  private static void requireLike(String what, Tensor actual, String like, Tensor expected) {
    boolean alike = actual.shape().equals(expected.shape()) && actual.dtype() == expected.dtype();
    Text.require(alike, "%s is %s, but %s is %s", what, actual, like, expected);
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

  /** One walk: what has arrived at the nodes that it has not visited yet. */
  private record Walk(boolean records, Reclaimer uses, Map<Tensor, Pairwise<Tensor>> needed) {
    Pairwise<Tensor> need(Tensor node) {
      return needed.computeIfAbsent(
          node, n -> new Pairwise<>(this::sum, records ? this::sum : this::addTo));
    }

    /** One cotangent is aliased; only a sum that was made here is added to. */
    void arrive(Pairwise<Tensor> sum, String what, IntFunction<Tensor> vjp, int i, Tensor to) {
      Tensor cotangent = uses.adding(() -> Nulls.given(what, vjp.apply(i)), t -> t.buffer);
      requireLike(what, cotangent, "the input", to);
      sum.add(records ? cotangent : cotangent.asConstant());
    }

    private Tensor sum(Tensor a, Tensor b) {
      return records
          ? Tensor.of(new Accumulate(), a, b)
          : Tensor.constant(Buffers.array(uses.sum(a.buffer, b.buffer), a.shape()));
    }

    private Tensor addTo(Tensor a, Tensor b) {
      uses.addTo(a.buffer, b.buffer);
      return a;
    }

    /** Hands the cotangent of a node on to those of its inputs that need one. */
    void propagate(Tensor node, Tensor g) {
      List<Tensor> in = node.inputs();
      Tensor y = records ? node : node.asConstant();
      List<Tensor> x = records ? in : in.stream().map(Tensor::asConstant).toList();
      for (int i = 0; i < in.size(); i++) {
        Pairwise<Tensor> at = needed.get(in.get(i));
        Op op = node.op().orElseThrow(); // whatever has inputs has an op
        if (at != null && op instanceof Op.Selection) {
          at.later(op.getClass()).put(node, g);
          uses.add(g.buffer);
        } else if (at != null) {
          arrive(at, op.name() + ": the VJP of input " + i, n -> op.vjp(n, g, y, x), i, in.get(i));
        }
      }
    }

    /** Adds the VJPs of parts, which are one call for all parts of a tensor. */
    void finish(Tensor node, Pairwise<Tensor> at) {
      for (Map<Tensor, Tensor> parts : at.later()) {
        Op.Selection op = (Op.Selection) parts.keySet().iterator().next().op().orElseThrow();
        arrive(at, op.name() + ": the VJP of all parts", n -> op.vjp(parts, node.shape()), 0, node);
        parts.values().forEach(t -> uses.end(t.buffer));
      }
    }
  }
}
