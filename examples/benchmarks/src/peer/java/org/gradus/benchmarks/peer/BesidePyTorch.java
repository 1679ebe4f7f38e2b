package org.gradus.benchmarks.peer;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.gradus.layers.optim.SgdOptions;

/**
 * Training steps of LeNet-5 in Gradus and in PyTorch's native engine, from the same weights on the
 * same batches, in one process. The two take turns, so that what else the machine does falls on
 * both.
 */
public final class BesidePyTorch {
  private static final int WARM_UP = 300;
  private static final int ROUNDS = 40;
  private static final int STEPS_IN_A_TURN = 10;

  private static final SgdOptions OPTIONS = SgdOptions.learningRate(0.01).momentum(0.9);

  private BesidePyTorch() {}

  /** One side: takes a training step on a batch, and returns the loss before it. */
  interface Side extends AutoCloseable {
    double step(float[] images, int[] labels);

    @Override
    void close();
  }

  /** Prints a table of medians and best times, and of losses after the same steps. */
  public static void main(String[] args) {
    System.out.printf("%d processors, JDK %s%n", processors(), Runtime.version());
    System.out.println("batch | Gradus median, best | PyTorch median, best | ratio of medians");
    for (int batch : new int[] {64, 1}) {
      compare(batch);
    }
  }

  private static int processors() {
    return Runtime.getRuntime().availableProcessors();
  }

  private static void compare(int batch) {
    SplittableRandom random = new SplittableRandom(batch);
    float[] images = new float[batch * 28 * 28];
    for (int i = 0; i < images.length; i++) {
      images[i] = (float) random.nextDouble();
    }
    int[] labels = IntStream.range(0, batch).map(i -> random.nextInt(10)).toArray();
    double[] ours = new double[ROUNDS * STEPS_IN_A_TURN];
    double[] theirs = new double[ours.length];
    try (GradusSide gradus = new GradusSide(OPTIONS);
        PyTorchSide pyTorch = new PyTorchSide(batch, OPTIONS, gradus.weights())) {
      System.out.printf(
          "losses of the first three steps: %s and %s%n",
          losses(gradus, images, labels), losses(pyTorch, images, labels));
      for (int i = 0; i < WARM_UP; i++) {
        gradus.step(images, labels);
        pyTorch.step(images, labels);
      }
      for (int round = 0; round < ROUNDS; round++) {
        time(gradus, images, labels, ours, round);
        time(pyTorch, images, labels, theirs, round);
      }
    }
    Arrays.sort(ours);
    Arrays.sort(theirs);
    int middle = ours.length / 2;
    System.out.printf(
        "%5d | %6.2f ms %6.2f ms | %6.2f ms %6.2f ms | %.2f%n",
        batch, ours[middle], ours[0], theirs[middle], theirs[0], ours[middle] / theirs[middle]);
  }

  private static String losses(Side side, float[] images, int[] labels) {
    double first = side.step(images, labels);
    double second = side.step(images, labels);
    return "%.4f %.4f %.4f".formatted(first, second, side.step(images, labels));
  }

  private static void time(Side side, float[] images, int[] labels, double[] times, int round) {
    for (int i = 0; i < STEPS_IN_A_TURN; i++) {
      long start = System.nanoTime();
      side.step(images, labels);
      times[round * STEPS_IN_A_TURN + i] = (System.nanoTime() - start) / 1e6;
    }
  }
}
