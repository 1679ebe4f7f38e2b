package org.gradus.autograd.internal.kernel.vector;

import static org.gradus.autograd.internal.kernel.vector.DoubleTiles.LANES;
import static org.gradus.autograd.internal.number.Integers.ceilDiv;

import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;
import org.gradus.autograd.internal.kernel.MatmulSizes;
import org.gradus.autograd.internal.parallel.DoubleMemory;
import org.gradus.autograd.internal.parallel.Parallel;

/**
 * Matrix products in which each element of the right factor meets few rows, or has a depth of 1: it
 * is read where it lies, since to pack it would take longer than the product. Such are the products
 * of a linear layer and a single example in the input and in the weights. The order of sums is that
 * of tiles.
 */
@SuppressWarnings("cast") // (double) is needed in the float twin, where it reads (float)
final class DoubleRowMatmul {
  private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;

  /** The most rows. */
  private static final int ROWS = 3;

  /** Vectors of columns, or rows of the right factor transposed, that are summed up at once. */
  private static final int TOGETHER = 4;

  /** Columns that are summed up in memory: with eight rows of them, they stay in the cache. */
  private static final int COLUMNS = 512;

  /** Rows of the right factor that are added to them in one go. */
  private static final int DEEP = 8;

  /** Elements of the right factor up to which columns are summed up in registers. */
  private static final int SMALL = 1 << 14;

  private DoubleRowMatmul() {}

  /** Whether this is a product for this class. */
  static boolean suits(MatmulSizes s) {
    return s.m() <= ROWS || (s.k() == 1 && s.n() >= LANES);
  }

  /** Writes the products over a part of the depth, or adds them. */
  static void block(
      MatmulSizes s, int start, int depth, boolean add, double[] a, double[] b, double[] c) {
    if (s.k() == 1 && s.n() >= LANES) {
      Parallel.ranges(s.batch() * s.m(), s.n(), (from, to) -> outer(s, from, to, a, b, c));
    } else if (s.transposeB()) {
      Parallel.ranges(
          s.batch() * s.n(),
          2L * s.m() * depth,
          (from, to) -> rows(s, start, depth, add, from, to, a, b, c));
    } else if (!add && depth == s.k() && s.n() >= LANES && (long) s.n() * depth <= SMALL) {
      Parallel.ranges(
          s.batch(),
          (long) s.m() * s.n() * depth / LANES,
          (from, to) -> columns(s, from, to, a, b, c));
    } else {
      int parts = ceilDiv(s.n(), COLUMNS);
      Parallel.each(
          s.batch() * parts,
          (long) s.m() * Math.min(s.n(), COLUMNS) * depth / TOGETHER,
          () -> new DoubleMemory(COLUMNS),
          (memory, task) ->
              sums(s, start, depth, add, task / parts, task % parts * COLUMNS, a, b, c, memory));
    }
  }

  // ---- rows times a transposed matrix: sums along its rows -------------------------------------

  private static void rows(
      MatmulSizes s,
      int start,
      int depth,
      boolean add,
      int from,
      int to,
      double[] a,
      double[] b,
      double[] c) {
    for (int at = from; at < to; at++) {
      int i = at / s.n();
      int column = at % s.n();
      int atB = s.offsetsB()[i] + column * s.acrossB() + start;
      for (int row = 0; row < s.m(); row++) {
        int atA = s.offsetsA()[i] + row * s.downA() + start * s.acrossA();
        double sum = dot(depth, a, atA, s.acrossA(), b, atB);
        int place = (i * s.m() + row) * s.n() + column;
        c[place] = add ? sum + c[place] : sum;
      }
    }
  }

  private static double dot(int k, double[] a, int atA, int step, double[] b, int atB) {
    double sum = 0;
    for (int p = 0; p < k; p++) {
      sum = Math.fma(a[atA + p * step], b[atB + p], sum);
    }
    return sum;
  }

  // ---- rows times a small matrix: sums down its columns, in registers --------------------------

  /** Where the last vectors would reach too far, they begin earlier: the same sums, twice. */
  private static void columns(MatmulSizes s, int from, int to, double[] a, double[] b, double[] c) {
    int width = s.n() < TOGETHER * LANES ? LANES : TOGETHER * LANES;
    for (int at = from * s.m(); at < to * s.m(); at++) {
      int i = at / s.m();
      int atA = s.offsetsA()[i] + at % s.m() * s.downA();
      for (int j = 0; j < s.n(); j += width) {
        int column = Math.min(j, s.n() - width);
        int atB = s.offsetsB()[i] + column;
        int place = at * s.n() + column;
        if (width == LANES) {
          vector(s.k(), a, atA, s.acrossA(), b, atB, s.n(), c, place);
        } else {
          vectors(s.k(), a, atA, s.acrossA(), b, atB, s.n(), c, place);
        }
      }
    }
  }

  /** One vector of sums over k rows of b. */
  private static void vector(
      int k, double[] a, int atA, int step, double[] b, int atB, int n, double[] c, int to) {
    DoubleVector sum = DoubleVector.zero(SPECIES);
    int at = atB;
    for (int p = 0; p < k; p++) {
      DoubleVector x = DoubleVector.broadcast(SPECIES, a[atA + p * step]);
      sum = DoubleVector.fromArray(SPECIES, b, at).fma(x, sum);
      at += n;
    }
    sum.intoArray(c, to);
  }

  /** Four vectors of sums over k rows of b. */
  private static void vectors(
      int k, double[] a, int atA, int step, double[] b, int atB, int n, double[] c, int to) {
    DoubleVector c0 = DoubleVector.zero(SPECIES);
    DoubleVector c1 = c0;
    DoubleVector c2 = c0;
    DoubleVector c3 = c0;
    int at = atB;
    for (int p = 0; p < k; p++) {
      DoubleVector x = DoubleVector.broadcast(SPECIES, a[atA + p * step]);
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

  // ---- rows times a large matrix: sums down its columns, in memory -----------------------------

  private static void sums(
      MatmulSizes s,
      int start,
      int depth,
      boolean add,
      int i,
      int column,
      double[] a,
      double[] b,
      double[] c,
      DoubleMemory memory) {
    int n = Math.min(COLUMNS, s.n() - column);
    int atB = s.offsetsB()[i] + start * s.n() + column;
    for (int row = 0; row < s.m(); row++) { // the later ones find b in the second-level cache
      int to = (i * s.m() + row) * s.n() + column;
      double[] y = add ? memory.array(0) : c;
      int place = add ? 0 : to;
      int atA = s.offsetsA()[i] + row * s.downA() + start * s.acrossA();
      Arrays.fill(y, place, place + n, 0);
      int p = 0;
      for (; p <= depth - DEEP; p += DEEP) {
        addRows(n, a, atA + p * s.acrossA(), s.acrossA(), b, atB + p * s.n(), s.n(), y, place);
      }
      for (; p < depth; p++) {
        addRow(n, a[atA + p * s.acrossA()], b, atB + p * s.n(), y, place);
      }
      for (int j = 0; add && j < n; j++) {
        c[to + j] = y[j] + c[to + j];
      }
    }
  }

  /** Adds n elements of eight rows of b, one row after the other, each times an element of a. */
  private static void addRows(
      int n, double[] a, int atA, int step, double[] b, int atB, int stride, double[] y, int to) {
    DoubleVector x0 = DoubleVector.broadcast(SPECIES, a[atA]);
    DoubleVector x1 = DoubleVector.broadcast(SPECIES, a[atA + step]);
    DoubleVector x2 = DoubleVector.broadcast(SPECIES, a[atA + 2 * step]);
    DoubleVector x3 = DoubleVector.broadcast(SPECIES, a[atA + 3 * step]);
    DoubleVector x4 = DoubleVector.broadcast(SPECIES, a[atA + 4 * step]);
    DoubleVector x5 = DoubleVector.broadcast(SPECIES, a[atA + 5 * step]);
    DoubleVector x6 = DoubleVector.broadcast(SPECIES, a[atA + 6 * step]);
    DoubleVector x7 = DoubleVector.broadcast(SPECIES, a[atA + 7 * step]);
    int b1 = atB + stride;
    int b2 = b1 + stride;
    int b3 = b2 + stride;
    int b4 = b3 + stride;
    int b5 = b4 + stride;
    int b6 = b5 + stride;
    int b7 = b6 + stride;
    int j = 0;
    for (; j <= n - LANES; j += LANES) {
      DoubleVector sum = DoubleVector.fromArray(SPECIES, y, to + j);
      sum = x0.fma(DoubleVector.fromArray(SPECIES, b, atB + j), sum);
      sum = x1.fma(DoubleVector.fromArray(SPECIES, b, b1 + j), sum);
      sum = x2.fma(DoubleVector.fromArray(SPECIES, b, b2 + j), sum);
      sum = x3.fma(DoubleVector.fromArray(SPECIES, b, b3 + j), sum);
      sum = x4.fma(DoubleVector.fromArray(SPECIES, b, b4 + j), sum);
      sum = x5.fma(DoubleVector.fromArray(SPECIES, b, b5 + j), sum);
      sum = x6.fma(DoubleVector.fromArray(SPECIES, b, b6 + j), sum);
      x7.fma(DoubleVector.fromArray(SPECIES, b, b7 + j), sum).intoArray(y, to + j);
    }
    for (; j < n; j++) {
      double sum = y[to + j];
      for (int r = 0; r < DEEP; r++) {
        sum = Math.fma(a[atA + r * step], b[atB + r * stride + j], sum);
      }
      y[to + j] = sum;
    }
  }

  /** Adds n elements of a row, times x. */
  private static void addRow(int n, double x, double[] b, int atB, double[] y, int to) {
    DoubleVector factor = DoubleVector.broadcast(SPECIES, x);
    int j = 0;
    for (; j <= n - LANES; j += LANES) {
      factor
          .fma(
              DoubleVector.fromArray(SPECIES, b, atB + j),
              DoubleVector.fromArray(SPECIES, y, to + j))
          .intoArray(y, to + j);
    }
    for (; j < n; j++) {
      y[to + j] = Math.fma(x, b[atB + j], y[to + j]);
    }
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
