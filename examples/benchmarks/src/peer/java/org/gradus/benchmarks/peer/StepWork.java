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
    return new StepSide(this, new GradusTrainee(net, LEARNING_RATE));
  }

  @Override
  public Side pyTorch() {
    return new StepSide(this, new PyTorchTrainee(net, LEARNING_RATE));
  }
}
