package org.gradus.benchmarks.peer;

import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Steps of either side's network, on a few batches in turn. */
final class StepSide implements Side {
  private static final int BATCHES = 4;
  private static final int CHECKED_STEPS = 3;

  private final Trainee trainee;
  private final float[][] images = new float[BATCHES][];
  private final int[][] labels = new int[BATCHES][];
  private int step;

  /** Owns the trainee. */
  StepSide(StepWork work, Trainee trainee) {
    this.trainee = trainee;
    SplittableRandom random = new SplittableRandom(2);
    for (int i = 0; i < BATCHES; i++) {
      images[i] = Uniform.floats(i, work.net().images(work.batch()).size());
      labels[i] = random.ints(work.batch(), 0, Net.CLASSES).toArray();
    }
  }

  @Override
  public void run() {
    step();
  }

  private double step() {
    int batch = step++ % BATCHES;
    return trainee.step(images[batch], labels[batch]);
  }

  /** The losses of the next three steps. */
  @Override
  public float[] check() {
    float[] losses = new float[CHECKED_STEPS];
    IntStream.range(0, CHECKED_STEPS).forEach(i -> losses[i] = (float) step());
    return losses;
  }

  @Override
  public void close() {
    trainee.close();
  }
}
