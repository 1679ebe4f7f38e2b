package org.gradus.autograd.internal.kernel;

import java.util.Arrays;

/**
 * The kernels as plain loops: always there, and the oracle of any faster ones. Written for double;
 * the build makes the float twin from this source, where what is marked wide stays double.
 */
@SuppressWarnings("cast") // (double) is needed in the float twin, where it reads (float)
final class DoublePlainKernels implements Kernels<double[]> {
  /** Elements of a long sum that are added up by one thread; part of the result's bits. */
  private static final int SUM_CHUNK = 1 << 14;

  // ---- element by element ----------------------------------------------------------------------

  @Override
  public void unary(Unary f, /*wide*/ double c, double[] x, double[] y) {
    Parallel.ranges(y.length, f.cost, (from, to) -> unary(f, c, x, y, from, to));
  }

  private static void unary(Unary f, /*wide*/ double c, double[] x, double[] y, int from, int to) {
    double constant = (double) c;
    switch (f) {
      case NEG -> {
        for (int i = from; i < to; i++) {
          y[i] = -x[i];
        }
      }
      case EXP -> {
        for (int i = from; i < to; i++) {
          y[i] = (double) Math.exp(x[i]);
        }
      }
      case LOG -> {
        for (int i = from; i < to; i++) {
          y[i] = (double) Math.log(x[i]);
        }
      }
      case SQRT -> {
        for (int i = from; i < to; i++) {
          y[i] = (double) Math.sqrt(x[i]);
        }
      }
      case TANH -> {
        for (int i = from; i < to; i++) {
          y[i] = (double) Math.tanh(x[i]);
        }
      }
      case SIGMOID -> {
        for (int i = from; i < to; i++) {
          /*wide*/ double e = Math.exp(-Math.abs(x[i]));
          y[i] = (double) ((x[i] < 0 ? e : 1) / (1 + e));
        }
      }
      case RELU -> {
        for (int i = from; i < to; i++) {
          y[i] = Math.max(x[i], 0);
        }
      }
      case ADD -> {
        for (int i = from; i < to; i++) {
          y[i] = x[i] + constant;
        }
      }
      case MUL -> {
        for (int i = from; i < to; i++) {
          y[i] = x[i] * constant;
        }
      }
      case POW -> {
        for (int i = from; i < to; i++) {
          y[i] = (double) Math.pow(x[i], c);
        }
      }
    }
  }

  @Override
  public void binary(
      Binary f, int[] shape, double[] a, int[] stridesA, double[] b, int[] stridesB, double[] y) {
    int last = shape.length - 1;
    int length = shape[last];
    if (last == 0) {
      int sa = stridesA[0];
      int sb = stridesB[0];
      Parallel.ranges(
          length, 1, (from, to) -> row(f, to - from, a, from * sa, sa, b, from * sb, sb, y, from));
      return;
    }
    Parallel.ranges(
        y.length / Math.max(1, length),
        length + 8L,
        (from, to) -> {
          for (int r = from; r < to; r++) {
            int offsetA = offset(r, shape, stridesA);
            int offsetB = offset(r, shape, stridesB);
            row(f, length, a, offsetA, stridesA[last], b, offsetB, stridesB[last], y, r * length);
          }
        });
  }

  /**
   * Where row number {@code row}, counted over all axes but the last, begins under these strides.
   */
  private static int offset(int row, int[] shape, int[] strides) {
    int offset = 0;
    int rest = row;
    for (int axis = shape.length - 2; axis >= 0; axis--) {
      offset += rest % shape[axis] * strides[axis];
      rest /= shape[axis];
    }
    return offset;
  }

  /** One row of {@link #binary}; each stride is 0 or 1. */
  private static void row(
      Binary f,
      int n,
      double[] a,
      int offsetA,
      int strideA,
      double[] b,
      int offsetB,
      int strideB,
      double[] y,
      int offsetY) {
    if (strideA == 1 && strideB == 1) {
      rowPairs(f, n, a, offsetA, b, offsetB, y, offsetY);
    } else if (strideB == 0) {
      rowConstantRight(f, n, a, offsetA, strideA, b[offsetB], y, offsetY);
    } else {
      rowConstantLeft(f, n, a[offsetA], b, offsetB, y, offsetY);
    }
  }

  private static void rowPairs(
      Binary f, int n, double[] a, int oa, double[] b, int ob, double[] y, int oy) {
    switch (f) {
      case ADD -> {
        for (int i = 0; i < n; i++) {
          y[oy + i] = a[oa + i] + b[ob + i];
        }
      }
      case SUB -> {
        for (int i = 0; i < n; i++) {
          y[oy + i] = a[oa + i] - b[ob + i];
        }
      }
      case MUL -> {
        for (int i = 0; i < n; i++) {
          y[oy + i] = a[oa + i] * b[ob + i];
        }
      }
      case DIV -> {
        for (int i = 0; i < n; i++) {
          y[oy + i] = a[oa + i] / b[ob + i];
        }
      }
      case GATE -> {
        for (int i = 0; i < n; i++) {
          y[oy + i] = a[oa + i] <= 0 ? 0 : b[ob + i];
        }
      }
    }
  }

  private static void rowConstantRight(
      Binary f, int n, double[] a, int oa, int strideA, double b, double[] y, int oy) {
    if (strideA == 0) {
      Arrays.fill(y, oy, oy + n, pair(f, a[oa], b));
      return;
    }
    switch (f) {
      case ADD -> {
        for (int i = 0; i < n; i++) {
          y[oy + i] = a[oa + i] + b;
        }
      }
      case SUB -> {
        for (int i = 0; i < n; i++) {
          y[oy + i] = a[oa + i] - b;
        }
      }
      case MUL -> {
        for (int i = 0; i < n; i++) {
          y[oy + i] = a[oa + i] * b;
        }
      }
      case DIV -> {
        for (int i = 0; i < n; i++) {
          y[oy + i] = a[oa + i] / b;
        }
      }
      case GATE -> {
        for (int i = 0; i < n; i++) {
          y[oy + i] = a[oa + i] <= 0 ? 0 : b;
        }
      }
    }
  }

  private static void rowConstantLeft(
      Binary f, int n, double a, double[] b, int ob, double[] y, int oy) {
    switch (f) {
      case ADD -> {
        for (int i = 0; i < n; i++) {
          y[oy + i] = a + b[ob + i];
        }
      }
      case SUB -> {
        for (int i = 0; i < n; i++) {
          y[oy + i] = a - b[ob + i];
        }
      }
      case MUL -> {
        for (int i = 0; i < n; i++) {
          y[oy + i] = a * b[ob + i];
        }
      }
      case DIV -> {
        for (int i = 0; i < n; i++) {
          y[oy + i] = a / b[ob + i];
        }
      }
      case GATE -> {
        for (int i = 0; i < n; i++) {
          y[oy + i] = a <= 0 ? 0 : b[ob + i];
        }
      }
    }
  }

  private static double pair(Binary f, double a, double b) {
    return switch (f) {
      case ADD -> a + b;
      case SUB -> a - b;
      case MUL -> a * b;
      case DIV -> a / b;
      case GATE -> a <= 0 ? 0 : b;
    };
  }

  @Override
  public void axpy(/*wide*/ double c, double[] x, double[] z, double[] y) {
    double factor = (double) c;
    Parallel.ranges(
        y.length,
        1,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            y[i] = z[i] + factor * x[i];
          }
        });
  }

  @Override
  public void copy(int[] shape, double[] x, int[] strides, double[] y) {
    int last = shape.length - 1;
    int length = shape[last];
    int stride = strides[last];
    Parallel.ranges(
        y.length / Math.max(1, length),
        length + 8L,
        (from, to) -> {
          for (int r = from; r < to; r++) {
            int offset = offset(r, shape, strides);
            if (stride == 1) {
              System.arraycopy(x, offset, y, r * length, length);
            } else {
              for (int i = 0; i < length; i++) {
                y[r * length + i] = x[offset + i * stride];
              }
            }
          }
        });
  }

  // ---- sums ------------------------------------------------------------------------------------

  @Override
  public void sum(int before, int axis, int after, double[] x, double[] y) {
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
    int blocks = (after + block - 1) / block;
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
    int chunks = (n + SUM_CHUNK - 1) / SUM_CHUNK;
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

  @Override
  public void softmax(boolean logarithm, int before, int axis, int after, double[] x, double[] y) {
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

  // ---- products
  // ----------------------------------------------------------------------------------

  @Override
  public void matmul(
      boolean transposeA,
      boolean transposeB,
      int m,
      int n,
      int k,
      double[] a,
      int[] offsetsA,
      double[] b,
      int[] offsetsB,
      double[] c) {
    DoubleMatmul.matmul(transposeA, transposeB, m, n, k, a, offsetsA, b, offsetsB, c);
  }

  @Override
  public void conv2d(ConvSizes sizes, double[] x, double[] w, double[] y) {
    DoubleIm2col.conv2d(sizes, x, w, y);
  }

  @Override
  public void conv2dInput(ConvSizes sizes, double[] w, double[] y, double[] x) {
    DoubleIm2col.conv2dInput(sizes, w, y, x);
  }

  @Override
  public void conv2dWeight(ConvSizes sizes, double[] x, double[] y, double[] w) {
    DoubleIm2col.conv2dWeight(sizes, x, y, w);
  }

  // ---- pooling
  // -----------------------------------------------------------------------------------

  @Override
  public void maxPool(int planes, WindowSizes sizes, double[] x, double[] h, double[] y) {
    DoublePooling.maxPool(planes, sizes, x, h, y);
  }

  @Override
  public void maxPoolInput(int planes, WindowSizes sizes, double[] x, double[] g, double[] h) {
    DoublePooling.maxPoolInput(planes, sizes, x, g, h);
  }

  @Override
  public void avgPool(int planes, WindowSizes sizes, boolean countPadding, double[] x, double[] y) {
    DoublePooling.avgPool(planes, sizes, countPadding, x, y);
  }

  @Override
  public void avgPoolInput(
      int planes, WindowSizes sizes, boolean countPadding, double[] y, double[] x) {
    DoublePooling.avgPoolInput(planes, sizes, countPadding, y, x);
  }
}
