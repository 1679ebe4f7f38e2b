package org.gradus.autograd.internal.kernel;

import java.util.Random;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Assertions;

/** The plain kernels of one precision, and arrays for them. Tests compute in double. */
enum Precision {
  FLOAT,
  DOUBLE;

  @SuppressWarnings("unchecked") // all arrays made here are of the kernels' own type
  Kernels<Object> kernels() {
    Kernels<?> plain = this == FLOAT ? new FloatPlainKernels() : new DoublePlainKernels();
    return (Kernels<Object>) plain;
  }

  /** The nearest number of this precision. */
  double round(double x) {
    return this == FLOAT ? (float) x : x;
  }

  /** The distance from x to its neighbour in this precision. */
  double ulp(double x) {
    return this == FLOAT ? Math.ulp((float) x) : Math.ulp(x);
  }

  Object zeros(int length) {
    return this == FLOAT ? new float[length] : new double[length];
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
