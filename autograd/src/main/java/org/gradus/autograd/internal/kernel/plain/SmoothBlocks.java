package org.gradus.autograd.internal.kernel.plain;

import org.gradus.autograd.internal.kernel.BlockFunctions;
import org.gradus.autograd.internal.kernel.Factor;
import org.gradus.autograd.internal.kernel.Unary;
import org.gradus.autograd.internal.number.Elementary;
import org.gradus.autograd.internal.number.Integers;
import org.gradus.autograd.internal.number.SmoothUnits;
import org.gradus.autograd.internal.number.SpecialFunctions;
import org.gradus.autograd.internal.parallel.DoubleMemory;
import org.gradus.autograd.internal.parallel.Parallel;

/**
 * Smooth functions of the elements of a block, and their slopes, made of {@link BlockFunctions} and
 * of loops without a choice, of which the JIT makes vectors: y is made of x. A formula holds for
 * usual numbers, in double precision. The others are computed one by one, by the functions of
 * {@link SpecialFunctions}, {@link SmoothUnits} and {@link Factor}. What is usual depends on a
 * number by itself: never on those beside it.
 *
 * <p>What is narrow comes from floats, and becomes floats again. There formulas hold further out:
 * what a double cannot hold, a float cannot either.
 */
public final class SmoothBlocks implements Parallel.State {
  /** Elements of a block: a few blocks stay in the first-level cache. */
  static final int BLOCK = 512;

  private static final double SQRT_HALF = Math.sqrt(0.5);
  private static final double DENSITY = 1 / Math.sqrt(2 * Math.PI);
  private static final double ERROR_SLOPE = 2 / Math.sqrt(Math.PI);

  /** Further out e^(-x^2 / 2) is subnormal, and e^(-x^2). */
  private static final double NORMAL_FAR = 37;

  private static final double ERROR_FAR = 26;

  /** Multiplied by it, a double is cut into two halves. */
  private static final double SPLITTER = 0x1p27 + 1;

  private final DoubleMemory memory;
  final double[] x;
  final double[] y;
  final double[] product; // for those that multiply results
  private final double[] u;
  private final double[] v;
  private final double[] w;
  private final BlockFunctions f;
  private final boolean isNarrow;

  /** For blocks of up to so many elements. */
  SmoothBlocks(BlockFunctions f, boolean isNarrow, int length) {
    this.f = f;
    this.isNarrow = isNarrow;
    int room = Integers.roundUp(Math.min(length, BLOCK), BlockFunctions.ROOM);
    this.memory = new DoubleMemory(room, room, room, room, room, room);
    this.x = memory.array(0);
    this.y = memory.array(1);
    this.product = memory.array(2);
    this.u = memory.array(3);
    this.v = memory.array(4);
    this.w = memory.array(5);
  }

  @Override
  public void close() {
    memory.close();
  }

  BlockFunctions functions() {
    return f;
  }

  // ---- functions -------------------------------------------------------------------------------

  /** Whether it is one of these. */
  static boolean has(Unary function) {
    return switch (function) {
      case EXP, EXPM1, LOG, LOG1P, SIN, COS, TANH, SIGMOID, ELU, SOFTPLUS, SILU -> true;
      case GELU, GELU_TANH, MISH, ERF, POW -> true;
      default -> false;
    };
  }

  /** y = function(x), with the function's constant c where it has one. */
  void compute(Unary function, double c, int n) {
    switch (function) {
      case EXP -> f.exp(x, y, n);
      case EXPM1 -> f.expm1(x, y, n);
      case LOG -> f.log(x, y, n);
      case LOG1P -> f.log1p(x, y, n);
      case SIN -> f.sin(x, y, n);
      case COS -> f.cos(x, y, n);
      case TANH -> tanh(n);
      case SOFTPLUS -> softplus(n);
      case ELU -> elu(c, n);
      case SIGMOID -> sigmoid(n);
      case SILU -> silu(n);
      case MISH -> mish(n);
      case GELU -> gelu(n);
      case GELU_TANH -> geluTanh(n);
      case ERF -> erf(n);
      case POW -> power(c, n);
      default -> throw new IllegalArgumentException(function + " is not smooth");
    }
  }

  /** The function of each number of a block that is not usual. */
  @FunctionalInterface
  private interface Special {
    double of(double x);
  }

  /** Computes again what is outside of these bounds, or NaN. */
  private void mend(double least, double most, int n, Special special) {
    if (!f.areWithin(least, most, x, n)) {
      for (int i = 0; i < n; i++) {
        if (!(x[i] >= least && x[i] <= most)) {
          y[i] = special.of(x[i]);
        }
      }
    }
  }

  private void mend(double size, int n, Special special) {
    mend(-size, size, n, special);
  }

  /** The size up to which a formula holds, given that for doubles. */
  private double usual(double size) {
    return isNarrow ? Float.MAX_VALUE : size;
  }

  /** With e = e^(2 |x|) - 1: e / (e + 2), and the sign of x. */
  private void tanh(int n) {
    clamp(-Elementary.TANH_ONE, Elementary.TANH_ONE, x, v, n);
    sizes(2, v, u, n);
    f.expm1(u, v, n);
    tanhOf(v, y, n);
    f.copySign(y, x, y, n);
  }

  private static void tanhOf(double[] e, double[] y, int n) {
    for (int i = 0; i < n; i++) {
      double d = e[i] + 2;
      double lost = e[i] - (d - 2);
      double quotient = e[i] / d;
      y[i] = quotient - quotient * (lost / d);
    }
  }

  /** max(x, 0) + ln(1 + e^(-|x|)). */
  private void softplus(int n) {
    sizes(-1, x, u, n);
    f.exp(u, v, n);
    f.log1p(v, y, n);
    addPositive(x, y, n);
  }

  private static void addPositive(double[] x, double[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = Math.max(x[i], 0) + y[i];
    }
  }

  private void elu(double c, int n) {
    f.expm1(x, u, n);
    scale(c, u, u, n);
    f.choose(x, x, u, y, n);
  }

  /** 1 / (1 + e^-x). */
  private void sigmoid(int n) {
    scale(-1, x, u, n);
    f.exp(u, v, n);
    quotients(v, y, n);
    if (!isNarrow) {
      mend(Elementary.EXP_USUAL, n, SpecialFunctions::sigmoid);
    }
  }

  private static void quotients(double[] e, double[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = 1 / (1 + e[i]);
    }
  }

  /** x / (1 + e^-x). */
  private void silu(int n) {
    scale(-1, x, u, n);
    f.exp(u, v, n);
    quotients(x, v, y, n);
    mend(usual(Elementary.EXP_USUAL), n, SpecialFunctions::silu);
  }

  private static void quotients(double[] x, double[] e, double[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = x[i] / (1 + e[i]);
    }
  }

  /** x (e^2 + 2 e) / (e^2 + 2 e + 2) with e = e^x. */
  private void mish(int n) {
    clamp(Elementary.EXP_LEAST, 300, x, u, n);
    f.exp(u, v, n);
    mishOf(x, v, y, n);
    mend(usual(300), n, SmoothUnits::mish);
  }

  private static void mishOf(double[] x, double[] e, double[] y, int n) {
    for (int i = 0; i < n; i++) {
      double sum = e[i] * (e[i] + 2);
      y[i] = x[i] * (sum / (sum + 2));
    }
  }

  /** x Phi(x). */
  private void gelu(int n) {
    density(-0.5, n);
    normal(n);
    multiply(x, y, n);
    mend(usual(NORMAL_FAR), n, SpecialFunctions::gelu);
  }

  /** u = e^(c x^2), c = -1 or -1/2, with what rounding takes from the square. */
  private void density(double c, int n) {
    squares(c, x, y, n);
    f.exp(y, u, n);
    if (!isNarrow) { // squares of floats are exact
      withRests(c, x, u, n);
    }
  }

  private static void squares(double c, double[] x, double[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = c * (x[i] * x[i]);
    }
  }

  /** Of a square as the sum of those of two halves, the first is exact, and so are differences. */
  private static void withRests(double c, double[] x, double[] y, int n) {
    for (int i = 0; i < n; i++) {
      double large = x[i] * SPLITTER;
      double head = large - (large - x[i]);
      double rest = (x[i] - head) * (x[i] + head) - (x[i] * x[i] - head * head);
      y[i] *= 1 + c * rest;
    }
  }

  /** y = Phi(x), given u = e^(-x^2 / 2). */
  private void normal(int n) {
    scale(SQRT_HALF, x, v, n);
    f.scaledErfc(v, w, n);
    tails(0.5, u, w, n);
    fromOne(w, y, n);
    f.choose(x, y, w, y, n);
  }

  private static void tails(double c, double[] e, double[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = c * e[i] * y[i];
    }
  }

  private static void fromOne(double[] x, double[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = 1 - x[i];
    }
  }

  /** What is positive where x is of at least a size. */
  private static void beyond(double size, double[] x, double[] y, int n) {
    double below = Math.nextDown(size);
    for (int i = 0; i < n; i++) {
      y[i] = Math.abs(x[i]) - below;
    }
  }

  /** x / (1 + e^-u), of floats: far out, what rounding takes from u matters to doubles. */
  private void geluTanh(int n) {
    if (isNarrow) {
      cubes(x, u, n);
      f.exp(u, v, n);
      quotients(x, v, y, n);
      mend(Float.MAX_VALUE, n, SmoothUnits::geluTanh);
    } else {
      each(n, SmoothUnits::geluTanh);
    }
  }

  /** y = -2 (2 / pi)^(1/2) (x + 0.044715 x^3), up to a size of which e^-y is 0 or 1 beside x. */
  private static void cubes(double[] x, double[] y, int n) {
    for (int i = 0; i < n; i++) {
      double near = Math.max(-21, Math.min(x[i], 21));
      y[i] = -near * (SmoothUnits.LINEAR + SmoothUnits.CUBIC * (near * near));
    }
  }

  /** The error function. */
  private void erf(int n) {
    density(-1, n);
    f.scaledErfc(x, v, n);
    tails(1, u, v, n);
    fromOne(v, v, n);
    f.copySign(v, x, v, n);
    f.erfNearZero(x, w, n);
    beyond(SpecialFunctions.NEAR, x, u, n);
    f.choose(u, v, w, y, n);
    mend(ERROR_FAR, n, SpecialFunctions::erf);
  }

  /** x^p. */
  private void power(double p, int n) {
    if (p == 2 && isNarrow) {
      squares(1, x, y, n);
    } else if (p == 3 && isNarrow) {
      squares(1, x, y, n);
      multiply(x, y, n);
    } else if (isNarrow && p != 0 && Math.abs(p) < 1e6) {
      boolean isWhole = p == Math.rint(p);
      sizes(1, x, v, n);
      f.log(v, u, n);
      scale(p, u, u, n);
      f.exp(u, y, n);
      if (isWhole && p % 2 != 0) {
        f.copySign(y, x, y, n);
      }
      double least = isWhole ? -Float.MAX_VALUE : 0; // no number is an odd root
      mend(least, Float.MAX_VALUE, n, number -> StrictMath.pow(number, p));
    } else {
      each(n, number -> StrictMath.pow(number, p));
    }
  }

  private void each(int n, Special special) {
    for (int i = 0; i < n; i++) {
      y[i] = special.of(x[i]);
    }
  }

  // ---- slopes ----------------------------------------------------------------------------------

  /** y = slope(x). */
  void compute(Factor slope, int n) {
    if (slope instanceof Factor.Exponential) {
      f.exp(x, y, n);
    } else if (slope instanceof Factor.Logistic) {
      sigmoid(n);
    } else if (slope instanceof Factor.Hyperbolic h && h.a() == 0 && h.b() == 2) {
      sizes(-2 * Math.abs(h.s()), x, u, n);
      f.exp(u, v, n);
      bells(v, y, n);
    } else if (slope instanceof Factor.SiluSlope s && s.n() == 1) {
      siluSlope(slope, n);
    } else if (slope instanceof Factor.GeluSlope s && s.n() == 1) {
      density(-0.5, n);
      normal(n);
      addSlope(x, u, y, n);
      mend(usual(NORMAL_FAR), n, slope::at);
    } else if (slope instanceof Factor.MishSlope s && s.n() == 1 && isNarrow) {
      clamp(Elementary.EXP_LEAST, 150, x, u, n);
      f.exp(u, v, n);
      mishSlopes(u, v, y, n);
      mend(Float.MAX_VALUE, n, slope::at);
    } else if (slope instanceof Factor.GeluTanhSlope s && s.n() == 1 && isNarrow) {
      cubes(x, u, n);
      f.exp(u, v, n);
      geluTanhSlopes(x, v, y, n);
      mend(Float.MAX_VALUE, n, slope::at);
    } else if (slope instanceof Factor.ErrorSlope s && s.n() == 1) {
      density(-1, n);
      scale(ERROR_SLOPE, u, y, n);
      mend(usual(ERROR_FAR), n, slope::at);
    } else if (slope instanceof Factor.Wave wave) {
      if (wave.n() % 2 == 0) {
        f.sin(x, y, n);
      } else {
        f.cos(x, y, n);
      }
      scale(wave.n() % 4 < 2 ? 1 : -1, y, y, n);
    } else if (slope instanceof Factor.Power power && isNarrow && power.rest() == 0) {
      if (power.p() == -0.5) {
        inverseRoots(x, y, n);
      } else {
        power(power.p(), n);
      }
    } else {
      each(n, slope::at);
    }
  }

  private static void inverseRoots(double[] x, double[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = 1 / Math.sqrt(x[i] + 0.0); // at -0.0 as at 0
    }
  }

  /** 4 e / (1 + e)^2, which is 1 / cosh(x / 2)^2 for e = e^-x. */
  private static void bells(double[] e, double[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = 4 * e[i] / ((1 + e[i]) * (1 + e[i]));
    }
  }

  /** s (1 + x (1 - s)), s = 1 / (1 + e^-x). */
  private void siluSlope(Factor slope, int n) {
    clamp(-700, 700, x, w, n);
    scale(-1, w, u, n);
    f.exp(u, v, n);
    siluSlopes(w, v, y, n);
    if (!isNarrow) {
      mend(700, n, slope::at);
    }
  }

  private static void siluSlopes(double[] x, double[] e, double[] y, int n) {
    for (int i = 0; i < n; i++) {
      double s = 1 / (1 + e[i]);
      y[i] = s * (1 + x[i] * (e[i] * s));
    }
  }

  /** y + x e / (2 pi)^(1/2). */
  private static void addSlope(double[] x, double[] e, double[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] += x[i] * (DENSITY * e[i]);
    }
  }

  private static void mishSlopes(double[] x, double[] e, double[] y, int n) {
    for (int i = 0; i < n; i++) {
      double sum = e[i] * (e[i] + 2);
      double d = sum + 2;
      y[i] = sum / d + 4 * x[i] * e[i] * (e[i] + 1) / (d * d);
    }
  }

  /** s + x s (1 - s) u', s = 1 / (1 + e^-u). */
  private static void geluTanhSlopes(double[] x, double[] e, double[] y, int n) {
    for (int i = 0; i < n; i++) {
      double near = Math.max(-21, Math.min(x[i], 21));
      double slope = SmoothUnits.LINEAR + 3 * SmoothUnits.CUBIC * (near * near);
      double s = 1 / (1 + e[i]);
      y[i] = s * (1 + near * (e[i] * s) * slope);
    }
  }

  /** Whether the sizes of all y are from one number to another. */
  boolean areSizesWithin(double least, double most, int n) {
    sizes(1, y, u, n);
    return f.areWithin(least, most, u, n);
  }

  // ---- what they share -------------------------------------------------------------------------

  private static void scale(double c, double[] x, double[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = c * x[i];
    }
  }

  /** y = c |x|. */
  static void sizes(double c, double[] x, double[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = c * Math.abs(x[i]);
    }
  }

  private static void multiply(double[] x, double[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] *= x[i];
    }
  }

  private static void clamp(double least, double most, double[] x, double[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = Math.max(least, Math.min(x[i], most));
    }
  }
}
