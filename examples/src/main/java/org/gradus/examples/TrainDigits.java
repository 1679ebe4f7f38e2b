package org.gradus.examples;

import static org.gradus.autograd.ops.Ops.crossEntropy;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.update.Sgd;
import org.gradus.layers.Conv2d;
import org.gradus.layers.Flatten;
import org.gradus.layers.Layer;
import org.gradus.layers.Linear;
import org.gradus.layers.MaxPool2d;
import org.gradus.layers.Relu;
import org.gradus.layers.Sequential;
import org.gradus.layers.data.Batch;
import org.gradus.layers.data.Batches;
import org.gradus.layers.data.Dataset;
import org.gradus.layers.data.Split;
import org.gradus.layers.optim.NonFiniteStepException;
import org.gradus.layers.optim.Optimizer;
import org.gradus.layers.train.Metric;

/**
 * Trains a small convolutional network to read digits. Run it with {@code --help} to see what can
 * be set.
 *
 * <p>The same settings give the same bits, whatever the number of threads: one generator, made from
 * the seed, draws the first weights, and then how images are moved; their order is a function of
 * the seed and the epoch.
 *
 * @see <a href="http://yann.lecun.com/exdb/publis/pdf/lecun-01a.pdf">LeCun, Bottou, Bengio,
 *     Haffner: Gradient-based learning applied to document recognition, 1998</a>
 */
public final class TrainDigits {
  /** The digits 0 to 9. */
  static final int CLASSES = 10;

  private static final int EVALUATION_BATCH = 100;

  private TrainDigits() {}

  /** Reads options, trains, prints, and ends with exit code 0, or 1 or 2 where it cannot. */
  public static void main(String[] args) {
    System.exit(TrainDigitsCommand.run(System.out, System.err, args));
  }

  /** A network in the manner of LeNet-5, from images to one logit for each digit. */
  public static Sequential lenet(RandomGenerator random) {
    return new Sequential(
        new Conv2d(1, 6, 5, random), // [N, 1, 28, 28] -> [N, 6, 24, 24]
        new Relu(),
        new MaxPool2d(2), // -> [N, 6, 12, 12]
        new Conv2d(6, 16, 5, random), // -> [N, 16, 8, 8]
        new Relu(),
        new MaxPool2d(2), // -> [N, 16, 4, 4]
        new Flatten(), // -> [N, 256]
        new Linear(256, 120, random),
        new Relu(),
        new Linear(120, 84, random),
        new Relu(),
        new Linear(84, CLASSES, random)); // -> logits [N, 10]
  }

  /**
   * How to train.
   *
   * @param epochs how often each image is met
   * @param batchSize images for each step
   * @param learningRate of the first epoch; see {@link #rateOf}
   * @param momentum of the optimiser
   * @param weightDecay of the optimiser
   * @param shift the most pixels by which an image is moved; see {@link RandomShift}
   * @param seed of all that is random
   */
  record Settings(
      int epochs,
      int batchSize,
      double learningRate,
      double momentum,
      double weightDecay,
      int shift,
      long seed) {

    /** The learning rate falls evenly: the last of E epochs has 1/E of the first one's. */
    double rateOf(int epoch) {
      double share = (epochs - epoch + 1.0) / epochs;
      return learningRate * share;
    }
  }

  /**
   * How one epoch went.
   *
   * @param number from 1
   * @param loss the mean over all training images, each when it was met
   * @param trainAccuracy the fraction of them that was right when it was met
   * @param testAccuracy after the epoch
   * @param imagesPerSecond in training
   * @param seconds with the test
   */
  record Epoch(
      int number,
      double loss,
      double trainAccuracy,
      double testAccuracy,
      double imagesPerSecond,
      double seconds) {}

  /** A trained network, and how its epochs went. */
  record Trained(Layer net, List<Epoch> epochs) {}

  /**
   * Trains a network.
   *
   * @param data images of 28 x 28 pixels, at least one to train with and one to test with
   * @param onEpoch receives each epoch when it is over
   * @throws ArithmeticException if the loss is no longer finite
   */
  static Trained train(Split data, Settings settings, Consumer<Epoch> onEpoch) {
    RandomGenerator random = new SplittableRandom(settings.seed);
    Layer net = lenet(random);
    Sgd sgd = new Sgd(settings.learningRate).momentum(settings.momentum);
    Optimizer optimizer = new Optimizer(net.parameters(), sgd.weightDecay(settings.weightDecay));
    List<Epoch> epochs = new ArrayList<>();
    for (int number = 1; number <= settings.epochs; number++) {
      optimizer.rate(settings.rateOf(number));
      try {
        Epoch epoch = epoch(number, net, optimizer, data, settings, random);
        epochs.add(epoch);
        onEpoch.accept(epoch);
      } catch (NonFiniteStepException e) {
        String text = "the loss of epoch %s is not finite; try a smaller learning rate than %s";
        ArithmeticException stopped =
            new ArithmeticException(text.formatted(number, settings.learningRate));
        stopped.initCause(e);
        throw stopped;
      }
    }
    return new Trained(net, List.copyOf(epochs));
  }

  private static Epoch epoch(
      int number,
      Layer net,
      Optimizer optimizer,
      Split data,
      Settings settings,
      RandomGenerator random) {
    Dataset train = data.train();
    double loss = 0;
    double correct = 0;
    long start = System.nanoTime();
    Batches batches = Batches.shuffled(train, settings.batchSize, settings.seed);
    for (Batch batch : batches.epoch(number)) {
      NdArray images = RandomShift.shifted(batch.inputs(), settings.shift, random);
      Tensor logits = net.forward(images);
      correct += Metric.accuracy().of(logits.value(), batch) * batch.size();
      loss += optimizer.minimize(crossEntropy(logits, batch.labels())) * batch.size();
    }
    double training = (System.nanoTime() - start) / 1e9;
    double testAccuracy = Metric.accuracy().of(net, data.test(), EVALUATION_BATCH);
    return new Epoch(
        number,
        loss / train.size(),
        correct / train.size(),
        testAccuracy,
        train.size() / training,
        (System.nanoTime() - start) / 1e9);
  }
}
