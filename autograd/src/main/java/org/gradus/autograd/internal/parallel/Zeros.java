package org.gradus.autograd.internal.parallel;

import java.util.Arrays;

/** Zeros of double precision to work in, from the pool and back to it, for kernels of both. */
public final class Zeros {
  private Zeros() {}

  public static double[] take(int n) {
    double[] zeros = DoubleArrays.POOL.take(n);
    Arrays.fill(zeros, 0);
    return zeros;
  }

  public static void give(double[] array) {
    DoubleArrays.POOL.give(array);
  }
}
