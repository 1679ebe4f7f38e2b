package org.gradus.autograd.internal.kernel;

import java.util.Arrays;

/** Functions of each element, with broadcasting. */
@SuppressWarnings("cast") // (double) is needed in the float twin, where it reads (float)
final class DoubleElementwise {
  /** Elements that are done in one go: few enough to stay in the first-level cache. */
  private static final int BLOCK = 1024;

  private DoubleElementwise() {}

  /** As {@link Kernels#unary}. */
  static void unary(Unary f, /*wide*/ double c, double[] x, double[] y) {
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

  /** As {@link Kernels#binary}. Where an operand is constant along a row, it is spread first. */
  static void binary(
      Binary f, int[] shape, double[] a, int[] stridesA, double[] b, int[] stridesB, double[] y) {
    if (y.length == 0) {
      return;
    }
    int last = shape.length - 1;
    int length = shape[last];
    int block = Math.min(length, BLOCK);
    int blocks = DoubleMatmul.ceilDiv(length, block);
    Parallel.ranges(
        y.length / length * blocks,
        block + 8L,
        (from, to) -> {
          double[] left = stridesA[last] == 0 ? new double[block] : a;
          double[] right = stridesB[last] == 0 ? new double[block] : b;
          for (int i = from; i < to; i++) {
            int row = i / blocks;
            int first = i % blocks * block;
            int n = Math.min(block, length - first);
            int offsetA = offset(row, shape, stridesA) + first * stridesA[last];
            int offsetB = offset(row, shape, stridesB) + first * stridesB[last];
            if (left != a) {
              Arrays.fill(left, 0, n, a[offsetA]);
              offsetA = 0;
            }
            if (right != b) {
              Arrays.fill(right, 0, n, b[offsetB]);
              offsetB = 0;
            }
            pairs(f, n, left, offsetA, right, offsetB, y, row * length + first);
          }
        });
  }

  /**
   * Where row number {@code row}, counted over all axes but the last, begins under these strides.
   */
  static int offset(int row, int[] shape, int[] strides) {
    int offset = 0;
    int rest = row;
    for (int axis = shape.length - 2; axis >= 0; axis--) {
      offset += rest % shape[axis] * strides[axis];
      rest /= shape[axis];
    }
    return offset;
  }

  private static void pairs(
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

  /** As {@link Kernels#axpy}. */
  static void axpy(/*wide*/ double c, double[] x, double[] z, double[] y) {
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
}
