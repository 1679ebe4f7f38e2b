package org.gradus.examples;

import static org.gradus.autograd.ops.Ops.crossEntropy;
import static org.gradus.autograd.ops.Ops.mul;

import java.io.PrintStream;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.gradus.autograd.update.AdamW;
import org.gradus.layers.Flatten;
import org.gradus.layers.Layer;
import org.gradus.layers.Linear;
import org.gradus.layers.Parameter;
import org.gradus.layers.Relu;
import org.gradus.layers.Sequential;
import org.gradus.layers.data.Batch;
import org.gradus.layers.data.Batches;
import org.gradus.layers.data.Dataset;
import org.gradus.layers.data.Split;
import org.gradus.layers.files.IdxDataset;
import org.gradus.layers.optim.Optimizer;
import org.gradus.layers.optim.Optimizer.Group;
import org.gradus.layers.optim.ParameterGradients;
import org.gradus.layers.train.Metric;

/**
 * A training loop written out: the gradients of four parts of a batch are added up and clipped;
 * weights and biases are groups with a weight decay of their own; one layer is frozen, and one
 * stands in two places.
 */
public final class OwnLoop {
  private OwnLoop() {}

  /** Trains on 9,000 digits and prints the accuracy on 1,000 others. */
  public static void main(String[] args) throws Exception {
    Split digits = IdxDataset.ofResources(TrainDigits.class, "mnist10k", 10);
    train(digits.train(), digits.test(), 3, System.out);
  }

  private static List<Parameter> named(String end, Layer net) {
    return net.parameters().stream().filter(p -> p.name().endsWith(end)).toList();
  }

  /** Of a part of a batch: all parts add up to the gradients of the whole. */
  private static ParameterGradients gradients(Layer net, Batch part, double size) {
    return ParameterGradients.of(
        mul(crossEntropy(net.forward(part.inputs()), part.labels()), part.size() / size),
        net.parameters());
  }

  static Layer train(Dataset train, Dataset test, int epochs, PrintStream out) {
    RandomGenerator random = new SplittableRandom(1);
    Layer features = new Linear(784, 64, random).frozen();
    Layer shared = new Linear(64, 64, random);
    Layer net =
        new Sequential(
            new Flatten(),
            features,
            new Relu(),
            shared,
            new Relu(),
            shared,
            new Relu(),
            new Linear(64, 10, random));
    AdamW adam = new AdamW(5e-3);
    Optimizer optimizer =
        new Optimizer(
            net,
            List.of(
                new Group(named("weight", net), adam.weightDecay(0.01)),
                new Group(named("bias", net), adam.weightDecay(0))));
    for (int epoch = 1; epoch <= epochs; epoch++) {
      for (Batch batch : Batches.shuffled(train, 128, 1).epoch(epoch)) {
        List<ParameterGradients> parts =
            batch.split(4).stream().map(part -> gradients(net, part, batch.size())).toList();
        optimizer.step(ParameterGradients.sum(parts).clipNorm(1));
      }
      double accuracy = Metric.accuracy().of(net, test, 100);
      out.println(Numbers.text("epoch %d: %.3f of the test images right", epoch, accuracy));
    }
    return net;
  }
}
