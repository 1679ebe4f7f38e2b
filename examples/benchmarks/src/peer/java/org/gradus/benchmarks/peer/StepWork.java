package org.gradus.benchmarks.peer;

/**
 * A training step of a network: forward, cross-entropy, all gradients, SGD with momentum.
 *
 * @param batch images in a step
 */
record StepWork(Net net, int batch) implements Work {
  private static final double LEARNING_RATE = 0.001;

  @Override
  public String name() {
    return "step of %s, batch %d".formatted(net.title(), batch);
  }

  @Override
  public double flops() {
    return net.stepFlops(batch);
  }

  @Override
  public boolean checksLosses() {
    return true;
  }

  @Override
  public Side gradus() {
    return side(Library.GRADUS);
  }

  @Override
  public Side pyTorch() {
    return side(Library.PYTORCH);
  }

  /** The work in one of the two. */
  Side side(Library library) {
    return new StepSide(this, library.trainee(net, LEARNING_RATE));
  }
}
