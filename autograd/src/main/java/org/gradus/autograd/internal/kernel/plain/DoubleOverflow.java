package org.gradus.autograd.internal.kernel.plain;

import java.util.function.BiConsumer;
import org.gradus.autograd.internal.kernel.Kernels;
import org.gradus.autograd.internal.kernel.MatmulSizes;
import org.gradus.autograd.internal.parallel.Parallel;

/**
 * Sums that leave the range of the element type on the way to a result that does not. What is not
 * finite is computed again from smaller numbers, and stays as it is if that is what it is.
 */
@SuppressWarnings("cast") // (double) is needed in the float twin, where it reads (float)
public final class DoubleOverflow {
  /** What numbers are divided by: a power of two, larger than numbers that an array may hold. */
  private static final /*wide*/ double LARGE = 0x1p64;

  /** What is no larger, divided, was the largest number before it was rounded. */
  private static final /*wide*/ double LARGEST = Double.MAX_VALUE / LARGE * (1 + 0x1p-48);

  /** Whether sums that are added up in double cannot overflow, which is so in the float twin. */
  private static final boolean NARROW = Double.MAX_EXPONENT < 200;

  /** Products that are added up in order. */
  private static final int LEAF = 512;

  private DoubleOverflow() {}

  /**
   * Has y computed by a function that is linear in x, and again where that overflows.
   *
   * @param wide whether it adds up in double
   * @param y all 0 at first, if the function adds to it
   */
  static void linear(boolean wide, double[] x, double[] y, BiConsumer<double[], double[]> f) {
    f.accept(x, y);
    if ((wide && NARROW) || DoubleConvolutionByDefinition.areFinite(y, 0, y.length)) {
      return;
    }
    double[] small = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      small[i] = (double) (x[i] / LARGE);
    }
    double[] z = new double[y.length];
    f.accept(small, z);
    for (int i = 0; i < y.length; i++) {
      if (!Double.isFinite(y[i])) {
        boolean rounded = Math.abs(z[i]) <= LARGEST && Math.abs(z[i]) > Double.MAX_VALUE / LARGE;
        y[i] = rounded ? Math.copySign(Double.MAX_VALUE, z[i]) : (double) (z[i] * LARGE);
      }
    }
  }

  /** Computes elements of {@link Kernels#matmul} again that are not finite. */
  public static void products(MatmulSizes s, double[] a, double[] b, double[] c) {
    if (DoubleConvolutionByDefinition.areFinite(c, 0, c.length)) {
      return;
    }
    int plane = s.m() * s.n();
    double[] rows = nonFinite(s.m(), s.k(), a, s.offsetsA(), s.downA(), s.acrossA());
    double[] columns = nonFinite(s.n(), s.k(), b, s.offsetsB(), s.acrossB(), s.downB());
    Parallel.ranges(
        c.length,
        s.k(),
        (from, end) ->
            DoubleConvolutionByDefinition.mend(
                c,
                from,
                end - from,
                (at, scale) -> {
                  int i = at / plane;
                  int column = at % s.n();
                  double most = rows[at / s.n()] + columns[i * s.n() + column];
                  if (Double.isNaN(most) || (most > Double.MAX_VALUE && !Double.isNaN(c[at]))) {
                    return c[at]; // what the factors have, and not an overflow
                  }
                  int startA = s.offsetsA()[i] + at / s.n() % s.m() * s.downA();
                  int startB = s.offsetsB()[i] + column * s.acrossB();
                  return dot(s.k(), a, startA, s.acrossA(), b, startB, s.downB(), scale);
                }));
  }

  /**
   * Of each of n lines of k elements, in each matrix: NaN or infinity, if it has that, or else 0.
   */
  private static double[] nonFinite(int n, int k, double[] x, int[] offsets, int pitch, int step) {
    double[] found = new double[offsets.length * n];
    Parallel.ranges(
        found.length,
        k,
        (from, end) -> {
          for (int line = from; line < end; line++) {
            int start = offsets[line / n] + line % n * pitch;
            for (int i = 0; i < k; i++) {
              double value = Math.abs(x[start + i * step]);
              found[line] += value <= Double.MAX_VALUE ? 0 : value;
            }
          }
        });
    return found;
  }

  /** The sum of k products, as a tree. */
  private static /*wide*/ double dot(
      int k,
      double[] a,
      int startA,
      int stepA,
      double[] b,
      int startB,
      int stepB,
      /*wide*/ double scale) {
    if (k > LEAF) {
      int half = DoubleSums.half(k, LEAF);
      /*wide*/ double first = dot(half, a, startA, stepA, b, startB, stepB, scale);
      return DoubleConvolutionByDefinition.isNaN(first) // nothing changes NaN
          ? first
          : first
              + dot(
                  k - half,
                  a,
                  startA + half * stepA,
                  stepA,
                  b,
                  startB + half * stepB,
                  stepB,
                  scale);
    }
    /*wide*/ double total = 0;
    for (int i = 0; i < k; i++) {
      total +=
          DoubleConvolutionByDefinition.scaled(a[startA + i * stepA], scale)
              * DoubleConvolutionByDefinition.scaled(b[startB + i * stepB], scale);
    }
    return total;
  }
}
