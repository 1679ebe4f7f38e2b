package org.gradus.autograd.internal.kernel.vector;

import java.util.stream.IntStream;
import org.gradus.autograd.internal.kernel.WindowSizes;

/**
 * How some rows of planes are laid out so that windows slide over them with stride 1: padded, and
 * for a stride taken apart. A window of 3 with stride 2 over the row p0 p1 p2 p3 p4 meets the parts
 * p0 p2 p4 and p1 p3, one step at a time. Rows are taken apart likewise, and each part of rows has
 * all parts of columns. A part's column u is column {@code u * stepW + startsW[i]} of the plane,
 * and its row u, where the first output row is {@code r}, row {@code (r + u) * stepH + startsH[j]},
 * or zeros outside the plane.
 *
 * @param height of the planes
 * @param width of the planes
 * @param stepH from one row of a part to the next, in the plane
 * @param stepW from one column of a part to the next, in the plane
 * @param startsH where the parts of rows begin
 * @param startsW where the parts of columns begin
 * @param rows of each part
 * @param pitch from one row of the slab to the next
 */
@SuppressWarnings("ArrayRecordComponent") // a parameter object, which is never compared
record Slab(
    int height,
    int width,
    int stepH,
    int stepW,
    int[] startsH,
    int[] startsW,
    int rows,
    int pitch) {

  /** For windows over the input, at {@code outRows} rows of the output. */
  static Slab ofInput(WindowSizes v, int outRows) {
    int reachH = (v.rows().kernel() - 1) * v.rows().dilation() / v.rows().stride();
    int reachW = (v.columns().kernel() - 1) * v.columns().dilation() / v.columns().stride();
    return new Slab(
        v.rows().input(),
        v.columns().input(),
        v.rows().stride(),
        v.columns().stride(),
        starts(v.rows().kernel(), v.rows().dilation(), v.rows().stride(), v.rows().before()),
        starts(
            v.columns().kernel(),
            v.columns().dilation(),
            v.columns().stride(),
            v.columns().before()),
        outRows + reachH,
        v.columns().output() + reachW);
  }

  /**
   * As {@link #ofInput}, with a part for each column of the window, so large as the output is wide:
   * outputs that follow each other, from row to row too, meet elements that do.
   */
  static Slab dense(WindowSizes v, int outRows) {
    Slab parted = ofInput(v, outRows);
    int[] columns =
        IntStream.range(0, v.columns().kernel())
            .map(j -> j * v.columns().dilation() - v.columns().before())
            .toArray();
    return new Slab(
        v.rows().input(),
        v.columns().input(),
        v.rows().stride(),
        v.columns().stride(),
        parted.startsH,
        columns,
        parted.rows,
        v.columns().output());
  }

  /** Of the output, with zeros behind its rows and behind the last one. */
  static Slab ofOutput(WindowSizes v, int rows, int pitch) {
    return new Slab(
        v.rows().output(), v.columns().output(), 1, 1, new int[] {0}, new int[] {0}, rows, pitch);
  }

  private static int[] starts(int kernel, int dilation, int stride, int pad) {
    return IntStream.range(0, kernel)
        .map(i -> i * dilation % stride)
        .distinct()
        .map(part -> part - pad)
        .toArray();
  }

  /** The same with rows of at least {@code least} elements. */
  Slab widened(int least) {
    return new Slab(height, width, stepH, stepW, startsH, startsW, rows, Math.max(pitch, least));
  }

  /** The elements of one plane, all parts of it. */
  int plane() {
    return startsH.length * startsW.length * rows * pitch;
  }

  /** Where all taps of windows over some planes of the input lie, as {@link #tap}. */
  int[] taps(WindowSizes v, int planes) {
    int taps = v.rows().kernel() * v.columns().kernel();
    return IntStream.range(0, planes * taps)
        .map(
            k ->
                k / taps * plane()
                    + tap(
                        v, k / v.columns().kernel() % v.rows().kernel(), k % v.columns().kernel()))
        .toArray();
  }

  /**
   * Where a tap of a window over the input lies, relative to the window's place in the first part.
   */
  private int tap(WindowSizes v, int i, int j) {
    int h = i * v.rows().dilation() - v.rows().before();
    int w = j * v.columns().dilation() - v.columns().before();
    int partH = part(startsH, h, stepH);
    int partW = part(startsW, w, stepW);
    int part = partH * startsW.length + partW;
    return (part * rows + (h - startsH[partH]) / stepH) * pitch + (w - startsW[partW]) / stepW;
  }

  /** The last part whose beginning is a whole number of steps before a place, or at it. */
  private static int part(int[] starts, int place, int step) {
    int i = starts.length - 1;
    while (starts[i] > place || (place - starts[i]) % step != 0) {
      i--;
    }
    return i;
  }

  /** The first row u of a part whose row {@code (first + u) * stepH + start} is at or behind 0. */
  int firstRowInside(int first, int start) {
    return firstInside(first * stepH + start, stepH, rows);
  }

  /** The end of the rows u of a part whose row is in the plane. */
  int endRowInside(int first, int start) {
    return endInside(first * stepH + start, stepH, height, rows);
  }

  /** The first column u of a part whose column {@code u * stepW + start} is at or behind 0. */
  int firstInside(int start) {
    return firstInside(start, stepW, pitch);
  }

  /** The end of the columns u of a part whose column {@code u * stepW + start} is in the plane. */
  int endInside(int start) {
    return endInside(start, stepW, width, pitch);
  }

  private static int firstInside(int start, int step, int most) {
    return start >= 0 ? 0 : Math.min(most, (step - 1 - start) / step);
  }

  private static int endInside(int start, int step, int size, int most) {
    return start >= size ? 0 : Math.min(most, (size - 1 - start) / step + 1);
  }
}
