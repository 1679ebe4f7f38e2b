package org.gradus.autograd.internal.parallel;

import java.util.Arrays;

/**
 * Memory of double precision to work in, whatever the element type of the kernel, from the pool and
 * back to it. It holds anything at first.
 */
public final class Wide {
  private Wide() {}

  public static double[] take(int n) {
    return DoubleArrays.POOL.take(n);
  }

  /** The same, of zeros. */
  public static double[] zeros(int n) {
    double[] zeros = take(n);
    Arrays.fill(zeros, 0);
    return zeros;
  }

  /** A copy of some numbers. */
  public static double[] copy(float[] x) {
    double[] copy = take(x.length);
    for (int i = 0; i < x.length; i++) {
      copy[i] = x[i];
    }
    return copy;
  }

  /** The same. */
  public static double[] copy(double[] x) {
    double[] copy = take(x.length);
    System.arraycopy(x, 0, copy, 0, x.length);
    return copy;
  }

  public static void give(double[] array) {
    DoubleArrays.POOL.give(array);
  }
}
