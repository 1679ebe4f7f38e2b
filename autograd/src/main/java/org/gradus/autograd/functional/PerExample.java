package org.gradus.autograd.functional;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.gradus.autograd.Gradients;
import org.gradus.autograd.Gradients.Mode;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;
import org.gradus.autograd.inspect.Nodes;

/**
 * The gradients of a batch of losses, one by one.
 *
 * <pre>
 *   batch [N, ...], losses [N], a variable w; g[n] = d losses[n] / dw, n from 0 to N - 1
 *   gradients(w)    g, [N, the shape of w]
 *   norms           the length of g[n], by all variables together, [N]
 *   clippedSum(C)   sum over n of g[n] min(1, C / norm[n])
 * </pre>
 *
 * <pre>{@code
 * CrossEntropyOptions each = CrossEntropyOptions.none();
 * PerExample g = PerExample.of(x -> crossEntropy(net.forward(x), labels, each), images);
 * g.norms();                            // [N]: large where a label is wrong, say
 * optimizer.step(g.clippedSum(1));      // no example moves the parameters far
 * }</pre>
 *
 * <p>One walk back over the graph of all losses makes the gradients of all examples, as that of
 * their sum would: what the examples share, such as weights, gets a sum over each of them in the
 * place of one over all. A VJP is a graph of ops that are linear in the cotangent, and of these it
 * is known what they do with a batch. So ops of your own are as fast, if their VJPs are made of
 * built-in ops; others are computed for one example after the other.
 *
 * <p>The examples are those of axis 0 of the batch, and stay apart up to their losses; axes behind
 * it may be joined to it by a reshape, and parted again. An op that mixes them is refused, and
 * named, as batch normalisation in training is: take group or layer normalisation. So is a {@link
 * Checkpoint} of several inputs, which joins them, such as images and weights, to one. What is no
 * part of the graph is not seen: numbers that are taken out of tensors, and {@link Tensor#detach},
 * are held fixed, as for all gradients.
 *
 * <p>Gradients are those that the examples have in batches of one. Memory: the norms need one
 * variable's gradients at a time, of all examples, and matrices not even these; the clipped sum is
 * that of losses with weights, one more walk back.
 *
 * @see <a href="https://arxiv.org/abs/1607.00133">Abadi et al.: Deep Learning with Differential
 *     Privacy, 2016</a>, where gradients are clipped and summed so
 */
public final class PerExample {
  private final List<Tensor> batch;
  private final Tensor losses;
  private final List<Tensor> variables;
  private final NdArray norms;

  private PerExample(List<Tensor> batch, Tensor losses, List<Tensor> variables) {
    this.batch = batch;
    this.losses = losses;
    this.variables = variables;
    this.norms = computeNorms();
  }

  /**
   * Computes the losses of a batch, and the norms of their gradients.
   *
   * @param losses gives [N] for the batch [N, ...], made of ops; called once
   * @param batch the examples, one for each index of axis 0
   * @param withRespectTo variables, no two the same; none means all that the losses depend on
   * @throws ShapeException if the batch has no axis, or the losses are not [N]
   * @throws IllegalArgumentException if an op mixes the examples, or there is no variable, or a
   *     tensor is none, or is there twice
   */
  public static PerExample of(
      Function<Tensor, Tensor> losses, NdArray batch, Tensor... withRespectTo) {
    Nulls.refuse("perExample: losses, batch, withRespectTo", losses, batch, withRespectTo);
    return of(in -> losses.apply(in.get(0)), List.of(batch), withRespectTo);
  }

  /**
   * As {@link #of(Function, NdArray, Tensor...)}, of several inputs, such as images and targets.
   *
   * @param losses gives [N] for the inputs, made of ops; called once
   * @param batch one input or more, all of N examples
   * @param withRespectTo variables, no two the same; none means all that the losses depend on
   */
  public static PerExample of(
      Function<List<Tensor>, Tensor> losses, List<NdArray> batch, Tensor... withRespectTo) {
    Nulls.refuse("perExample: losses, batch, withRespectTo", losses, batch, withRespectTo);
    int count = count(batch);
    List<Tensor> inputs = batch.stream().map(Tensor::variable).toList();
    Tensor made = Nulls.given("perExample: the losses", losses.apply(inputs));
    if (!made.shape().equals(Shape.of(count))) {
      throw new ShapeException(
          "perExample",
          "the losses have shape %s, but the batch has %s examples, expected [%s]; do not reduce them"
              .formatted(made.shape(), count, count));
    }
    return new PerExample(inputs, made, variables(made, inputs, List.of(withRespectTo)));
  }

  private static int count(List<NdArray> batch) {
    if (batch.isEmpty()) {
      throw new IllegalArgumentException("perExample: 0 inputs, expected one or more");
    }
    Shape first = batch.get(0).shape();
    for (NdArray input : batch) {
      if (input.shape().rank() == 0 || input.shape().dim(0) != first.dim(0)) {
        throw new ShapeException(
            "perExample",
            "inputs %s, expected as many examples along axis 0 of each"
                .formatted(batch.stream().map(NdArray::shape).toList()));
      }
    }
    return first.dim(0);
  }

  private static List<Tensor> variables(Tensor losses, List<Tensor> batch, List<Tensor> named) {
    for (int i = 0; i < named.size(); i++) {
      if (!named.get(i).isVariable() || named.indexOf(named.get(i)) < i) {
        throw new IllegalArgumentException(
            "perExample: withRespectTo[%s], of shape %s, is %s"
                .formatted(
                    i,
                    named.get(i).shape(),
                    named.get(i).isVariable() ? "there twice" : "no variable"));
      }
    }
    List<Tensor> variables =
        named.isEmpty() ? Nodes.of(losses).stream().filter(Tensor::isVariable).toList() : named;
    List<Tensor> others = variables.stream().filter(each -> !batch.contains(each)).toList();
    if (others.isEmpty()) {
      throw new IllegalArgumentException(
          "perExample: the losses depend on no variable but the batch");
    }
    return others;
  }

  // ---- what comes of it ------------------------------------------------------------------------

  /** The losses [N]. */
  public NdArray losses() {
    return losses.value();
  }

  /** The variables that gradients are by. */
  public List<Tensor> variables() {
    return variables;
  }

  /**
   * The length of each example's gradient by all variables, as one vector: FLOAT64 [N]. Nothing
   * overflows on the way.
   */
  public NdArray norms() {
    return norms;
  }

  /**
   * The gradient of each loss by a variable, by a walk back.
   *
   * @param variable one of {@link #variables}
   * @return [N, the variable's shape]; zeros where a loss does not depend on it
   * @throws IllegalArgumentException if it is none of them
   */
  public NdArray gradients(Tensor variable) {
    if (!variables.contains(Nulls.given("gradients: variable", variable))) {
      throw new IllegalArgumentException(
          "gradients: a tensor of shape %s is none of the %s variables"
              .formatted(variable.shape(), variables.size()));
    }
    return Objects.requireNonNull(gradients(List.of(variable)).get(variable));
  }

  /**
   * The {@link #gradients(Tensor)} of all variables, in their order, by one walk back. They take N
   * times the memory of the variables.
   */
  public Map<Tensor, NdArray> gradients() {
    return gradients(variables);
  }

  private Map<Tensor, NdArray> gradients(List<Tensor> wanted) {
    Map<Tensor, NdArray> found = new HashMap<>();
    walk(Set.copyOf(wanted), (variable, value) -> found.put(variable, value.each()));
    Map<Tensor, NdArray> all = new LinkedHashMap<>();
    for (Tensor w : wanted) {
      NdArray gradients = found.get(w);
      all.put(w, gradients != null ? gradients : zeros(w));
    }
    return Collections.unmodifiableMap(all);
  }

  private NdArray zeros(Tensor variable) {
    return NdArray.zeros(
        variable.dtype(), variable.shape().stacked("perExample", losses.shape().dim(0)));
  }

  /**
   * The sum of the gradients, each scaled so that its norm is at most a number, by all variables:
   * for an optimiser, or for noise first. It is the gradient of the sum of losses that are weighted
   * by these scales, by one walk back.
   *
   * @param most the norm, above 0 and finite
   * @throws IllegalArgumentException if it is not
   * @throws IllegalStateException if a gradient is not finite; the message names its example
   */
  public Gradients clippedSum(double most) {
    if (!(most > 0 && Double.isFinite(most))) {
      throw new IllegalArgumentException(
          "clippedSum: most is %s, expected a finite number above 0".formatted(most));
    }
    for (int n = 0; n < norms.size(); n++) {
      if (!Double.isFinite(norms.at(n))) {
        throw new IllegalStateException(
            "clippedSum: the gradient of example %s has the norm %s".formatted(n, norms.at(n)));
      }
    }
    NdArray scales = norms.map(norm -> Math.min(1, most / norm)).as(losses.dtype());
    return Gradients.pullback(
        losses, Tensor.constant(scales), Mode.VALUES, variables.toArray(Tensor[]::new));
  }

  // ---- the walk --------------------------------------------------------------------------------

  private NdArray computeNorms() {
    List<NdArray> found = new ArrayList<>();
    Set<Tensor> wanted = new HashSet<>(variables);
    wanted.addAll(batch); // so that no op on the way from the batch mixes examples
    walk(
        wanted,
        (tensor, value) -> {
          if (!batch.contains(tensor)) {
            found.add(value.norms());
          }
        });
    double[] all = new double[losses.shape().dim(0)];
    for (int n = 0; n < all.length; n++) {
      int example = n;
      double[] own = found.stream().mapToDouble(each -> each.at(example)).toArray();
      all[n] = NdArray.of(own, own.length).norm();
    }
    return NdArray.of(all, all.length);
  }

  /** Tells what arrives at each of the wanted variables that the losses depend on. */
  private void walk(Set<Tensor> wanted, BiConsumer<Tensor, PerExampleValue> found) {
    if (losses.shape().size() == 0) {
      return;
    }
    Examples examples = new Examples(losses.shape().dim(0));
    List<Tensor> order = Nodes.of(losses).stream().filter(Tensor::isTracked).toList();
    Set<Tensor> needed = dependents(order, wanted);
    Set<Tensor> batched = dependents(order, batch);
    Map<Tensor, PerExampleValue> arrived = new HashMap<>();
    if (needed.contains(losses)) {
      NdArray ones = NdArray.full(losses.dtype(), losses.shape(), 1);
      arrived.put(losses, PerExampleValue.apart(examples, ones));
    }
    for (int i = order.size() - 1; i >= 0; i--) {
      Tensor node = order.get(i);
      PerExampleValue g = arrived.remove(node);
      if (g == null) {
        continue;
      }
      if (wanted.contains(node)) {
        found.accept(node, g);
      }
      for (int input = 0; input < node.inputs().size(); input++) {
        Tensor to = node.inputs().get(input);
        if (needed.contains(to)) {
          vjp(examples, node, input, g, batched.contains(to), arrived);
        }
      }
    }
  }

  private static void vjp(
      Examples examples,
      Tensor node,
      int input,
      PerExampleValue g,
      boolean mustBeApart,
      Map<Tensor, PerExampleValue> arrived) {
    Tensor to = node.inputs().get(input);
    if (g.isApart()) {
      SplitVjp.of(examples, node, input, g.apart(), mustBeApart)
          .ifPresent(value -> arrived.merge(to, value, PerExampleValue::plus));
    } else {
      NdArray from = g.each();
      NdArray each = examples.stack(n -> SplitVjp.of(node, input, examples.of(from, n)));
      arrived.merge(
          to, PerExampleValue.each(examples, () -> each, Optional.empty()), PerExampleValue::plus);
    }
  }

  /** Those tensors, and all that depend on them. */
  private static Set<Tensor> dependents(List<Tensor> order, Collection<Tensor> roots) {
    Set<Tensor> dependents = new HashSet<>();
    for (Tensor node : order) {
      if (roots.contains(node) || node.inputs().stream().anyMatch(dependents::contains)) {
        dependents.add(node);
      }
    }
    return dependents;
  }
}
