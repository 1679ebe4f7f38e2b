package org.gradus.examples;

import static org.gradus.autograd.ops.ConvOptions.same;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.gradus.autograd.update.Adam;
import org.gradus.autograd.update.Sgd;
import org.gradus.layers.BatchNorm2d;
import org.gradus.layers.Conv2d;
import org.gradus.layers.Dropout;
import org.gradus.layers.Flatten;
import org.gradus.layers.Layer;
import org.gradus.layers.Linear;
import org.gradus.layers.MaxPool2d;
import org.gradus.layers.Relu;
import org.gradus.layers.Residual;
import org.gradus.layers.Sequential;
import org.gradus.layers.data.Augmentations;
import org.gradus.layers.data.Split;
import org.gradus.layers.files.IdxDataset;
import org.gradus.layers.optim.Schedule;
import picocli.CommandLine.Command;

/**
 * Trains a small residual network to tell clothes apart, on Fashion-MNIST: 60,000 images to learn
 * from, and 10,000 to test with.
 *
 * @see <a href="https://arxiv.org/abs/1708.07747">Xiao, Rasul, Vollgraf: Fashion-MNIST, 2017</a>
 * @see <a href="https://arxiv.org/abs/1512.03385">He, Zhang, Ren, Sun: Deep Residual Learning for
 *     Image Recognition, 2015</a>
 */
@Command(
    name = "java -cp gradus-examples.jar org.gradus.examples.TrainFashion",
    header = "Trains a small residual network to tell clothes apart, on Fashion-MNIST.",
    footer = {
      "",
      "Nets:",
      "  resnet  two residual blocks; SGD, batches of 64, rate 0.05; 20 epochs",
      "  lenet   LeNet-5; Adam, batches of 64, rate 0.002, stops after 4 epochs without a better"
          + " one; 20 epochs",
      "Without --data it reads the files of the Debian package dataset-fashion-mnist."
    })
public final class TrainFashion extends TrainImages {
  private static final Path INSTALLED = Path.of("/usr/share/datasets/fashion-mnist");

  private static final List<String> CLOTHES =
      List.of(
          "T-shirt",
          "trouser",
          "pullover",
          "dress",
          "coat",
          "sandal",
          "shirt",
          "sneaker",
          "bag",
          "ankle boot");

  TrainFashion(PrintStream out, PrintStream err) {
    super(out, err);
  }

  /** Reads options, trains, prints, and ends with exit code 0, or 1 or 2 where it cannot. */
  public static void main(String[] args) {
    System.exit(new TrainFashion(System.out, System.err).run(args));
  }

  /** A residual network, from images to one logit for each class. */
  static Layer resnet(RandomGenerator random) {
    return new Sequential(
        new Conv2d(1, 32, 3, same(), random).withoutBias(), // [N, 1, 28, 28] -> [N, 32, 28, 28]
        new MaxPool2d(2), // -> [N, 32, 14, 14], where normalising costs a quarter
        new BatchNorm2d(32),
        new Relu(),
        new Residual(body(32, 32, random)),
        new Relu(),
        new MaxPool2d(2), // -> [N, 32, 7, 7]
        new Residual(body(32, 64, random), new Conv2d(32, 64, 1, random)), // -> [N, 64, 7, 7]
        new Relu(),
        new Flatten(), // -> [N, 3136]
        new Dropout(0.2),
        new Linear(3136, CLASSES, random)); // -> logits [N, 10]
  }

  private static Layer body(int in, int out, RandomGenerator random) {
    return new Sequential(
        new Conv2d(in, out, 3, same(), random).withoutBias(),
        new BatchNorm2d(out),
        new Relu(),
        new Conv2d(out, out, 3, same(), random).withoutBias(),
        new BatchNorm2d(out));
  }

  @Override
  Map<String, Recipe> recipes() {
    Map<String, Recipe> recipes = new LinkedHashMap<>();
    recipes.put(
        "resnet",
        new Recipe(
            TrainFashion::resnet,
            rate -> new Sgd(rate).momentum(0.9).nesterov().weightDecay(5e-4),
            Schedule::oneCycle,
            Augmentations.flip().then(Augmentations.crop(28, 28, 1)),
            20,
            20,
            64,
            0.05));
    recipes.put(
        "lenet",
        new Recipe(
            TrainDigits::lenet,
            Adam::new,
            Schedule::cosine,
            Augmentations.flip(),
            4,
            20,
            64,
            2e-3));
    return recipes;
  }

  @Override
  String title() {
    return "Fashion-MNIST";
  }

  @Override
  List<String> classNames() {
    return CLOTHES;
  }

  @Override
  Split standard() throws IOException {
    if (!Files.isDirectory(INSTALLED)) {
      throw new FileNotFoundException(
          INSTALLED
              + " is missing: install the Debian package dataset-fashion-mnist, or name a folder of"
              + " its four files by --data");
    }
    return IdxDataset.ofFolder(INSTALLED, CLASSES);
  }

  @Override
  String source() {
    return "of Fashion-MNIST";
  }
}
