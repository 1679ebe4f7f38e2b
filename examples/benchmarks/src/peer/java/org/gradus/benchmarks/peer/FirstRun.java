package org.gradus.benchmarks.peer;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.examples.TrainDigits;
import org.gradus.layers.data.Batch;
import org.gradus.layers.data.Batches;
import org.gradus.layers.data.Dataset;
import org.gradus.layers.data.Split;
import org.gradus.layers.files.IdxDataset;
import org.gradus.layers.train.Metric;

/**
 * How long one waits for a network that reads digits, from the start of the process: each side in
 * one of its own. The rate falls evenly, and images are moved by a pixel.
 */
final class FirstRun {
  private static final double GOAL = 0.98;
  private static final int EPOCHS = 10;
  private static final int BATCH = 32;
  private static final double LEARNING_RATE = 0.03;
  private static final int SHIFT = 1;
  private static final int TESTS_IN_AN_EPOCH = 4;
  private static final int TEST_BATCH = 100;

  private FirstRun() {}

  /** Prints what each library reports, and when. */
  static void print(PrintWriter out) {
    for (Library library : Library.values()) {
      out.println(library.title() + " trains " + Net.LENET.title());
      Child.run(
          FirstRun.class,
          List.of(library.name()),
          (seconds, line) -> {
            out.println(Table.text("  %5.2f s after the start: %s", seconds, line));
            out.flush();
          });
    }
    out.println();
  }

  /** The child: trains with the library of the first argument, until it is good enough. */
  public static void main(String[] args) throws IOException {
    Library library = Library.valueOf(args[0]);
    library.start();
    Split digits = IdxDataset.ofResources(TrainDigits.class, "mnist10k", Net.CLASSES);
    try (Trainee trainee = library.trainee(Net.LENET, LEARNING_RATE)) {
      train(trainee, digits);
    }
    System.exit(0); // whatever threads are left
  }

  private static void train(Trainee trainee, Split digits) {
    RandomGenerator random = new SplittableRandom(1);
    for (int epoch = 0; epoch < EPOCHS; epoch++) {
      trainee.learningRate(LEARNING_RATE * (EPOCHS - epoch) / EPOCHS);
      Batches batches = Batches.shuffled(digits.train(), BATCH, 1);
      int step = 0;
      for (Batch batch : batches.epoch(epoch)) {
        Examples examples = examples(shifted(batch.inputs(), random), batch.labels());
        try (Trainee.Step taken = trainee.prepare(examples)) {
          taken.take();
        }
        step++;
        int tests = step * TESTS_IN_AN_EPOCH / batches.count();
        if (tests > (step - 1) * TESTS_IN_AN_EPOCH / batches.count()) {
          double accuracy = accuracy(trainee, digits.test());
          double epochs = epoch + (double) tests / TESTS_IN_AN_EPOCH;
          System.out.println(
              Table.text("%.2f epochs, %.1f %% of the test images right", epochs, 100 * accuracy));
          if (accuracy >= GOAL) {
            return;
          }
        }
      }
    }
  }

  private static double accuracy(Trainee trainee, Dataset test) {
    double correct = 0;
    for (Batch batch : Batches.inOrder(test, TEST_BATCH).epoch(1)) {
      float[] logits = trainee.logits(examples(floats(batch.inputs()), batch.labels()));
      NdArray array = NdArray.wrap(logits, Shape.of(batch.size(), Net.CLASSES));
      correct += Metric.accuracy().of(array, batch) * batch.size();
    }
    return correct / test.size();
  }

  private static Examples examples(float[] images, int[] labels) {
    return new Examples(Net.LENET.inputs(labels.length), images, labels, new float[0]);
  }

  private static float[] floats(NdArray images) {
    return (float[]) images.storage();
  }

  /** Copies of images, each moved by its own random numbers of rows and columns. */
  private static float[] shifted(NdArray images, RandomGenerator random) {
    int size = images.shape().dim(3);
    float[] from = floats(images);
    float[] to = new float[from.length];
    for (int image = 0; image < images.shape().dim(0); image++) {
      int down = random.nextInt(-SHIFT, SHIFT + 1);
      int right = random.nextInt(-SHIFT, SHIFT + 1);
      for (int row = Math.max(0, -down); row < Math.min(size, size - down); row++) {
        int source = (image * size + row) * size + Math.max(0, -right);
        int target = (image * size + row + down) * size + Math.max(0, right);
        System.arraycopy(from, source, to, target, size - Math.abs(right));
      }
    }
    return to;
  }
}
