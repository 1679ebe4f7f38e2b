package org.gradus.autograd.ops;

import org.gradus.autograd.array.ShapeException;
import org.gradus.autograd.internal.kernel.Axis;
import org.gradus.autograd.internal.kernel.WindowSizes;

/**
 * A window that slides along one axis of an image. Tap i of the window that makes output o lies at
 * input {@code o * stride - padBefore + i * dilation}; where that is outside of the input, it reads
 * the padding.
 *
 * @param input the size of the input; kept, because the size of the output does not tell it where
 *     the stride leaves a remainder
 * @param kernel the number of taps
 * @param stride the step from one output to the next
 * @param padBefore zeros before the input
 * @param padAfter zeros after the input
 * @param dilation the distance between neighbouring taps
 * @param roundUp whether a remainder gets one more output, whose window hangs over the end of the
 *     padded input by less than a stride, and begins inside the input or the padding before it
 */
public record Window(
    int input, int kernel, int stride, int padBefore, int padAfter, int dilation, boolean roundUp) {

  /** The only place of one tap on one element. */
  static final Window WHOLE_OF_ONE = new Window(1, 1, 1, 0, 0, 1);

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if one is out of its range, or the window does not fit the
   *     padded input
   */
  public Window {
    new WindowOptions(stride, padBefore, padAfter, dilation, false, false);
    require("window", input, kernel, stride, padBefore, padAfter, dilation, roundUp);
  }

  /**
   * A window that never hangs over: a remainder is not read. For the numbers see {@link Window}.
   */
  public Window(int input, int kernel, int stride, int padBefore, int padAfter, int dilation) {
    this(input, kernel, stride, padBefore, padAfter, dilation, false);
  }

  static void require(
      String what,
      int input,
      int kernel,
      int stride,
      long padBefore,
      long padAfter,
      int dilation,
      boolean roundUp) {
    WindowOptions.requireAtLeast(what + ": input", input, 0);
    WindowOptions.requireAtLeast(what + ": kernel", kernel, 1);
    long padded = input + padBefore + padAfter;
    long span = dilation * (kernel - 1L) + 1;
    long overhang = roundUp && input + padBefore > 0 ? stride - 1L : 0;
    if (span > padded + overhang) {
      throw new ShapeException(
          what,
          "a window of %s with dilation %s does not fit an input of %s, padded by %s and %s"
              .formatted(kernel, dilation, input, padBefore, padAfter));
    }
    if (padded + stride > Integer.MAX_VALUE) {
      throw new ShapeException(
          what,
          "an input of %s, padded by %s and %s, and a stride of %s are %s together, expected at most %s"
              .formatted(input, padBefore, padAfter, stride, padded + stride, Integer.MAX_VALUE));
    }
  }

  /**
   * The number of outputs: floor((input + padBefore + padAfter - dilation * (kernel - 1) - 1) /
   * stride) + 1, and perhaps one more if {@link #roundUp}.
   */
  public int output() {
    int whole = Math.floorDiv(freedom(), stride) + 1;
    boolean left = Math.floorMod(freedom(), stride) > 0;
    return roundUp && left && whole * stride < input + padBefore ? whole + 1 : whole;
  }

  /** The padded input's elements behind the last window, which no output reads. */
  public int remainder() {
    return Math.max(0, freedom() - (output() - 1) * stride);
  }

  /** How far the window can move; negative if even the first hangs over the end. */
  private int freedom() {
    return input + padBefore + padAfter - dilation * (kernel - 1) - 1;
  }

  /** Refuses a window that somewhere lies on padding alone. */
  void requireOnInput(String what) {
    if (!alwaysOnInput()) {
      throw new ShapeException(
          what,
          "a window of %s with dilation %s and stride %s lies on padding alone somewhere over an input of %s, padded by %s and %s"
              .formatted(kernel, dilation, stride, input, padBefore, padAfter));
    }
  }

  /** Whether each place of the window has a tap on the input, not on the padding alone. */
  public boolean alwaysOnInput() {
    long last = (output() - 1L) * stride - padBefore;
    return last < input && padBefore <= dilation * (kernel - 1L) && noneJumpsOverInput();
  }

  /**
   * Whether no window that begins before the input has neighbouring taps before and behind it. The
   * first tap that is not before the input is at the remainder of where the window begins, divided
   * by the dilation; remainders repeat after as many windows as the dilation, or before. A window
   * that begins on the input has a remainder on it, too.
   */
  private boolean noneJumpsOverInput() {
    for (long o = 0; o < Math.min(output(), dilation); o++) {
      if (Math.floorMod(o * stride - padBefore, dilation) >= input) {
        return false;
      }
    }
    return true;
  }

  static WindowSizes sizes(Window rows, Window columns) {
    return new WindowSizes(rows.axis(), columns.axis());
  }

  private Axis axis() {
    return new Axis(input, kernel, stride, padBefore, padAfter, dilation, output());
  }
}
