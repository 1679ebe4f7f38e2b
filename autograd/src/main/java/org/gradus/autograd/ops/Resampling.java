package org.gradus.autograd.ops;

import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.internal.kernel.Interpolation;

/**
 * How one axis of an image is resampled: where on the input each output lies, and so which one or
 * two inputs it is made of.
 *
 * <pre>
 *   NEAREST:        the input at floor(i input / output)
 *   HALF_PIXEL:     at p = max(0, (i + 1/2) input / output - 1/2): the pixels are squares
 *   ALIGN_CORNERS:  at p = i (input - 1) / (output - 1), 0 if there is one output: they are points
 *   the last two:   (1 - w) x[floor(p)] + w x[floor(p) + 1],  w = p - floor(p)
 * </pre>
 *
 * Behind the last input there is the last input. Positions are fractions of whole numbers, so that
 * no rounding puts one on the wrong side of an input.
 *
 * @param input the size of the input, at least 1
 * @param output the size of the output, at least 1
 * @param mode where the outputs lie
 */
public record Resampling(int input, int output, Mode mode) {

  /**
   * Where outputs lie on the input, and whether neighbours are mixed: not for NEAREST, but for
   * HALF_PIXEL and ALIGN_CORNERS.
   */
  public enum Mode {
    NEAREST,
    HALF_PIXEL,
    ALIGN_CORNERS
  }

  /**
   * Checks the sizes.
   *
   * @throws IllegalArgumentException if one is less than 1
   */
  public Resampling {
    Nulls.refuse("resampling: mode", mode);
    WindowOptions.requireAtLeast("resampling: input", input, 1);
    WindowOptions.requireAtLeast("resampling: output", output, 1);
  }

  Interpolation taps() {
    int[] low = new int[output];
    double[] weight = new double[output];
    for (int i = 0; i < output; i++) {
      long numerator = numerator(i);
      low[i] = (int) (numerator / denominator());
      boolean mixed = mode != Mode.NEAREST && low[i] < input - 1;
      weight[i] = mixed ? numerator % denominator() / (double) denominator() : 0;
    }
    return new Interpolation(input, low, weight);
  }

  private long numerator(long i) {
    return switch (mode) {
      case NEAREST -> i * input;
      case HALF_PIXEL -> Math.max(0, (2 * i + 1) * input - output);
      case ALIGN_CORNERS -> i * (input - 1);
    };
  }

  private long denominator() {
    return switch (mode) {
      case NEAREST -> output;
      case HALF_PIXEL -> 2L * output;
      case ALIGN_CORNERS -> Math.max(1, output - 1);
    };
  }
}
