package org.gradus.layers;

import java.util.List;
import org.gradus.autograd.Tensor;

/**
 * A function of tensors that may own parameters. A function without parameters is a layer as it
 * stands: {@code Ops::tanh}, or {@code x -> reshape(x, -1, 1, 28, 28)}.
 *
 * <p>A layer made of other layers returns their parameters, each under a longer name: see {@link
 * Parameter#in}, and {@link Sequential}.
 */
@FunctionalInterface
public interface Layer {

  /**
   * The output for an input x, as part of the graph. Changes nothing.
   *
   * @throws IllegalArgumentException if the input does not fit; the message names the layer or its
   *     op, and both values
   */
  Tensor forward(Tensor x);

  /** The parameters, always the same ones in the same order; none by default. */
  default List<Parameter> parameters() {
    return List.of();
  }

  /**
   * What the layer is called in the names of its parameters and in messages; by default the name of
   * its class, beginning in lower case.
   */
  default String name() {
    String name = getClass().getSimpleName();
    boolean unnamed = name.isEmpty() || getClass().isHidden() || getClass().isSynthetic();
    return unnamed ? "layer" : Character.toLowerCase(name.charAt(0)) + name.substring(1);
  }
}
