package org.gradus.autograd.internal.kernel.vector;

import static org.gradus.autograd.internal.kernel.vector.DoubleTiles.LANES;
import static org.gradus.autograd.internal.number.Integers.ceilDiv;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;
import org.gradus.autograd.internal.kernel.MatmulSizes;
import org.gradus.autograd.internal.parallel.Parallel;

/**
 * Matrix products in which each element of the right factor meets one row, or has a depth of 1: it
 * is read where it lies, since to pack it would take longer than the product. Such are the products
 * of a linear layer and a single example: forward, in the input and in the weights.
 *
 * <p>Where the last vector would reach too far, it begins earlier, and some elements are computed
 * twice, each time in the same order.
 */
@SuppressWarnings("cast") // (double) is needed in the float twin, where it reads (float)
final class DoubleRowMatmul {
  private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;

  /** Rows of the right factor, transposed, or vectors of its columns that are summed up at once. */
  private static final int TOGETHER = 4;

  /** The most elements that one lane adds up in order. */
  private static final int IN_ORDER = 256;

  /** Elements of the right factor from which on its columns are better packed. */
  private static final int PACKED = 1 << 16;

  private DoubleRowMatmul() {}

  /** Whether this is a product for this class, and not too small or too deep for it. */
  static boolean suits(MatmulSizes s) {
    if (s.m() > 1) {
      return s.k() == 1 && s.n() >= LANES;
    }
    return s.m() == 1
        && (s.transposeB()
            ? s.n() >= TOGETHER && s.k() >= LANES && s.k() <= IN_ORDER * LANES
            : s.n() >= LANES && s.k() <= IN_ORDER && (long) s.n() * s.k() < PACKED);
  }

  /** As {@code Kernels.matmul}; an element that is not finite may be wrong. */
  static void matmul(MatmulSizes s, double[] a, double[] b, double[] c) {
    if (s.m() > 1) {
      Parallel.ranges(s.batch() * s.m(), s.n(), (from, to) -> outer(s, from, to, a, b, c));
    } else if (s.transposeB()) {
      int groups = ceilDiv(s.n(), TOGETHER);
      Parallel.ranges(
          s.batch() * groups,
          (long) TOGETHER * s.k(),
          (from, to) -> dots(s, groups, from, to, a, b, c));
    } else {
      Parallel.ranges(s.batch(), (long) s.n() * s.k(), (from, to) -> columns(s, from, to, a, b, c));
    }
  }

  // ---- a row times a transposed matrix: products with its rows ---------------------------------

  private static void dots(
      MatmulSizes s, int groups, int from, int to, double[] a, double[] b, double[] c) {
    double[] lanes = new double[TOGETHER * LANES];
    double[] rest = new double[LANES]; // the end of a's row, behind zeros
    for (int group = from; group < to; group++) {
      int i = group / groups;
      int startA = s.offsetsA()[i];
      if (group == from || group % groups == 0) {
        System.arraycopy(
            a, startA + s.k() / LANES * LANES, rest, LANES - s.k() % LANES, s.k() % LANES);
      }
      int first = Math.min(group % groups * TOGETHER, s.n() - TOGETHER);
      dots(s.k(), a, startA, rest, b, s.offsetsB()[i] + first * s.k(), lanes);
      for (int row = 0; row < TOGETHER; row++) {
        /*wide*/ double total = 0;
        for (int lane = row * LANES; lane < (row + 1) * LANES; lane++) {
          total += lanes[lane];
        }
        c[i * s.n() + first + row] = (double) total;
      }
    }
  }

  /** Vectors whose lanes add up to the products of k elements of a with each of 4 rows of b. */
  private static void dots(
      int k, double[] a, int startA, double[] rest, double[] b, int startB, double[] lanes) {
    DoubleVector c0 = DoubleVector.zero(SPECIES);
    DoubleVector c1 = c0;
    DoubleVector c2 = c0;
    DoubleVector c3 = c0;
    int at = startB;
    int whole = k / LANES * LANES;
    for (int p = 0; p < whole; p += LANES) {
      DoubleVector x = DoubleVector.fromArray(SPECIES, a, startA + p);
      c0 = x.fma(DoubleVector.fromArray(SPECIES, b, at), c0);
      c1 = x.fma(DoubleVector.fromArray(SPECIES, b, at + k), c1);
      c2 = x.fma(DoubleVector.fromArray(SPECIES, b, at + 2 * k), c2);
      c3 = x.fma(DoubleVector.fromArray(SPECIES, b, at + 3 * k), c3);
      at += LANES;
    }
    if (whole < k) {
      DoubleVector x = DoubleVector.fromArray(SPECIES, rest, 0);
      at = startB + k - LANES;
      c0 = x.fma(DoubleVector.fromArray(SPECIES, b, at), c0);
      c1 = x.fma(DoubleVector.fromArray(SPECIES, b, at + k), c1);
      c2 = x.fma(DoubleVector.fromArray(SPECIES, b, at + 2 * k), c2);
      c3 = x.fma(DoubleVector.fromArray(SPECIES, b, at + 3 * k), c3);
    }
    c0.intoArray(lanes, 0);
    c1.intoArray(lanes, LANES);
    c2.intoArray(lanes, 2 * LANES);
    c3.intoArray(lanes, 3 * LANES);
  }

  // ---- a row times a matrix: sums down its columns ---------------------------------------------

  private static void columns(MatmulSizes s, int from, int to, double[] a, double[] b, double[] c) {
    int width = s.n() < TOGETHER * LANES ? LANES : TOGETHER * LANES;
    for (int i = from; i < to; i++) {
      for (int j = 0; j < s.n(); j += width) {
        int column = Math.min(j, s.n() - width);
        int startB = s.offsetsB()[i] + column;
        int place = i * s.n() + column;
        if (width == LANES) {
          vector(s.k(), a, s.offsetsA()[i], b, startB, s.n(), c, place);
        } else {
          vectors(s.k(), a, s.offsetsA()[i], b, startB, s.n(), c, place);
        }
      }
    }
  }

  /** One vector of sums over k rows of b. */
  private static void vector(
      int k, double[] a, int startA, double[] b, int startB, int n, double[] c, int to) {
    DoubleVector sum = DoubleVector.zero(SPECIES);
    int at = startB;
    for (int p = startA; p < startA + k; p++) {
      sum = DoubleVector.fromArray(SPECIES, b, at).fma(DoubleVector.broadcast(SPECIES, a[p]), sum);
      at += n;
    }
    sum.intoArray(c, to);
  }

  /** Four vectors of sums over k rows of b. */
  private static void vectors(
      int k, double[] a, int startA, double[] b, int startB, int n, double[] c, int to) {
    DoubleVector c0 = DoubleVector.zero(SPECIES);
    DoubleVector c1 = c0;
    DoubleVector c2 = c0;
    DoubleVector c3 = c0;
    int at = startB;
    for (int p = startA; p < startA + k; p++) {
      DoubleVector x = DoubleVector.broadcast(SPECIES, a[p]);
      c0 = x.fma(DoubleVector.fromArray(SPECIES, b, at), c0);
      c1 = x.fma(DoubleVector.fromArray(SPECIES, b, at + LANES), c1);
      c2 = x.fma(DoubleVector.fromArray(SPECIES, b, at + 2 * LANES), c2);
      c3 = x.fma(DoubleVector.fromArray(SPECIES, b, at + 3 * LANES), c3);
      at += n;
    }
    c0.intoArray(c, to);
    c1.intoArray(c, to + LANES);
    c2.intoArray(c, to + 2 * LANES);
    c3.intoArray(c, to + 3 * LANES);
  }

  // ---- a column times a row --------------------------------------------------------------------

  private static void outer(MatmulSizes s, int from, int to, double[] a, double[] b, double[] c) {
    for (int row = from; row < to; row++) {
      int i = row / s.m();
      double x = a[s.offsetsA()[i] + row % s.m()];
      times(x, s.n(), b, s.offsetsB()[i], c, row * s.n());
    }
  }

  /** x times n elements of b. */
  private static void times(double x, int n, double[] b, int startB, double[] c, int to) {
    DoubleVector factor = DoubleVector.broadcast(SPECIES, x);
    DoubleVector zero = DoubleVector.zero(SPECIES); // a sum that begins with 0 is never -0
    for (int j = 0; j < n; j += LANES) {
      int at = Math.min(j, n - LANES);
      factor.fma(DoubleVector.fromArray(SPECIES, b, startB + at), zero).intoArray(c, to + at);
    }
  }
}
