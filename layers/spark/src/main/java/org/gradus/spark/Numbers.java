package org.gradus.spark;

import java.io.Serializable;
import java.util.Arrays;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.layers.optim.TreeSum;
import org.jspecify.annotations.Nullable;

/** Numbers of Java's that are numbers of either precision: {@code float[]} and {@code double[]}. */
final class Numbers {
  private Numbers() {}

  /**
   * An array for so many examples of so many numbers.
   *
   * @throws IllegalArgumentException if there are more than an array has
   */
  static float[] room(int examples, int numbers) {
    long length = (long) examples * numbers;
    if (length > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          "sparkRows: %s examples of %s numbers, expected at most %s in one array"
              .formatted(examples, numbers, Integer.MAX_VALUE - 8));
    }
    return new float[(int) length];
  }

  /** The array itself, shared: must not be modified. */
  static Serializable storage(NdArray array) {
    return (Serializable) array.storage();
  }

  static NdArray wrapped(Serializable array, Shape shape) {
    return array instanceof float[] floats
        ? NdArray.wrap(floats, shape)
        : NdArray.wrap((double[]) array, shape);
  }

  static int length(Serializable array) {
    return array instanceof float[] floats ? floats.length : ((double[]) array).length;
  }

  static Serializable part(Serializable array, int from, int to) {
    return array instanceof float[] floats
        ? Arrays.copyOfRange(floats, from, to)
        : Arrays.copyOfRange((double[]) array, from, to);
  }

  static Serializable empty(Serializable like, int length) {
    return like instanceof float[] ? new float[length] : new double[length];
  }

  static long bytes(@Nullable Serializable... arrays) {
    long bytes = 0;
    for (@Nullable Serializable array : arrays) {
      if (array != null) {
        bytes += (long) length(array) * (array instanceof float[] ? Float.BYTES : Double.BYTES);
      }
    }
    return bytes;
  }

  /** The sums of arrays, one by one; one that is missing adds nothing. */
  static @Nullable Serializable[] plus(
      @Nullable Serializable[] first, @Nullable Serializable[] next) {
    @Nullable Serializable[] sums = new Serializable[first.length];
    for (int i = 0; i < sums.length; i++) {
      @Nullable Serializable a = first[i];
      @Nullable Serializable b = next[i];
      sums[i] = a == null ? b : b == null ? a : sum(a, b);
    }
    return sums;
  }

  private static Serializable sum(Serializable a, Serializable b) {
    Shape flat = Shape.of(length(a));
    return storage(wrapped(a, flat).plusScaled(1, wrapped(b, flat)));
  }

  /** The sums of several, in order, by the tree of {@link TreeSum}. */
  static @Nullable Serializable[] sum(Iterable<@Nullable Serializable[]> all) {
    TreeSum<@Nullable Serializable[]> sum = new TreeSum<>(Numbers::plus);
    all.forEach(sum::add);
    return sum.total();
  }
}
