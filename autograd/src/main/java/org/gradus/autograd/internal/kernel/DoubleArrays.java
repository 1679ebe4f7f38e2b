package org.gradus.autograd.internal.kernel;

/** Where arrays come from and go back to: those of results, and memory that kernels work in. */
final class DoubleArrays {
  static final Pool<double[]> POOL = new Pool<>(Double.BYTES, double[]::new, array -> array.length);

  private DoubleArrays() {}
}
