package org.gradus.examples;

import static org.gradus.autograd.ops.Ops.crossEntropy;
import static org.gradus.layers.optim.SgdOptions.learningRate;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.gradus.autograd.Gradients;
import org.gradus.autograd.Tensor;
import org.gradus.layers.Conv2d;
import org.gradus.layers.Flatten;
import org.gradus.layers.Layer;
import org.gradus.layers.Linear;
import org.gradus.layers.MaxPool2d;
import org.gradus.layers.Relu;
import org.gradus.layers.Sequential;
import org.gradus.layers.data.Batch;
import org.gradus.layers.data.Batches;
import org.gradus.layers.data.IdxDataset;
import org.gradus.layers.optim.Sgd;
import org.gradus.layers.train.Metrics;

/**
 * Trains a small convolutional network to read digits. Run it with {@code --help} to see what can
 * be set.
 *
 * <p>The same settings give the same bits, whatever the number of threads: one generator, made from
 * the seed, draws the first weights and then the order of the images.
 *
 * @see <a href="http://yann.lecun.com/exdb/publis/pdf/lecun-01a.pdf">LeCun, Bottou, Bengio,
 *     Haffner: Gradient-based learning applied to document recognition, 1998</a>
 */
public final class TrainDigits {
  /** The classes of digits, 0 to 9. */
  static final int CLASSES = 10;

  private static final int EVALUATION_BATCH = 100;

  private TrainDigits() {}

  /**
   * How to train.
   *
   * @param epochs how often each image is seen
   * @param batchSize images for each step
   * @param learningRate of the first step; it falls evenly to 0 over all steps
   */
  record Settings(
      int epochs,
      int batchSize,
      double learningRate,
      double momentum,
      double weightDecay,
      long seed) {

    /** What the command line has by default. */
    static final Settings DEFAULT = new Settings(6, 32, 0.02, 0.9, 0, 1);
  }

  /**
   * What happened in one epoch.
   *
   * @param number from 1
   * @param loss the mean over all training images, each as it was met
   * @param trainAccuracy the fraction of them that was right when met
   * @param testAccuracy of the network after the epoch
   * @param imagesPerSecond trained on
   * @param seconds with the evaluation
   */
  record Epoch(
      int number,
      double loss,
      double trainAccuracy,
      double testAccuracy,
      double imagesPerSecond,
      double seconds) {}

  /** A trained network, and how it went. */
  record Trained(Layer net, List<Epoch> epochs) {}

  /** A network in the manner of LeNet-5, from images to one logit for each digit. */
  static Sequential lenet(RandomGenerator random) {
    return new Sequential(
        new Conv2d(1, Integer.getInteger("c1",6), 5, random), // [N, 1, 28, 28] -> [N, 6, 24, 24]
        new Relu(),
        new MaxPool2d(2), // -> [N, 6, 12, 12]
        new Conv2d(Integer.getInteger("c1",6), Integer.getInteger("c2",16), 5, random), // -> [N, 16, 8, 8]
        new Relu(),
        new MaxPool2d(2), // -> [N, 16, 4, 4]
        new Flatten(), // -> [N, 256]
        new Linear(16*Integer.getInteger("c2",16), 120, random),
        new Relu(),
        new Linear(120, 84, random),
        new Relu(),
        new Linear(84, CLASSES, random)); // -> logits [N, 10]
  }

  static double sched(int n, int epochs) {
    String k = System.getProperty("sched", "lin");
    double t = (n - 1.0) / epochs;
    return switch (k) {
      case "lin" -> 1 - t;
      case "cos" -> 0.5 * (1 + Math.cos(Math.PI * t));
      case "half" -> n > epochs / 2 ? 0.2 : 1;
      default -> 1;
    };
  }

  static Trained train(IdxDataset data, Settings settings, Consumer<Epoch> onEpoch) {
    RandomGenerator random = new SplittableRandom(settings.seed);
    Layer net = lenet(random);
    Batches batches = Batches.shuffled(data.train(), settings.batchSize, random);
    List<Epoch> epochs = new ArrayList<>();
    for (int number = 1; number <= settings.epochs; number++) {
      long start = System.nanoTime();
      double rate = settings.learningRate * sched(number, settings.epochs);
      Sgd sgd =
          new Sgd(
              net.parameters(),
              learningRate(rate)
                  .momentum(settings.momentum)
                  .weightDecay(settings.weightDecay));
      double loss = 0;
      double correct = 0;
      for (Batch batch : batches) {
        Tensor logits = net.forward(Tensor.constant(batch.images()));
        Tensor error = crossEntropy(logits, batch.labels());
        sgd.step(Gradients.backward(error));
        loss += error.item() * batch.size();
        correct += Metrics.accuracy(logits.value(), batch.labels()) * batch.size();
      }
      double trained = (System.nanoTime() - start) / 1e9;
      double testAccuracy = Metrics.accuracy(net, data.test(), EVALUATION_BATCH);
      int images = data.train().size();
      Epoch epoch =
          new Epoch(
              number,
              loss / images,
              correct / images,
              testAccuracy,
              images / trained,
              (System.nanoTime() - start) / 1e9);
      epochs.add(epoch);
      onEpoch.accept(epoch);
    }
    return new Trained(net, List.copyOf(epochs));
  }
}
