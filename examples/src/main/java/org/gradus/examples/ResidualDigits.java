package org.gradus.examples;

import static org.gradus.autograd.ops.ConvOptions.same;

import java.io.PrintStream;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.gradus.autograd.update.Adam;
import org.gradus.layers.BatchNorm2d;
import org.gradus.layers.Conv2d;
import org.gradus.layers.Dropout;
import org.gradus.layers.Flatten;
import org.gradus.layers.GlobalAvgPool2d;
import org.gradus.layers.Layer;
import org.gradus.layers.Linear;
import org.gradus.layers.Relu;
import org.gradus.layers.Residual;
import org.gradus.layers.Sequential;
import org.gradus.layers.data.Batches;
import org.gradus.layers.data.Dataset;
import org.gradus.layers.data.Split;
import org.gradus.layers.files.IdxDataset;
import org.gradus.layers.optim.Optimizer;
import org.gradus.layers.train.Epoch;
import org.gradus.layers.train.Listener;
import org.gradus.layers.train.Loss;
import org.gradus.layers.train.Metric;
import org.gradus.layers.train.Trainer;

/**
 * A small residual network with batch normalisation and dropout, trained by Adam: layers that do
 * something else in training than in inference.
 *
 * @see <a href="https://arxiv.org/abs/1512.03385">He, Zhang, Ren, Sun: Deep Residual Learning for
 *     Image Recognition, 2015</a>
 */
public final class ResidualDigits {
  private ResidualDigits() {}

  /** Trains on 9,000 digits and prints the accuracy on 1,000 others. */
  public static void main(String[] args) throws Exception {
    Split digits = IdxDataset.ofResources(TrainDigits.class, "mnist10k", 10);
    train(digits.train(), digits.test(), 3, System.out);
  }

  private static Layer block(int in, int out, int stride, RandomGenerator random) {
    Layer body =
        new Sequential(
            new Conv2d(in, out, 3, same().stride(stride), random).withoutBias(),
            new BatchNorm2d(out),
            new Relu(),
            new Conv2d(out, out, 3, same(), random).withoutBias(),
            new BatchNorm2d(out));
    Layer shortcut = new Conv2d(in, out, 1, same().stride(stride), random).withoutBias();
    return new Sequential(
        stride == 1 ? new Residual(body) : new Residual(body, shortcut), new Relu());
  }

  static Layer network(RandomGenerator random) {
    return new Sequential(
        new Conv2d(1, 8, 3, same().stride(2), random).withoutBias(),
        new BatchNorm2d(8),
        new Relu(),
        block(8, 8, 1, random),
        block(8, 16, 2, random),
        block(16, 32, 2, random),
        new GlobalAvgPool2d(),
        new Flatten(),
        new Dropout(0.2),
        new Linear(32, 10, random));
  }

  static Layer train(Dataset train, Dataset test, int epochs, PrintStream out) {
    Layer net = network(new SplittableRandom(1));
    new Trainer(net, new Optimizer(net, new Adam(3e-3)), Loss.crossEntropy())
        .seed(1)
        .measuring(Metric.accuracy())
        .validating(test, 100)
        .telling(Listener.ofEpochs(epoch -> print(epoch, out)))
        .fit(Batches.shuffled(train, 64, 1), epochs);
    return net;
  }

  private static void print(Epoch epoch, PrintStream out) {
    double accuracy = epoch.value("val_accuracy");
    out.println(Numbers.text("epoch %d: %.3f of the test images right", epoch.number(), accuracy));
  }
}
