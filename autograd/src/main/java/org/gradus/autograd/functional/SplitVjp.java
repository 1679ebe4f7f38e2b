package org.gradus.autograd.functional;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.gradus.autograd.Op;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.array.ShapeException;
import org.gradus.autograd.inspect.Nodes;
import org.gradus.autograd.ops.BatchingRules;
import org.gradus.autograd.ops.Ops;

/**
 * A VJP of one op, for each example. Since a VJP is linear in the cotangent, and is made of ops, it
 * is a graph from the cotangent to the product, whose ops {@link BatchingRules} knows, also if the
 * op itself is a user's own. That graph is made once, for all examples. Where their elements stay
 * apart, it is what is wanted. Where they are added up, as in the gradient of weights, the sum is
 * made over each example. The rest is computed again for one example after the other, with 0 in the
 * place of all others.
 */
final class SplitVjp {
  private final Examples examples;
  private final Call call;
  private final Tensor cotangent;
  private final Tensor product;

  /** The nodes that depend on the cotangent, in order; first itself. */
  private final Set<Tensor> nodes = new LinkedHashSet<>();

  /** Those of them whose examples lie apart. */
  private final Set<Tensor> apart = new HashSet<>();

  /** What of the others can be made of all examples at once, [examples, the node's shape]. */
  private final Map<Tensor, Optional<NdArray>> atOnce = new HashMap<>();

  /**
   * The VJP of a node by its input of a position, as a function of the cotangent.
   *
   * @param from what made that input
   */
  private record Call(Op op, int input, Tensor output, List<Tensor> inputs, String from) {
    static Call of(Tensor node, int input) {
      return new Call(
          node.op().orElseThrow(),
          input,
          Tensor.constant(node.value()),
          constants(node.inputs()),
          node.inputs().get(input).op().map(Op::name).orElse("the batch"));
    }

    Tensor vjp(Tensor g) {
      String what = op.name() + ": the VJP of input " + input;
      Tensor made = Nulls.given(what, op.vjp(input, g, output, inputs));
      Tensor like = inputs.get(input);
      like.dtype().require(what, "it", made.dtype());
      if (!made.shape().equals(like.shape())) {
        throw new ShapeException(
            what, "it has shape %s, but the input has %s".formatted(made.shape(), like.shape()));
      }
      return made;
    }
  }

  private static List<Tensor> constants(List<Tensor> tensors) {
    return tensors.stream().map(x -> Tensor.constant(x.value())).toList();
  }

  private SplitVjp(Examples examples, Call call, NdArray g) {
    this.examples = examples;
    this.call = call;
    this.cotangent = Tensor.variable(g);
    this.product = call.vjp(cotangent);
    nodes.add(cotangent);
    apart.add(cotangent);
    for (Tensor node : Nodes.of(product)) {
      if (node.inputs().stream().anyMatch(nodes::contains)) {
        nodes.add(node);
        if (keepsApart(node)) {
          apart.add(node);
        }
      }
    }
  }

  /**
   * The VJP of a node by its input of a position.
   *
   * @param g the cotangent, whose examples lie apart
   * @param mustBeApart whether the input's examples have to lie apart, too; or else it may be
   *     shared by all
   * @return empty if it is 0 whatever the cotangent
   * @throws IllegalArgumentException if the node mixes the examples of an input where it must not
   */
  static Optional<PerExampleValue> of(
      Examples examples, Tensor node, int input, NdArray g, boolean mustBeApart) {
    SplitVjp split = new SplitVjp(examples, Call.of(node, input), g);
    if (split.isNothing()) {
      return Optional.empty();
    }
    if (split.apart.contains(split.product)) {
      return Optional.of(PerExampleValue.apart(examples, split.product.value()));
    }
    return Optional.of(mustBeApart ? split.parted() : split.each());
  }

  /** The VJP of a node by its input of a position, of one example's cotangent. */
  static NdArray of(Tensor node, int input, NdArray g) {
    return Call.of(node, input).vjp(Tensor.constant(g)).value();
  }

  // ---- all examples at once --------------------------------------------------------------------

  private boolean keepsApart(Tensor node) {
    Set<Integer> split = places(node, nodes).boxed().collect(Collectors.toSet());
    return split.stream().allMatch(i -> apart.contains(node.inputs().get(i)))
        && (examples.count() == 1
            || BatchingRules.keepApart(
                node.op().orElseThrow(), node.inputs(), split, node.shape(), examples.count()));
  }

  /** Where among the inputs of a node some tensors are. */
  private static IntStream places(Tensor node, Set<Tensor> tensors) {
    return IntStream.range(0, node.inputs().size())
        .filter(i -> tensors.contains(node.inputs().get(i)));
  }

  /** A built-in op makes its VJP of the cotangent by ops alone; others may take its value. */
  private boolean isNothing() {
    boolean builtIn = call.op.getClass().getPackageName().equals(Ops.class.getPackageName());
    return builtIn && !nodes.contains(product) && product.value().norm() == 0;
  }

  private PerExampleValue each() {
    Optional<NdArray> norms =
        addsUp(product)
            ? BatchingRules.norms(
                product.op().orElseThrow(), constants(product.inputs()), examples.count())
            : Optional.empty();
    return PerExampleValue.each(
        examples, () -> atOnce(product).orElseGet(() -> examples.stack(this::ofExample)), norms);
  }

  /** Whether a node depends on the cotangent by one input, whose examples lie apart. */
  private boolean addsUp(Tensor node) {
    return places(node, nodes).count() == 1 && places(node, apart).count() == 1;
  }

  private Optional<NdArray> atOnce(Tensor node) {
    return atOnce.computeIfAbsent(node, this::computeAtOnce);
  }

  private Optional<NdArray> computeAtOnce(Tensor node) {
    return addsUp(node)
        ? BatchingRules.forEach(
                node.op().orElseThrow(),
                constants(node.inputs()),
                places(node, apart).findFirst().orElseThrow(),
                node.shape(),
                examples.count())
            .map(Tensor::value)
        : Optional.empty();
  }

  // ---- one example after the other -------------------------------------------------------------

  /** The product of the cotangent of one example, that of all others being 0. */
  private NdArray ofExample(int n) {
    if (!nodes.contains(product)) {
      return call.vjp(Tensor.constant(examples.alone(cotangent.value(), n))).value();
    }
    Map<Tensor, NdArray> values = new HashMap<>();
    for (Tensor node : nodes) {
      if (!apart.contains(node)) {
        Optional<NdArray> all = atOnce(node);
        values.put(
            node,
            all.isPresent()
                ? examples.of(all.get(), n)
                : node.op().orElseThrow().forward(inputs(node, n, values)));
      }
    }
    return values.getOrDefault(product, product.value());
  }

  private List<NdArray> inputs(Tensor node, int n, Map<Tensor, NdArray> values) {
    return node.inputs().stream()
        .map(
            x ->
                apart.contains(x)
                    ? examples.alone(x.value(), n)
                    : values.getOrDefault(x, x.value()))
        .toList();
  }

  /** The product, if its examples do lie apart, though no rule says so. */
  private PerExampleValue parted() {
    int count = examples.count();
    if (product.shape().size() % count != 0) {
      throw mixes();
    }
    List<NdArray> parts = new ArrayList<>();
    for (int n = 0; n < count; n++) {
      NdArray own = ofExample(n);
      double others =
          Math.max(examples.part(own, 0, n).norm(), examples.part(own, n + 1, count).norm());
      if (!Double.isFinite(others)) {
        throw notFinite(n);
      }
      if (others != 0) {
        throw mixes();
      }
      parts.add(examples.part(own, n));
    }
    NdArray all = examples.stack(parts::get);
    return PerExampleValue.apart(examples, all.reshape(product.shape()));
  }

  /** Times 0, a number that is not finite is NaN, whosever it is. */
  private IllegalArgumentException notFinite(int n) {
    return new IllegalArgumentException(
        "perExample: whether %s cannot be told: by example %s alone, its VJP is not finite for others"
            .formatted(mixing(), n));
  }

  private IllegalArgumentException mixes() {
    return new IllegalArgumentException(
        "perExample: %s, or their axis is not the first".formatted(mixing()));
  }

  private String mixing() {
    return "%s mixes the %s examples of its input %s from %s"
        .formatted(
            call.op.name(), examples.count(), call.inputs.get(call.input).shape(), call.from);
  }
}
