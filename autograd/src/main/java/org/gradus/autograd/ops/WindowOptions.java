package org.gradus.autograd.ops;

import org.gradus.autograd.array.ShapeException;

/**
 * How a window slides along one axis.
 *
 * @param stride the step from one output to the next, at least 1
 * @param padBefore zeros before the input, at least 0
 * @param padAfter zeros after the input, at least 0
 * @param dilation the distance between neighbouring taps of the window, at least 1
 * @param same whether the padding is chosen so that the output has ceil(input / stride) elements;
 *     the two paddings above are then ignored
 * @param strict whether a stride that leaves a remainder is refused
 */
public record WindowOptions(
    int stride, int padBefore, int padAfter, int dilation, boolean same, boolean strict) {

  /** Stride 1, no padding, no dilation. */
  static final WindowOptions VALID = new WindowOptions(1, 0, 0, 1, false, false);

  /** Stride 1, as much padding as keeps the size, no dilation. */
  static final WindowOptions SAME = new WindowOptions(1, 0, 0, 1, true, false);

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if one is out of its range
   */
  public WindowOptions {
    requireAtLeast("window: stride", stride, 1);
    requireAtLeast("window: padding", padBefore, 0);
    requireAtLeast("window: padding", padAfter, 0);
    requireAtLeast("window: dilation", dilation, 1);
  }

  static void requireAtLeast(String what, int value, int least) {
    if (value < least) {
      throw new IllegalArgumentException(
          "%s %s, expected at least %s".formatted(what, value, least));
    }
  }

  WindowOptions withStride(int newStride) {
    return new WindowOptions(newStride, padBefore, padAfter, dilation, same, strict);
  }

  WindowOptions withPadding(int before, int after) {
    return new WindowOptions(stride, before, after, dilation, false, strict);
  }

  WindowOptions withDilation(int newDilation) {
    return new WindowOptions(stride, padBefore, padAfter, newDilation, same, strict);
  }

  WindowOptions asSame() {
    return new WindowOptions(stride, 0, 0, dilation, true, strict);
  }

  WindowOptions asStrict() {
    return new WindowOptions(stride, padBefore, padAfter, dilation, same, true);
  }

  /**
   * The window of this kernel size over an input of this size; the op and axis are for errors.
   *
   * @param roundUp whether a remainder gets a window of its own
   */
  Window over(String op, String axis, int input, int kernel, boolean roundUp) {
    long before = padBefore;
    long after = padAfter;
    if (same) {
      long outputs = (input + (long) stride - 1) / stride;
      long total = Math.max(0, (outputs - 1) * stride + dilation * (kernel - 1L) + 1 - input);
      before = total / 2;
      after = total - before;
    }
    Window.require(op + ": " + axis, input, kernel, stride, before, after, dilation, roundUp);
    Window window = new Window(input, kernel, stride, (int) before, (int) after, dilation, roundUp);
    if (strict && window.remainder() != 0) {
      throw new IllegalArgumentException(
          "%s: strict %s: stride %s leaves a remainder of %s after the last of the windows of %s over %s, padded by %s and %s"
              .formatted(op, axis, stride, window.remainder(), kernel, input, before, after));
    }
    return window;
  }

  /**
   * The window of this kernel size that has this many outputs, over an input that an output padding
   * makes larger, but for what is {@link #beyond} it; or, if {@link #same}, over one of stride
   * times the outputs.
   */
  Window making(String op, String axis, int outputs, int kernel, int outputPadding) {
    requireAtLeast(op + ": " + axis, outputs, 1);
    int most = same ? 0 : Math.max(stride, strict ? 1 : dilation) - 1;
    if (outputPadding < 0 || outputPadding > most) {
      throw new IllegalArgumentException(
          "%s: %s: output padding %s, expected 0 to %s".formatted(op, axis, outputPadding, most));
    }
    int uncut = outputPadding < stride ? 0 : Math.min(padAfter, outputPadding);
    int remainder = outputPadding - uncut - beyond(outputPadding);
    WindowOptions slide = uncut == 0 ? this : withPadding(padBefore, padAfter - uncut);
    return slide.leaving(op, axis, outputs, kernel, remainder);
  }

  /**
   * Of an output padding, the part at the end that no window comes to: where it is a stride or
   * more, it first takes back the padding that is cut off, then it is a remainder, and the rest is
   * beyond.
   */
  int beyond(int outputPadding) {
    return outputPadding < stride ? 0 : Math.max(0, outputPadding - padAfter - (stride - 1));
  }

  private Window leaving(String op, String axis, int outputs, int kernel, int remainder) {
    long span = dilation * (kernel - 1L) + 1;
    long size =
        same
            ? (long) outputs * stride
            : (outputs - 1L) * stride - padBefore - padAfter + span + remainder;
    if (size < 0 || size != (int) size) {
      throw new ShapeException(
          op + ": " + axis,
          "%s windows of %s with dilation %s and stride %s, padded by %s and %s, make an output of %s, expected 0 to %s"
              .formatted(
                  outputs, kernel, dilation, stride, padBefore, padAfter, size, Integer.MAX_VALUE));
    }
    return over(op, axis, (int) size, kernel, false);
  }
}
