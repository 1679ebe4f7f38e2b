package org.gradus.autograd.internal.kernel.plain;

import org.gradus.autograd.internal.kernel.Kernels;
import org.gradus.autograd.internal.kernel.Unary;
import org.gradus.autograd.internal.number.SmoothUnits;
import org.gradus.autograd.internal.number.SpecialFunctions;
import org.gradus.autograd.internal.parallel.Parallel;

/**
 * Functions of each element. Each loop is a method of its own, which the JIT compiles by itself.
 */
@SuppressWarnings("cast") // (double) is needed in the float twin, where it reads (float)
public final class DoubleUnary {
  private DoubleUnary() {}

  /** As {@link Kernels#unary}. */
  public static void unary(Unary f, /*wide*/ double c, double[] x, double[] y) {
    Parallel.ranges(y.length, f.cost, (from, to) -> unary(f, c, x, y, from, to));
  }

  /** y = f(x) from element {@code from} to {@code to} - 1. */
  public static void unary(Unary f, /*wide*/ double c, double[] x, double[] y, int from, int to) {
    switch (f) {
      case NEG -> neg(x, y, from, to);
      case ABS -> abs(x, y, from, to);
      case SIGN -> sign(x, y, from, to);
      case SQUARE -> square(x, y, from, to);
      case RECIPROCAL -> reciprocal(x, y, from, to);
      case EXP -> exp(x, y, from, to);
      case LOG -> log(x, y, from, to);
      case LOG1P -> log1p(x, y, from, to);
      case EXPM1 -> expm1(x, y, from, to);
      case SIN -> sin(x, y, from, to);
      case COS -> cos(x, y, from, to);
      case SQRT -> sqrt(x, y, from, to);
      case TANH -> tanh(x, y, from, to);
      case SIGMOID -> sigmoid(x, y, from, to);
      case RELU -> relu(x, y, from, to);
      case LEAKY_RELU -> leakyRelu(c, x, y, from, to);
      case ELU -> elu(c, x, y, from, to);
      case SOFTPLUS -> softplus(x, y, from, to);
      case SILU -> silu(x, y, from, to);
      case GELU -> gelu(x, y, from, to);
      case GELU_TANH -> geluTanh(x, y, from, to);
      case MISH -> mish(x, y, from, to);
      case HARD_SIGMOID -> hardSigmoid(x, y, from, to);
      case HARD_SWISH -> hardSwish(x, y, from, to);
      case SOFTSIGN -> softsign(x, y, from, to);
      case FLOOR -> floor(x, y, from, to);
      case ROUND -> round(x, y, from, to);
      case ERF -> erf(x, y, from, to);
      case ADD -> add(c, x, y, from, to);
      case MUL -> mul(c, x, y, from, to);
      case POW -> pow(c, x, y, from, to);
      case AT_LEAST -> atLeast((double) c, x, y, from, to);
      case AT_MOST -> atMost((double) c, x, y, from, to);
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

  private static void exp(double[] x, double[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = (double) Math.exp(x[i]);
    }
  }

  private static void log(double[] x, double[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = (double) Math.log(x[i]);
    }
  }

  private static void log1p(double[] x, double[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = (double) Math.log1p(x[i]);
    }
  }

  private static void expm1(double[] x, double[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = (double) Math.expm1(x[i]);
    }
  }

  private static void sin(double[] x, double[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = (double) Math.sin(x[i]);
    }
  }

  private static void cos(double[] x, double[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = (double) Math.cos(x[i]);
    }
  }

  private static void sqrt(double[] x, double[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = (double) Math.sqrt(x[i]);
    }
  }

  private static void tanh(double[] x, double[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = (double) Math.tanh(x[i]);
    }
  }

  private static void sigmoid(double[] x, double[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = (double) SpecialFunctions.sigmoid(x[i]);
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

  private static void elu(/*wide*/ double c, double[] x, double[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = (double) (x[i] > 0 ? x[i] : c * Math.expm1(x[i]));
    }
  }

  private static void softplus(double[] x, double[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = (double) SpecialFunctions.softplus(x[i]);
    }
  }

  private static void silu(double[] x, double[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = (double) SpecialFunctions.silu(x[i]);
    }
  }

  private static void gelu(double[] x, double[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = (double) SpecialFunctions.gelu(x[i]);
    }
  }

  private static void geluTanh(double[] x, double[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = (double) SmoothUnits.geluTanh(x[i]);
    }
  }

  private static void mish(double[] x, double[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = (double) SmoothUnits.mish(x[i]);
    }
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

  private static void erf(double[] x, double[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = (double) SpecialFunctions.erf(x[i]);
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

  private static void pow(/*wide*/ double c, double[] x, double[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = (double) Math.pow(x[i], c);
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
