package org.gradus.autograd.internal.kernel;

import org.jspecify.annotations.Nullable;

/**
 * The memory of an array's elements, shared by all arrays that are views of it. It can be given
 * back, to be used for later results: from then on it is refused to whoever asks for it.
 */
public final class Buffer {
  private volatile @Nullable Object array;
  private volatile boolean shared;

  private Buffer(Object array, boolean shared) {
    this.array = array;
    this.shared = shared;
  }

  /** Over a {@code float[]} or {@code double[]} that others know, and which is never given back. */
  public static Buffer of(Object array) {
    return new Buffer(array, true);
  }

  /** A buffer for float32 elements, which holds anything. */
  public static Buffer floats(int n) {
    return new Buffer(FloatArrays.POOL.take(n), false);
  }

  /** A buffer for float64 elements, which holds anything. */
  public static Buffer doubles(int n) {
    return new Buffer(DoubleArrays.POOL.take(n), false);
  }

  /** A buffer for n elements of the type of this one's, which holds anything. */
  public Buffer another(int n) {
    return array() instanceof float[] ? floats(n) : doubles(n);
  }

  /**
   * The {@code float[]} or {@code double[]}, for the time until it is given back.
   *
   * @throws IllegalStateException if it has been given back
   */
  public Object array() {
    Object found = array;
    if (found == null) {
      throw new IllegalStateException(
          "array: these values were given back by a backward pass in mode CONSUMING;"
              + " read them before it, or walk in mode VALUES");
    }
    return found;
  }

  /** The array, for somebody who may keep it: it will not be given back. */
  public Object share() {
    shared = true;
    return array();
  }

  /** Ends the buffer's life, unless it is shared or so small that it is worth nothing. */
  public void giveBack() {
    Object found = array;
    if (shared || found == null) {
      return;
    }
    if (found instanceof float[] floats && floats.length >= Pool.LEAST) {
      array = null;
      FloatArrays.POOL.give(floats);
    } else if (found instanceof double[] doubles && doubles.length >= Pool.LEAST) {
      array = null;
      DoubleArrays.POOL.give(doubles);
    }
  }
}
