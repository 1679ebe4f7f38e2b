package org.gradus.autograd.internal.kernel;

/** Pooling over the planes of an image, one plane at a time. */
@SuppressWarnings("cast") // (double) is needed in the float twin, where it reads (float)
final class DoublePooling {
  private DoublePooling() {}

  /** As {@link Kernels#maxPool}. */
  static void maxPool(int planes, WindowSizes s, double[] x, double[] h, double[] y) {
    forEachWindow(planes, s, (in, oh, ow, out) -> y[out] = h[argMax(s, x, in, oh, ow)]);
  }

  /** As {@link Kernels#maxPoolInput}. */
  static void maxPoolInput(int planes, WindowSizes s, double[] x, double[] g, double[] h) {
    forEachWindow(planes, s, (in, oh, ow, out) -> h[argMax(s, x, in, oh, ow)] += g[out]);
  }

  /** As {@link Kernels#avgPool}. */
  static void avgPool(int planes, WindowSizes s, boolean countPadding, double[] x, double[] y) {
    forEachWindow(
        planes,
        s,
        (in, oh, ow, out) -> {
          /*wide*/ double total = 0;
          for (int i = s.firstRowTap(oh); i < s.endRowTap(oh); i++) {
            int row = in + s.row(oh, i) * s.inW();
            for (int j = s.firstColumnTap(ow); j < s.endColumnTap(ow); j++) {
              total += x[row + s.column(ow, j)];
            }
          }
          y[out] = (double) (total / count(s, countPadding, oh, ow));
        });
  }

  /** As {@link Kernels#avgPoolInput}. */
  static void avgPoolInput(
      int planes, WindowSizes s, boolean countPadding, double[] y, double[] x) {
    forEachWindow(
        planes,
        s,
        (in, oh, ow, out) -> {
          double share = y[out] / count(s, countPadding, oh, ow);
          for (int i = s.firstRowTap(oh); i < s.endRowTap(oh); i++) {
            int row = in + s.row(oh, i) * s.inW();
            for (int j = s.firstColumnTap(ow); j < s.endColumnTap(ow); j++) {
              x[row + s.column(ow, j)] += share;
            }
          }
        });
  }

  /** One window: where its input plane begins, its place in the output plane, and its index. */
  @FunctionalInterface
  private interface Window {
    void visit(int in, int oh, int ow, int out);
  }

  /** Planes are independent, in the output and in the input; within one the order is fixed. */
  private static void forEachWindow(int planes, WindowSizes s, Window window) {
    Parallel.ranges(
        planes,
        (long) s.outPlane() * s.kernelH() * s.kernelW() * 2,
        (from, to) -> {
          for (int plane = from; plane < to; plane++) {
            int in = plane * s.inPlane();
            int out = plane * s.outPlane();
            for (int oh = 0; oh < s.outH(); oh++) {
              for (int ow = 0; ow < s.outW(); ow++) {
                window.visit(in, oh, ow, out++);
              }
            }
          }
        });
  }

  /** The index of the window's first maximum, or of its first NaN; padding does not take part. */
  private static int argMax(WindowSizes s, double[] x, int in, int oh, int ow) {
    int best = -1;
    double max = 0;
    for (int i = s.firstRowTap(oh); i < s.endRowTap(oh); i++) {
      int row = in + s.row(oh, i) * s.inW();
      for (int j = s.firstColumnTap(ow); j < s.endColumnTap(ow); j++) {
        int at = row + s.column(ow, j);
        double value = x[at];
        if (best < 0 || value > max || (Double.isNaN(value) && !Double.isNaN(max))) {
          best = at;
          max = value;
        }
      }
    }
    return best;
  }

  /** The number of elements that the mean is taken over. */
  private static int count(WindowSizes s, boolean countPadding, int oh, int ow) {
    return countPadding
        ? s.paddedTaps(oh, ow)
        : (s.endRowTap(oh) - s.firstRowTap(oh)) * (s.endColumnTap(ow) - s.firstColumnTap(ow));
  }
}
