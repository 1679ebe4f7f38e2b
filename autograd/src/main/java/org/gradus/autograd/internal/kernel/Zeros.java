package org.gradus.autograd.internal.kernel;

import java.util.Arrays;

/** Zeros of double precision to work in, from the pool and back to it, for kernels of both. */
final class Zeros {
  private Zeros() {}

  static double[] take(int n) {
    double[] zeros = DoubleArrays.POOL.take(n);
    Arrays.fill(zeros, 0);
    return zeros;
  }

  static void give(double[] array) {
    DoubleArrays.POOL.give(array);
  }
}
