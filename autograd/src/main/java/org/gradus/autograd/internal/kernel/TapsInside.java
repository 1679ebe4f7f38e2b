package org.gradus.autograd.internal.kernel;

/**
 * Which taps of the windows along one axis lie inside the plane. Those of window o are {@code
 * count[o]} elements, a step apart from {@code first[o]} on, which is relative to where the plane
 * begins.
 */
@SuppressWarnings("ArrayRecordComponent") // a parameter object, which is never compared
public record TapsInside(int[] first, int[] count, int step) {

  /**
   * Finds them, so that no loop over windows has to.
   *
   * @param windows how many there are
   * @param size of the plane along the axis
   * @param pitch from one element along the axis to the next
   */
  static TapsInside along(
      int windows, int kernel, int stride, int padBefore, int dilation, int size, int pitch) {
    int[] first = new int[windows];
    int[] count = new int[windows];
    for (int o = 0; o < windows; o++) {
      int start = o * stride - padBefore;
      int tap = start >= 0 ? 0 : (dilation - 1 - start) / dilation;
      first[o] = (start + tap * dilation) * pitch;
      count[o] = taps(start, kernel, dilation, size) - tap;
    }
    return new TapsInside(first, count, dilation * pitch);
  }

  /** How many taps of a window lie before an end, in the padding before the plane or behind it. */
  static int taps(int start, int kernel, int dilation, int end) {
    return start >= end ? 0 : Math.min(kernel, (end - 1 - start) / dilation + 1);
  }
}
