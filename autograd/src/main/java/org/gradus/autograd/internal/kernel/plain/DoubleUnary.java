package org.gradus.autograd.internal.kernel.plain;

import org.gradus.autograd.internal.kernel.BlockFunctions;
import org.gradus.autograd.internal.kernel.Kernels;
import org.gradus.autograd.internal.kernel.Unary;
import org.gradus.autograd.internal.number.Integers;
import org.gradus.autograd.internal.parallel.Parallel;

/**
 * Functions of each element. Each loop is a method of its own, which the JIT compiles by itself.
 */
@SuppressWarnings("cast") // (double) is needed in the float twin, where it reads (float)
public final class DoubleUnary {
  /** Whether what a double cannot hold is beyond the elements, too. */
  static final boolean NARROW = Double.MAX_EXPONENT < 200;

  private DoubleUnary() {}

  /** As {@link Kernels#unary}. */
  static void unary(BlockFunctions functions, Unary f, /*wide*/ double c, double[] x, double[] y) {
    if (SmoothBlocks.has(f)) {
      smooth(functions, f, c, x, y);
    } else {
      Parallel.ranges(y.length, f.cost, (from, to) -> unary(f, c, x, y, from, to));
    }
  }

  /** As {@link Kernels#unary}, of smooth functions, block by block. */
  public static void smooth(
      BlockFunctions functions, Unary f, /*wide*/ double c, double[] x, double[] y) {
    if (SmoothSingles.compute(functions, f, x, y)) {
      return;
    }
    int length = SmoothBlocks.BLOCK;
    Parallel.each(
        Integers.ceilDiv(y.length, length),
        (long) f.cost * length / functions.speed(),
        () -> new SmoothBlocks(functions, NARROW, y.length),
        (block, i) -> {
          int from = i * length;
          int n = Math.min(length, y.length - from);
          functions.widen(x, from, block.x, n);
          block.compute(f, c, n);
          functions.narrow(block.y, y, from, n);
        });
  }

  /** y = f(x) from element {@code from} to {@code to} - 1, of a function that is not smooth. */
  public static void unary(Unary f, /*wide*/ double c, double[] x, double[] y, int from, int to) {
    switch (f) {
      case NEG -> neg(x, y, from, to);
      case ABS -> abs(x, y, from, to);
      case SIGN -> sign(x, y, from, to);
      case SQUARE -> square(x, y, from, to);
      case RECIPROCAL -> reciprocal(x, y, from, to);
      case SQRT -> sqrt(x, y, from, to);
      case RELU -> relu(x, y, from, to);
      case LEAKY_RELU -> leakyRelu(c, x, y, from, to);
      case HARD_SIGMOID -> hardSigmoid(x, y, from, to);
      case HARD_SWISH -> hardSwish(x, y, from, to);
      case SOFTSIGN -> softsign(x, y, from, to);
      case FLOOR -> floor(x, y, from, to);
      case ROUND -> round(x, y, from, to);
      case ADD -> add(c, x, y, from, to);
      case MUL -> mul(c, x, y, from, to);
      case AT_LEAST -> atLeast((double) c, x, y, from, to);
      case AT_MOST -> atMost((double) c, x, y, from, to);
      default -> throw new IllegalArgumentException(f + " is computed in blocks");
    }
  }

  private static void neg(double[] x, double[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = -x[i];
    }
  }

  private static void abs(double[] x, double[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = Math.abs(x[i]);
    }
  }

  private static void sign(double[] x, double[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = Math.signum(x[i]);
    }
  }

  private static void square(double[] x, double[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = x[i] * x[i];
    }
  }

  private static void reciprocal(double[] x, double[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = 1 / x[i];
    }
  }

  private static void sqrt(double[] x, double[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = (double) Math.sqrt(x[i]);
    }
  }

  private static void relu(double[] x, double[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = Math.max(x[i], 0);
    }
  }

  private static void leakyRelu(/*wide*/ double c, double[] x, double[] y, int from, int to) {
    if (c != 0 && fits(c)) {
      double slope = (double) c;
      for (int i = from; i < to; i++) {
        y[i] = x[i] > 0 ? x[i] : x[i] * slope;
      }
    } else { // 0 times -infinity is not to be NaN
      for (int i = from; i < to; i++) {
        y[i] = x[i] < 0 && c == 0 ? (double) -c : x[i] > 0 ? x[i] : (double) (x[i] * c);
      }
    }
  }

  /** Whether a constant is neither too large nor too small for the element type. */
  public static boolean fits(/*wide*/ double c) {
    /*wide*/ double size = Math.abs(c);
    return (size >= Double.MIN_NORMAL && size <= Double.MAX_VALUE)
        || !(size > 0 && size < Double.POSITIVE_INFINITY);
  }

  private static void hardSigmoid(double[] x, double[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = Math.min(Math.max(x[i] + 3, 0), 6) / 6;
    }
  }

  private static void hardSwish(double[] x, double[] y, int from, int to) {
    for (int i = from; i < to; i++) { // not -infinity times 0
      y[i] = Math.max(x[i], -3) * (Math.min(Math.max(x[i] + 3, 0), 6) / 6);
    }
  }

  private static void softsign(double[] x, double[] y, int from, int to) {
    for (int i = from; i < to; i++) { // not infinity by infinity
      y[i] = Math.abs(x[i]) < 0x1p60 ? x[i] / (1 + Math.abs(x[i])) : Math.signum(x[i]);
    }
  }

  private static void floor(double[] x, double[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = (double) Math.floor(x[i]);
    }
  }

  private static void round(double[] x, double[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = (double) Math.rint(x[i]);
    }
  }

  private static void add(/*wide*/ double c, double[] x, double[] y, int from, int to) {
    double addend = (double) c;
    if (fits(c)) {
      for (int i = from; i < to; i++) {
        y[i] = x[i] + addend;
      }
    } else {
      for (int i = from; i < to; i++) {
        y[i] = (double) (x[i] + c);
      }
    }
  }

  private static void mul(/*wide*/ double c, double[] x, double[] y, int from, int to) {
    double factor = (double) c;
    if (fits(c)) {
      for (int i = from; i < to; i++) {
        y[i] = x[i] * factor;
      }
    } else {
      for (int i = from; i < to; i++) {
        y[i] = (double) (x[i] * c);
      }
    }
  }

  private static void atLeast(double c, double[] x, double[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = Math.max(x[i], c);
    }
  }

  private static void atMost(double c, double[] x, double[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = Math.min(x[i], c);
    }
  }
}
