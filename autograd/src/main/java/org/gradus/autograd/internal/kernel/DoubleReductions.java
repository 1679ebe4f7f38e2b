package org.gradus.autograd.internal.kernel;

/** Sums and softmax along one axis. */
@SuppressWarnings("cast") // (double) is needed in the float twin, where it reads (float)
final class DoubleReductions {
  /** Elements of a long sum that are added up by one thread; part of the result's bits. */
  private static final int SUM_CHUNK = 1 << 14;

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
                y[b] = (double) sum(x, b * axis, axis);
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

  /** Chunks of a fixed length, added up in order: the same bits on any number of threads. */
  private static /*wide*/ double sumInChunks(double[] x, int n) {
    int chunks = DoubleMatmul.ceilDiv(n, SUM_CHUNK);
    /*wide*/ double[] partial = new /*wide*/ double[chunks];
    Parallel.each(
        chunks, i -> partial[i] = sum(x, i * SUM_CHUNK, Math.min(SUM_CHUNK, n - i * SUM_CHUNK)));
    /*wide*/ double total = 0;
    for (/*wide*/ double part : partial) {
      total += part;
    }
    return total;
  }

  /** Four running sums, because one would wait for itself at every addition. */
  private static /*wide*/ double sum(double[] x, int offset, int n) {
    /*wide*/ double s0 = 0;
    /*wide*/ double s1 = 0;
    /*wide*/ double s2 = 0;
    /*wide*/ double s3 = 0;
    int i = offset;
    int end = offset + n;
    for (; i < end - 3; i += 4) {
      s0 += x[i];
      s1 += x[i + 1];
      s2 += x[i + 2];
      s3 += x[i + 3];
    }
    for (; i < end; i++) {
      s0 += x[i];
    }
    return (s0 + s1) + (s2 + s3);
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
    /*wide*/ double[] totals = new /*wide*/ double[n];
    for (int r = 0; r < rows; r++) {
      int start = offset + r * stride;
      for (int i = 0; i < n; i++) {
        totals[i] += x[start + i];
      }
    }
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
    /*wide*/ double total = 0;
    for (int i = 0; i < axis; i++) {
      total += Math.exp(x[offset + i * stride] - max);
    }
    /*wide*/ double logTotal = Math.log(total);
    for (int i = 0; i < axis; i++) {
      int at = offset + i * stride;
      /*wide*/ double shifted = x[at] - max;
      y[at] = (double) (logarithm ? shifted - logTotal : Math.exp(shifted) / total);
    }
  }
}
