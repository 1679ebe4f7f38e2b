package org.gradus.benchmarks.peer;

/** The product of an [m, k] and a [k, n] matrix. */
record MatMulWork(int m, int k, int n) implements Work {
  @Override
  public String name() {
    return "matmul [%d, %d] x [%d, %d]".formatted(m, k, k, n);
  }

  @Override
  public double flops() {
    return 2.0 * m * k * n;
  }

  @Override
  public boolean checksLosses() {
    return false;
  }

  float[] left() {
    return Uniform.floats(1, m * k);
  }

  float[] right() {
    return Uniform.floats(2, k * n);
  }

  @Override
  public Side gradus() {
    return new GradusMatMul(this);
  }

  @Override
  public Side pyTorch() {
    return new PyTorchMatMul(this);
  }
}
