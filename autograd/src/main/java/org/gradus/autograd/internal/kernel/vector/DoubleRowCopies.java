package org.gradus.autograd.internal.kernel.vector;

import static org.gradus.autograd.internal.kernel.vector.DoubleTiles.LANES;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Copies of rows to a slab, in whole vectors: what is written behind a row is written over by the
 * next one, and behind the last one is left to the caller, who must have room for a vector there.
 */
final class DoubleRowCopies {
  private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;

  /** Lanes of shorter vectors are moved by no instruction, but one by one, and slowly. */
  static final boolean SHUFFLES = LANES >= 4;

  /** From each second lane to one half, and to the other half too. */
  private static final VectorShuffle<Double> EVENS =
      VectorShuffle.fromOp(SPECIES, lane -> 2 * lane % LANES);

  /** From the lanes behind these. */
  private static final VectorShuffle<Double> ODDS =
      VectorShuffle.fromOp(SPECIES, lane -> Math.min(LANES - 1, 2 * lane % LANES + 1));

  /** The second half of the lanes. */
  private static final VectorMask<Double> SECOND =
      VectorMask.fromArray(SPECIES, lanes(LANES / 2, 1), 0);

  private DoubleRowCopies() {}

  /** The lanes from the first on, in steps. */
  static boolean[] lanes(int first, int step) {
    boolean[] lanes = new boolean[LANES];
    for (int lane = first; lane < LANES; lane += step) {
      lanes[lane] = true;
    }
    return lanes;
  }

  /**
   * Copies rows of n elements that are {@code step} apart, and the rows {@code stride}, to rows
   * that are {@code pitch} apart, and n or more.
   */
  static void copy(
      int rows,
      int n,
      int step,
      double[] x,
      int at,
      int stride,
      double[] to,
      int place,
      int pitch) {
    int whole = (n + LANES - 1) / LANES * LANES; // elements of a row that are read
    int most = (x.length - at - whole * step) / Math.max(1, stride) + 1;
    int fast =
        x.length - at < whole * step || step > 2 || (step == 2 && !SHUFFLES)
            ? 0
            : Math.min(rows, most);
    if (step == 1) {
      neighbours(fast, n, x, at, stride, to, place, pitch);
    } else {
      seconds(fast, n, x, at, stride, to, place, pitch);
    }
    for (int row = fast; row < rows; row++) {
      for (int c = 0; c < n; c++) {
        to[place + row * pitch + c] = x[at + row * stride + c * step];
      }
    }
  }

  private static void neighbours(
      int rows, int n, double[] x, int at, int stride, double[] to, int place, int pitch) {
    int from = at;
    int target = place;
    for (int row = 0; row < rows; row++) {
      for (int c = 0; c < n; c += LANES) {
        DoubleMoves.move(x, from + c, to, target + c);
      }
      from += stride;
      target += pitch;
    }
  }

  private static void seconds(
      int rows, int n, double[] x, int at, int stride, double[] to, int place, int pitch) {
    int from = at;
    int target = place;
    for (int row = 0; row < rows; row++) {
      for (int c = 0; c < n; c += LANES) {
        DoubleVector a = DoubleVector.fromArray(SPECIES, x, from + 2 * c);
        DoubleVector b = DoubleVector.fromArray(SPECIES, x, from + 2 * c + LANES);
        a.rearrange(EVENS).blend(b.rearrange(EVENS), SECOND).intoArray(to, target + c);
      }
      from += stride;
      target += pitch;
    }
  }

  /**
   * Copies n elements in turn to two places, and 0 for the last one that there is not. What is
   * behind these is written over where vectors are whole.
   */
  static void pairs(int n, double[] x, int at, double[] y, int even, int odd) {
    int count = (n + 1) / 2;
    int i = 0;
    if (SHUFFLES) {
      for (; i < count && at + 2 * (i + LANES) <= x.length; i += LANES) {
        DoubleVector a = DoubleVector.fromArray(SPECIES, x, at + 2 * i);
        DoubleVector b = DoubleVector.fromArray(SPECIES, x, at + 2 * i + LANES);
        a.rearrange(EVENS).blend(b.rearrange(EVENS), SECOND).intoArray(y, even + i);
        a.rearrange(ODDS).blend(b.rearrange(ODDS), SECOND).intoArray(y, odd + i);
      }
    }
    for (; i < count; i++) {
      y[even + i] = x[at + 2 * i];
      y[odd + i] = 2 * i + 1 < n ? x[at + 2 * i + 1] : 0;
    }
    if (n % 2 == 1) {
      y[odd + n / 2] = 0;
    }
  }
}
