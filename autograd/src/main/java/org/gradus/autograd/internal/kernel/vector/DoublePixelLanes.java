package org.gradus.autograd.internal.kernel.vector;

import static org.gradus.autograd.internal.kernel.vector.DoubleTiles.LANES;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Loops over the channels of pixels, element by element. */
final class DoublePixelLanes {
  private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;

  private DoublePixelLanes() {}

  /** Adds n elements of r to those of y, and limits these. */
  static void addLimited(
      int n, double[] r, int from, double[] y, int to, double least, double most) {
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      DoubleVector v =
          DoubleVector.fromArray(SPECIES, y, to + i)
              .add(DoubleVector.fromArray(SPECIES, r, from + i));
      v = v.blend(least, v.compare(VectorOperators.LT, least));
      v.blend(most, v.compare(VectorOperators.GT, most)).intoArray(y, to + i);
    }
    for (; i < n; i++) {
      y[to + i] = limited(y[to + i] + r[from + i], least, most);
    }
  }

  /** Limits the sums of 4 pixels and two vectors of outputs. */
  static void limitFour(double[] y, int y0, int y1, int y2, int y3, double least, double most) {
    DoubleVector c0 = DoubleVector.fromArray(SPECIES, y, y0);
    DoubleVector c1 = DoubleVector.fromArray(SPECIES, y, y0 + LANES);
    DoubleVector c2 = DoubleVector.fromArray(SPECIES, y, y1);
    DoubleVector c3 = DoubleVector.fromArray(SPECIES, y, y1 + LANES);
    DoubleVector c4 = DoubleVector.fromArray(SPECIES, y, y2);
    DoubleVector c5 = DoubleVector.fromArray(SPECIES, y, y2 + LANES);
    DoubleVector c6 = DoubleVector.fromArray(SPECIES, y, y3);
    DoubleVector c7 = DoubleVector.fromArray(SPECIES, y, y3 + LANES);
    c0 = c0.blend(least, c0.compare(VectorOperators.LT, least));
    c1 = c1.blend(least, c1.compare(VectorOperators.LT, least));
    c2 = c2.blend(least, c2.compare(VectorOperators.LT, least));
    c3 = c3.blend(least, c3.compare(VectorOperators.LT, least));
    c4 = c4.blend(least, c4.compare(VectorOperators.LT, least));
    c5 = c5.blend(least, c5.compare(VectorOperators.LT, least));
    c6 = c6.blend(least, c6.compare(VectorOperators.LT, least));
    c7 = c7.blend(least, c7.compare(VectorOperators.LT, least));
    if (most < Double.POSITIVE_INFINITY) {
      c0 = c0.blend(most, c0.compare(VectorOperators.GT, most));
      c1 = c1.blend(most, c1.compare(VectorOperators.GT, most));
      c2 = c2.blend(most, c2.compare(VectorOperators.GT, most));
      c3 = c3.blend(most, c3.compare(VectorOperators.GT, most));
      c4 = c4.blend(most, c4.compare(VectorOperators.GT, most));
      c5 = c5.blend(most, c5.compare(VectorOperators.GT, most));
      c6 = c6.blend(most, c6.compare(VectorOperators.GT, most));
      c7 = c7.blend(most, c7.compare(VectorOperators.GT, most));
    }
    c0.intoArray(y, y0);
    c1.intoArray(y, y0 + LANES);
    c2.intoArray(y, y1);
    c3.intoArray(y, y1 + LANES);
    c4.intoArray(y, y2);
    c5.intoArray(y, y2 + LANES);
    c6.intoArray(y, y3);
    c7.intoArray(y, y3 + LANES);
  }

  /**
   * Limits the sums of 8 pixels and one vector of outputs; see {@link DoublePixelTiles#eightByOne}.
   */
  static void limitEight(double[] y, int[] to, int p, int more, double least, double most) {
    DoubleVector c0 = DoubleVector.fromArray(SPECIES, y, to[p] + more);
    DoubleVector c1 = DoubleVector.fromArray(SPECIES, y, to[p + 1] + more);
    DoubleVector c2 = DoubleVector.fromArray(SPECIES, y, to[p + 2] + more);
    DoubleVector c3 = DoubleVector.fromArray(SPECIES, y, to[p + 3] + more);
    DoubleVector c4 = DoubleVector.fromArray(SPECIES, y, to[p + 4] + more);
    DoubleVector c5 = DoubleVector.fromArray(SPECIES, y, to[p + 5] + more);
    DoubleVector c6 = DoubleVector.fromArray(SPECIES, y, to[p + 6] + more);
    DoubleVector c7 = DoubleVector.fromArray(SPECIES, y, to[p + 7] + more);
    c0 = c0.blend(least, c0.compare(VectorOperators.LT, least));
    c1 = c1.blend(least, c1.compare(VectorOperators.LT, least));
    c2 = c2.blend(least, c2.compare(VectorOperators.LT, least));
    c3 = c3.blend(least, c3.compare(VectorOperators.LT, least));
    c4 = c4.blend(least, c4.compare(VectorOperators.LT, least));
    c5 = c5.blend(least, c5.compare(VectorOperators.LT, least));
    c6 = c6.blend(least, c6.compare(VectorOperators.LT, least));
    c7 = c7.blend(least, c7.compare(VectorOperators.LT, least));
    if (most < Double.POSITIVE_INFINITY) {
      c0 = c0.blend(most, c0.compare(VectorOperators.GT, most));
      c1 = c1.blend(most, c1.compare(VectorOperators.GT, most));
      c2 = c2.blend(most, c2.compare(VectorOperators.GT, most));
      c3 = c3.blend(most, c3.compare(VectorOperators.GT, most));
      c4 = c4.blend(most, c4.compare(VectorOperators.GT, most));
      c5 = c5.blend(most, c5.compare(VectorOperators.GT, most));
      c6 = c6.blend(most, c6.compare(VectorOperators.GT, most));
      c7 = c7.blend(most, c7.compare(VectorOperators.GT, most));
    }
    c0.intoArray(y, to[p] + more);
    c1.intoArray(y, to[p + 1] + more);
    c2.intoArray(y, to[p + 2] + more);
    c3.intoArray(y, to[p + 3] + more);
    c4.intoArray(y, to[p + 4] + more);
    c5.intoArray(y, to[p + 5] + more);
    c6.intoArray(y, to[p + 6] + more);
    c7.intoArray(y, to[p + 7] + more);
  }

  /** y = y + x for n elements. */
  static void add(int n, double[] x, int from, double[] y, int to) {
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      DoubleVector.fromArray(SPECIES, y, to + i)
          .add(DoubleVector.fromArray(SPECIES, x, from + i))
          .intoArray(y, to + i);
    }
    for (; i < n; i++) {
      y[to + i] += x[from + i];
    }
  }

  /** Limits n elements of y. */
  static void limit(int n, double[] y, int to, double least, double most) {
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      DoubleVector v = DoubleVector.fromArray(SPECIES, y, to + i);
      v = v.blend(least, v.compare(VectorOperators.LT, least));
      v.blend(most, v.compare(VectorOperators.GT, most)).intoArray(y, to + i);
    }
    for (; i < n; i++) {
      y[to + i] = limited(y[to + i], least, most);
    }
  }

  private static double limited(double v, double least, double most) {
    double above = v < least ? least : v; // as by vectors: NaN and -0 stay
    return above > most ? most : above;
  }

  /**
   * Copies n elements of each of some pixels to where they follow each other without a gap. What is
   * written behind a pixel is overwritten by the next one.
   *
   * @param step from one pixel of x to the next, not less than {@code n}
   */
  static void pack(int count, int n, double[] x, int step, double[] y, int to) {
    int end = to + count * n;
    int width = n <= LANES ? LANES : 2 * LANES;
    int p = 0;
    for (int at = to; at + width <= end; p++, at += n) {
      DoubleVector.fromArray(SPECIES, x, p * step).intoArray(y, at);
      if (n > LANES) {
        DoubleVector.fromArray(SPECIES, x, p * step + LANES).intoArray(y, at + LANES);
      }
    }
    for (; p < count; p++) {
      System.arraycopy(x, p * step, y, to + p * n, n);
    }
  }

  /**
   * As {@link #maxOfFour} for some pixels with fewer channels than a vector has lanes, which follow
   * each other without a gap in y.
   *
   * @param step from the window of one pixel to the next
   */
  static void maxOfFew(
      int count, int n, double[] x, int a0, int a1, int a2, int a3, int step, double[] y, int to) {
    int last = Math.max(Math.max(a0, a1), Math.max(a2, a3));
    int end = to + count * n;
    int p = 0;
    int at = to;
    for (; at + LANES <= end && last + p * step + LANES <= x.length; p++, at += n) {
      int i = p * step;
      DoubleVector above =
          DoubleVector.fromArray(SPECIES, x, a0 + i)
              .max(DoubleVector.fromArray(SPECIES, x, a1 + i));
      DoubleVector below =
          DoubleVector.fromArray(SPECIES, x, a2 + i)
              .max(DoubleVector.fromArray(SPECIES, x, a3 + i));
      above.max(below).intoArray(y, at);
    }
    for (; p < count; p++, at += n) {
      int i = p * step;
      maxOfFour(n, x, a0 + i, a1 + i, a2 + i, a3 + i, y, at);
    }
  }

  /** y = the largest of four numbers of x, for n elements. */
  static void maxOfFour(int n, double[] x, int a0, int a1, int a2, int a3, double[] y, int to) {
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      DoubleVector above =
          DoubleVector.fromArray(SPECIES, x, a0 + i)
              .max(DoubleVector.fromArray(SPECIES, x, a1 + i));
      DoubleVector below =
          DoubleVector.fromArray(SPECIES, x, a2 + i)
              .max(DoubleVector.fromArray(SPECIES, x, a3 + i));
      above.max(below).intoArray(y, to + i);
    }
    for (; i < n; i++) {
      double above = Math.max(x[a0 + i], x[a1 + i]);
      y[to + i] = Math.max(above, Math.max(x[a2 + i], x[a3 + i]));
    }
  }

  /** y = max(y, x) for n elements. */
  static void max(int n, double[] x, int from, double[] y, int to) {
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      DoubleVector.fromArray(SPECIES, y, to + i)
          .max(DoubleVector.fromArray(SPECIES, x, from + i))
          .intoArray(y, to + i);
    }
    for (; i < n; i++) {
      y[to + i] = Math.max(y[to + i], x[from + i]);
    }
  }
}
