package org.gradus.autograd.internal.kernel.plain;

import org.gradus.autograd.internal.kernel.Channels;

/** The products of gamma and g, divided by a power of two; g itself, if gamma is empty. */
final class DoubleScaled implements DoubleMoments.Cotangent {
  /** Neighbours of one channel that are worth a call. */
  private static final int LONG = 32;

  private static final /*wide*/ double ONE = 1;

  private final DoubleRuns runs;
  private final Channels channels;
  private final /*wide*/ double[] gamma;
  private final double[] g;
  private final /*wide*/ double[] block;
  private int exponent; // of that power
  private /*wide*/ double shrink = 1; // its inverse

  /** With memory for LEAF numbers, to work in. */
  DoubleScaled(
      DoubleRuns runs,
      Channels channels,
      /*wide*/ double[] gamma,
      double[] g,
      /*wide*/ double[] block) {
    this.runs = runs;
    this.channels = channels;
    this.gamma = gamma;
    this.g = g;
    this.block = block;
  }

  /** Of g itself. */
  static DoubleScaled plain(
      DoubleRuns runs, Channels channels, double[] g, /*wide*/ double[] block) {
    return new DoubleScaled(runs, channels, new /*wide*/ double[0], g, block);
  }

  /** Where products are as narrow as their factors, they may be near the ends of a double. */
  void scaleFor(DoubleMoments moments) {
    if (!DoubleMoments.NARROW) {
      /*wide*/ double largest = 0;
      for (/*wide*/ double number : gamma) {
        largest = Math.max(largest, Math.abs(number));
      }
      exponent = DoubleMoments.exponentOf(moments.largest(g)) + DoubleMoments.exponentOf(largest);
      shrink = Math.scalb(ONE, -exponent);
    }
  }

  int exponent() {
    return exponent;
  }

  /*wide*/ double shrink() {
    return shrink;
  }

  @Override
  public void along(
      double[] x,
      int from,
      int n,
      Centre centre, /*wide*/
      double[] lanes, /*wide*/
      double[] sums,
      int at) {
    if (gamma.length == 0) {
      runs.along(x, g, from, n, centre, shrink, block, lanes, sums, at);
    } else if (channels.length(from) < n) {
      runs.along(x, from, n, centre, read(from, n), lanes, sums, at);
    } else if (channels.repeat() == 1) {
      int c = channels.at(from);
      runs.along(x, g, from, n, centre, shrink, gamma, c, block, lanes, sums, at);
    } else {
      /*wide*/ double c = shrink * gamma[channels.at(from)];
      runs.along(x, g, from, n, centre, c, block, lanes, sums, at);
    }
  }

  /** How many neighbours from a place on are best handled at once, element by element. */
  int most(int from) {
    boolean isLong = gamma.length > 0 && channels.repeat() >= LONG;
    return isLong ? Math.min(DoubleRuns.LEAF, channels.length(from)) : DoubleRuns.LEAF;
  }

  /** y = the derivative of n neighbours; of y, what is before an end may be overwritten. */
  void gradient(double[] x, int from, int n, Centre centre, Tangent tangent, double[] y, int end) {
    if (gamma.length == 0) {
      runs.gradient(x, g, from, n, centre, shrink, block, tangent, y, end);
    } else if (channels.length(from) < n) {
      runs.gradient(x, from, n, centre, read(from, n), tangent, y, end);
    } else if (channels.repeat() == 1) {
      int c = channels.at(from);
      runs.gradient(x, g, from, n, centre, shrink, gamma, c, block, tangent, y, end);
    } else {
      /*wide*/ double c = shrink * gamma[channels.at(from)];
      runs.gradient(x, g, from, n, centre, c, block, tangent, y, end);
    }
  }

  /** Those of n neighbours, of several channels. */
  private /*wide*/ double[] read(int from, int n) {
    int end = from + n;
    for (int i = from; i < end; ) {
      int length = Math.min(end - i, channels.length(i));
      int c = channels.at(i);
      if (channels.repeat() == 1) {
        runs.times(g, i, length, shrink, block, i - from);
        DoubleElementRuns.scale(block, i - from, length, gamma, c);
      } else {
        runs.times(g, i, length, shrink * gamma[c], block, i - from);
      }
      i += length;
    }
    return block;
  }
}
