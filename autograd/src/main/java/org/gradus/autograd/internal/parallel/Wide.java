package org.gradus.autograd.internal.parallel;

/**
 * Memory of double precision to work in, whatever the element type of the kernel, from the pool and
 * back to it. It holds anything at first.
 */
public final class Wide {
  private Wide() {}

  public static double[] take(int n) {
    return DoubleArrays.POOL.take(n);
  }

  public static void give(double[] array) {
    DoubleArrays.POOL.give(array);
  }
}
