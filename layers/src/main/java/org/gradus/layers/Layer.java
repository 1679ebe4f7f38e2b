package org.gradus.layers;

import java.util.List;
import java.util.Map;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DTypeException;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.array.ShapeException;

/**
 * A function of tensors that may own parameters. A function without parameters is a layer as it
 * stands: {@code Ops::tanh}, or {@code x -> reshape(x, -1, 1, 28, 28)}. A layer that has
 * parameters, is made of other layers, or does something else in training extends {@link
 * AbstractLayer}.
 *
 * <pre>{@code
 * Layer net = new Sequential(new Linear(4, 3, random), Ops::tanh, new Linear(3, 2, random));
 * Tensor y = net.forward(x); // [N, 4] -> [N, 2], part of the graph
 * NdArray values = net.predict(x.value()); // the same numbers, and no graph
 * }</pre>
 */
@FunctionalInterface
public interface Layer {

  /**
   * The output for an input x, as part of the graph, as in inference: nothing is dropped, and batch
   * normalisation uses its running statistics. Changes nothing.
   *
   * @throws IllegalArgumentException if the input does not fit; the message names the layer or its
   *     op, and both values
   */
  Tensor forward(Tensor x);

  /**
   * The output for an input x in a pass, which says whether this is training, and gives the layer
   * its weights and random numbers. Changes nothing but what the pass has observed. Only {@link
   * AbstractLayer} overrides this: it gives each call its place in the net.
   *
   * @param pass the one that the layer around was given, or a new one for a whole net
   * @throws IllegalArgumentException as {@link #forward(Tensor)}; the message begins with the
   *     layer's place in the net, as in {@code layer1.0.conv2: conv2d: input ...}
   * @throws IllegalStateException if this layer has parameters, but does not compute with those of
   *     the pass: it must extend {@link AbstractLayer}
   */
  default Tensor forward(Tensor x, Pass pass) {
    return Nulls.given("forward: pass", pass)
        .run(
            this,
            x,
            inside -> {
              inside.requireWithoutParameters(this);
              return forward(x);
            });
  }

  /**
   * {@link #forward(Tensor)} of numbers that no gradient is wanted for, such as images.
   *
   * @throws IllegalArgumentException as {@link #forward(Tensor)}
   */
  default Tensor forward(NdArray x) {
    return forward(Tensor.constant(Nulls.given("forward: x", x)));
  }

  /**
   * {@link #forward(Tensor, Pass)} of numbers that no gradient is wanted for, such as images.
   *
   * @param pass the one that the layer around was given, or a new one for a whole net
   * @throws IllegalArgumentException as {@link #forward(Tensor, Pass)}
   * @throws IllegalStateException as {@link #forward(Tensor, Pass)}
   */
  default Tensor forward(NdArray x, Pass pass) {
    return forward(Tensor.constant(Nulls.given("forward: x", x)), pass);
  }

  /**
   * The output for an input, outside any graph: nothing is kept on the way. Any number of threads
   * may predict at once.
   *
   * @throws IllegalArgumentException as {@link #forward(Tensor)}
   */
  default NdArray predict(NdArray x) {
    return predict(x, Pass.inference());
  }

  /**
   * As {@link #predict(NdArray)}, in a pass: with other tensors in the place of parameters, say.
   *
   * @param pass gets no gradients
   * @throws IllegalArgumentException as {@link #forward(Tensor)}
   * @throws IllegalStateException as {@link #forward(Tensor, Pass)}
   */
  default NdArray predict(NdArray x, Pass pass) {
    Nulls.refuse("predict: x, pass", x, pass);
    return forward(Tensor.constant(x), pass.withoutGradients()).value();
  }

  /** The weights, always the same ones in the same order; none by default. */
  default List<Parameter> parameters() {
    return List.of();
  }

  /** What is saved with the weights, but is not learnt, such as running statistics. */
  default List<Parameter> buffers() {
    return List.of();
  }

  /** The layers that this one is made of, by name, in order; none by default. */
  default Map<String, Layer> parts() {
    return Map.of();
  }

  /**
   * What the layer is called in messages; by default the name of its class, beginning in lower
   * case.
   */
  default String name() {
    String name = getClass().getSimpleName();
    boolean unnamed = name.isEmpty() || getClass().isHidden() || getClass().isSynthetic();
    return unnamed ? "layer" : Character.toLowerCase(name.charAt(0)) + name.substring(1);
  }

  /**
   * What kind of layer this is, for tables of a net: by default the name of its class, or {@link
   * #name} where that has none.
   */
  default String kind() {
    String kind = getClass().getSimpleName();
    return getClass().isHidden() || kind.isEmpty() ? name() : kind;
  }

  /**
   * This layer, frozen: it computes as in inference, and its weights are constants, so that they
   * get no gradient, and none is computed. Names, and the state, stay as they are; the weights
   * count as buffers. The two share their values.
   */
  default Layer frozen() {
    return new Frozen(this);
  }

  /**
   * The values of all parameters and buffers by name, such as {@code layer1.0.conv1.weight}, in
   * order. The arrays are not copied: they are immutable, and stay as they are when a step puts
   * others in their place.
   */
  default Map<String, NdArray> state() {
    return State.values(this);
  }

  /**
   * Puts the values of a {@link #state} in place, by name.
   *
   * @throws IllegalArgumentException if a value is missing, left over, or of another shape or
   *     element type; the message tells these, sorted, up to 20 of each kind and how many more
   *     there are, and nothing has changed
   * @see ShapeException
   * @see DTypeException
   */
  default void load(Map<String, NdArray> state) {
    State.load(this, state);
  }
}
