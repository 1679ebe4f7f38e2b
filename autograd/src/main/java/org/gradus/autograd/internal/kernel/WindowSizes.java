package org.gradus.autograd.internal.kernel;

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
  int row(int oh, int i) {
    return oh * strideH - padTop + i * dilationH;
  }

  /** The input's column under column {@code j} of the window at output column {@code ow}. */
  int column(int ow, int j) {
    return ow * strideW - padLeft + j * dilationW;
  }

  /** The first output column whose window has its column {@code j} inside the plane, or later. */
  int firstInside(int j) {
    int missing = padLeft - j * dilationW;
    return missing <= 0 ? 0 : Math.min(outW, (missing + strideW - 1) / strideW);
  }

  /** The end of the output columns whose window has its column {@code j} inside the plane. */
  int endInside(int j) {
    int last = inW - 1 + padLeft - j * dilationW;
    return last < 0 ? 0 : Math.min(outW, last / strideW + 1);
  }

  /** The first row of the window at output row {@code oh} that is inside the plane, or later. */
  int firstRowTap(int oh) {
    return firstTap(row(oh, 0), dilationH);
  }

  /** The end of the rows of the window at output row {@code oh} that are inside the plane. */
  int endRowTap(int oh) {
    return endTap(row(oh, 0), dilationH, inH, kernelH);
  }

  /** The first column of the window at output column {@code ow} that is inside, or later. */
  int firstColumnTap(int ow) {
    return firstTap(column(ow, 0), dilationW);
  }

  /** The end of the columns of the window at output column {@code ow} that are inside. */
  int endColumnTap(int ow) {
    return endTap(column(ow, 0), dilationW, inW, kernelW);
  }

  /** The taps of the window at an output that lie on the plane or its padding. */
  int paddedTaps(int oh, int ow) {
    int rows = endTap(row(oh, 0), dilationH, inH + padBottom, kernelH);
    int columns = endTap(column(ow, 0), dilationW, inW + padRight, kernelW);
    return rows * columns;
  }

  private static int firstTap(int start, int dilation) {
    return start >= 0 ? 0 : (dilation - 1 - start) / dilation;
  }

  private static int endTap(int start, int dilation, int size, int kernel) {
    return start >= size ? 0 : Math.min(kernel, (size - 1 - start) / dilation + 1);
  }

  /** The elements of an input plane. */
  int inPlane() {
    return inH * inW;
  }

  /** The elements of an output plane. */
  int outPlane() {
    return outH * outW;
  }
}
