package org.gradus.autograd.internal.kernel.plain;

import org.gradus.autograd.internal.kernel.Channels;
import org.gradus.autograd.internal.kernel.Known;
import org.gradus.autograd.internal.kernel.Slices;
import org.jspecify.annotations.Nullable;

/**
 * For slices that are channels, the sums of g, and of its products with the normalized x: the
 * derivatives in x and in gamma both need them, and the second to come finds what the first kept.
 */
final class DoubleAlong {
  /** Of what the sums are, beside g. */
  private record Question(Measured x, /*wide*/ double epsilon) {}

  private final boolean suits;
  private final double[] g;
  private final Channels channels;
  private final Measured.@Nullable Asked asked;
  private final Measured sums;

  DoubleAlong(
      Slices slices,
      /*wide*/ double epsilon,
      Channels channels,
      double[] g,
      @Nullable Measured x,
      Known known) {
    this.suits = DoubleMoments.NARROW && areChannels(slices, channels);
    this.channels = channels;
    this.g = g;
    this.asked =
        suits && x != null ? new Measured.Asked(known, new Question(x, epsilon), slices, 2) : null;
    @Nullable Measured found = asked == null ? null : asked.numbers();
    this.sums = found == null ? new Measured(2, suits ? slices.count() : 0) : found;
  }

  /** Whether each channel is a slice. */
  static boolean areChannels(Slices slices, Channels channels) {
    return slices.outer() == 1
        && slices.inner() == channels.count()
        && slices.length() == channels.repeat();
  }

  /** Whether sums are kept: of floats, where each channel is a slice. */
  boolean suits() {
    return suits;
  }

  /** Finds the sums of a slice, which the moments have read. */
  void of(int slice, double[] x, DoubleMoments moments, DoubleRuns runs) {
    if (asked == null || asked.found() == null) {
      DoubleScaled v = DoubleScaled.plain(runs, channels, g, moments.block());
      moments.along(x, v, moments.centre());
      sums.numbers(0)[slice] = moments.first();
      sums.numbers(1)[slice] = moments.second();
    }
  }

  /*wide*/ double first(int slice) {
    return sums.numbers(0)[slice];
  }

  /*wide*/ double second(int slice) {
    return sums.numbers(1)[slice];
  }

  void close() {
    if (asked != null) {
      asked.close();
    }
  }
}
