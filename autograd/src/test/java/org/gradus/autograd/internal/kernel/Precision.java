package org.gradus.autograd.internal.kernel;

import java.util.Random;
import java.util.function.IntToDoubleFunction;
import org.gradus.autograd.internal.kernel.KernelProvider.Pair;
import org.junit.jupiter.api.Assertions;

/**
 * A precision, its kernels of one kind, and arrays for them. Tests compute in double. Where the
 * module of the vector kernels is absent, the plain ones stand in for them.
 */
enum Precision {
  FLOAT,
  DOUBLE,
  FLOAT_VECTORS,
  DOUBLE_VECTORS;

  private static final Pair PLAIN = KernelProvider.plain();
  private static final Pair VECTOR = KernelProvider.vector().orElse(PLAIN);

  @SuppressWarnings("unchecked") // all arrays made here are of the kernels' own type
  Kernels<Object> kernels() {
    Pair pair = this == plain() ? PLAIN : VECTOR;
    return (Kernels<Object>) pair.of(zeros(0));
  }

  boolean isFloat() {
    return this == FLOAT || this == FLOAT_VECTORS;
  }

  /** The same precision with the plain kernels. */
  Precision plain() {
    return isFloat() ? FLOAT : DOUBLE;
  }

  /** The nearest number of this precision. */
  double round(double x) {
    return isFloat() ? (float) x : x;
  }

  /** The distance from x to its neighbour in this precision. */
  double ulp(double x) {
    return isFloat() ? Math.ulp((float) x) : Math.ulp(x);
  }

  Object zeros(int length) {
    return isFloat() ? new float[length] : new double[length];
  }

  Object array(double... values) {
    return generate(values.length, i -> values[i]);
  }

  Object generate(int length, IntToDoubleFunction f) {
    Object array = zeros(length);
    for (int i = 0; i < length; i++) {
      if (array instanceof float[] floats) {
        floats[i] = (float) f.applyAsDouble(i);
      } else {
        ((double[]) array)[i] = f.applyAsDouble(i);
      }
    }
    return array;
  }

  /** Whole numbers from -3 to 3: sums of their products are exact in both precisions. */
  Object wholes(int length, long seed) {
    Random random = new Random(seed);
    return generate(length, i -> random.nextInt(7) - 3);
  }

  /** Numbers whose sums are rounded, so that the order of additions shows in the bits. */
  Object fractions(int length, long seed) {
    Random random = new Random(seed);
    return generate(length, i -> random.nextGaussian());
  }

  static double at(Object array, int i) {
    return array instanceof float[] floats ? floats[i] : ((double[]) array)[i];
  }

  static int length(Object array) {
    return array instanceof float[] floats ? floats.length : ((double[]) array).length;
  }

  static double[] values(Object array) {
    double[] values = new double[length(array)];
    for (int i = 0; i < values.length; i++) {
      values[i] = at(array, i);
    }
    return values;
  }

  /** Fails unless the array holds these numbers, rounded: the same bits. */
  void assertExactly(double[] expected, Object actual) {
    double[] rounded = values(array(expected));
    Assertions.assertArrayEquals(rounded, values(actual));
  }

  /** Fails unless each number differs by at most so many units in the last place. */
  void assertNearly(double[] expected, Object actual, double ulps) {
    Assertions.assertEquals(expected.length, length(actual));
    for (int i = 0; i < expected.length; i++) {
      double difference = ulps * ulp(round(expected[i]));
      if (Double.isNaN(difference) || Double.isInfinite(difference)) {
        Assertions.assertEquals(round(expected[i]), at(actual, i), "element " + i);
      } else {
        Assertions.assertEquals(round(expected[i]), at(actual, i), difference, "element " + i);
      }
    }
  }
}
