package org.gradus.autograd.internal.kernel;

/** Sums and softmax along one axis. */
@SuppressWarnings("cast") // (double) is needed in the float twin, where it reads (float)
final class DoubleReductions {
  /** Elements of a long sum that are added up by one thread: a power of two of leaves. */
  private static final int SUM_CHUNK = 64 * DoubleSums.LEAF;

  private DoubleReductions() {}

  /** As {@link Kernels#sum}. */
  static void sum(int before, int axis, int after, double[] x, double[] y) {
    if (after == 1) {
      if (before == 1) {
        y[0] = (double) sumInChunks(x, axis);
      } else {
        Parallel.ranges(
            before,
            axis,
            (from, to) -> {
              for (int b = from; b < to; b++) {
                y[b] = (double) DoubleSums.sum(x, b * axis, axis);
              }
            });
      }
      return;
    }
    int block = Math.max(1, Math.min(after, 1024));
    int blocks = DoubleMatmul.ceilDiv(after, block);
    Parallel.ranges(
        before * blocks,
        (long) axis * block,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            int first = i % blocks * block;
            int length = Math.min(block, after - first);
            int b = i / blocks;
            sumColumns(x, b * axis * after + first, axis, after, length, y, b * after + first);
          }
        });
  }

  /** Chunks of a fixed length, each a part of the tree: the same bits as in one go. */
  private static /*wide*/ double sumInChunks(double[] x, int n) {
    int chunks = Math.max(1, DoubleMatmul.ceilDiv(n, SUM_CHUNK));
    /*wide*/ double[] partial = new /*wide*/ double[chunks];
    Parallel.each(
        chunks,
        i -> partial[i] = DoubleSums.sum(x, i * SUM_CHUNK, Math.min(SUM_CHUNK, n - i * SUM_CHUNK)));
    return DoubleSums.ofParts(partial, 0, chunks);
  }

  /** Adds up arrays of one length, element by element and in their order. */
  static void sum(double[][] parts, double[] y) {
    Parallel.ranges(
        y.length,
        parts.length,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            /*wide*/ double total = 0;
            for (double[] part : parts) {
              total += part[i];
            }
            y[i] = (double) total;
          }
        });
  }

  private static void sumColumns(
      double[] x, int offset, int rows, int stride, int n, double[] y, int offsetY) {
    /*wide*/ double[] totals = DoubleSums.columns(x, offset, rows, stride, n);
    for (int i = 0; i < n; i++) {
      y[offsetY + i] = (double) totals[i];
    }
  }

  /** As {@link Kernels#argMax}. */
  static void argMax(boolean largest, int rows, int n, double[] x, int[] index) {
    Parallel.ranges(
        rows,
        n * 2L,
        (from, to) -> {
          for (int row = from; row < to; row++) {
            index[row] = argMaxRow(largest, x, row * n, n);
          }
        });
  }

  private static int argMaxRow(boolean largest, double[] x, int offset, int n) {
    int best = 0;
    double extreme = x[offset];
    for (int i = 1; i < n && !Double.isNaN(extreme); i++) {
      double value = x[offset + i];
      if (Double.isNaN(value) || (largest ? value > extreme : value < extreme)) {
        best = i;
        extreme = value;
      }
    }
    return best;
  }

  /** As {@link Kernels#softmax}. */
  static void softmax(boolean logarithm, int before, int axis, int after, double[] x, double[] y) {
    Parallel.ranges(
        before * after,
        axis * 32L,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            softmaxLine(logarithm, i / after * axis * after + i % after, axis, after, x, y);
          }
        });
  }

  /** The largest element is subtracted first, so that no exponential overflows. */
  private static void softmaxLine(
      boolean logarithm, int offset, int axis, int stride, double[] x, double[] y) {
    double max = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < axis; i++) {
      max = Math.max(max, x[offset + i * stride]);
    }
    /*wide*/ double total = exponentials(offset, axis, stride, x, max);
    /*wide*/ double logTotal = Math.log(total);
    for (int i = 0; i < axis; i++) {
      int at = offset + i * stride;
      /*wide*/ double shifted = x[at] - max;
      y[at] = (double) (logarithm ? shifted - logTotal : Math.exp(shifted) / total);
    }
  }

  /** The sum of e^(x - max) over n elements of a line, as a tree. */
  private static /*wide*/ double exponentials(
      int offset, int n, int stride, double[] x, double max) {
    if (n > DoubleSums.LEAF) {
      int half = DoubleSums.half(n, DoubleSums.LEAF);
      return exponentials(offset, half, stride, x, max)
          + exponentials(offset + half * stride, n - half, stride, x, max);
    }
    /*wide*/ double total = 0;
    for (int i = 0; i < n; i++) {
      total += Math.exp(x[offset + i * stride] - max);
    }
    return total;
  }
}
