package org.gradus.autograd.internal.kernel.vector;

import static org.gradus.autograd.internal.kernel.vector.DoubleTiles.COLUMNS;
import static org.gradus.autograd.internal.kernel.vector.DoubleTiles.LANES;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** The innermost loops of {@link DoublePixelKernels}, but for those of {@link DoublePixelTiles}. */
final class DoublePixelLoops {
  private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;

  private DoublePixelLoops() {}

  /**
   * Adds to the sums of one pixel and four panels of outputs, {@code next} apart, the products of
   * some numbers of one row of its window.
   *
   * @param a where these numbers begin in x
   * @param w a panel [run, COLUMNS], from {@code at} on, and three more
   * @param from the sums until now, from {@code f} on, and {@code to} where they are written in y
   */
  static void one(
      int run,
      double[] x,
      int a,
      double[] w,
      int at,
      int next,
      double[] from,
      int f,
      double[] y,
      int to) {
    DoubleVector c0 = DoubleVector.zero(SPECIES);
    DoubleVector c1 = c0;
    DoubleVector c2 = c0;
    DoubleVector c3 = c0;
    DoubleVector c4 = c0;
    DoubleVector c5 = c0;
    DoubleVector c6 = c0;
    DoubleVector c7 = c0;
    int atW = at;
    int w1 = next;
    int w2 = 2 * next;
    int w3 = 3 * next;
    int end = a + run;
    for (int i = a; i < end; i++) {
      DoubleVector v = DoubleVector.broadcast(SPECIES, x[i]);
      c0 = v.fma(DoubleVector.fromArray(SPECIES, w, atW), c0);
      c1 = v.fma(DoubleVector.fromArray(SPECIES, w, atW + LANES), c1);
      c2 = v.fma(DoubleVector.fromArray(SPECIES, w, atW + w1), c2);
      c3 = v.fma(DoubleVector.fromArray(SPECIES, w, atW + w1 + LANES), c3);
      c4 = v.fma(DoubleVector.fromArray(SPECIES, w, atW + w2), c4);
      c5 = v.fma(DoubleVector.fromArray(SPECIES, w, atW + w2 + LANES), c5);
      c6 = v.fma(DoubleVector.fromArray(SPECIES, w, atW + w3), c6);
      c7 = v.fma(DoubleVector.fromArray(SPECIES, w, atW + w3 + LANES), c7);
      atW += COLUMNS;
    }
    c0 = DoubleVector.fromArray(SPECIES, from, f).add(c0);
    c1 = DoubleVector.fromArray(SPECIES, from, f + LANES).add(c1);
    c2 = DoubleVector.fromArray(SPECIES, from, f + 2 * LANES).add(c2);
    c3 = DoubleVector.fromArray(SPECIES, from, f + 3 * LANES).add(c3);
    c4 = DoubleVector.fromArray(SPECIES, from, f + 4 * LANES).add(c4);
    c5 = DoubleVector.fromArray(SPECIES, from, f + 5 * LANES).add(c5);
    c6 = DoubleVector.fromArray(SPECIES, from, f + 6 * LANES).add(c6);
    c7 = DoubleVector.fromArray(SPECIES, from, f + 7 * LANES).add(c7);
    c0.intoArray(y, to);
    c1.intoArray(y, to + LANES);
    c2.intoArray(y, to + 2 * LANES);
    c3.intoArray(y, to + 3 * LANES);
    c4.intoArray(y, to + 4 * LANES);
    c5.intoArray(y, to + 5 * LANES);
    c6.intoArray(y, to + 6 * LANES);
    c7.intoArray(y, to + 7 * LANES);
  }

  /**
   * As {@link #channels}, of windows with nine taps, whose weights stay where they are.
   *
   * @param p the first pixel, and {@code end} behind the last
   */
  static void nine(
      int p,
      int end,
      int[] taps,
      double[] x,
      int[] a,
      double[] w,
      int at,
      int step,
      double[] bias,
      double[] y,
      int[] to,
      double least,
      double most) {
    DoubleVector zero = DoubleVector.zero(SPECIES);
    DoubleVector w0 = DoubleVector.fromArray(SPECIES, w, at);
    DoubleVector w1 = DoubleVector.fromArray(SPECIES, w, at + step);
    DoubleVector w2 = DoubleVector.fromArray(SPECIES, w, at + 2 * step);
    DoubleVector w3 = DoubleVector.fromArray(SPECIES, w, at + 3 * step);
    DoubleVector w4 = DoubleVector.fromArray(SPECIES, w, at + 4 * step);
    DoubleVector w5 = DoubleVector.fromArray(SPECIES, w, at + 5 * step);
    DoubleVector w6 = DoubleVector.fromArray(SPECIES, w, at + 6 * step);
    DoubleVector w7 = DoubleVector.fromArray(SPECIES, w, at + 7 * step);
    DoubleVector w8 = DoubleVector.fromArray(SPECIES, w, at + 8 * step);
    DoubleVector b = DoubleVector.fromArray(SPECIES, bias, at);
    int t1 = taps[1];
    int t2 = taps[2];
    int t3 = taps[3];
    int t4 = taps[4];
    int t5 = taps[5];
    int t6 = taps[6];
    int t7 = taps[7];
    int t8 = taps[8];
    for (int q = p; q < end; q++) {
      int i = a[q] + at;
      DoubleVector c = DoubleVector.fromArray(SPECIES, x, i).fma(w0, zero);
      c = DoubleVector.fromArray(SPECIES, x, i + t1).fma(w1, c);
      c = DoubleVector.fromArray(SPECIES, x, i + t2).fma(w2, c);
      c = DoubleVector.fromArray(SPECIES, x, i + t3).fma(w3, c);
      c = DoubleVector.fromArray(SPECIES, x, i + t4).fma(w4, c);
      c = DoubleVector.fromArray(SPECIES, x, i + t5).fma(w5, c);
      c = DoubleVector.fromArray(SPECIES, x, i + t6).fma(w6, c);
      c = DoubleVector.fromArray(SPECIES, x, i + t7).fma(w7, c);
      c = DoubleVector.fromArray(SPECIES, x, i + t8).fma(w8, c).add(b);
      c = c.blend(least, c.compare(VectorOperators.LT, least));
      c.blend(most, c.compare(VectorOperators.GT, most)).intoArray(y, to[q] + at);
    }
  }

  /**
   * As {@link #nine}, of 4 pixels at a time whose windows are side by side, {@code step} apart, so
   * that what several of them read is loaded once.
   *
   * @return the first pixel that was not computed, since fewer than 4 were left or windows were not
   *     side by side
   */
  static int nineOfFour(
      int p,
      int end,
      int[] taps,
      double[] x,
      int[] a,
      double[] w,
      int at,
      int step,
      double[] bias,
      double[] y,
      int[] to,
      double least,
      double most) {
    DoubleVector zero = DoubleVector.zero(SPECIES);
    DoubleVector w0 = DoubleVector.fromArray(SPECIES, w, at);
    DoubleVector w1 = DoubleVector.fromArray(SPECIES, w, at + step);
    DoubleVector w2 = DoubleVector.fromArray(SPECIES, w, at + 2 * step);
    DoubleVector w3 = DoubleVector.fromArray(SPECIES, w, at + 3 * step);
    DoubleVector w4 = DoubleVector.fromArray(SPECIES, w, at + 4 * step);
    DoubleVector w5 = DoubleVector.fromArray(SPECIES, w, at + 5 * step);
    DoubleVector w6 = DoubleVector.fromArray(SPECIES, w, at + 6 * step);
    DoubleVector w7 = DoubleVector.fromArray(SPECIES, w, at + 7 * step);
    DoubleVector w8 = DoubleVector.fromArray(SPECIES, w, at + 8 * step);
    DoubleVector b = DoubleVector.fromArray(SPECIES, bias, at);
    int row1 = taps[3] - 6 * step;
    int row2 = taps[6] - taps[3] - 6 * step;
    int q = p;
    for (; q + 4 <= end && a[q + 3] - a[q] == 3 * step && to[q + 3] - to[q] == 3 * step; q += 4) {
      int i = a[q] + at;
      DoubleVector x00 = DoubleVector.fromArray(SPECIES, x, i);
      i += step;
      DoubleVector c0 = x00.fma(w0, zero);
      DoubleVector x01 = DoubleVector.fromArray(SPECIES, x, i);
      i += step;
      c0 = x01.fma(w1, c0);
      DoubleVector c1 = x01.fma(w0, zero);
      DoubleVector x02 = DoubleVector.fromArray(SPECIES, x, i);
      i += step;
      c0 = x02.fma(w2, c0);
      c1 = x02.fma(w1, c1);
      DoubleVector c2 = x02.fma(w0, zero);
      DoubleVector x03 = DoubleVector.fromArray(SPECIES, x, i);
      i += step;
      c1 = x03.fma(w2, c1);
      c2 = x03.fma(w1, c2);
      DoubleVector c3 = x03.fma(w0, zero);
      DoubleVector x04 = DoubleVector.fromArray(SPECIES, x, i);
      i += step;
      c2 = x04.fma(w2, c2);
      c3 = x04.fma(w1, c3);
      DoubleVector x05 = DoubleVector.fromArray(SPECIES, x, i);
      i += step;
      c3 = x05.fma(w2, c3);
      i += row1;
      DoubleVector x10 = DoubleVector.fromArray(SPECIES, x, i);
      i += step;
      c0 = x10.fma(w3, c0);
      DoubleVector x11 = DoubleVector.fromArray(SPECIES, x, i);
      i += step;
      c0 = x11.fma(w4, c0);
      c1 = x11.fma(w3, c1);
      DoubleVector x12 = DoubleVector.fromArray(SPECIES, x, i);
      i += step;
      c0 = x12.fma(w5, c0);
      c1 = x12.fma(w4, c1);
      c2 = x12.fma(w3, c2);
      DoubleVector x13 = DoubleVector.fromArray(SPECIES, x, i);
      i += step;
      c1 = x13.fma(w5, c1);
      c2 = x13.fma(w4, c2);
      c3 = x13.fma(w3, c3);
      DoubleVector x14 = DoubleVector.fromArray(SPECIES, x, i);
      i += step;
      c2 = x14.fma(w5, c2);
      c3 = x14.fma(w4, c3);
      DoubleVector x15 = DoubleVector.fromArray(SPECIES, x, i);
      i += step;
      c3 = x15.fma(w5, c3);
      i += row2;
      DoubleVector x20 = DoubleVector.fromArray(SPECIES, x, i);
      i += step;
      c0 = x20.fma(w6, c0);
      DoubleVector x21 = DoubleVector.fromArray(SPECIES, x, i);
      i += step;
      c0 = x21.fma(w7, c0);
      c1 = x21.fma(w6, c1);
      DoubleVector x22 = DoubleVector.fromArray(SPECIES, x, i);
      i += step;
      c0 = x22.fma(w8, c0);
      c1 = x22.fma(w7, c1);
      c2 = x22.fma(w6, c2);
      DoubleVector x23 = DoubleVector.fromArray(SPECIES, x, i);
      i += step;
      c1 = x23.fma(w8, c1);
      c2 = x23.fma(w7, c2);
      c3 = x23.fma(w6, c3);
      DoubleVector x24 = DoubleVector.fromArray(SPECIES, x, i);
      i += step;
      c2 = x24.fma(w8, c2);
      c3 = x24.fma(w7, c3);
      DoubleVector x25 = DoubleVector.fromArray(SPECIES, x, i);
      i += step;
      c3 = x25.fma(w8, c3);
      int o = to[q] + at;
      c0 = c0.add(b);
      c0 = c0.blend(least, c0.compare(VectorOperators.LT, least));
      c1 = c1.add(b);
      c1 = c1.blend(least, c1.compare(VectorOperators.LT, least));
      c2 = c2.add(b);
      c2 = c2.blend(least, c2.compare(VectorOperators.LT, least));
      c3 = c3.add(b);
      c3 = c3.blend(least, c3.compare(VectorOperators.LT, least));
      if (most < Double.POSITIVE_INFINITY) {
        c0 = c0.blend(most, c0.compare(VectorOperators.GT, most));
        c1 = c1.blend(most, c1.compare(VectorOperators.GT, most));
        c2 = c2.blend(most, c2.compare(VectorOperators.GT, most));
        c3 = c3.blend(most, c3.compare(VectorOperators.GT, most));
      }
      c0.intoArray(y, o);
      o += step;
      c1.intoArray(y, o);
      o += step;
      c2.intoArray(y, o);
      o += step;
      c3.intoArray(y, o);
    }
    return q;
  }

  /** The sums of 4 pixels and one vector of channels, each with weights of its own. */
  static void channels(
      int[] taps,
      double[] x,
      int a0,
      int a1,
      int a2,
      int a3,
      double[] w,
      int at,
      int step,
      double[] bias,
      double[] y,
      int y0,
      int y1,
      int y2,
      int y3,
      double least,
      double most) {
    DoubleVector c0 = DoubleVector.zero(SPECIES);
    DoubleVector c1 = c0;
    DoubleVector c2 = c0;
    DoubleVector c3 = c0;
    int atW = at;
    for (int tap = 0; tap < taps.length; tap++) {
      int i = taps[tap] + at;
      DoubleVector w0 = DoubleVector.fromArray(SPECIES, w, atW);
      c0 = DoubleVector.fromArray(SPECIES, x, a0 + i).fma(w0, c0);
      c1 = DoubleVector.fromArray(SPECIES, x, a1 + i).fma(w0, c1);
      c2 = DoubleVector.fromArray(SPECIES, x, a2 + i).fma(w0, c2);
      c3 = DoubleVector.fromArray(SPECIES, x, a3 + i).fma(w0, c3);
      atW += step;
    }
    DoubleVector b = DoubleVector.fromArray(SPECIES, bias, at);
    c0 = c0.add(b);
    c0 = c0.blend(least, c0.compare(VectorOperators.LT, least));
    c1 = c1.add(b);
    c1 = c1.blend(least, c1.compare(VectorOperators.LT, least));
    c2 = c2.add(b);
    c2 = c2.blend(least, c2.compare(VectorOperators.LT, least));
    c3 = c3.add(b);
    c3 = c3.blend(least, c3.compare(VectorOperators.LT, least));
    c0.blend(most, c0.compare(VectorOperators.GT, most)).intoArray(y, y0 + at);
    c1.blend(most, c1.compare(VectorOperators.GT, most)).intoArray(y, y1 + at);
    c2.blend(most, c2.compare(VectorOperators.GT, most)).intoArray(y, y2 + at);
    c3.blend(most, c3.compare(VectorOperators.GT, most)).intoArray(y, y3 + at);
  }

  /**
   * The sums of 4 pixels and two vectors of outputs, of numbers that lie at some places: then the
   * bias.
   */
  static void fourAt(
      int[] taps,
      double[] x,
      int a0,
      int a1,
      int a2,
      int a3,
      double[] w,
      int at,
      double[] bias,
      int first,
      double[] y,
      int y0,
      int y1,
      int y2,
      int y3) {
    DoubleVector c00 = DoubleVector.zero(SPECIES);
    DoubleVector c01 = c00;
    DoubleVector c10 = c00;
    DoubleVector c11 = c00;
    DoubleVector c20 = c00;
    DoubleVector c21 = c00;
    DoubleVector c30 = c00;
    DoubleVector c31 = c00;
    int atW = at;
    for (int tap = 0; tap < taps.length; tap++) {
      int i = taps[tap];
      DoubleVector w0 = DoubleVector.fromArray(SPECIES, w, atW);
      DoubleVector w1 = DoubleVector.fromArray(SPECIES, w, atW + LANES);
      DoubleVector x0 = DoubleVector.broadcast(SPECIES, x[i + a0]);
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
    DoubleVector b0 = DoubleVector.fromArray(SPECIES, bias, first);
    DoubleVector b1 = DoubleVector.fromArray(SPECIES, bias, first + LANES);
    c00.add(b0).intoArray(y, y0);
    c01.add(b1).intoArray(y, y0 + LANES);
    c10.add(b0).intoArray(y, y1);
    c11.add(b1).intoArray(y, y1 + LANES);
    c20.add(b0).intoArray(y, y2);
    c21.add(b1).intoArray(y, y2 + LANES);
    c30.add(b0).intoArray(y, y3);
    c31.add(b1).intoArray(y, y3 + LANES);
  }

  /** As {@link #fourAt}, of 8 pixels and one vector of outputs. */
  static void eightAt(
      int[] taps,
      double[] x,
      int[] a,
      int p,
      double[] w,
      int at,
      double[] bias,
      int first,
      double[] y,
      int[] to,
      int more) {
    DoubleVector c0 = DoubleVector.zero(SPECIES);
    DoubleVector c1 = c0;
    DoubleVector c2 = c0;
    DoubleVector c3 = c0;
    DoubleVector c4 = c0;
    DoubleVector c5 = c0;
    DoubleVector c6 = c0;
    DoubleVector c7 = c0;
    int a0 = a[p];
    int a1 = a[p + 1];
    int a2 = a[p + 2];
    int a3 = a[p + 3];
    int a4 = a[p + 4];
    int a5 = a[p + 5];
    int a6 = a[p + 6];
    int a7 = a[p + 7];
    int atW = at;
    for (int tap = 0; tap < taps.length; tap++) {
      int i = taps[tap];
      DoubleVector w0 = DoubleVector.fromArray(SPECIES, w, atW);
      c0 = DoubleVector.broadcast(SPECIES, x[i + a0]).fma(w0, c0);
      c1 = DoubleVector.broadcast(SPECIES, x[i + a1]).fma(w0, c1);
      c2 = DoubleVector.broadcast(SPECIES, x[i + a2]).fma(w0, c2);
      c3 = DoubleVector.broadcast(SPECIES, x[i + a3]).fma(w0, c3);
      c4 = DoubleVector.broadcast(SPECIES, x[i + a4]).fma(w0, c4);
      c5 = DoubleVector.broadcast(SPECIES, x[i + a5]).fma(w0, c5);
      c6 = DoubleVector.broadcast(SPECIES, x[i + a6]).fma(w0, c6);
      c7 = DoubleVector.broadcast(SPECIES, x[i + a7]).fma(w0, c7);
      atW += LANES;
    }
    DoubleVector b = DoubleVector.fromArray(SPECIES, bias, first);
    c0.add(b).intoArray(y, to[p] + more);
    c1.add(b).intoArray(y, to[p + 1] + more);
    c2.add(b).intoArray(y, to[p + 2] + more);
    c3.add(b).intoArray(y, to[p + 3] + more);
    c4.add(b).intoArray(y, to[p + 4] + more);
    c5.add(b).intoArray(y, to[p + 5] + more);
    c6.add(b).intoArray(y, to[p + 6] + more);
    c7.add(b).intoArray(y, to[p + 7] + more);
  }
}
