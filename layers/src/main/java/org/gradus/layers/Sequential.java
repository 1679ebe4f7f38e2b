package org.gradus.layers;

import java.util.ArrayList;
import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.Nulls;

/**
 * Layers one after the other: the output of each is the input of the next. Without layers, it
 * returns its input.
 *
 * <p>Parameters are named by position, layer and local name: {@code 0.conv2d.weight}, and in a
 * sequence of sequences {@code 1.sequential.0.linear.bias}. A layer that stands in two places is
 * one layer: its parameters are listed once, under the name of the first.
 */
public final class Sequential implements Layer {
  private final List<Layer> layers;
  private final List<Parameter> parameters;

  /** The composition of these layers, the first of them applied first. */
  public Sequential(Layer... layers) {
    this(Nulls.list("sequential: layers", layers));
  }

  /** The composition of these layers, the first of them applied first. */
  public Sequential(List<? extends Layer> layers) {
    this.layers = Nulls.list("sequential: layers", layers);
    List<Parameter> all = new ArrayList<>();
    for (int i = 0; i < this.layers.size(); i++) {
      Layer layer = this.layers.get(i);
      String prefix = i + "." + layer.name();
      layer.parameters().forEach(parameter -> all.add(parameter.in(prefix)));
    }
    this.parameters = all.stream().distinct().toList();
  }

  /** The layers, in order. */
  public List<Layer> layers() {
    return layers;
  }

  @Override
  public Tensor forward(Tensor x) {
    Tensor y = Nulls.given("sequential: x", x);
    for (Layer layer : layers) {
      y = layer.forward(y);
    }
    return y;
  }

  @Override
  public List<Parameter> parameters() {
    return parameters;
  }

  /**
   * For example {@code Sequential[Flatten[], Linear[weight FLOAT32 [10, 4], bias FLOAT32 [10]]]}.
   */
  @Override
  public String toString() {
    return "Sequential" + layers.stream().map(Sequential::text).toList();
  }

  /** A lambda has no text of its own worth reading, so its name stands for it. */
  private static String text(Layer layer) {
    return layer.getClass().isHidden() ? layer.name() : layer.toString();
  }
}
