package org.gradus.examples;

import static org.gradus.autograd.ops.ConvOptions.same;

import java.io.IOException;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.gradus.autograd.update.Sgd;
import org.gradus.layers.BatchNorm2d;
import org.gradus.layers.Conv2d;
import org.gradus.layers.Dropout;
import org.gradus.layers.Flatten;
import org.gradus.layers.Layer;
import org.gradus.layers.Linear;
import org.gradus.layers.MaxPool2d;
import org.gradus.layers.Relu;
import org.gradus.layers.Sequential;
import org.gradus.layers.data.Augmentation;
import org.gradus.layers.data.Augmentations;
import org.gradus.layers.data.Split;
import org.gradus.layers.files.IdxDataset;
import org.gradus.layers.optim.Schedule;
import picocli.CommandLine.Command;

/**
 * Trains a small convolutional network to read digits. Run it with {@code --help} to see what can
 * be set, and with {@code --run DIR} for a run that can be stopped and resumed, and has a report.
 *
 * @see <a href="http://yann.lecun.com/exdb/publis/pdf/lecun-01a.pdf">LeCun, Bottou, Bengio,
 *     Haffner: Gradient-based learning applied to document recognition, 1998</a>
 */
@Command(
    name = "java -jar gradus-examples.jar",
    header = "Trains a small convolutional network to read handwritten digits.",
    footer = {
      "",
      "Nets:",
      "  norm   four convolutions with batch normalisation; SGD, batches of 32, rate 0.05; 15"
          + " epochs",
      "  lenet  LeNet-5; SGD, batches of 32, rate 0.03; 20 epochs",
      "Without --data it takes the digits that are embedded here: 9,000, of which 450 judge the"
          + " epochs,",
      "and 1,000 to test with."
    })
public final class TrainDigits extends TrainImages {
  private static final String EMBEDDED = "mnist10k";

  TrainDigits(PrintStream out, PrintStream err) {
    super(out, err);
  }

  /** Reads options, trains, prints, and ends with exit code 0, or 1 or 2 where it cannot. */
  public static void main(String[] args) {
    System.exit(new TrainDigits(System.out, System.err).run(args));
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

  /** Four convolutions with batch normalisation, and one linear layer. */
  static Layer norm(RandomGenerator random) {
    return new Sequential(
        new Conv2d(1, 16, 5, random).withoutBias(), // [N, 1, 28, 28] -> [N, 16, 24, 24]
        new MaxPool2d(2), // -> [N, 16, 12, 12], where normalising costs a quarter
        new BatchNorm2d(16),
        new Relu(),
        new Conv2d(16, 32, 3, same(), random).withoutBias(), // -> [N, 32, 12, 12]
        new BatchNorm2d(32),
        new Relu(),
        new Conv2d(32, 32, 3, random).withoutBias(), // -> [N, 32, 10, 10]
        new BatchNorm2d(32),
        new Relu(),
        new MaxPool2d(2), // -> [N, 32, 5, 5]
        new Conv2d(32, 64, 3, random).withoutBias(), // -> [N, 64, 3, 3]
        new BatchNorm2d(64),
        new Relu(),
        new Flatten(), // -> [N, 576]
        new Dropout(0.3),
        new Linear(576, CLASSES, random)); // -> logits [N, 10]
  }

  @Override
  Map<String, Recipe> recipes() {
    Augmentation moved = Augmentations.affine(2, 10, 0.9, 1.1);
    Map<String, Recipe> recipes = new LinkedHashMap<>();
    recipes.put(
        "norm",
        new Recipe(
            TrainDigits::norm,
            rate -> new Sgd(rate).momentum(0.9).nesterov().weightDecay(5e-4),
            Schedule::oneCycle,
            moved,
            15,
            15,
            32,
            0.05));
    recipes.put(
        "lenet",
        new Recipe(
            TrainDigits::lenet,
            rate -> new Sgd(rate).momentum(0.9),
            Schedule::cosine,
            moved,
            20,
            20,
            32,
            0.03));
    return recipes;
  }

  @Override
  String title() {
    return "Handwritten digits";
  }

  @Override
  List<String> classNames() {
    return IntStream.range(0, CLASSES).mapToObj(String::valueOf).toList();
  }

  @Override
  Split standard() throws IOException {
    return IdxDataset.ofResources(TrainDigits.class, EMBEDDED, CLASSES);
  }

  @Override
  String source() {
    return "not the official MNIST test set";
  }
}
