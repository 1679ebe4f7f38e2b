package org.gradus.benchmarks.peer;

/**
 * A convolution with bias of images [n, c, h, w] by f filters [c, k, k], stride 1, no padding.
 *
 * @param gradients whether all three gradients follow (input, weight and bias), for a given random
 *     cotangent of the output
 */
record ConvWork(int n, int c, int h, int w, int f, int k, boolean gradients) implements Work {
  @Override
  public String name() {
    return "conv2d [%d, %d, %d, %d], %d of %dx%d, %s"
        .formatted(n, c, h, w, f, k, k, gradients ? "and its gradients" : "forward");
  }

  /** The gradients in input and weight take as many as the convolution; those of bias are few. */
  @Override
  public double flops() {
    return (gradients ? 3 : 1) * 2.0 * n * f * c * k * k * outHeight() * outWidth();
  }

  @Override
  public boolean checksLosses() {
    return false;
  }

  int outHeight() {
    return h - k + 1;
  }

  int outWidth() {
    return w - k + 1;
  }

  float[] images() {
    return Uniform.floats(1, n * c * h * w);
  }

  float[] weight() {
    return Uniform.floats(2, f * c * k * k);
  }

  float[] bias() {
    return Uniform.floats(3, f);
  }

  float[] cotangent() {
    return Uniform.floats(4, n * f * outHeight() * outWidth());
  }

  @Override
  public Side gradus() {
    return new GradusConv(this);
  }

  @Override
  public Side pyTorch() {
    return new PyTorchConv(this);
  }
}
