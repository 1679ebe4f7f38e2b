package org.gradus.autograd.internal.kernel;

import static java.lang.Double.NaN;
import static java.lang.Double.POSITIVE_INFINITY;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Resampling against loops over all pairs of inputs and outputs. */
class ResizeKernelsTest {
  private static final int[][] SIZES = {{1, 1}, {1, 4}, {3, 1}, {4, 7}, {7, 4}, {5, 10}, {31, 17}};
  private static final int[] PLANES = {0, 1, 5, 101};

  /**
   * Outputs spread over the input, some of them on an input; weights are multiples of 1/8, so that
   * sums are exact.
   */
  static Interpolation taps(int input, int output) {
    int[] low = new int[output];
    double[] weight = new double[output];
    for (int i = 0; i < output; i++) {
      int eighths = i * (input - 1) * 8 / output;
      low[i] = eighths / 8;
      weight[i] = eighths % 8 / 8.0;
    }
    return new Interpolation(input, low, weight);
  }

  private static double weight(Interpolation taps, int output, int input) {
    double weight = taps.weight()[output];
    int behind = input - taps.low()[output];
    return behind == 0 ? 1 - weight : behind == 1 ? weight : 0;
  }

  @ParameterizedTest
  @EnumSource
  void resizeAndItsAdjoint(Precision precision) {
    for (int planes : PLANES) {
      for (int[] height : SIZES) {
        for (int[] width : SIZES) {
          check(precision, planes, taps(height[0], height[1]), taps(width[0], width[1]));
        }
      }
    }
  }

  private static void check(
      Precision precision, int planes, Interpolation rows, Interpolation columns) {
    int inPlane = rows.input() * columns.input();
    int outPlane = rows.output() * columns.output();
    Object x = precision.wholes(planes * inPlane, 81);
    Object y = precision.wholes(planes * outPlane, 82);
    double[] resized = new double[planes * outPlane];
    double[] shared = new double[planes * inPlane];
    for (int i = 0; i < rows.output(); i++) {
      for (int j = 0; j < columns.output(); j++) {
        for (int h = 0; h < rows.input(); h++) {
          for (int v = 0; v < columns.input(); v++) {
            double weight = weight(rows, i, h) * weight(columns, j, v);
            for (int plane = 0; weight != 0 && plane < planes; plane++) {
              int in = plane * inPlane + h * columns.input() + v;
              int out = plane * outPlane + i * columns.output() + j;
              resized[out] += weight * Precision.at(x, in);
              shared[in] += weight * Precision.at(y, out);
            }
          }
        }
      }
    }
    Object actual = precision.zeros(resized.length);
    precision.kernels().resize(planes, rows, columns, x, actual);
    precision.assertExactly(resized, actual);
    Object adjoint = precision.zeros(shared.length);
    precision.kernels().resizeInput(planes, rows, columns, y, adjoint);
    precision.assertExactly(shared, adjoint);
  }

  @ParameterizedTest
  @EnumSource
  void whatHasNoWeightIsNotLookedAt(Precision precision) {
    Interpolation two = new Interpolation(2, new int[] {0, 0, 1}, new double[] {0, 0.5, 0});
    Object x = precision.array(1, NaN, 2, POSITIVE_INFINITY);
    Object y = precision.zeros(9);
    precision.kernels().resize(1, two, two, x, y);
    precision.assertExactly(
        new double[] {1, NaN, NaN, 1.5, NaN, NaN, 2, POSITIVE_INFINITY, POSITIVE_INFINITY}, y);
    Object back = precision.zeros(4);
    Object infinite = precision.array(POSITIVE_INFINITY, 0, 0, 0, 0, 0, 0, 0, 2);
    precision.kernels().resizeInput(1, two, two, infinite, back);
    precision.assertExactly(new double[] {POSITIVE_INFINITY, 0, 0, 2}, back);
  }
}
