package org.gradus.autograd.internal.parallel;

/** Where kernels take arrays of indices from, and give them back to. */
public final class IntArrays {
  public static final Pool<int[]> POOL =
      new Pool<>(Integer.BYTES, int[]::new, array -> array.length);

  private IntArrays() {}
}
