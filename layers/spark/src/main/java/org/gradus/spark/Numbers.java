package org.gradus.spark;

import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.layers.optim.TreeSum;
import org.jspecify.annotations.Nullable;

/** Numbers of Java's that are numbers of either precision: {@code float[]} and {@code double[]}. */
final class Numbers {
  private Numbers() {}

  static NdArray wrapped(Object array, Shape shape) {
    return array instanceof float[] floats
        ? NdArray.wrap(floats, shape)
        : NdArray.wrap((double[]) array, shape);
  }

  static int length(Object array) {
    return array instanceof float[] floats ? floats.length : ((double[]) array).length;
  }

  static Object part(Object array, int from, int to) {
    return array instanceof float[] floats
        ? java.util.Arrays.copyOfRange(floats, from, to)
        : java.util.Arrays.copyOfRange((double[]) array, from, to);
  }

  static Object empty(Object like, int length) {
    return like instanceof float[] ? new float[length] : new double[length];
  }

  static long bytes(@Nullable Object... arrays) {
    long bytes = 0;
    for (@Nullable Object array : arrays) {
      if (array != null) {
        bytes += (long) length(array) * (array instanceof float[] ? Float.BYTES : Double.BYTES);
      }
    }
    return bytes;
  }

  /** The sums of arrays, one by one; one that is missing adds nothing. */
  static @Nullable Object[] plus(@Nullable Object[] first, @Nullable Object[] next) {
    @Nullable Object[] sums = new Object[first.length];
    for (int i = 0; i < sums.length; i++) {
      @Nullable Object a = first[i];
      @Nullable Object b = next[i];
      sums[i] = a == null ? b : b == null ? a : sum(a, b);
    }
    return sums;
  }

  private static Object sum(Object a, Object b) {
    Shape flat = Shape.of(length(a));
    return wrapped(a, flat).plusScaled(1, wrapped(b, flat)).storage();
  }

  /** The sums of several, in order, by the tree of {@link TreeSum}. */
  static @Nullable Object[] sum(Iterable<@Nullable Object[]> all) {
    TreeSum<@Nullable Object[]> sum = new TreeSum<>(Numbers::plus);
    all.forEach(sum::add);
    return sum.total();
  }
}
