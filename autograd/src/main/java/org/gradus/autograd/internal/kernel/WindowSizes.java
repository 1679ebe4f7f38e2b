package org.gradus.autograd.internal.kernel;

import java.util.Arrays;

/**
 * How a window slides over a plane. The tap (i, j) of the window that makes output (oh, ow) lies at
 * row {@code oh * strideH - padTop + i * dilationH} and column {@code ow * strideW - padLeft + j *
 * dilationW}, and is zero outside the plane. A window may hang over the padding's end.
 */
public record WindowSizes(
    int inH,
    int inW,
    int kernelH,
    int kernelW,
    int strideH,
    int strideW,
    int padTop,
    int padBottom,
    int padLeft,
    int padRight,
    int dilationH,
    int dilationW,
    int outH,
    int outW) {

  /** The input's row under row {@code i} of the window at output row {@code oh}. */
  public int row(int oh, int i) {
    return oh * strideH - padTop + i * dilationH;
  }

  /** The input's column under column {@code j} of the window at output column {@code ow}. */
  public int column(int ow, int j) {
    return ow * strideW - padLeft + j * dilationW;
  }

  /** The first output column whose window has its column {@code j} inside the plane, or later. */
  public int firstInside(int j) {
    int missing = padLeft - j * dilationW;
    return missing <= 0 ? 0 : Math.min(outW, (missing + strideW - 1) / strideW);
  }

  /** The end of the output columns whose window has its column {@code j} inside the plane. */
  public int endInside(int j) {
    int last = inW - 1 + padLeft - j * dilationW;
    return last < 0 ? 0 : Math.min(outW, last / strideW + 1);
  }

  /** Where the rows of each window lie that are inside the plane. */
  public TapsInside rowsInside() {
    return TapsInside.along(outH, kernelH, strideH, padTop, dilationH, inH, inW);
  }

  /** Where the columns of each window lie that are inside the plane. */
  public TapsInside columnsInside() {
    return TapsInside.along(outW, kernelW, strideW, padLeft, dilationW, inW, 1);
  }

  /** How many rows of each window lie on the plane or its padding. */
  public int[] paddedRows() {
    int[] taps = new int[outH];
    Arrays.setAll(taps, i -> TapsInside.taps(row(i, 0), kernelH, dilationH, inH + padBottom));
    return taps;
  }

  /** How many columns of each window lie on the plane or its padding. */
  public int[] paddedColumns() {
    int[] taps = new int[outW];
    Arrays.setAll(taps, j -> TapsInside.taps(column(j, 0), kernelW, dilationW, inW + padRight));
    return taps;
  }

  /** Whether the windows are 2 x 2 side by side, wholly inside the plane. */
  public boolean areQuads() {
    return kernelH == 2
        && kernelW == 2
        && strideH == 2
        && strideW == 2
        && dilationH == 1
        && dilationW == 1
        && padTop == 0
        && padLeft == 0
        && 2 * outH <= inH
        && 2 * outW <= inW;
  }

  /** How many windows have a tap at one element, at most. */
  public long windowsOfOne() {
    return windowsOfOne(outH, kernelH, strideH, dilationH)
        * windowsOfOne(outW, kernelW, strideW, dilationW);
  }

  private static long windowsOfOne(int windows, int kernel, int stride, int dilation) {
    return Math.min(windows, dilation == 1 ? (kernel + stride - 1L) / stride : kernel);
  }

  /** The elements of an input plane. */
  public int inPlane() {
    return inH * inW;
  }

  /** The elements of an output plane. */
  public int outPlane() {
    return outH * outW;
  }
}
