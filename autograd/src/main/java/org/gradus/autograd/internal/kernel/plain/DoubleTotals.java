package org.gradus.autograd.internal.kernel.plain;

import org.gradus.autograd.internal.parallel.Parallel;
import org.gradus.autograd.internal.parallel.Wide;

/**
 * Places where numbers are collected in any order. Each total is off by less than one unit of
 * rounding of its sum of magnitudes, however many numbers meet there: floats are added up in
 * double, and for doubles it is kept beside the sum what each addition has rounded away.
 *
 * @see <a href="https://doi.org/10.1137/030601818">Ogita, Rump and Oishi, Accurate sum and dot
 *     product: Sum2</a>
 */
@SuppressWarnings("cast") // (double) is needed in the float twin, where it reads (float)
public final class DoubleTotals implements Parallel.State {
  /** So few numbers may be added up as they come: that costs no more than as many units. */
  static final int FEW = 4;

  /** Whether the sums are no wider than what is added, which is so in this file's double form. */
  private static final boolean COMPENSATED = Double.BYTES == Long.BYTES;

  private final /*wide*/ double[] sums;
  private final /*wide*/ double[] lost;

  /** So many places, all zero. */
  public DoubleTotals(int places) {
    sums = Wide.zeros(places);
    lost = Wide.zeros(COMPENSATED ? places : 0);
  }

  public void add(int place, /*wide*/ double x) {
    /*wide*/ double before = sums[place];
    /*wide*/ double after = before + x;
    sums[place] = after;
    if (COMPENSATED) {
      lost[place] += DoubleSums.lost(before, x, after);
    }
  }

  /** What has been collected at a place so far. */
  /*wide*/ double total(int place) {
    /*wide*/ double total = sums[place];
    return COMPENSATED && Double.isFinite((double) total) // or else what was lost is NaN
        ? total + lost[place]
        : total;
  }

  /** Adds what has been collected at n places to as many sums. */
  void addTo(/*wide*/ double[] to, int place, int n) {
    for (int i = 0; i < n; i++) {
      to[i] += total(place + i);
    }
  }

  /** What has been collected at a place, which is then zero again. */
  double take(int place) {
    /*wide*/ double total = total(place);
    sums[place] = 0;
    if (COMPENSATED) {
      lost[place] = 0;
    }
    return (double) total;
  }

  /** Adds n elements to places that follow each other. */
  public void addAll(int place, double[] x, int offset, int n) {
    for (int i = 0; i < n; i++) {
      add(place + i, x[offset + i]);
    }
  }

  /** Writes what has been collected at n places, which are then zero again. */
  void take(int place, int n, double[] y, int offset) {
    for (int i = 0; i < n; i++) {
      y[offset + i] = take(place + i);
    }
  }

  @Override
  public void close() {
    Wide.give(sums);
    Wide.give(lost);
  }
}
