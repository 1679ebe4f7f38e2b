package org.example;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.update.Adam;
import org.gradus.layers.Conv2d;
import org.gradus.layers.Flatten;
import org.gradus.layers.Layer;
import org.gradus.layers.Linear;
import org.gradus.layers.MaxPool2d;
import org.gradus.layers.Sequential;
import org.gradus.layers.data.Batches;
import org.gradus.layers.data.Dataset;
import org.gradus.layers.data.Split;
import org.gradus.layers.files.ImageFolder;
import org.gradus.layers.optim.Optimizer;
import org.gradus.layers.train.Loss;
import org.gradus.layers.train.Metric;
import org.gradus.layers.train.Trainer;

/**
 * Tells horizontal strokes from vertical ones; or images of your own, in a folder for each class.
 */
public final class Strokes {
  private static final int SIZE = 12;

  private Strokes() {}

  /**
   * Trains on four fifths of the images and prints the accuracy on the others.
   *
   * @param args nothing, or a folder that has a folder of images for each class
   */
  public static void main(String[] args) throws IOException {
    Dataset images =
        args.length == 0 ? strokes(2000) : ImageFolder.of(Path.of(args[0]), SIZE, SIZE).grey();
    int classes = Arrays.stream(images.labels()).max().orElse(0) + 1;
    Split split = images.stratified(0.8, 1);

    RandomGenerator random = new SplittableRandom(1);
    Layer net =
        new Sequential(
            new Conv2d(1, 8, 5, random), // [N, 1, 12, 12] -> [N, 8, 8, 8]
            x -> Tensor.of(new Snake(1), x),
            new MaxPool2d(2), // -> [N, 8, 4, 4]
            new Flatten(), // -> [N, 128]
            new Linear(128, classes, random)); // -> logits
    Optimizer adam = new Optimizer(net, new Adam(5e-3));
    new Trainer(net, adam, Loss.crossEntropy()).fit(Batches.shuffled(split.train(), 32, 1), 10);

    double accuracy = Metric.accuracy().of(net, split.test(), 100);
    System.out.printf(Locale.ROOT, "%.3f of %s test images right%n", accuracy, split.test().size());
  }

  /** Images [1, 12, 12] of noise and one stroke: horizontal (class 0) or vertical (class 1). */
  private static Dataset strokes(int count) {
    RandomGenerator random = new SplittableRandom(2);
    float[][][][] images = new float[count][1][SIZE][SIZE];
    int[] labels = new int[count];
    for (int i = 0; i < count; i++) {
      float[][] image = images[i][0];
      for (float[] row : image) {
        for (int x = 0; x < SIZE; x++) {
          row[x] = (float) random.nextGaussian(0, 0.2);
        }
      }
      labels[i] = random.nextInt(2);
      int length = random.nextInt(3, 9);
      int start = random.nextInt(SIZE - length + 1);
      int place = random.nextInt(SIZE);
      for (int k = start; k < start + length; k++) {
        image[labels[i] == 0 ? place : k][labels[i] == 0 ? k : place] += 1;
      }
    }
    return Dataset.of(NdArray.of(images), labels);
  }
}
