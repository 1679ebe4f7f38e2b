package org.gradus.benchmarks.peer;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.ops.ConvOptions;
import org.gradus.layers.Conv2d;
import org.gradus.layers.Flatten;
import org.gradus.layers.Layer;
import org.gradus.layers.Linear;
import org.gradus.layers.MaxPool2d;
import org.gradus.layers.Relu;
import org.gradus.layers.Sequential;
import org.gradus.layers.init.Initializer;

/** A network in Gradus. */
final class GradusNet implements NetBuilder {
  private final List<Layer> layers = new ArrayList<>();
  private final RandomGenerator random;

  GradusNet(RandomGenerator random) {
    this.random = random;
  }

  Sequential net() {
    return new Sequential(layers);
  }

  @Override
  public NetBuilder conv(int in, int out, int kernel, int padding) {
    ConvOptions options = ConvOptions.valid().padding(padding);
    Initializer he = Initializer.heNormal();
    return add(new Conv2d(in, out, kernel, options, he, DType.FLOAT32, random));
  }

  @Override
  public NetBuilder relu() {
    return add(new Relu());
  }

  @Override
  public NetBuilder pool() {
    return add(new MaxPool2d(2));
  }

  @Override
  public NetBuilder flatten() {
    return add(new Flatten());
  }

  @Override
  public NetBuilder linear(int in, int out) {
    return add(new Linear(in, out, random));
  }

  private NetBuilder add(Layer layer) {
    layers.add(layer);
    return this;
  }
}
