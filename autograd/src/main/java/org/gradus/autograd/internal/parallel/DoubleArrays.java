package org.gradus.autograd.internal.parallel;

/** Where arrays come from and go back to: those of results, and memory that kernels work in. */
public final class DoubleArrays {
  public static final Pool<double[]> POOL =
      new Pool<>(Double.BYTES, double[]::new, array -> array.length);

  private DoubleArrays() {}
}
