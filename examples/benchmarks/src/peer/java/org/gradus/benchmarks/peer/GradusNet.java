package org.gradus.benchmarks.peer;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.gradus.autograd.ops.ConvOptions;
import org.gradus.autograd.ops.Ops;
import org.gradus.layers.BatchNorm2d;
import org.gradus.layers.Branches;
import org.gradus.layers.Conv1d;
import org.gradus.layers.Conv2d;
import org.gradus.layers.Flatten;
import org.gradus.layers.GlobalAvgPool2d;
import org.gradus.layers.Layer;
import org.gradus.layers.Linear;
import org.gradus.layers.MaxPool2d;
import org.gradus.layers.Relu;
import org.gradus.layers.Residual;
import org.gradus.layers.Sequential;
import org.gradus.layers.UpsampleNearest;

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
  public NetBuilder conv(int in, int out, int kernel, ConvOptions options) {
    return add(new Conv2d(in, out, kernel, options, random));
  }

  @Override
  public NetBuilder convWithoutBias(int in, int out, int kernel, ConvOptions options) {
    return add(new Conv2d(in, out, kernel, options, random).withoutBias());
  }

  @Override
  public NetBuilder conv1d(int in, int out, int kernel) {
    return add(new Conv1d(in, out, kernel, ConvOptions.valid().padding(kernel / 2), random));
  }

  @Override
  public NetBuilder norm(int channels) {
    return add(new BatchNorm2d(channels));
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
  public NetBuilder pool1d() {
    return add(x -> Ops.maxPool1d(x, 2));
  }

  @Override
  public NetBuilder globalPool() {
    return add(new GlobalAvgPool2d());
  }

  @Override
  public NetBuilder upsample() {
    return add(new UpsampleNearest(2));
  }

  @Override
  public NetBuilder flatten() {
    return add(new Flatten());
  }

  @Override
  public NetBuilder linear(int in, int out) {
    return add(new Linear(in, out, random));
  }

  @Override
  public NetBuilder residual(Consumer<NetBuilder> body, Consumer<NetBuilder> shortcut) {
    Sequential main = part(body);
    Sequential beside = part(shortcut);
    return add(beside.layers().isEmpty() ? new Residual(main) : new Residual(main, beside));
  }

  @Override
  public NetBuilder beside(Consumer<NetBuilder> body) {
    return add(new Branches(1, x -> x, part(body)));
  }

  private Sequential part(Consumer<NetBuilder> description) {
    GradusNet part = new GradusNet(random);
    description.accept(part);
    return part.net();
  }

  private NetBuilder add(Layer layer) {
    layers.add(layer);
    return this;
  }
}
