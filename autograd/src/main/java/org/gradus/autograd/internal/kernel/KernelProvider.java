package org.gradus.autograd.internal.kernel;

/** Picks the implementation of {@link Kernels}, once for the whole process. */
final class KernelProvider {
  static final Kernels<float[]> FLOAT = new FloatPlainKernels();
  static final Kernels<double[]> DOUBLE = new DoublePlainKernels();

  private KernelProvider() {}
}
