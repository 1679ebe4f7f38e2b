package org.gradus.autograd.internal.kernel.plain;

import java.util.Arrays;
import org.gradus.autograd.internal.kernel.Binary;
import org.gradus.autograd.internal.kernel.Kernels;
import org.gradus.autograd.internal.number.Bits;
import org.gradus.autograd.internal.number.Hash;
import org.gradus.autograd.internal.number.Integers;
import org.gradus.autograd.internal.parallel.Parallel;

/**
 * Functions of two and three elements, with broadcasting. Each loop is a method of its own, which
 * the JIT compiles by itself.
 */
@SuppressWarnings("cast") // (double) is needed in the float twin, where it reads (float)
public final class DoubleElementwise {
  /** Elements that an operand is spread over in one go: they stay in the first-level cache. */
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
        (x, to, first, end) -> pairs(f, x[0], x[1], to, first, end));
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
        (x, to, first, end) -> choose(x[0], x[1], x[2], to, first, end));
  }

  /** The work on the elements first to end - 1 of the operands x, to the same places in y. */
  @FunctionalInterface
  public interface Span {
    void run(double[][] x, double[] y, int first, int end);
  }

  /**
   * Calls the body for spans of y. It finds the operands' elements at the very indices of the
   * results: only then does the JIT use vectors, as it cannot know that arrays do not overlap. So
   * where an operand is broadcast, its elements are first spread over the span: in y itself, or if
   * there are several such operands, in blocks beside it.
   */
  public static void spans(
      int[] shape, double[][] operands, int[][] strides, double[] y, Span body) {
    double[][] x = operands.clone();
    int spread = 0;
    for (int j = 0; j < x.length; j++) {
      if (!isRowMajor(shape, strides[j])) {
        x[j] = y;
        spread++;
      }
    }
    if (spread == 0) {
      Parallel.ranges(y.length, 1, (first, end) -> body.run(x, y, first, end));
      return;
    }
    boolean inPlace = spread == 1;
    Parallel.ranges(
        Integers.ceilDiv(y.length, BLOCK),
        2 * BLOCK,
        (from, to) -> {
          double[][] z = inPlace ? x : new double[x.length][BLOCK];
          for (int i = from; i < to; i++) {
            int first = i * BLOCK;
            int n = Math.min(BLOCK, y.length - first);
            int at = inPlace ? first : 0;
            for (int j = 0; j < z.length; j++) {
              if (z[j] != operands[j]) {
                spread(shape, operands[j], strides[j], first, n, z[j], at);
              }
            }
            body.run(z, inPlace ? y : z[0], at, at + n);
            if (!inPlace) {
              System.arraycopy(z[0], 0, y, first, n);
            }
          }
        });
  }

  private static boolean isRowMajor(int[] shape, int[] strides) {
    int step = 1;
    for (int axis = shape.length - 1; axis >= 0; axis--) {
      if (strides[axis] != step) {
        return false;
      }
      step *= shape[axis];
    }
    return true;
  }

  /** Writes n elements of x, broadcast by the strides, from number first on, to y at a place. */
  private static void spread(
      int[] shape, double[] x, int[] strides, int first, int n, double[] y, int place) {
    int length = shape[shape.length - 1];
    int step = strides[shape.length - 1];
    int done = 0;
    while (done < n) {
      int column = (first + done) % length;
      int count = Math.min(length - column, n - done);
      int from = offset((first + done) / length, shape, strides) + column * step;
      int to = place + done;
      if (step == 0) {
        Arrays.fill(y, to, to + count, x[from]);
      } else {
        System.arraycopy(x, from, y, to, count);
      }
      done += count;
    }
  }

  /**
   * Where row number {@code row}, counted over all axes but the last, begins under these strides.
   */
  public static int offset(int row, int[] shape, int[] strides) {
    int offset = 0;
    int rest = row;
    for (int axis = shape.length - 2; axis >= 0; axis--) {
      offset += rest % shape[axis] * strides[axis];
      rest /= shape[axis];
    }
    return offset;
  }

  /** y = f(a, b) from element first to end - 1. */
  public static void pairs(Binary f, double[] a, double[] b, double[] y, int first, int end) {
    switch (f) {
      case ADD -> add(a, b, y, first, end);
      case SUB -> sub(a, b, y, first, end);
      case MUL -> mul(a, b, y, first, end);
      case DIV -> div(a, b, y, first, end);
      case MAXIMUM -> maximum(a, b, y, first, end);
      case MINIMUM -> minimum(a, b, y, first, end);
      case POW -> pow(a, b, y, first, end);
      case PRELU -> prelu(a, b, y, first, end);
      case GATE -> gate(a, b, y, first, end);
      case GREATER -> greater(a, b, y, first, end);
      case GREATER_EQUAL -> greaterEqual(a, b, y, first, end);
      case LESS -> less(a, b, y, first, end);
      case LESS_EQUAL -> lessEqual(a, b, y, first, end);
      case EQUAL -> equal(a, b, y, first, end);
      case NOT_EQUAL -> notEqual(a, b, y, first, end);
    }
  }

  private static void add(double[] a, double[] b, double[] y, int first, int end) {
    for (int i = first; i < end; i++) {
      y[i] = a[i] + b[i];
    }
  }

  private static void sub(double[] a, double[] b, double[] y, int first, int end) {
    for (int i = first; i < end; i++) {
      y[i] = a[i] - b[i];
    }
  }

  private static void mul(double[] a, double[] b, double[] y, int first, int end) {
    for (int i = first; i < end; i++) {
      y[i] = a[i] * b[i];
    }
  }

  private static void div(double[] a, double[] b, double[] y, int first, int end) {
    for (int i = first; i < end; i++) {
      y[i] = a[i] / b[i];
    }
  }

  private static void maximum(double[] a, double[] b, double[] y, int first, int end) {
    for (int i = first; i < end; i++) {
      y[i] = Math.max(a[i], b[i]);
    }
  }

  private static void minimum(double[] a, double[] b, double[] y, int first, int end) {
    for (int i = first; i < end; i++) {
      y[i] = Math.min(a[i], b[i]);
    }
  }

  private static void pow(double[] a, double[] b, double[] y, int first, int end) {
    for (int i = first; i < end; i++) {
      y[i] = (double) StrictMath.pow(a[i], b[i]);
    }
  }

  private static void prelu(double[] a, double[] b, double[] y, int first, int end) {
    for (int i = first; i < end; i++) {
      y[i] = a[i] > 0 ? a[i] : a[i] * b[i];
    }
  }

  private static void gate(double[] a, double[] b, double[] y, int first, int end) {
    for (int i = first; i < end; i++) {
      y[i] = Bits.ifPositive(a[i], b[i]);
    }
  }

  private static void greater(double[] a, double[] b, double[] y, int first, int end) {
    for (int i = first; i < end; i++) {
      y[i] = a[i] > b[i] ? 1 : 0;
    }
  }

  private static void greaterEqual(double[] a, double[] b, double[] y, int first, int end) {
    for (int i = first; i < end; i++) {
      y[i] = a[i] >= b[i] ? 1 : 0;
    }
  }

  private static void less(double[] a, double[] b, double[] y, int first, int end) {
    for (int i = first; i < end; i++) {
      y[i] = a[i] < b[i] ? 1 : 0;
    }
  }

  private static void lessEqual(double[] a, double[] b, double[] y, int first, int end) {
    for (int i = first; i < end; i++) {
      y[i] = a[i] <= b[i] ? 1 : 0;
    }
  }

  private static void equal(double[] a, double[] b, double[] y, int first, int end) {
    for (int i = first; i < end; i++) {
      y[i] = a[i] == b[i] ? 1 : 0;
    }
  }

  private static void notEqual(double[] a, double[] b, double[] y, int first, int end) {
    for (int i = first; i < end; i++) {
      y[i] = a[i] != b[i] ? 1 : 0;
    }
  }

  /** y = a where the mask is not 0, otherwise b, from element first to end - 1. */
  public static void choose(double[] mask, double[] a, double[] b, double[] y, int first, int end) {
    for (int i = first; i < end; i++) {
      y[i] = mask[i] != 0 ? a[i] : b[i];
    }
  }

  /** As {@link Kernels#axpy}. */
  public static void axpy(/*wide*/ double c, double[] x, double[] z, double[] y) {
    Parallel.ranges(
        y.length,
        1,
        (first, end) -> {
          if (DoubleUnary.fits(c)) {
            axpy((double) c, x, z, y, first, end);
          } else {
            for (int i = first; i < end; i++) {
              y[i] = (double) (z[i] + c * x[i]);
            }
          }
        });
  }

  private static void axpy(double c, double[] x, double[] z, double[] y, int first, int end) {
    for (int i = first; i < end; i++) {
      y[i] = z[i] + c * x[i];
    }
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
