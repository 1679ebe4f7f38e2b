package org.gradus.autograd.internal.kernel.vector;

import static org.gradus.autograd.internal.kernel.vector.DoubleTiles.LANES;
import static org.gradus.autograd.internal.kernel.vector.DoubleTransforms.IN;
import static org.gradus.autograd.internal.kernel.vector.DoubleTransforms.OUT;
import static org.gradus.autograd.internal.kernel.vector.DoubleTransforms.TAPS;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Says where Winograd's way is accurate enough. Its errors scale with everything in a tile, also
 * with pixels that an output's own window does not have:
 *
 * <pre>
 *   E = sum over channels of  |x of the tile| |w|        the scale of the errors
 *   D = sum over channels of  |x of a window| |w|        what they may be compared with
 * </pre>
 *
 * <p>Here |.| is the Euclidean norm over the pixels, or taps, of one channel; of the windows in the
 * tile, each channel takes the one with the smallest norm. A product of a tile and a filter is
 * taken where D is not too small a part of E. Channels of which the filter has a tap that is nearly
 * 0 do not count in D, so that where D is not 0, no window's products are all 0.
 *
 * <p>E and D are computed as two more components of the transformed tiles and filters: the norms,
 * in place of products of transforms.
 */
@SuppressWarnings("cast") // (double) is needed in the float twin, where it reads (float)
final class DoubleCertificate {
  private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;

  /** Components for E and D. */
  static final int NORMS = 2;

  /** Added to small sums of squares in E that are not sums of zeros: squares may have vanished. */
  private static final double FLOOR = Double.MIN_NORMAL * (1 << 26);

  /** The largest E for which nothing in between overflows. */
  private static final double HIGH = Double.MAX_VALUE / (1 << 20);

  /** The smallest tap that counts, as a part of the norm of all. */
  private static final double NEARLY_ZERO = (double) 0x1p-7;

  /**
   * How many times D, times the number of products and half an ulp of 1, the estimated errors may
   * be. The estimate is larger than any error that was found, so that 8 times can be promised.
   */
  private static final int MULTIPLE = 12;

  private DoubleCertificate() {}

  /**
   * Writes the norms of n tiles of vectors: of the whole tile from {@code to} on, and the smallest
   * of its windows of 3x3 {@code further} behind it. The arguments are as in {@link
   * DoubleTransforms}.
   *
   * @param rows of windows that count, and {@code columns} of them
   */
  static void windows(
      int n,
      double[] x,
      int at,
      int next,
      int down,
      int across,
      int rows,
      int columns,
      double[] t,
      double[] y,
      int to,
      int nextY,
      int further) {
    for (int tile = 0; tile < n; tile++) {
      DoubleVector all = DoubleVector.zero(SPECIES);
      int a = at + tile * next;
      for (int j = 0; j < IN; j++) {
        int b = j * LANES;
        DoubleVector x0 = DoubleVector.fromArray(SPECIES, x, a);
        DoubleVector x1 = DoubleVector.fromArray(SPECIES, x, a + down);
        DoubleVector x2 = DoubleVector.fromArray(SPECIES, x, a + 2 * down);
        DoubleVector x3 = DoubleVector.fromArray(SPECIES, x, a + 3 * down);
        DoubleVector x4 = DoubleVector.fromArray(SPECIES, x, a + 4 * down);
        DoubleVector x5 = DoubleVector.fromArray(SPECIES, x, a + 5 * down);
        DoubleVector sum12 = x1.fma(x1, x2.mul(x2));
        DoubleVector sum34 = x3.fma(x3, x4.mul(x4));
        DoubleVector first = x0.fma(x0, sum12);
        DoubleVector last = x5.fma(x5, sum34);
        first.intoArray(t, b);
        x3.fma(x3, sum12).intoArray(t, b + IN * LANES);
        x2.fma(x2, sum34).intoArray(t, b + 2 * IN * LANES);
        last.intoArray(t, b + 3 * IN * LANES);
        all = first.add(last).add(all);
        a += across;
      }
      DoubleVector least0 = all; // of the windows in each column of them
      DoubleVector least1 = all;
      DoubleVector least2 = all;
      DoubleVector least3 = all;
      for (int i = 0; i < rows; i++) {
        int b = i * IN * LANES;
        DoubleVector s2 = DoubleVector.fromArray(SPECIES, t, b + 2 * LANES);
        DoubleVector s3 = DoubleVector.fromArray(SPECIES, t, b + 3 * LANES);
        DoubleVector sum12 = DoubleVector.fromArray(SPECIES, t, b + LANES).add(s2);
        DoubleVector sum34 = DoubleVector.fromArray(SPECIES, t, b + 4 * LANES).add(s3);
        DoubleVector w0 = DoubleVector.fromArray(SPECIES, t, b).add(sum12);
        DoubleVector w1 = s3.add(sum12);
        DoubleVector w2 = s2.add(sum34);
        DoubleVector w3 = DoubleVector.fromArray(SPECIES, t, b + 5 * LANES).add(sum34);
        least0 = least0.blend(w0, w0.compare(VectorOperators.LT, least0));
        least1 = least1.blend(w1, w1.compare(VectorOperators.LT, least1));
        least2 = least2.blend(w2, w2.compare(VectorOperators.LT, least2));
        least3 = least3.blend(w3, w3.compare(VectorOperators.LT, least3));
      }
      least1 = columns > 1 ? least1 : least0;
      least2 = columns > 2 ? least2 : least0;
      least3 = columns > 3 ? least3 : least0;
      DoubleVector left = least0.blend(least1, least1.compare(VectorOperators.LT, least0));
      DoubleVector right = least2.blend(least3, least3.compare(VectorOperators.LT, least2));
      DoubleVector least = left.blend(right, right.compare(VectorOperators.LT, left));
      all.intoArray(y, to + tile * nextY);
      least.intoArray(y, to + tile * nextY + further);
    }
    roots(n, x, at, next, down, across, y, to, nextY, further);
  }

  /**
   * As {@link #windows}, of windows of 4x4: those outputs of them that are there.
   *
   * @param rows of each window that count, and {@code columns} of it
   */
  static void outputs(
      int n,
      double[] x,
      int at,
      int next,
      int down,
      int across,
      int rows,
      int columns,
      double[] t,
      double[] y,
      int to,
      int nextY,
      int further) {
    for (int tile = 0; tile < n; tile++) {
      DoubleVector all = DoubleVector.zero(SPECIES);
      for (int j = 0; j < IN; j++) {
        int a = at + tile * next + j * across;
        DoubleVector sum = DoubleVector.zero(SPECIES);
        for (int i = 0; i < IN; i++) { // the sums of no rows, of one, of two, and so on
          sum.intoArray(t, (i * IN + j) * LANES);
          DoubleVector v = DoubleVector.fromArray(SPECIES, x, a + i * down);
          sum = v.fma(v, sum);
        }
        sum.intoArray(t, (IN * IN + j) * LANES);
        all = sum.add(all);
      }
      DoubleVector least = all;
      for (int i = 0; i < TAPS; i++) {
        for (int j = 0; j < TAPS; j++) {
          DoubleVector sum = DoubleVector.zero(SPECIES);
          for (int c = j; c < j + columns; c++) {
            DoubleVector above = DoubleVector.fromArray(SPECIES, t, (i * IN + c) * LANES);
            DoubleVector below = DoubleVector.fromArray(SPECIES, t, ((i + rows) * IN + c) * LANES);
            sum = below.sub(above).add(sum);
          }
          least = least.blend(sum, sum.compare(VectorOperators.LT, least));
        }
      }
      all.intoArray(y, to + tile * nextY);
      least.intoArray(y, to + tile * nextY + further);
    }
    roots(n, x, at, next, down, across, y, to, nextY, further);
  }

  /**
   * Takes the square roots of the sums of squares of tiles. What is added to a small one depends on
   * that channel alone, not on those in the same vector, of which there are more or fewer.
   */
  private static void roots(
      int n,
      double[] x,
      int at,
      int next,
      int down,
      int across,
      double[] y,
      int to,
      int nextY,
      int further) {
    for (int tile = 0; tile < n; tile++) {
      int place = to + tile * nextY;
      DoubleVector all = DoubleVector.fromArray(SPECIES, y, place);
      VectorMask<Double> small = all.compare(VectorOperators.LT, FLOOR);
      if (small.anyTrue()) {
        DoubleVector sum = DoubleVector.zero(SPECIES);
        for (int i = 0; i < IN * IN; i++) {
          int from = at + tile * next + i / IN * across + i % IN * down;
          sum = DoubleVector.fromArray(SPECIES, x, from).abs().add(sum);
        }
        all.blend(all.add(FLOOR), sum.compare(VectorOperators.GT, 0).and(small))
            .intoArray(y, place);
      }
      DoubleMoves.root(y, place);
      DoubleMoves.root(y, place + further);
    }
  }

  /**
   * Writes the norms of n tiles of vectors of cotangents, which have no smaller one: twice the
   * same.
   */
  static void cotangents(
      int n,
      double[] x,
      int at,
      int next,
      int down,
      int across,
      double[] y,
      int to,
      int nextY,
      int further) {
    for (int tile = 0; tile < n; tile++) {
      DoubleVector all = DoubleVector.zero(SPECIES);
      DoubleVector sum = all;
      for (int i = 0; i < OUT * OUT; i++) {
        int from = at + tile * next + i / OUT * down + i % OUT * across;
        DoubleVector v = DoubleVector.fromArray(SPECIES, x, from);
        all = v.fma(v, all);
        sum = v.abs().add(sum);
      }
      all = all.blend(all.add(FLOOR), sum.compare(VectorOperators.GT, 0)).sqrt();
      all.intoArray(y, to + tile * nextY);
      all.intoArray(y, to + tile * nextY + further);
    }
  }

  /** Writes the norms of a vector of filters, whose taps are {@code step} apart, as above. */
  static void filters(int taps, double[] w, int at, int step, double[] y, int to, int further) {
    DoubleVector all = DoubleVector.zero(SPECIES);
    DoubleVector sum = all;
    DoubleVector least = DoubleVector.fromArray(SPECIES, w, at).abs();
    for (int tap = 0; tap < taps; tap++) {
      DoubleVector v = DoubleVector.fromArray(SPECIES, w, at + tap * step);
      all = v.fma(v, all);
      sum = v.abs().add(sum);
      least = v.abs().min(least);
    }
    all = all.blend(all.add(FLOOR), sum.compare(VectorOperators.GT, 0)).sqrt();
    all.intoArray(y, to);
    VectorMask<Double> counts = least.compare(VectorOperators.GE, all.mul(NEARLY_ZERO));
    DoubleVector.zero(SPECIES).blend(all, counts).intoArray(y, to + further);
  }

  /** As a part of E, the largest error of sums of so many products one after the other. */
  static /*wide*/ double error(int chain) {
    return (64 + 3.2 * chain) * Math.ulp((double) 1.0) / 2;
  }

  /**
   * The part of E that D must be at least.
   *
   * @param chain how many products are added up one after the other
   * @param n the products of one element by its definition
   */
  static double part(int chain, long n) {
    return (double) ((64 + 3.2 * chain) / (MULTIPLE * (/*wide*/ double) n));
  }

  /** Whether nothing overflows on the way; false for NaN. */
  static boolean inRange(double all) {
    return all <= HIGH;
  }

  /**
   * Whether all of n products are to be taken.
   *
   * @param part of E that D must be at least
   * @param at where E begins, and D {@code further} behind it
   */
  static boolean holds(int n, double part, double[] y, int at, int further) {
    DoubleVector least = DoubleVector.zero(SPECIES);
    DoubleVector most = least;
    int i = at;
    for (; i <= at + n - LANES; i += LANES) { // both keep NaN
      DoubleVector all = DoubleVector.fromArray(SPECIES, y, i);
      least = DoubleVector.fromArray(SPECIES, y, i + further).sub(all.mul(part)).min(least);
      most = all.max(most);
    }
    if (!least.compare(VectorOperators.GE, 0).allTrue()
        || !most.compare(VectorOperators.LE, HIGH).allTrue()) {
      return false;
    }
    for (; i < at + n; i++) {
      if (!(y[i + further] >= y[i] * part && y[i] <= HIGH)) {
        return false;
      }
    }
    return true;
  }
}
