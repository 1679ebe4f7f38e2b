package org.gradus.autograd.internal.kernel.vector;

import static org.gradus.autograd.internal.kernel.vector.DoubleTiles.COLUMNS;
import static org.gradus.autograd.internal.kernel.vector.DoubleTiles.LANES;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The innermost loops of {@link DoublePixelDense}: the sums of some pixels and outputs, over up to
 * three rows of their windows. Each row has a loop of its own, for in nested loops the JIT would
 * not keep sums in registers; and all rows are in one method, so that sums stay there between them.
 */
final class DoublePixelTiles {
  private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;

  /**
   * Whether there are registers for 16 sums, two weights and a number: vectors of 512 bits come
   * with 32 registers, others may come with 16.
   */
  private static final boolean MANY = SPECIES.vectorBitSize() == 512;

  private DoublePixelTiles() {}

  /**
   * Adds to the sums of 8 pixels and two vectors of outputs, or of 4 if no more are wanted; the
   * parameters are those of {@link #eightByTwo}.
   *
   * @param left pixels from {@code p} on that are wanted
   * @return how many pixels were computed
   */
  static int wide(
      int left,
      int rows,
      int run,
      int down,
      double[] x,
      int[] a,
      int p,
      int place,
      double[] w,
      int at,
      double[] from,
      int[] f,
      int moreFrom,
      double[] y,
      int[] to,
      int more,
      double least) {
    if (MANY && left > 4) {
      eightByTwo(rows, run, down, x, a, p, place, w, at, from, f, moreFrom, y, to, more, least);
      return 8;
    }
    fourByTwo(rows, run, down, x, a, p, place, w, at, from, f, moreFrom, y, to, more, least);
    return 4;
  }

  /**
   * The sums of 8 pixels and a panel of two vectors of outputs: of what they were, and the products
   * of some rows of their windows.
   *
   * @param rows of the windows, 1 to 3, {@code down} from one to the next in x
   * @param run numbers of each row
   * @param a where windows begin in x, from {@code p} on, and {@code place} behind that
   * @param w a panel [rows, run, COLUMNS], from {@code at} on
   * @param from the sums until now: those of each pixel at {@code f}, and {@code moreFrom} behind
   * @param to where the sums of each pixel are written in y, and {@code more} behind that
   * @param least what smaller sums are replaced by
   */
  static void eightByTwo(
      int rows,
      int run,
      int down,
      double[] x,
      int[] a,
      int p,
      int place,
      double[] w,
      int at,
      double[] from,
      int[] f,
      int moreFrom,
      double[] y,
      int[] to,
      int more,
      double least) {
    DoubleVector c00 = DoubleVector.zero(SPECIES);
    DoubleVector c01 = c00;
    DoubleVector c10 = c00;
    DoubleVector c11 = c00;
    DoubleVector c20 = c00;
    DoubleVector c21 = c00;
    DoubleVector c30 = c00;
    DoubleVector c31 = c00;
    DoubleVector c40 = c00;
    DoubleVector c41 = c00;
    DoubleVector c50 = c00;
    DoubleVector c51 = c00;
    DoubleVector c60 = c00;
    DoubleVector c61 = c00;
    DoubleVector c70 = c00;
    DoubleVector c71 = c00;
    int a1 = a[p + 1] - a[p];
    int a2 = a[p + 2] - a[p];
    int a3 = a[p + 3] - a[p];
    int a4 = a[p + 4] - a[p];
    int a5 = a[p + 5] - a[p];
    int a6 = a[p + 6] - a[p];
    int a7 = a[p + 7] - a[p];
    int atW = at;
    int start = a[p] + place;
    int end = start + run;
    for (int i = start; i < end; i++) {
      DoubleVector w0 = DoubleVector.fromArray(SPECIES, w, atW);
      DoubleVector w1 = DoubleVector.fromArray(SPECIES, w, atW + LANES);
      DoubleVector x0 = DoubleVector.broadcast(SPECIES, x[i]);
      c00 = x0.fma(w0, c00);
      c01 = x0.fma(w1, c01);
      DoubleVector x1 = DoubleVector.broadcast(SPECIES, x[i + a1]);
      c10 = x1.fma(w0, c10);
      c11 = x1.fma(w1, c11);
      DoubleVector x2 = DoubleVector.broadcast(SPECIES, x[i + a2]);
      c20 = x2.fma(w0, c20);
      c21 = x2.fma(w1, c21);
      DoubleVector x3 = DoubleVector.broadcast(SPECIES, x[i + a3]);
      c30 = x3.fma(w0, c30);
      c31 = x3.fma(w1, c31);
      DoubleVector x4 = DoubleVector.broadcast(SPECIES, x[i + a4]);
      c40 = x4.fma(w0, c40);
      c41 = x4.fma(w1, c41);
      DoubleVector x5 = DoubleVector.broadcast(SPECIES, x[i + a5]);
      c50 = x5.fma(w0, c50);
      c51 = x5.fma(w1, c51);
      DoubleVector x6 = DoubleVector.broadcast(SPECIES, x[i + a6]);
      c60 = x6.fma(w0, c60);
      c61 = x6.fma(w1, c61);
      DoubleVector x7 = DoubleVector.broadcast(SPECIES, x[i + a7]);
      c70 = x7.fma(w0, c70);
      c71 = x7.fma(w1, c71);
      atW += COLUMNS;
    }
    start += down;
    end = rows > 1 ? start + run : start;
    for (int i = start; i < end; i++) {
      DoubleVector w0 = DoubleVector.fromArray(SPECIES, w, atW);
      DoubleVector w1 = DoubleVector.fromArray(SPECIES, w, atW + LANES);
      DoubleVector x0 = DoubleVector.broadcast(SPECIES, x[i]);
      c00 = x0.fma(w0, c00);
      c01 = x0.fma(w1, c01);
      DoubleVector x1 = DoubleVector.broadcast(SPECIES, x[i + a1]);
      c10 = x1.fma(w0, c10);
      c11 = x1.fma(w1, c11);
      DoubleVector x2 = DoubleVector.broadcast(SPECIES, x[i + a2]);
      c20 = x2.fma(w0, c20);
      c21 = x2.fma(w1, c21);
      DoubleVector x3 = DoubleVector.broadcast(SPECIES, x[i + a3]);
      c30 = x3.fma(w0, c30);
      c31 = x3.fma(w1, c31);
      DoubleVector x4 = DoubleVector.broadcast(SPECIES, x[i + a4]);
      c40 = x4.fma(w0, c40);
      c41 = x4.fma(w1, c41);
      DoubleVector x5 = DoubleVector.broadcast(SPECIES, x[i + a5]);
      c50 = x5.fma(w0, c50);
      c51 = x5.fma(w1, c51);
      DoubleVector x6 = DoubleVector.broadcast(SPECIES, x[i + a6]);
      c60 = x6.fma(w0, c60);
      c61 = x6.fma(w1, c61);
      DoubleVector x7 = DoubleVector.broadcast(SPECIES, x[i + a7]);
      c70 = x7.fma(w0, c70);
      c71 = x7.fma(w1, c71);
      atW += COLUMNS;
    }
    start += down;
    end = rows > 2 ? start + run : start;
    for (int i = start; i < end; i++) {
      DoubleVector w0 = DoubleVector.fromArray(SPECIES, w, atW);
      DoubleVector w1 = DoubleVector.fromArray(SPECIES, w, atW + LANES);
      DoubleVector x0 = DoubleVector.broadcast(SPECIES, x[i]);
      c00 = x0.fma(w0, c00);
      c01 = x0.fma(w1, c01);
      DoubleVector x1 = DoubleVector.broadcast(SPECIES, x[i + a1]);
      c10 = x1.fma(w0, c10);
      c11 = x1.fma(w1, c11);
      DoubleVector x2 = DoubleVector.broadcast(SPECIES, x[i + a2]);
      c20 = x2.fma(w0, c20);
      c21 = x2.fma(w1, c21);
      DoubleVector x3 = DoubleVector.broadcast(SPECIES, x[i + a3]);
      c30 = x3.fma(w0, c30);
      c31 = x3.fma(w1, c31);
      DoubleVector x4 = DoubleVector.broadcast(SPECIES, x[i + a4]);
      c40 = x4.fma(w0, c40);
      c41 = x4.fma(w1, c41);
      DoubleVector x5 = DoubleVector.broadcast(SPECIES, x[i + a5]);
      c50 = x5.fma(w0, c50);
      c51 = x5.fma(w1, c51);
      DoubleVector x6 = DoubleVector.broadcast(SPECIES, x[i + a6]);
      c60 = x6.fma(w0, c60);
      c61 = x6.fma(w1, c61);
      DoubleVector x7 = DoubleVector.broadcast(SPECIES, x[i + a7]);
      c70 = x7.fma(w0, c70);
      c71 = x7.fma(w1, c71);
      atW += COLUMNS;
    }
    c00 = DoubleVector.fromArray(SPECIES, from, f[p] + moreFrom).add(c00);
    c00 = c00.blend(least, c00.compare(VectorOperators.LT, least));
    c01 = DoubleVector.fromArray(SPECIES, from, f[p] + moreFrom + LANES).add(c01);
    c01 = c01.blend(least, c01.compare(VectorOperators.LT, least));
    c10 = DoubleVector.fromArray(SPECIES, from, f[p + 1] + moreFrom).add(c10);
    c10 = c10.blend(least, c10.compare(VectorOperators.LT, least));
    c11 = DoubleVector.fromArray(SPECIES, from, f[p + 1] + moreFrom + LANES).add(c11);
    c11 = c11.blend(least, c11.compare(VectorOperators.LT, least));
    c20 = DoubleVector.fromArray(SPECIES, from, f[p + 2] + moreFrom).add(c20);
    c20 = c20.blend(least, c20.compare(VectorOperators.LT, least));
    c21 = DoubleVector.fromArray(SPECIES, from, f[p + 2] + moreFrom + LANES).add(c21);
    c21 = c21.blend(least, c21.compare(VectorOperators.LT, least));
    c30 = DoubleVector.fromArray(SPECIES, from, f[p + 3] + moreFrom).add(c30);
    c30 = c30.blend(least, c30.compare(VectorOperators.LT, least));
    c31 = DoubleVector.fromArray(SPECIES, from, f[p + 3] + moreFrom + LANES).add(c31);
    c31 = c31.blend(least, c31.compare(VectorOperators.LT, least));
    c40 = DoubleVector.fromArray(SPECIES, from, f[p + 4] + moreFrom).add(c40);
    c40 = c40.blend(least, c40.compare(VectorOperators.LT, least));
    c41 = DoubleVector.fromArray(SPECIES, from, f[p + 4] + moreFrom + LANES).add(c41);
    c41 = c41.blend(least, c41.compare(VectorOperators.LT, least));
    c50 = DoubleVector.fromArray(SPECIES, from, f[p + 5] + moreFrom).add(c50);
    c50 = c50.blend(least, c50.compare(VectorOperators.LT, least));
    c51 = DoubleVector.fromArray(SPECIES, from, f[p + 5] + moreFrom + LANES).add(c51);
    c51 = c51.blend(least, c51.compare(VectorOperators.LT, least));
    c60 = DoubleVector.fromArray(SPECIES, from, f[p + 6] + moreFrom).add(c60);
    c60 = c60.blend(least, c60.compare(VectorOperators.LT, least));
    c61 = DoubleVector.fromArray(SPECIES, from, f[p + 6] + moreFrom + LANES).add(c61);
    c61 = c61.blend(least, c61.compare(VectorOperators.LT, least));
    c70 = DoubleVector.fromArray(SPECIES, from, f[p + 7] + moreFrom).add(c70);
    c70 = c70.blend(least, c70.compare(VectorOperators.LT, least));
    c71 = DoubleVector.fromArray(SPECIES, from, f[p + 7] + moreFrom + LANES).add(c71);
    c71 = c71.blend(least, c71.compare(VectorOperators.LT, least));
    c00.intoArray(y, to[p] + more);
    c01.intoArray(y, to[p] + more + LANES);
    c10.intoArray(y, to[p + 1] + more);
    c11.intoArray(y, to[p + 1] + more + LANES);
    c20.intoArray(y, to[p + 2] + more);
    c21.intoArray(y, to[p + 2] + more + LANES);
    c30.intoArray(y, to[p + 3] + more);
    c31.intoArray(y, to[p + 3] + more + LANES);
    c40.intoArray(y, to[p + 4] + more);
    c41.intoArray(y, to[p + 4] + more + LANES);
    c50.intoArray(y, to[p + 5] + more);
    c51.intoArray(y, to[p + 5] + more + LANES);
    c60.intoArray(y, to[p + 6] + more);
    c61.intoArray(y, to[p + 6] + more + LANES);
    c70.intoArray(y, to[p + 7] + more);
    c71.intoArray(y, to[p + 7] + more + LANES);
  }

  /** As {@link #eightByTwo}, of 4 pixels. */
  static void fourByTwo(
      int rows,
      int run,
      int down,
      double[] x,
      int[] a,
      int p,
      int place,
      double[] w,
      int at,
      double[] from,
      int[] f,
      int moreFrom,
      double[] y,
      int[] to,
      int more,
      double least) {
    DoubleVector c00 = DoubleVector.zero(SPECIES);
    DoubleVector c01 = c00;
    DoubleVector c10 = c00;
    DoubleVector c11 = c00;
    DoubleVector c20 = c00;
    DoubleVector c21 = c00;
    DoubleVector c30 = c00;
    DoubleVector c31 = c00;
    int a1 = a[p + 1] - a[p];
    int a2 = a[p + 2] - a[p];
    int a3 = a[p + 3] - a[p];
    int atW = at;
    int start = a[p] + place;
    int end = start + run;
    for (int i = start; i < end; i++) {
      DoubleVector w0 = DoubleVector.fromArray(SPECIES, w, atW);
      DoubleVector w1 = DoubleVector.fromArray(SPECIES, w, atW + LANES);
      DoubleVector x0 = DoubleVector.broadcast(SPECIES, x[i]);
      c00 = x0.fma(w0, c00);
      c01 = x0.fma(w1, c01);
      DoubleVector x1 = DoubleVector.broadcast(SPECIES, x[i + a1]);
      c10 = x1.fma(w0, c10);
      c11 = x1.fma(w1, c11);
      DoubleVector x2 = DoubleVector.broadcast(SPECIES, x[i + a2]);
      c20 = x2.fma(w0, c20);
      c21 = x2.fma(w1, c21);
      DoubleVector x3 = DoubleVector.broadcast(SPECIES, x[i + a3]);
      c30 = x3.fma(w0, c30);
      c31 = x3.fma(w1, c31);
      atW += COLUMNS;
    }
    start += down;
    end = rows > 1 ? start + run : start;
    for (int i = start; i < end; i++) {
      DoubleVector w0 = DoubleVector.fromArray(SPECIES, w, atW);
      DoubleVector w1 = DoubleVector.fromArray(SPECIES, w, atW + LANES);
      DoubleVector x0 = DoubleVector.broadcast(SPECIES, x[i]);
      c00 = x0.fma(w0, c00);
      c01 = x0.fma(w1, c01);
      DoubleVector x1 = DoubleVector.broadcast(SPECIES, x[i + a1]);
      c10 = x1.fma(w0, c10);
      c11 = x1.fma(w1, c11);
      DoubleVector x2 = DoubleVector.broadcast(SPECIES, x[i + a2]);
      c20 = x2.fma(w0, c20);
      c21 = x2.fma(w1, c21);
      DoubleVector x3 = DoubleVector.broadcast(SPECIES, x[i + a3]);
      c30 = x3.fma(w0, c30);
      c31 = x3.fma(w1, c31);
      atW += COLUMNS;
    }
    start += down;
    end = rows > 2 ? start + run : start;
    for (int i = start; i < end; i++) {
      DoubleVector w0 = DoubleVector.fromArray(SPECIES, w, atW);
      DoubleVector w1 = DoubleVector.fromArray(SPECIES, w, atW + LANES);
      DoubleVector x0 = DoubleVector.broadcast(SPECIES, x[i]);
      c00 = x0.fma(w0, c00);
      c01 = x0.fma(w1, c01);
      DoubleVector x1 = DoubleVector.broadcast(SPECIES, x[i + a1]);
      c10 = x1.fma(w0, c10);
      c11 = x1.fma(w1, c11);
      DoubleVector x2 = DoubleVector.broadcast(SPECIES, x[i + a2]);
      c20 = x2.fma(w0, c20);
      c21 = x2.fma(w1, c21);
      DoubleVector x3 = DoubleVector.broadcast(SPECIES, x[i + a3]);
      c30 = x3.fma(w0, c30);
      c31 = x3.fma(w1, c31);
      atW += COLUMNS;
    }
    c00 = DoubleVector.fromArray(SPECIES, from, f[p] + moreFrom).add(c00);
    c00 = c00.blend(least, c00.compare(VectorOperators.LT, least));
    c01 = DoubleVector.fromArray(SPECIES, from, f[p] + moreFrom + LANES).add(c01);
    c01 = c01.blend(least, c01.compare(VectorOperators.LT, least));
    c10 = DoubleVector.fromArray(SPECIES, from, f[p + 1] + moreFrom).add(c10);
    c10 = c10.blend(least, c10.compare(VectorOperators.LT, least));
    c11 = DoubleVector.fromArray(SPECIES, from, f[p + 1] + moreFrom + LANES).add(c11);
    c11 = c11.blend(least, c11.compare(VectorOperators.LT, least));
    c20 = DoubleVector.fromArray(SPECIES, from, f[p + 2] + moreFrom).add(c20);
    c20 = c20.blend(least, c20.compare(VectorOperators.LT, least));
    c21 = DoubleVector.fromArray(SPECIES, from, f[p + 2] + moreFrom + LANES).add(c21);
    c21 = c21.blend(least, c21.compare(VectorOperators.LT, least));
    c30 = DoubleVector.fromArray(SPECIES, from, f[p + 3] + moreFrom).add(c30);
    c30 = c30.blend(least, c30.compare(VectorOperators.LT, least));
    c31 = DoubleVector.fromArray(SPECIES, from, f[p + 3] + moreFrom + LANES).add(c31);
    c31 = c31.blend(least, c31.compare(VectorOperators.LT, least));
    c00.intoArray(y, to[p] + more);
    c01.intoArray(y, to[p] + more + LANES);
    c10.intoArray(y, to[p + 1] + more);
    c11.intoArray(y, to[p + 1] + more + LANES);
    c20.intoArray(y, to[p + 2] + more);
    c21.intoArray(y, to[p + 2] + more + LANES);
    c30.intoArray(y, to[p + 3] + more);
    c31.intoArray(y, to[p + 3] + more + LANES);
  }

  /** As {@link #eightByTwo}, of one vector of outputs. */
  static void eightByOne(
      int rows,
      int run,
      int down,
      double[] x,
      int[] a,
      int p,
      int place,
      double[] w,
      int at,
      double[] from,
      int[] f,
      int moreFrom,
      double[] y,
      int[] to,
      int more,
      double least) {
    DoubleVector c0 = DoubleVector.zero(SPECIES);
    DoubleVector c1 = c0;
    DoubleVector c2 = c0;
    DoubleVector c3 = c0;
    DoubleVector c4 = c0;
    DoubleVector c5 = c0;
    DoubleVector c6 = c0;
    DoubleVector c7 = c0;
    int a1 = a[p + 1] - a[p];
    int a2 = a[p + 2] - a[p];
    int a3 = a[p + 3] - a[p];
    int a4 = a[p + 4] - a[p];
    int a5 = a[p + 5] - a[p];
    int a6 = a[p + 6] - a[p];
    int a7 = a[p + 7] - a[p];
    int atW = at;
    int start = a[p] + place;
    int end = start + run;
    for (int i = start; i < end; i++) {
      DoubleVector w0 = DoubleVector.fromArray(SPECIES, w, atW);
      c0 = DoubleVector.broadcast(SPECIES, x[i]).fma(w0, c0);
      c1 = DoubleVector.broadcast(SPECIES, x[i + a1]).fma(w0, c1);
      c2 = DoubleVector.broadcast(SPECIES, x[i + a2]).fma(w0, c2);
      c3 = DoubleVector.broadcast(SPECIES, x[i + a3]).fma(w0, c3);
      c4 = DoubleVector.broadcast(SPECIES, x[i + a4]).fma(w0, c4);
      c5 = DoubleVector.broadcast(SPECIES, x[i + a5]).fma(w0, c5);
      c6 = DoubleVector.broadcast(SPECIES, x[i + a6]).fma(w0, c6);
      c7 = DoubleVector.broadcast(SPECIES, x[i + a7]).fma(w0, c7);
      atW += LANES;
    }
    start += down;
    end = rows > 1 ? start + run : start;
    for (int i = start; i < end; i++) {
      DoubleVector w0 = DoubleVector.fromArray(SPECIES, w, atW);
      c0 = DoubleVector.broadcast(SPECIES, x[i]).fma(w0, c0);
      c1 = DoubleVector.broadcast(SPECIES, x[i + a1]).fma(w0, c1);
      c2 = DoubleVector.broadcast(SPECIES, x[i + a2]).fma(w0, c2);
      c3 = DoubleVector.broadcast(SPECIES, x[i + a3]).fma(w0, c3);
      c4 = DoubleVector.broadcast(SPECIES, x[i + a4]).fma(w0, c4);
      c5 = DoubleVector.broadcast(SPECIES, x[i + a5]).fma(w0, c5);
      c6 = DoubleVector.broadcast(SPECIES, x[i + a6]).fma(w0, c6);
      c7 = DoubleVector.broadcast(SPECIES, x[i + a7]).fma(w0, c7);
      atW += LANES;
    }
    start += down;
    end = rows > 2 ? start + run : start;
    for (int i = start; i < end; i++) {
      DoubleVector w0 = DoubleVector.fromArray(SPECIES, w, atW);
      c0 = DoubleVector.broadcast(SPECIES, x[i]).fma(w0, c0);
      c1 = DoubleVector.broadcast(SPECIES, x[i + a1]).fma(w0, c1);
      c2 = DoubleVector.broadcast(SPECIES, x[i + a2]).fma(w0, c2);
      c3 = DoubleVector.broadcast(SPECIES, x[i + a3]).fma(w0, c3);
      c4 = DoubleVector.broadcast(SPECIES, x[i + a4]).fma(w0, c4);
      c5 = DoubleVector.broadcast(SPECIES, x[i + a5]).fma(w0, c5);
      c6 = DoubleVector.broadcast(SPECIES, x[i + a6]).fma(w0, c6);
      c7 = DoubleVector.broadcast(SPECIES, x[i + a7]).fma(w0, c7);
      atW += LANES;
    }
    c0 = DoubleVector.fromArray(SPECIES, from, f[p] + moreFrom).add(c0);
    c0 = c0.blend(least, c0.compare(VectorOperators.LT, least));
    c1 = DoubleVector.fromArray(SPECIES, from, f[p + 1] + moreFrom).add(c1);
    c1 = c1.blend(least, c1.compare(VectorOperators.LT, least));
    c2 = DoubleVector.fromArray(SPECIES, from, f[p + 2] + moreFrom).add(c2);
    c2 = c2.blend(least, c2.compare(VectorOperators.LT, least));
    c3 = DoubleVector.fromArray(SPECIES, from, f[p + 3] + moreFrom).add(c3);
    c3 = c3.blend(least, c3.compare(VectorOperators.LT, least));
    c4 = DoubleVector.fromArray(SPECIES, from, f[p + 4] + moreFrom).add(c4);
    c4 = c4.blend(least, c4.compare(VectorOperators.LT, least));
    c5 = DoubleVector.fromArray(SPECIES, from, f[p + 5] + moreFrom).add(c5);
    c5 = c5.blend(least, c5.compare(VectorOperators.LT, least));
    c6 = DoubleVector.fromArray(SPECIES, from, f[p + 6] + moreFrom).add(c6);
    c6 = c6.blend(least, c6.compare(VectorOperators.LT, least));
    c7 = DoubleVector.fromArray(SPECIES, from, f[p + 7] + moreFrom).add(c7);
    c7 = c7.blend(least, c7.compare(VectorOperators.LT, least));
    c0.intoArray(y, to[p] + more);
    c1.intoArray(y, to[p + 1] + more);
    c2.intoArray(y, to[p + 2] + more);
    c3.intoArray(y, to[p + 3] + more);
    c4.intoArray(y, to[p + 4] + more);
    c5.intoArray(y, to[p + 5] + more);
    c6.intoArray(y, to[p + 6] + more);
    c7.intoArray(y, to[p + 7] + more);
  }
}
