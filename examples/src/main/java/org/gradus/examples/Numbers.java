package org.gradus.examples;

import java.util.Locale;
import java.util.SplittableRandom;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;

/** Arrays to compute with, compared and printed; what the examples share. */
final class Numbers {
  private Numbers() {}

  /** The float64 array 1, 2, 3, ... in row-major order. */
  static NdArray countingUp(int... dims) {
    return NdArray.generate(DType.FLOAT64, Shape.of(dims), i -> i + 1);
  }

  /** Random whole numbers from -4 to 4 in float64: sums of their products are exact. */
  static NdArray wholeNumbers(long seed, int... dims) {
    SplittableRandom random = new SplittableRandom(seed);
    return NdArray.generate(DType.FLOAT64, Shape.of(dims), i -> random.nextInt(-4, 5));
  }

  /** A 1 at element {@code flat} in row-major order, in zeros of the same shape and type as x. */
  static NdArray oneHot(NdArray x, int flat) {
    return NdArray.generate(x.dtype(), x.shape(), i -> i == flat ? 1 : 0);
  }

  /** The largest |a - b| over all elements. */
  static double maxDifference(NdArray a, NdArray b) {
    NdArray difference = a.plusScaled(-1, b);
    double max = 0;
    for (int i = 0; i < difference.size(); i++) {
      max = Math.max(max, Math.abs(difference.at(i)));
    }
    return max;
  }

  /** As {@link String#format}, with a point in decimal numbers wherever the program runs. */
  static String text(String format, Object... arguments) {
    return String.format(Locale.ROOT, format, arguments);
  }

  /** The array as nested brackets without leading axes of extent 1: {@code [[1, 2], [3, 4]]}. */
  static String brackets(NdArray x, String cell) {
    int columns = x.shape().dim(-1);
    StringBuilder text = new StringBuilder("[");
    for (int i = 0; i < x.size(); i++) {
      String separator = i == 0 ? "[" : i % columns == 0 ? "], [" : ", ";
      text.append(separator).append(text(cell, x.at(i)));
    }
    return text.append("]]").toString();
  }
}
