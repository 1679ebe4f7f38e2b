package org.gradus.layers;

import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.array.Shape;
import org.jspecify.annotations.Nullable;

/**
 * A layer that has weights, or is made of other layers, or does something else in training. Its
 * fields declare what it has, each with its name; {@link #compute} says what it does:
 *
 * <pre>{@code
 * class Block extends AbstractLayer {
 *   private final Layer conv = part("conv", new Conv2d(8, 8, 3, ConvOptions.same(), random));
 *   private final Layer drop = part("drop", new Dropout(0.5));
 *   private final Parameter scale = parameter("scale", NdArray.of(0.1f));
 *
 *   @Override
 *   protected Tensor compute(Tensor x, Pass pass) {
 *     Tensor y = drop.forward(relu(conv.forward(x, pass)), pass);
 *     return add(x, mul(y, pass.use(scale)));
 *   }
 * }
 * }</pre>
 *
 * <p>Its parameters are called {@code conv.weight}, {@code conv.bias} and {@code scale}, in the
 * order of their declaration. A layer or parameter that stands in two places is one: it is listed
 * once, under its first name.
 */
public abstract class AbstractLayer implements Layer {
  private final Map<String, Parameter> own = new LinkedHashMap<>();
  private final Map<String, Layer> parts = new LinkedHashMap<>();
  private final Set<Parameter> frozen = new HashSet<>();
  private volatile @Nullable Lists lists;

  /**
   * What the layer has, once it is known that nothing is added any more.
   *
   * @param all parameters and buffers, each under its first name, in order
   */
  private record Lists(
      Map<String, Layer> parts,
      Set<Parameter> all,
      List<Parameter> parameters,
      List<Parameter> buffers) {}

  /** A layer without parameters and parts; the fields of its class add them. */
  protected AbstractLayer() {}

  // ---- what a layer has ------------------------------------------------------------------------

  /**
   * Makes a layer a part of this one.
   *
   * @param name such as {@code conv1}: of letters, digits, {@code _} and {@code -}
   * @return the layer
   * @throws IllegalArgumentException if the name is taken, or is no name, or the layer is this one
   * @throws IllegalStateException if this layer is complete: if it has been asked for its parts or
   *     parameters, or has computed
   */
  protected final <L extends Layer> L part(String name, L layer) {
    requireNew(name);
    Nulls.refuse("part: layer", layer);
    if (layer == this || (layer instanceof Frozen frozen && frozen.inner() == this)) {
      throw new IllegalArgumentException("%s: %s is the layer itself".formatted(name(), name));
    }
    parts.put(name, layer);
    return layer;
  }

  /**
   * Gives this layer a weight.
   *
   * @param name such as {@code weight}: of letters, digits, {@code _} and {@code -}
   * @param first its first value
   * @throws IllegalArgumentException if the name is taken, or is no name
   * @throws IllegalStateException if this layer is complete, as for {@link #part}
   */
  protected final Parameter parameter(String name, NdArray first) {
    return own(name, new Parameter(name, first));
  }

  /**
   * Gives this layer a value that is saved and loaded, but not learnt, such as a table.
   *
   * @param name such as {@code positions}: of letters, digits, {@code _} and {@code -}
   * @param first its first value
   * @throws IllegalArgumentException if the name is taken, or is no name
   * @throws IllegalStateException if this layer is complete, as for {@link #part}
   */
  protected final Parameter buffer(String name, NdArray first) {
    return own(name, Parameter.buffer(name, first));
  }

  /**
   * Gives this layer a buffer that follows what it observes in training; see {@link Pass#observe}.
   *
   * @param name such as {@code running_mean}: of letters, digits, {@code _} and {@code -}
   * @param first its first value
   * @throws IllegalArgumentException if the name is taken, or is no name
   * @throws IllegalStateException if this layer is complete, as for {@link #part}
   */
  protected final Parameter statistic(String name, NdArray first) {
    return own(name, Parameter.statistic(name, first));
  }

  /**
   * Shares a weight or buffer of another layer, under a name of this one.
   *
   * @param name such as {@code weight}: of letters, digits, {@code _} and {@code -}
   * @return the parameter
   * @throws IllegalArgumentException if the name is taken, or is no name
   * @throws IllegalStateException if this layer is complete, as for {@link #part}
   */
  protected final Parameter shared(String name, Parameter parameter) {
    return own(name, Nulls.given("shared: parameter", parameter).named(name));
  }

  /**
   * Shares a weight or buffer of another layer, under a name of this one.
   *
   * @param name such as {@code weight}: of letters, digits, {@code _} and {@code -}
   * @param isFrozen whether it is a constant here, as {@link #frozen} layers have theirs: it counts
   *     as a buffer, and gets no gradient
   * @return the parameter
   * @throws IllegalArgumentException if the name is taken, or is no name
   * @throws IllegalStateException if this layer is complete, as for {@link #part}
   */
  protected final Parameter shared(String name, Parameter parameter, boolean isFrozen) {
    Parameter shared = shared(name, parameter);
    if (isFrozen) {
      frozen.add(shared);
    }
    return shared;
  }

  private Parameter own(String name, Parameter parameter) {
    requireNew(name);
    own.put(name, parameter);
    return parameter;
  }

  private void requireNew(String name) {
    if (name == null) {
      Nulls.refuse(name() + ": name", name); // a name that is made of fields is not asked for yet
    }
    if (!Names.isName(name)) {
      throw new IllegalArgumentException(
          "%s: '%s' is no name, expected %s".formatted(name(), name, Names.EXPECTED));
    }
    if (own.containsKey(name) || parts.containsKey(name)) {
      throw new IllegalArgumentException("%s: the name %s is taken".formatted(name(), name));
    }
    if (lists != null) {
      throw new IllegalStateException(
          "%s: %s comes too late; declare it where the layer is made".formatted(name(), name));
    }
  }

  // ---- what a layer does -----------------------------------------------------------------------

  /**
   * The output for an input x. Hands the pass on to its parts, {@code conv.forward(x, pass)}, and
   * asks it for everything else; changes nothing.
   *
   * @param x never null
   * @param pass of this call; it is of no use after it
   */
  protected abstract Tensor compute(Tensor x, Pass pass);

  @Override
  public final Tensor forward(Tensor x) {
    return forward(x, Pass.inference());
  }

  @Override
  public final Tensor forward(Tensor x, Pass pass) {
    if (pass == null) {
      Nulls.refuse(name() + ": pass", pass); // the name is not made where nothing is wrong
    }
    if (lists == null) {
      lists(); // from now on the layer is complete
    }
    return pass.run(this, x, inside -> compute(x, inside));
  }

  /**
   * How many products of two numbers this layer itself adds up, its parts not counted; for a {@link
   * Summary}.
   *
   * @param input the shape of the input
   * @param output the shape of the output for it
   * @return 0 unless overridden: what does not multiply by weights is not counted
   */
  protected long multiplyAdds(Shape input, Shape output) {
    return 0;
  }

  // ---- lists -----------------------------------------------------------------------------------

  @Override
  public final Map<String, Layer> parts() {
    return lists().parts;
  }

  @Override
  public final List<Parameter> parameters() {
    return lists().parameters;
  }

  @Override
  public final List<Parameter> buffers() {
    return lists().buffers;
  }

  /** All parameters and buffers, each once, under the name of its first place. */
  final Set<Parameter> parametersAndBuffers() {
    return lists().all;
  }

  /** Whether a parameter or buffer is this layer's own, or one of a part. */
  final boolean has(Parameter parameter) {
    return lists().all.contains(parameter);
  }

  /** Whether a parameter is shared as a constant. */
  final boolean hasFrozen(Parameter parameter) {
    return frozen.contains(parameter);
  }

  /** The name of a part, where it is one; that of a part, too, for the part frozen. */
  final Optional<String> nameOf(Layer layer) {
    Layer thawed = layer instanceof Frozen frozen ? frozen.inner() : layer;
    return lists().parts.entrySet().stream()
        .filter(part -> part.getValue() == layer || part.getValue() == thawed)
        .map(Map.Entry::getKey)
        .findFirst();
  }

  private Lists lists() {
    Lists known = lists;
    if (known == null) {
      Set<Parameter> all = new LinkedHashSet<>(own.values());
      Set<Parameter> learnt = new HashSet<>();
      own.values().stream()
          .filter(parameter -> parameter.isLearnt() && !frozen.contains(parameter))
          .forEach(learnt::add);
      parts.forEach(
          (name, part) -> {
            State.of(part).forEach(parameter -> all.add(parameter.in(name)));
            learnt.addAll(part.parameters());
          });
      known =
          new Lists(
              Collections.unmodifiableMap(new LinkedHashMap<>(parts)),
              Collections.unmodifiableSet(all),
              all.stream().filter(learnt::contains).toList(),
              all.stream().filter(parameter -> !learnt.contains(parameter)).toList());
      lists = known;
    }
    return known;
  }

  // ---- as text ---------------------------------------------------------------------------------

  /** The layer as a tree: each part on a line of its own, behind its name. */
  @Override
  public String toString() {
    return Names.tree(this);
  }
}
