package org.gradus.autograd.internal.parallel;

/** Arrays that one thread works in, from the pool and back to it. They hold anything at first. */
public final class DoubleMemory implements Parallel.State {
  private final double[][] arrays;

  public DoubleMemory(int... lengths) {
    arrays = new double[lengths.length][];
    for (int i = 0; i < lengths.length; i++) {
      arrays[i] = DoubleArrays.POOL.take(lengths[i]);
    }
  }

  public double[] array(int i) {
    return arrays[i];
  }

  @Override
  public void close() {
    for (double[] array : arrays) {
      DoubleArrays.POOL.give(array);
    }
  }
}
