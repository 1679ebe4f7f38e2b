package org.gradus.benchmarks.peer;

import java.util.List;
import java.util.stream.IntStream;

/** Steps of either library's network, on a few batches in turn. */
final class StepSide implements Side {
  private static final double LEARNING_RATE = 0.005;
  private static final double LEARNING_RATE_OF_IMAGES = 1e-4; // their loss is not bounded
  private static final int BATCHES = 4;
  private static final int CHECKED_STEPS = 4;

  private final Trainee trainee;
  private final List<Trainee.Step> steps;
  private int taken;

  StepSide(Library library, Net net, int batch) {
    this.trainee =
        library.trainee(net, net.makesImages() ? LEARNING_RATE_OF_IMAGES : LEARNING_RATE);
    this.steps =
        IntStream.range(0, BATCHES)
            .mapToObj(seed -> trainee.prepare(Examples.drawn(net, batch, seed)))
            .toList();
  }

  @Override
  public void run() {
    steps.get(taken++ % BATCHES).take();
  }

  /** The losses of some steps on one batch, which fall as the weights move. */
  @Override
  public List<float[]> check() {
    float[] losses = new float[CHECKED_STEPS];
    IntStream.range(0, CHECKED_STEPS).forEach(i -> losses[i] = (float) steps.get(0).take());
    return List.of(losses);
  }

  @Override
  public void close() {
    steps.forEach(Trainee.Step::close);
    trainee.close();
  }
}
