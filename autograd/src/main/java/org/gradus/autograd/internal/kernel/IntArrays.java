package org.gradus.autograd.internal.kernel;

/** Where kernels take arrays of indices from, and give them back to. */
final class IntArrays {
  static final Pool<int[]> POOL = new Pool<>(Integer.BYTES, int[]::new, array -> array.length);

  private IntArrays() {}
}
