package org.gradus.autograd.internal.kernel.plain;

import org.gradus.autograd.internal.kernel.Channels;
import org.gradus.autograd.internal.kernel.Kernels;
import org.gradus.autograd.internal.kernel.Known;
import org.gradus.autograd.internal.kernel.Slices;
import org.gradus.autograd.internal.parallel.Parallel;
import org.gradus.autograd.internal.parallel.Wide;
import org.jspecify.annotations.Nullable;

/** Normalisation of each slice by itself, with a scale gamma and a shift beta or without. */
@SuppressWarnings("cast") // (double) is needed in the float twin, where it reads (float)
final class DoubleNormalization {
  private static final /*wide*/ double ONE = 1;

  private DoubleNormalization() {}

  /** As {@link Kernels#normalize}. */
  static void normalize(
      DoubleRuns runs,
      Slices slices,
      /*wide*/ double epsilon,
      double[] x,
      Known known,
      double[] y) {
    DoubleMoments.forEachSlice(
        runs,
        slices,
        DoubleMoments.asked(known, slices),
        y,
        (moments, slice) -> {
          moments.read(x, slice, epsilon);
          Centre centre = moments.centre();
          for (int row = 0; row < slices.rows(); row++) {
            runs.normalize(x, moments.start(row), slices.length(), centre, y);
          }
        });
  }

  /** As {@link Kernels#normalizeAffine}. */
  static void affine(
      DoubleRuns runs,
      Slices slices,
      /*wide*/ double epsilon,
      Channels channels,
      double[] x,
      Known known,
      double[] gamma,
      double[] beta,
      double[] y) {
    if (DoubleColumnNormalization.suits(slices, channels)) {
      DoubleColumnNormalization.affine(runs, slices, epsilon, x, gamma, beta, y);
      return;
    }
    DoubleMoments.forEachSlice(
        runs,
        slices,
        DoubleMoments.asked(known, slices),
        y,
        (moments, slice) -> {
          moments.read(x, slice, epsilon);
          Centre centre = moments.centre();
          for (int row = 0; row < slices.rows(); row++) {
            int from = moments.start(row);
            affine(runs, channels, x, from, slices.length(), centre, gamma, beta, y);
          }
        });
  }

  private static void affine(
      DoubleRuns runs,
      Channels channels,
      double[] x,
      int from,
      int n,
      Centre centre,
      double[] gamma,
      double[] beta,
      double[] y) {
    int end = from + n;
    for (int i = from; i < end; ) {
      int length = Math.min(end - i, channels.length(i));
      int c = channels.at(i);
      if (channels.repeat() == 1) {
        runs.affine(x, i, length, centre, gamma, beta, c, y);
      } else {
        runs.affine(x, i, length, centre, gamma[c], beta[c], y);
      }
      i += length;
    }
  }

  // ---- by moments that are given ---------------------------------------------------------------

  /** As {@link Kernels#normalizeBy}. */
  static void by(
      DoubleRuns runs,
      /*wide*/ double epsilon,
      Channels channels,
      double[] x,
      double[] mean,
      double[] variance,
      double[] gamma,
      double[] beta,
      double[] y) {
    /*wide*/ double[] roots = new /*wide*/ double[channels.count()];
    for (int c = 0; c < roots.length; c++) {
      roots[c] = 1 / Math.sqrt(variance[c] + epsilon);
    }
    Parallel.ranges(
        y.length,
        1,
        (from, end) -> {
          for (int i = from; i < end; ) {
            int n = Math.min(end - i, channels.length(i));
            int c = channels.at(i);
            if (channels.repeat() == 1) {
              runs.affine(x, i, n, mean, roots, gamma, beta, c, y);
            } else {
              Centre centre = new Centre(1, mean[c], 0, roots[c]);
              runs.affine(x, i, n, centre, gamma[c], beta[c], y);
            }
            i += n;
          }
          if (!DoubleMoments.NARROW) {
            mend(channels, x, mean, roots, gamma, beta, y, from, end);
          }
        });
  }

  /** Computes again, by parts of a quarter, what is not finite. */
  private static void mend(
      Channels channels,
      double[] x,
      double[] mean,
      /*wide*/ double[] roots,
      double[] gamma,
      double[] beta,
      double[] y,
      int from,
      int end) {
    for (int i = from; i < end; i++) {
      if (!Double.isFinite(y[i])) {
        int c = channels.at(i);
        /*wide*/ double quarter = x[i] * 0.25 - mean[c] * 0.25;
        /*wide*/ double normalized = quarter * roots[c];
        /*wide*/ double scaled =
            Double.isFinite((double) normalized)
                ? normalized * gamma[c]
                : quarter * (roots[c] * gamma[c]);
        y[i] = (double) ((scaled + beta[c] * 0.25) * 4);
      }
    }
  }

  // ---- the derivative --------------------------------------------------------------------------

  /** As {@link Kernels#normalizeInput}. */
  static void input(
      DoubleRuns runs,
      Slices slices,
      /*wide*/ double epsilon,
      double[] x,
      Known known,
      double[] g,
      double[] y) {
    Channels one = new Channels(1, 1);
    input(runs, slices, epsilon, one, x, known, new double[0], g, Known.never(), y);
  }

  /** As {@link Kernels#normalizeAffineInput}; without gamma if that is empty. */
  static void input(
      DoubleRuns runs,
      Slices slices,
      /*wide*/ double epsilon,
      Channels channels,
      double[] x,
      Known known,
      double[] gamma,
      double[] g,
      Known knownOfG,
      double[] y) {
    if (DoubleColumnNormalization.suits(slices, channels)) {
      DoubleColumnNormalization.input(runs, slices, epsilon, x, gamma, g, y);
      return;
    }
    Measured.Asked asked = DoubleMoments.asked(known, slices);
    Along along = new Along(slices, epsilon, channels, g, asked.numbers(), knownOfG);
    DoubleMoments.forEachSlice(
        runs,
        slices,
        asked,
        y,
        (moments, slice) -> {
          moments.read(x, slice, epsilon);
          Scaled v = new Scaled(runs, channels, gamma, g, moments.block());
          v.scaleFor(moments);
          if (along.suits && gamma.length > 0) {
            along.of(slice, x, moments, runs);
            /*wide*/ double c = gamma[slice];
            input(runs, slices, moments, v, x, c * along.first(slice), c * along.second(slice), y);
          } else {
            moments.along(x, v, moments.centre());
            input(runs, slices, moments, v, x, moments.first(), moments.second(), y);
          }
        });
    along.close();
  }

  private static void input(
      DoubleRuns runs,
      Slices slices,
      DoubleMoments moments,
      Scaled v,
      double[] x,
      /*wide*/ double first,
      /*wide*/ double second,
      double[] y) {
    Centre centre = moments.centre();
    int power = v.exponent - moments.deviationExponent();
    /*wide*/ double sum = first / slices.size();
    /*wide*/ double along = second / slices.size();
    for (int row = 0; row < slices.rows(); row++) {
      int end = moments.start(row) + slices.length();
      for (int i = moments.start(row); i < end; i += DoubleRuns.LEAF) {
        int n = Math.min(DoubleRuns.LEAF, end - i);
        runs.gradient(x, i, n, centre, v.read(i, n), sum, along, power, y);
      }
    }
  }

  /**
   * For slices that are channels, the sums of g, and of its products with the normalized x: the
   * derivatives in x and in gamma both need them, and the second to come finds what the first kept.
   */
  private static final class Along {
    /** Of what the sums are, beside g. */
    private record Question(Measured x, /*wide*/ double epsilon) {}

    private final boolean suits;
    private final double[] g;
    private final Channels channels;
    private final Measured.@Nullable Asked asked;
    private final Measured sums;

    Along(
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
          suits && x != null
              ? new Measured.Asked(known, new Question(x, epsilon), slices, 2)
              : null;
      @Nullable Measured found = asked == null ? null : asked.numbers();
      this.sums = found == null ? new Measured(2, suits ? slices.count() : 0) : found;
    }

    /** Finds the sums of a slice, which the moments have read. */
    void of(int slice, double[] x, DoubleMoments moments, DoubleRuns runs) {
      if (asked == null || asked.found() == null) {
        Scaled v = new Scaled(runs, channels, new double[0], g, moments.block());
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

  private static boolean areChannels(Slices slices, Channels channels) {
    return slices.outer() == 1
        && slices.inner() == channels.count()
        && slices.length() == channels.repeat();
  }

  /** The products of gamma and g, divided by a power of two; g itself, if gamma is empty. */
  private static final class Scaled implements DoubleMoments.Cotangent {
    private final DoubleRuns runs;
    private final Channels channels;
    private final double[] gamma;
    private final double[] g;
    private final /*wide*/ double[] block;
    private int exponent; // of that power
    private /*wide*/ double shrink = 1; // its inverse

    Scaled(
        DoubleRuns runs, Channels channels, double[] gamma, double[] g, /*wide*/ double[] block) {
      this.runs = runs;
      this.channels = channels;
      this.gamma = gamma;
      this.g = g;
      this.block = block;
    }

    /** Where products are as narrow as their factors, they may be near the ends of a double. */
    void scaleFor(DoubleMoments moments) {
      if (!DoubleMoments.NARROW) {
        /*wide*/ double largest = 0;
        for (double number : gamma) {
          largest = Math.max(largest, Math.abs(number));
        }
        exponent = DoubleMoments.exponentOf(moments.largest(g)) + DoubleMoments.exponentOf(largest);
        shrink = Math.scalb(ONE, -exponent);
      }
    }

    @Override
    public /*wide*/ double[] read(int from, int n) {
      if (gamma.length == 0) {
        runs.times(g, from, n, shrink, block, 0);
        return block;
      }
      int end = from + n;
      for (int i = from; i < end; ) {
        int length = Math.min(end - i, channels.length(i));
        int c = channels.at(i);
        if (channels.repeat() == 1) {
          runs.times(g, i, length, shrink, block, i - from);
          runs.times(block, i - from, length, gamma, c);
        } else {
          runs.times(g, i, length, shrink * gamma[c], block, i - from);
        }
        i += length;
      }
      return block;
    }
  }

  // ---- sums over channels ----------------------------------------------------------------------

  /** As {@link Kernels#normalizedSums}. */
  static void sums(
      DoubleRuns runs,
      Slices slices,
      /*wide*/ double epsilon,
      Channels channels,
      double[] x,
      Known known,
      double[] g,
      Known knownOfG,
      double[] y) {
    if (DoubleColumnNormalization.suits(slices, channels)) {
      DoubleColumnNormalization.sums(runs, slices, epsilon, x, g, y);
      return;
    }
    Measured.Asked asked = DoubleMoments.asked(known, slices);
    if (areChannels(slices, channels)) {
      Along along = new Along(slices, epsilon, channels, g, asked.numbers(), knownOfG);
      ofSlices(runs, slices, epsilon, channels, x, asked, g, along, y);
    } else if (channels.repeat() == 1) {
      ofColumns(runs, slices, epsilon, channels.count(), x, asked, g, y);
    } else {
      ofSegments(runs, slices, epsilon, channels, x, asked, g, y);
    }
  }

  /** Where each channel is a slice. */
  private static void ofSlices(
      DoubleRuns runs,
      Slices slices,
      /*wide*/ double epsilon,
      Channels channels,
      double[] x,
      Measured.Asked asked,
      double[] g,
      Along along,
      double[] y) {
    DoubleMoments.forEachSlice(
        runs,
        slices,
        asked,
        y,
        (moments, slice) -> {
          moments.read(x, slice, epsilon);
          if (along.suits) {
            along.of(slice, x, moments, runs);
            y[slice] = (double) along.second(slice);
            return;
          }
          Scaled v = new Scaled(runs, channels, new double[0], g, moments.block());
          v.scaleFor(moments);
          moments.along(x, v, moments.centre());
          y[slice] = (double) (moments.second() / v.shrink);
        });
    along.close();
  }

  /** Where slices are runs of neighbours, and each is some elements of each of some channels. */
  private static void ofSegments(
      DoubleRuns runs,
      Slices slices,
      /*wide*/ double epsilon,
      Channels channels,
      double[] x,
      Measured.Asked asked,
      double[] g,
      double[] y) {
    int length = Math.min(channels.repeat(), slices.length());
    int segments = slices.length() / length;
    /*wide*/ double[] parts = Wide.take(slices.count() * segments);
    DoubleMoments.forEachSlice(
        runs,
        slices,
        asked,
        x,
        (moments, slice) -> {
          moments.read(x, slice, epsilon);
          Centre centre = moments.centre();
          Scaled v = new Scaled(runs, channels, new double[0], g, moments.block());
          for (int i = 0; i < segments; i++) {
            int from = moments.start(0) + i * length;
            parts[slice * segments + i] = moments.along(x, from, length, v, centre);
          }
        });
    int repeat = channels.repeat() / length;
    int outer = slices.count() * segments / repeat;
    /*wide*/ double[] totals = LineSums.of(outer, repeat, 1, parts);
    Wide.give(parts);
    /*wide*/ double[] sums = LineSums.of(1, outer / channels.count(), channels.count(), totals);
    for (int c = 0; c < y.length; c++) {
      y[c] = (double) sums[c];
    }
  }

  /** Where slices are runs of neighbours, and channels are columns. */
  private static void ofColumns(
      DoubleRuns runs,
      Slices slices,
      /*wide*/ double epsilon,
      int columns,
      double[] x,
      Measured.Asked asked,
      double[] g,
      double[] y) {
    Centre[] centres = new Centre[slices.count()];
    DoubleMoments.forEachSlice(
        runs,
        slices,
        asked,
        x,
        (moments, slice) -> {
          moments.read(x, slice, epsilon);
          centres[slice] = moments.centre();
        });
    int rows = x.length / columns;
    /*wide*/ double[] totals =
        DoubleColumns.sums(
            runs,
            rows,
            columns,
            (first, row) ->
                (lanes, at, next, n) -> {
                  int from = (row + next) * columns + first;
                  addRow(runs, slices, centres, x, g, from, n, lanes, at);
                });
    for (int c = 0; c < columns; c++) {
      y[c] = (double) totals[c];
    }
    Wide.give(totals);
  }

  /** Adds a part of a row, which may have parts of several slices. */
  private static void addRow(
      DoubleRuns runs,
      Slices slices,
      Centre[] centres,
      double[] x,
      double[] g,
      int from,
      int n,
      /*wide*/ double[] lanes,
      int at) {
    int end = from + n;
    for (int i = from; i < end; ) {
      int slice = i / slices.length();
      int length = Math.min(end - i, (slice + 1) * slices.length() - i);
      runs.addAlong(lanes, at + i - from, x, g, i, length, centres[slice]);
      i += length;
    }
  }
}
