package org.gradus.autograd.internal.kernel;

import java.util.Arrays;

/**
 * Functions of two and three elements, with broadcasting. Each loop is a method of its own, which
 * the JIT compiles by itself.
 */
@SuppressWarnings("cast") // (double) is needed in the float twin, where it reads (float)
final class DoubleElementwise {
  /** Elements that are done in one go: few enough to stay in the first-level cache. */
  private static final int BLOCK = 1024;

  private DoubleElementwise() {}

  /** As {@link Kernels#binary}. */
  static void binary(
      Binary f, int[] shape, double[] a, int[] stridesA, double[] b, int[] stridesB, double[] y) {
    spans(
        shape,
        new double[][] {a, b},
        new int[][] {stridesA, stridesB},
        y,
        (n, x, at, to) -> pairs(f, n, x[0], at[0], x[1], at[1], y, to));
  }

  /** As {@link Kernels#where}. */
  static void where(
      int[] shape,
      double[] mask,
      int[] stridesMask,
      double[] a,
      int[] stridesA,
      double[] b,
      int[] stridesB,
      double[] y) {
    spans(
        shape,
        new double[][] {mask, a, b},
        new int[][] {stridesMask, stridesA, stridesB},
        y,
        (n, x, at, to) -> choose(n, x[0], at[0], x[1], at[1], x[2], at[2], y, to));
  }

  /**
   * The work on n neighbours: of operand j those from {@code x[j][at[j]]}, to y from {@code to}.
   */
  @FunctionalInterface
  private interface Span {
    void run(int n, double[][] x, int[] at, int to);
  }

  /** Cuts rows into spans. Where an operand is constant along a row, it is spread first. */
  private static void spans(
      int[] shape, double[][] operands, int[][] strides, double[] y, Span body) {
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
          double[][] x = operands.clone();
          for (int j = 0; j < x.length; j++) {
            x[j] = strides[j][last] == 0 ? new double[block] : x[j];
          }
          int[] at = new int[x.length];
          for (int i = from; i < to; i++) {
            int row = i / blocks;
            int first = i % blocks * block;
            int n = Math.min(block, length - first);
            for (int j = 0; j < x.length; j++) {
              at[j] = offset(row, shape, strides[j]) + first * strides[j][last];
              if (x[j] != operands[j]) {
                Arrays.fill(x[j], 0, n, operands[j][at[j]]);
                at[j] = 0;
              }
            }
            body.run(n, x, at, row * length + first);
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
      case ADD -> add(n, a, oa, b, ob, y, oy);
      case SUB -> sub(n, a, oa, b, ob, y, oy);
      case MUL -> mul(n, a, oa, b, ob, y, oy);
      case DIV -> div(n, a, oa, b, ob, y, oy);
      case MAXIMUM -> maximum(n, a, oa, b, ob, y, oy);
      case MINIMUM -> minimum(n, a, oa, b, ob, y, oy);
      case GATE -> gate(n, a, oa, b, ob, y, oy);
      case GREATER -> greater(n, a, oa, b, ob, y, oy);
      case GREATER_EQUAL -> greaterEqual(n, a, oa, b, ob, y, oy);
      case LESS -> less(n, a, oa, b, ob, y, oy);
      case LESS_EQUAL -> lessEqual(n, a, oa, b, ob, y, oy);
      case EQUAL -> equal(n, a, oa, b, ob, y, oy);
      case NOT_EQUAL -> notEqual(n, a, oa, b, ob, y, oy);
    }
  }

  private static void add(int n, double[] a, int oa, double[] b, int ob, double[] y, int oy) {
    for (int i = 0; i < n; i++) {
      y[oy + i] = a[oa + i] + b[ob + i];
    }
  }

  private static void sub(int n, double[] a, int oa, double[] b, int ob, double[] y, int oy) {
    for (int i = 0; i < n; i++) {
      y[oy + i] = a[oa + i] - b[ob + i];
    }
  }

  private static void mul(int n, double[] a, int oa, double[] b, int ob, double[] y, int oy) {
    for (int i = 0; i < n; i++) {
      y[oy + i] = a[oa + i] * b[ob + i];
    }
  }

  private static void div(int n, double[] a, int oa, double[] b, int ob, double[] y, int oy) {
    for (int i = 0; i < n; i++) {
      y[oy + i] = a[oa + i] / b[ob + i];
    }
  }

  private static void maximum(int n, double[] a, int oa, double[] b, int ob, double[] y, int oy) {
    for (int i = 0; i < n; i++) {
      y[oy + i] = Math.max(a[oa + i], b[ob + i]);
    }
  }

  private static void minimum(int n, double[] a, int oa, double[] b, int ob, double[] y, int oy) {
    for (int i = 0; i < n; i++) {
      y[oy + i] = Math.min(a[oa + i], b[ob + i]);
    }
  }

  private static void gate(int n, double[] a, int oa, double[] b, int ob, double[] y, int oy) {
    for (int i = 0; i < n; i++) {
      y[oy + i] = a[oa + i] <= 0 ? 0 : b[ob + i];
    }
  }

  private static void greater(int n, double[] a, int oa, double[] b, int ob, double[] y, int oy) {
    for (int i = 0; i < n; i++) {
      y[oy + i] = a[oa + i] > b[ob + i] ? 1 : 0;
    }
  }

  private static void greaterEqual(
      int n, double[] a, int oa, double[] b, int ob, double[] y, int oy) {
    for (int i = 0; i < n; i++) {
      y[oy + i] = a[oa + i] >= b[ob + i] ? 1 : 0;
    }
  }

  private static void less(int n, double[] a, int oa, double[] b, int ob, double[] y, int oy) {
    for (int i = 0; i < n; i++) {
      y[oy + i] = a[oa + i] < b[ob + i] ? 1 : 0;
    }
  }

  private static void lessEqual(int n, double[] a, int oa, double[] b, int ob, double[] y, int oy) {
    for (int i = 0; i < n; i++) {
      y[oy + i] = a[oa + i] <= b[ob + i] ? 1 : 0;
    }
  }

  private static void equal(int n, double[] a, int oa, double[] b, int ob, double[] y, int oy) {
    for (int i = 0; i < n; i++) {
      y[oy + i] = a[oa + i] == b[ob + i] ? 1 : 0;
    }
  }

  private static void notEqual(int n, double[] a, int oa, double[] b, int ob, double[] y, int oy) {
    for (int i = 0; i < n; i++) {
      y[oy + i] = a[oa + i] != b[ob + i] ? 1 : 0;
    }
  }

  private static void choose(
      int n, double[] mask, int om, double[] a, int oa, double[] b, int ob, double[] y, int oy) {
    for (int i = 0; i < n; i++) {
      y[oy + i] = mask[om + i] != 0 ? a[oa + i] : b[ob + i];
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

  /** As {@link Kernels#dropout}. */
  static void dropout(/*wide*/ double rate, long seed, double[] x, double[] y) {
    long start = Hash.start(seed);
    long dropped = Hash.below(rate);
    double scale = (double) (1 / (1 - rate));
    Parallel.ranges(
        y.length,
        8,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            y[i] = (double) Hash.keep(x[i] * scale, start, i, dropped);
          }
        });
  }
}
