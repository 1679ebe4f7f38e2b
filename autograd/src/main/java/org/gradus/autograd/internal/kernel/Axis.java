package org.gradus.autograd.internal.kernel;

import java.util.Arrays;

/**
 * How a window slides along one axis of a plane: the tap {@code i} of the window that makes output
 * {@code o} lies at element {@code o * stride - before + i * dilation}, and is zero where that is
 * outside the plane. A window may hang over the padding's end.
 *
 * @param input elements of the plane
 * @param kernel taps of the window, or of the longest one
 * @param stride from one window to the next; 0 if windows are {@link #spread}
 * @param before zeros before the plane, and {@code after} behind it
 * @param dilation from one tap to the next
 * @param output how many windows there are
 */
public record Axis(
    int input, int kernel, int stride, int before, int after, int dilation, int output) {

  /**
   * Windows that are spread evenly and leave nothing out, whatever the sizes: window o begins at
   * floor(o * input / output) and ends before ceil((o + 1) * input / output). Only pooling knows
   * such windows.
   */
  public static Axis spread(int input, int output) {
    int share = input / output;
    int rest = input % output;
    if (rest == 0) {
      return new Axis(input, share, share, 0, 0, 1, output);
    }
    int begun = output % rest == 0 ? 1 : 2; // elements that the longest window has but a part of
    return new Axis(input, share + begun, 0, 0, 0, 1, output);
  }

  /** The element under a tap of an output's window; outside the plane in the padding. */
  public int at(int out, int tap) {
    return out * stride - before + tap * dilation;
  }

  /** The first output whose window has this tap inside the plane, or behind its beginning. */
  public int firstInside(int tap) {
    int missing = before - tap * dilation;
    return missing <= 0 ? 0 : Math.min(output, (missing + stride - 1) / stride);
  }

  /** The end of the outputs whose windows have this tap inside the plane. */
  public int endInside(int tap) {
    int last = input - 1 + before - tap * dilation;
    return last < 0 ? 0 : Math.min(output, last / stride + 1);
  }

  /**
   * Where the taps of each window lie that are inside the plane.
   *
   * @param pitch from one element along the axis to the next
   */
  public TapsInside inside(int pitch) {
    int[] first = new int[output];
    int[] count = new int[output];
    for (int o = 0; o < output; o++) {
      if (stride == 0) {
        int start = (int) ((long) o * input / output);
        first[o] = start * pitch;
        count[o] = (int) (((o + 1L) * input + output - 1) / output) - start;
        continue;
      }
      int start = at(o, 0);
      int tap = start >= 0 ? 0 : (dilation - 1 - start) / dilation;
      first[o] = (start + tap * dilation) * pitch;
      count[o] = tapsBefore(input, start) - tap;
    }
    return new TapsInside(first, count, dilation * pitch);
  }

  /** How many taps of each window lie on the plane or its padding. */
  public int[] padded() {
    if (stride == 0) {
      return inside(1).count();
    }
    int[] taps = new int[output];
    Arrays.setAll(taps, o -> tapsBefore(input + after, at(o, 0)));
    return taps;
  }

  /** How many taps of a window lie before an end, in the padding before the plane or behind it. */
  private int tapsBefore(int end, int start) {
    return start >= end ? 0 : Math.min(kernel, (end - 1 - start) / dilation + 1);
  }

  /** How many windows have a tap at one element, at most. */
  public long windowsOfOne() {
    if (stride == 0) {
      return Math.min(output, output / input + 2L);
    }
    return Math.min(output, dilation == 1 ? (kernel + stride - 1L) / stride : kernel);
  }

  /** For a stride of 1, the axis of the gradient in the input, with the taps turned round. */
  public Axis adjoint() {
    int reach = dilation * (kernel - 1);
    return new Axis(
        /* input= */ output,
        kernel,
        1,
        reach - before,
        reach - after,
        dilation,
        /* output= */ input);
  }

  /** Whether there is one window, which leaves nothing out and has no padding. */
  boolean isWhole() {
    return output == 1 && kernel == input && before == 0 && after == 0 && dilation == 1;
  }

  /** Whether each window is one element, and each element has a window. */
  boolean isOfSingles() {
    return kernel == 1 && before == 0 && output == input && (stride == 1 || output == 1);
  }

  /** Whether the windows are pairs side by side, wholly inside the plane. */
  boolean isOfPairs() {
    return kernel == 2 && stride == 2 && dilation == 1 && before == 0 && 2 * output <= input;
  }
}
