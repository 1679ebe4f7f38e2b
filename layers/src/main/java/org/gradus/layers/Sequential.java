package org.gradus.layers;

import java.util.List;
import java.util.Map;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.Nulls;

/**
 * Layers one after the other: the output of each is the input of the next. Without layers, it
 * returns its input.
 *
 * <p>Each layer is called by its position, from 0, or by a name that {@link #then} gives it: {@code
 * 0.weight}, and in a sequence of sequences {@code 1.0.bias}. A layer that stands in two places is
 * one layer: its parameters are listed once, under the name of the first.
 *
 * <pre>{@code
 * new Sequential().then("conv", new Conv2d(1, 8, 5, random)).then("relu", new Relu())
 * }</pre>
 */
public final class Sequential extends AbstractLayer {

  /** The composition of these layers, the first of them applied first. */
  public Sequential(Layer... layers) {
    this(Nulls.list("sequential: layers", layers));
  }

  /** The composition of these layers, the first of them applied first. */
  public Sequential(List<? extends Layer> layers) {
    List<Layer> all = Nulls.list("sequential: layers", layers);
    for (int i = 0; i < all.size(); i++) {
      part(String.valueOf(i), all.get(i));
    }
  }

  private Sequential(Map<String, Layer> before, String name, Layer layer) {
    before.forEach(this::part);
    part(name, layer);
  }

  /**
   * A sequence of these layers and one more.
   *
   * @param layer is called by its position
   */
  public Sequential then(Layer layer) {
    return then(String.valueOf(parts().size()), layer);
  }

  /**
   * A sequence of these layers and one more, which has a name.
   *
   * @param name such as {@code conv1}: of letters, digits, {@code _} and {@code -}
   * @param layer applied last
   * @throws IllegalArgumentException if the name is taken, or is no name
   */
  public Sequential then(String name, Layer layer) {
    Nulls.refuse("sequential: name, layer", name, layer);
    return new Sequential(parts(), name, layer);
  }

  /** The layers, in order. */
  public List<Layer> layers() {
    return List.copyOf(parts().values());
  }

  @Override
  protected Tensor compute(Tensor x, Pass pass) {
    Tensor y = x;
    for (Map.Entry<String, Layer> part : parts().entrySet()) {
      y = part.getValue().forward(y, pass.within(part.getKey()));
    }
    return y;
  }
}
