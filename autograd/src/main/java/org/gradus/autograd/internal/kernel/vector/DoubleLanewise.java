package org.gradus.autograd.internal.kernel.vector;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.gradus.autograd.internal.kernel.Binary;
import org.gradus.autograd.internal.kernel.Kernels;
import org.gradus.autograd.internal.kernel.Unary;
import org.gradus.autograd.internal.kernel.plain.DoubleElementwise;
import org.gradus.autograd.internal.kernel.plain.DoubleUnary;
import org.gradus.autograd.internal.parallel.Parallel;

/**
 * Those functions of elements that choose, which the JIT makes no vectors of by itself: the same
 * bits as from {@link DoubleElementwise} and {@link DoubleUnary}, which do what is left of a span
 * behind the last whole vector. Each loop says where that begins.
 */
@SuppressWarnings("cast") // (double) is needed in the float twin, where it reads (float)
final class DoubleLanewise {
  private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;
  private static final int LANES = SPECIES.length();

  private DoubleLanewise() {}

  /** As {@link Kernels#binary}. */
  static void binary(
      Binary f, int[] shape, double[] a, int[] stridesA, double[] b, int[] stridesB, double[] y) {
    boolean isBroadcast = shape.length > 1 || stridesA[0] != 1 || stridesB[0] != 1;
    if (isBroadcast && DoubleRowLanes.has(f, shape[shape.length - 1])) {
      DoubleRowLanes.binary(f, shape, a, stridesA, b, stridesB, y);
      return;
    }
    DoubleElementwise.spans(
        shape,
        new double[][] {a, b},
        new int[][] {stridesA, stridesB},
        y,
        (x, to, first, end) -> {
          int rest = pairs(f, x[0], x[1], to, first, end);
          DoubleElementwise.pairs(f, x[0], x[1], to, rest, end);
        });
  }

  private static int pairs(Binary f, double[] a, double[] b, double[] y, int first, int end) {
    return switch (f) {
      case GATE -> gate(a, b, y, first, end);
      case GREATER -> greater(a, b, y, first, end);
      case GREATER_EQUAL -> greaterEqual(a, b, y, first, end);
      case LESS -> greater(b, a, y, first, end);
      case LESS_EQUAL -> greaterEqual(b, a, y, first, end);
      case EQUAL -> equal(a, b, y, first, end);
      case NOT_EQUAL -> notEqual(a, b, y, first, end);
      default -> first;
    };
  }

  private static int gate(double[] a, double[] b, double[] y, int first, int end) {
    DoubleVector zero = DoubleVector.zero(SPECIES);
    int i = first;
    for (; i <= end - LANES; i += LANES) {
      DoubleVector.fromArray(SPECIES, b, i)
          .blend(zero, DoubleVector.fromArray(SPECIES, a, i).compare(VectorOperators.LE, zero))
          .intoArray(y, i);
    }
    return i;
  }

  private static int greater(double[] a, double[] b, double[] y, int first, int end) {
    DoubleVector zero = DoubleVector.zero(SPECIES);
    DoubleVector one = zero.add(1);
    int i = first;
    for (; i <= end - LANES; i += LANES) {
      zero.blend(
              one,
              DoubleVector.fromArray(SPECIES, a, i)
                  .compare(VectorOperators.GT, DoubleVector.fromArray(SPECIES, b, i)))
          .intoArray(y, i);
    }
    return i;
  }

  private static int greaterEqual(double[] a, double[] b, double[] y, int first, int end) {
    DoubleVector zero = DoubleVector.zero(SPECIES);
    DoubleVector one = zero.add(1);
    int i = first;
    for (; i <= end - LANES; i += LANES) {
      zero.blend(
              one,
              DoubleVector.fromArray(SPECIES, a, i)
                  .compare(VectorOperators.GE, DoubleVector.fromArray(SPECIES, b, i)))
          .intoArray(y, i);
    }
    return i;
  }

  private static int equal(double[] a, double[] b, double[] y, int first, int end) {
    DoubleVector zero = DoubleVector.zero(SPECIES);
    DoubleVector one = zero.add(1);
    int i = first;
    for (; i <= end - LANES; i += LANES) {
      zero.blend(
              one,
              DoubleVector.fromArray(SPECIES, a, i)
                  .compare(VectorOperators.EQ, DoubleVector.fromArray(SPECIES, b, i)))
          .intoArray(y, i);
    }
    return i;
  }

  private static int notEqual(double[] a, double[] b, double[] y, int first, int end) {
    DoubleVector zero = DoubleVector.zero(SPECIES);
    DoubleVector one = zero.add(1);
    int i = first;
    for (; i <= end - LANES; i += LANES) {
      zero.blend(
              one,
              DoubleVector.fromArray(SPECIES, a, i)
                  .compare(VectorOperators.NE, DoubleVector.fromArray(SPECIES, b, i)))
          .intoArray(y, i);
    }
    return i;
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
    DoubleElementwise.spans(
        shape,
        new double[][] {mask, a, b},
        new int[][] {stridesMask, stridesA, stridesB},
        y,
        (x, to, first, end) -> {
          int rest = choose(x[0], x[1], x[2], to, first, end);
          DoubleElementwise.choose(x[0], x[1], x[2], to, rest, end);
        });
  }

  private static int choose(double[] mask, double[] a, double[] b, double[] y, int first, int end) {
    DoubleVector zero = DoubleVector.zero(SPECIES);
    int i = first;
    for (; i <= end - LANES; i += LANES) {
      DoubleVector.fromArray(SPECIES, a, i)
          .blend(
              DoubleVector.fromArray(SPECIES, b, i),
              DoubleVector.fromArray(SPECIES, mask, i).compare(VectorOperators.EQ, zero))
          .intoArray(y, i);
    }
    return i;
  }

  /** Whether it is one of the functions that are computed here. */
  static boolean has(Unary f) {
    return f == Unary.SIGN || f == Unary.LEAKY_RELU;
  }

  /** As {@link Kernels#unary}. */
  static void unary(Unary f, /*wide*/ double c, double[] x, double[] y) {
    Parallel.ranges(
        y.length,
        f.cost,
        (first, end) -> {
          boolean simple = c != 0 && DoubleUnary.fits(c);
          int rest = simple || f == Unary.SIGN ? each(f, (double) c, x, y, first, end) : first;
          DoubleUnary.unary(f, c, x, y, rest, end);
        });
  }

  private static int each(Unary f, double c, double[] x, double[] y, int first, int end) {
    return switch (f) {
      case SIGN -> sign(x, y, first, end);
      case LEAKY_RELU -> leakyRelu(c, x, y, first, end);
      default -> first;
    };
  }

  private static int sign(double[] x, double[] y, int first, int end) {
    DoubleVector zero = DoubleVector.zero(SPECIES);
    DoubleVector one = zero.add(1);
    int i = first;
    for (; i <= end - LANES; i += LANES) {
      DoubleVector v = DoubleVector.fromArray(SPECIES, x, i);
      v.blend(one, v.compare(VectorOperators.GT, zero))
          .blend(one.neg(), v.compare(VectorOperators.LT, zero))
          .intoArray(y, i);
    }
    return i;
  }

  private static int leakyRelu(double c, double[] x, double[] y, int first, int end) {
    DoubleVector zero = DoubleVector.zero(SPECIES);
    int i = first;
    for (; i <= end - LANES; i += LANES) {
      DoubleVector v = DoubleVector.fromArray(SPECIES, x, i);
      v.mul(c).blend(v, v.compare(VectorOperators.GT, zero)).intoArray(y, i);
    }
    return i;
  }
}
