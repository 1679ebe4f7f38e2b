package org.gradus.onnx;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.ops.Ops;

/**
 * Which elements of an axis make those of a resized one. Each output is a sum of as many elements
 * as there are taps.
 *
 * @param places for each tap and each output, the element
 * @param weights for each tap and each output, what it is multiplied by
 */
@SuppressWarnings("ArrayRecordComponent") // nobody changes them
record Taps(int[][] places, double[][] weights) {

  /**
   * Those of a filter.
   *
   * @param at for each output, where it lies among the elements
   * @param extent how many elements there are; the first and the last are repeated beyond the ends
   * @param reach how far the filter goes
   * @param scale 1, or less where the filter is made wider
   * @param excludes whether what lies beyond the ends is left out, and the rest made larger
   */
  static Taps of(
      double[] at,
      int extent,
      int reach,
      double scale,
      DoubleUnaryOperator filter,
      boolean excludes) {
    int first = (int) Math.floor(-reach / scale) + 1;
    int count = 2 - 2 * first;
    int[][] places = new int[count][at.length];
    double[][] weights = new double[count][at.length];
    for (int i = 0; i < at.length; i++) {
      int left = (int) Math.floor(at[i]);
      double sum = 0;
      for (int tap = 0; tap < count; tap++) {
        int place = left + first + tap;
        boolean isInside = place >= 0 && place < extent;
        weights[tap][i] = excludes && !isInside ? 0 : filter.applyAsDouble((place - at[i]) * scale);
        places[tap][i] = Math.max(0, Math.min(extent - 1, place));
        sum += weights[tap][i];
      }
      for (int tap = 0; tap < count && (excludes || scale < 1); tap++) {
        weights[tap][i] /= sum;
      }
    }
    return new Taps(places, weights);
  }

  /** A triangle: two neighbours. */
  static double linear(double x) {
    return Math.max(0, 1 - Math.abs(x));
  }

  /** The cubic convolution of Keys, with a parameter a: four neighbours. */
  static double cubic(double x, double a) {
    double d = Math.abs(x);
    if (d <= 1) {
      return ((a + 2) * d - (a + 3)) * d * d + 1;
    }
    return d < 2 ? ((a * d - 5 * a) * d + 8 * a) * d - 4 * a : 0;
  }

  /** The resized tensor. */
  Tensor apply(Tensor x, int axis) {
    int[] dims = new int[x.shape().rank()];
    Arrays.fill(dims, 1);
    dims[axis] = places[0].length;
    Tensor sum = null;
    for (int tap = 0; tap < places.length; tap++) {
      double[] factors = weights[tap];
      if (Arrays.stream(factors).anyMatch(factor -> factor != 0)) {
        Tensor taken = Ops.take(x, axis, places[tap]);
        NdArray by = NdArray.generate(x.dtype(), Shape.of(dims), i -> factors[i]);
        Tensor part = Ops.mul(taken, Tensor.constant(by));
        sum = sum == null ? part : Ops.add(sum, part);
      }
    }
    return sum == null ? Ops.take(x, axis, places[0]) : sum;
  }
}
