package org.gradus.benchmarks.peer;

/**
 * Counts the floating-point operations that training on one image takes in convolutions and linear
 * layers: as many again for the gradient of the weights, and of the input. The first layer has no
 * gradient of its input. Other layers and the optimiser are left out, and the zeros around an image
 * are counted as pixels.
 */
final class StepFlops implements NetBuilder {
  private int size;
  private double flops;

  /** For square images of this size. */
  StepFlops(int size) {
    this.size = size;
  }

  double ofOneImage() {
    return flops;
  }

  @Override
  public NetBuilder conv(int in, int out, int kernel, int padding) {
    size += 2 * padding - kernel + 1;
    return add(2.0 * in * out * kernel * kernel * size * size);
  }

  @Override
  public NetBuilder linear(int in, int out) {
    return add(2.0 * in * out);
  }

  private NetBuilder add(double forward) {
    flops += (flops == 0 ? 2 : 3) * forward;
    return this;
  }

  @Override
  public NetBuilder pool() {
    size /= 2;
    return this;
  }

  @Override
  public NetBuilder relu() {
    return this;
  }

  @Override
  public NetBuilder flatten() {
    return this;
  }
}
