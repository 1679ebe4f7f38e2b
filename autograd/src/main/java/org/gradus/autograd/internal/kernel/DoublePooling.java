package org.gradus.autograd.internal.kernel;

/** Pooling over the planes of an image, one plane at a time. */
@SuppressWarnings("cast") // (double) is needed in the float twin, where it reads (float)
final class DoublePooling {
  private DoublePooling() {}

  static void maxPool(int planes, WindowSizes s, double[] x, double[] h, double[] y) {
    forEachWindow(
        planes, s, (plane, oh, ow, out) -> y[out] = h[argMax(s, x, plane * s.inPlane(), oh, ow)]);
  }

  static void maxPoolInput(int planes, WindowSizes s, double[] x, double[] g, double[] h) {
    forEachWindow(
        planes, s, (plane, oh, ow, out) -> h[argMax(s, x, plane * s.inPlane(), oh, ow)] += g[out]);
  }

  static void avgPool(int planes, WindowSizes s, boolean countPadding, double[] x, double[] y) {
    forEachWindow(
        planes,
        s,
        (plane, oh, ow, out) -> {
          /*wide*/ double total = 0;
          for (int i = 0; i < s.kernelH(); i++) {
            int row = s.row(oh, i);
            if (row >= 0 && row < s.inH()) {
              int start = plane * s.inPlane() + row * s.inW();
              for (int j = 0; j < s.kernelW(); j++) {
                int column = s.column(ow, j);
                if (column >= 0 && column < s.inW()) {
                  total += x[start + column];
                }
              }
            }
          }
          y[out] = (double) (total / count(s, countPadding, oh, ow));
        });
  }

  static void avgPoolInput(
      int planes, WindowSizes s, boolean countPadding, double[] y, double[] x) {
    forEachWindow(
        planes,
        s,
        (plane, oh, ow, out) -> {
          double share = y[out] / count(s, countPadding, oh, ow);
          for (int i = 0; i < s.kernelH(); i++) {
            int row = s.row(oh, i);
            if (row >= 0 && row < s.inH()) {
              int start = plane * s.inPlane() + row * s.inW();
              for (int j = 0; j < s.kernelW(); j++) {
                int column = s.column(ow, j);
                if (column >= 0 && column < s.inW()) {
                  x[start + column] += share;
                }
              }
            }
          }
        });
  }

  /** One window: its plane, its place in the output plane, and its index in the whole output. */
  @FunctionalInterface
  private interface Window {
    void visit(int plane, int oh, int ow, int out);
  }

  /** Planes are independent, in the output and in the input; within one the order is fixed. */
  private static void forEachWindow(int planes, WindowSizes s, Window window) {
    Parallel.ranges(
        planes,
        (long) s.outPlane() * s.kernelH() * s.kernelW() * 2,
        (from, to) -> {
          for (int plane = from; plane < to; plane++) {
            int out = plane * s.outPlane();
            for (int oh = 0; oh < s.outH(); oh++) {
              for (int ow = 0; ow < s.outW(); ow++) {
                window.visit(plane, oh, ow, out++);
              }
            }
          }
        });
  }

  /** The index of the window's first maximum, or of its first NaN; padding does not take part. */
  private static int argMax(WindowSizes s, double[] x, int offset, int oh, int ow) {
    int best = -1;
    double max = 0;
    for (int i = 0; i < s.kernelH(); i++) {
      int row = s.row(oh, i);
      if (row >= 0 && row < s.inH()) {
        for (int j = 0; j < s.kernelW(); j++) {
          int column = s.column(ow, j);
          if (column >= 0 && column < s.inW()) {
            int at = offset + row * s.inW() + column;
            double value = x[at];
            if (best < 0 || value > max || (Double.isNaN(value) && !Double.isNaN(max))) {
              best = at;
              max = value;
            }
          }
        }
      }
    }
    return best;
  }

  /** The number of elements that the mean is taken over. */
  private static int count(WindowSizes s, boolean countPadding, int oh, int ow) {
    if (countPadding) {
      return s.kernelH() * s.kernelW();
    }
    int rows = 0;
    for (int i = 0; i < s.kernelH(); i++) {
      int row = s.row(oh, i);
      rows += row >= 0 && row < s.inH() ? 1 : 0;
    }
    int columns = 0;
    for (int j = 0; j < s.kernelW(); j++) {
      int column = s.column(ow, j);
      columns += column >= 0 && column < s.inW() ? 1 : 0;
    }
    return rows * columns;
  }
}
