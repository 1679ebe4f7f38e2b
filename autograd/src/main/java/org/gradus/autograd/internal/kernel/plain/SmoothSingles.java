package org.gradus.autograd.internal.kernel.plain;

import java.util.Arrays;
import org.gradus.autograd.internal.kernel.BlockFunctions;
import org.gradus.autograd.internal.kernel.Factor;
import org.gradus.autograd.internal.kernel.NormalTail;
import org.gradus.autograd.internal.kernel.SingleFunctions;
import org.gradus.autograd.internal.kernel.Unary;
import org.gradus.autograd.internal.number.Elementary;
import org.gradus.autograd.internal.number.Integers;
import org.gradus.autograd.internal.number.SpecialFunctions;
import org.gradus.autograd.internal.parallel.FloatMemory;
import org.gradus.autograd.internal.parallel.Parallel;

/**
 * Smooth functions of floats and their slopes, made of {@link SingleFunctions} in single precision:
 * in blocks that stay in the first-level cache. A formula holds for usual numbers, and is off by
 * less than 2 units in the last place. The others are computed one by one, in double precision.
 * What is usual depends on a number by itself: never on those beside it.
 */
final class SmoothSingles implements Parallel.State {
  /** Elements of a block. */
  private static final int BLOCK = 1024;

  /** The exponent of a decay up to which a slope and its product with a usual number are normal. */
  private static final float SLOPE_FAR = 80;

  private final SingleFunctions f;
  private final FloatMemory memory;
  private final float[] u;
  private final float[] v;
  private final float[] w;
  private final float[] tail; // a few elements, where a block is no multiple of ROOM
  private final float[] tailFactor;
  private final float[] tailResult;
  private final float[] factor; // of slopes, where an operand is the result's array
  private final float[] argument;

  private SmoothSingles(BlockFunctions functions, int length) {
    this.f = functions.singles();
    int room = Integers.roundUp(Math.min(length, BLOCK), SingleFunctions.ROOM);
    this.memory =
        new FloatMemory(
            room,
            room,
            SingleFunctions.ROOM,
            SingleFunctions.ROOM,
            SingleFunctions.ROOM,
            room,
            room,
            room);
    this.u = memory.array(0);
    this.v = memory.array(1);
    this.tail = memory.array(2);
    this.tailFactor = memory.array(3);
    this.tailResult = memory.array(4);
    this.factor = memory.array(5);
    this.argument = memory.array(6);
    this.w = memory.array(7);
  }

  @Override
  public void close() {
    memory.close();
  }

  // ---- functions -------------------------------------------------------------------------------

  /** Doubles have no functions in single precision. */
  static boolean compute(BlockFunctions functions, Unary f, double[] x, double[] y) {
    return false;
  }

  /** y = f(x), if it is one of these functions. */
  static boolean compute(BlockFunctions functions, Unary f, float[] x, float[] y) {
    if (!has(f)) {
      return false;
    }
    Parallel.each(
        Integers.ceilDiv(y.length, BLOCK),
        (long) f.cost * BLOCK / (2L * functions.speed()),
        () -> new SmoothSingles(functions, y.length),
        (block, i) -> {
          int from = i * BLOCK;
          block.unary(f, x, from, y, Math.min(BLOCK, y.length - from));
        });
    return true;
  }

  private static boolean has(Unary function) {
    return switch (function) {
      case EXP, LOG, TANH, SIGMOID, SOFTPLUS, SILU, GELU -> true;
      default -> false;
    };
  }

  private void unary(Unary function, float[] x, int from, float[] y, int n) {
    int whole = n & -SingleFunctions.ROOM;
    unary(function, x, from, y, from, whole, whole);
    if (whole < n) {
      System.arraycopy(x, from + whole, tail, 0, n - whole);
      unary(function, tail, 0, tailResult, 0, SingleFunctions.ROOM, n - whole);
      System.arraycopy(tailResult, 0, y, from + whole, n - whole);
    }
  }

  /** Of the n elements, a multiple of ROOM, the first ones are in use. */
  private void unary(Unary function, float[] x, int from, float[] y, int to, int n, int used) {
    switch (function) {
      case EXP -> f.exp(x, from, y, to, n);
      case LOG -> {
        f.log(x, from, y, to, n);
        mend(Float.MIN_NORMAL, Float.MAX_VALUE, x, from, y, to, used, Elementary::log);
      }
      case TANH -> {
        f.decayLessOne(x, from, u, v, n);
        f.softplusOrTanh(true, x, from, u, v, y, to, n);
      }
      case SIGMOID -> {
        Arrays.fill(u, 0, n, 1);
        f.logistic(u, 0, x, from, y, to, n);
        mendBelow(x, from, y, to, used, SpecialFunctions::sigmoid);
      }
      case SILU -> {
        f.logistic(x, from, x, from, y, to, n);
        mendBelow(x, from, y, to, used, SpecialFunctions::silu);
      }
      case SOFTPLUS -> {
        f.decay(1, x, from, u, v, n);
        f.softplusOrTanh(false, x, from, u, v, y, to, n);
        mendBelow(x, from, y, to, used, SpecialFunctions::softplus);
      }
      case GELU -> {
        decayWithTail(NormalTail.GELU, x, from, n);
        f.gelu(x, from, u, v, w, y, to, n);
        float far = SingleFunctions.NORMAL_FAR;
        mend(-far, Float.POSITIVE_INFINITY, x, from, y, to, used, SpecialFunctions::gelu);
      }
      default -> throw new IllegalArgumentException(function + " is computed in double precision");
    }
  }

  /** u + v = e^(-x^2 / 2), and w of a tail, both of n elements. */
  private void decayWithTail(NormalTail tail, float[] x, int from, int n) {
    f.normalDecay(x, from, u, v, n);
    f.tailDistance(tail, x, from, w, n);
    f.tail(tail, x, from, w, w, n);
  }

  /** The function of each number of a block that is not usual. */
  @FunctionalInterface
  private interface Special {
    double of(double x);
  }

  private void mendBelow(float[] x, int from, float[] y, int to, int n, Special special) {
    mend(SingleFunctions.DECAY_LEAST, Float.POSITIVE_INFINITY, x, from, y, to, n, special);
  }

  /** Computes again what is outside of these bounds, or NaN. */
  private void mend(
      float least, float most, float[] x, int from, float[] y, int to, int n, Special special) {
    if (!f.areWithin(least, most, x, from, n)) {
      for (int i = 0; i < n; i++) {
        float number = x[from + i];
        if (!(number >= least && number <= most)) {
          y[to + i] = (float) special.of(number);
        }
      }
    }
  }

  // ---- slopes ----------------------------------------------------------------------------------

  /** Doubles have no slopes in single precision. */
  static boolean slope(
      BlockFunctions functions,
      double c,
      Factor[] factors,
      double[][] x,
      double[] y,
      int from,
      int end) {
    return false;
  }

  /**
   * y = c x0 slope(x1) for the elements from one to another, if it is such a product, and one of
   * these slopes. y may be x0 or x1: the shapes must not decide which precision it has.
   */
  static boolean slope(
      BlockFunctions functions,
      double c,
      Factor[] factors,
      float[][] x,
      float[] y,
      int from,
      int end) {
    if (!has(c, factors)) {
      return false;
    }
    boolean inPlace = x[0] == y || x[1] == y;
    try (SmoothSingles block = new SmoothSingles(functions, end - from)) {
      for (int i = from; i < end; i += BLOCK) {
        int n = Math.min(BLOCK, end - i);
        if (inPlace) {
          System.arraycopy(x[0], i, block.factor, 0, n);
          System.arraycopy(x[1], i, block.argument, 0, n);
          block.slope(c, factors, block.factor, block.argument, 0, y, i, n);
        } else {
          block.slope(c, factors, x[0], x[1], i, y, i, n);
        }
      }
    }
    return true;
  }

  private static boolean has(double c, Factor[] factors) {
    if (factors.length != 2
        || !(factors[0] instanceof Factor.Power power && power.equals(Factor.Power.one()))) {
      return false;
    }
    return factors[1] instanceof Factor.Hyperbolic h
        ? h.a() == 0 && h.b() == 2 && (h.s() == 0.5 || h.s() == 1) && (c == 1 || c == 0.25)
        : c == 1
            && (factors[1] instanceof Factor.Logistic
                || (factors[1] instanceof Factor.SiluSlope silu && silu.n() == 1)
                || (factors[1] instanceof Factor.GeluSlope gelu && gelu.n() == 1));
  }

  private void slope(
      double c, Factor[] factors, float[] g, float[] x, int from, float[] y, int to, int n) {
    int whole = n & -SingleFunctions.ROOM;
    slope(c, factors[1], g, x, from, y, to, whole);
    if (whole < n) {
      System.arraycopy(x, from + whole, tail, 0, n - whole);
      System.arraycopy(g, from + whole, tailFactor, 0, n - whole);
      slope(c, factors[1], tailFactor, tail, 0, tailResult, 0, SingleFunctions.ROOM);
      System.arraycopy(tailResult, 0, y, to + whole, n - whole);
    }
    mend(c, factors, g, x, from, y, to, n);
  }

  /** y = c g slope(x). */
  private void slope(
      double c, Factor slope, float[] g, float[] x, int from, float[] y, int to, int n) {
    if (slope instanceof Factor.Hyperbolic h) {
      f.decay((float) (2 * h.s()), x, from, u, v, n);
      f.bell((float) (4 * c), g, from, u, v, y, to, n);
    } else if (slope instanceof Factor.SiluSlope) {
      f.decay(1, x, from, u, v, n);
      Arrays.fill(w, 0, n, 1);
      f.bell(1, w, 0, u, v, w, 0, n);
      f.siluSlope(g, x, from, u, v, w, y, to, n);
    } else if (slope instanceof Factor.GeluSlope) {
      decayWithTail(NormalTail.SLOPE, x, from, n);
      f.geluSlope(g, x, from, u, v, w, y, to, n);
    } else {
      f.logistic(g, from, x, from, y, to, n);
    }
  }

  /** Computes again, in double precision, where a slope is too small for single precision. */
  private void mend(
      double c, Factor[] factors, float[] g, float[] x, int from, float[] y, int to, int n) {
    float least = -SLOPE_FAR;
    float most = Float.POSITIVE_INFINITY;
    if (factors[1] instanceof Factor.Hyperbolic h) {
      most = SLOPE_FAR / (float) (2 * h.s());
      least = -most;
    } else if (factors[1] instanceof Factor.GeluSlope) {
      least = -SingleFunctions.NORMAL_FAR;
    }
    mend(c, factors, least, most, g, x, from, y, to, n);
  }

  private void mend(
      double c,
      Factor[] factors,
      float least,
      float most,
      float[] g,
      float[] x,
      int from,
      float[] y,
      int to,
      int n) {
    if (!f.areWithin(least, most, x, from, n)) {
      for (int i = 0; i < n; i++) {
        float number = x[from + i];
        if (!(number >= least && number <= most)) {
          y[to + i] = (float) Factor.product(c, factors, new double[] {g[from + i], number});
        }
      }
    }
  }
}
