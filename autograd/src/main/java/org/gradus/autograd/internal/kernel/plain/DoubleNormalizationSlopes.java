package org.gradus.autograd.internal.kernel.plain;

import java.util.Arrays;
import org.gradus.autograd.internal.kernel.Channels;
import org.gradus.autograd.internal.kernel.Kernels;
import org.gradus.autograd.internal.kernel.Known;
import org.gradus.autograd.internal.kernel.Slices;
import org.gradus.autograd.internal.parallel.Wide;

/** The derivatives of {@link DoubleNormalization}: in x, and in gamma. */
@SuppressWarnings("cast") // (double) is needed in the float twin, where it reads (float)
final class DoubleNormalizationSlopes {
  private DoubleNormalizationSlopes() {}

  // ---- in x ------------------------------------------------------------------------------------

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
    boolean each = channels.repeat() == 1 && channels.count() == slices.length();
    if (DoubleMoments.areShort(slices) && (gamma.length == 0 || each)) {
      ofFew(runs, slices, asked, epsilon, x, gamma, g, y);
      return;
    }
    DoubleAlong along = new DoubleAlong(slices, epsilon, channels, g, asked.numbers(), knownOfG);
    /*wide*/ double[] scales = Wide.copy(gamma);
    DoubleMoments.forEachSlice(
        runs,
        slices,
        asked,
        x,
        y,
        (moments, slice) -> {
          moments.read(x, slice, epsilon);
          DoubleScaled v = new DoubleScaled(runs, channels, scales, g, moments.block());
          v.scaleFor(moments);
          if (along.suits() && scales.length > 0) {
            along.of(slice, x, moments, runs);
            /*wide*/ double c = scales[slice];
            input(slices, moments, v, x, c * along.first(slice), c * along.second(slice), y);
          } else {
            moments.along(x, v, moments.centre());
            input(slices, moments, v, x, moments.first(), moments.second(), y);
          }
        });
    Wide.give(scales);
    along.close();
  }

  /** Of short slices with a gamma for each element, or without. */
  private static void ofFew(
      DoubleRuns runs,
      Slices slices,
      Measured.Asked asked,
      /*wide*/ double epsilon,
      double[] x,
      double[] gamma,
      double[] g,
      double[] y) {
    int n = slices.length();
    /*wide*/ double[] scales = Wide.take(n);
    for (int i = 0; i < n; i++) {
      scales[i] = gamma.length == 0 ? 1 : gamma[i];
    }
    DoubleMoments.forEachFew(
        runs,
        slices,
        asked,
        epsilon,
        x,
        y,
        (moments, first, count, centres) -> {
          /*wide*/ double[] v = moments.block();
          /*wide*/ double[] sums = new /*wide*/ double[2 * DoubleRuns.AT_ONCE];
          runs.along(x, g, first * n, n, count, centres, scales, v, moments.lanes(), sums);
          for (int i = 0; i < count; i++) {
            int from = (first + i) * n;
            Tangent tangent = new Tangent(sums[2 * i] / n, sums[2 * i + 1] / n, 0);
            runs.gradient(x, g, from, n, centres[i], 1, scales, 0, v, tangent, y, moments.end());
          }
        });
    Wide.give(scales);
  }

  private static void input(
      Slices slices,
      DoubleMoments moments,
      DoubleScaled v,
      double[] x,
      /*wide*/ double first,
      /*wide*/ double second,
      double[] y) {
    Centre centre = moments.centre();
    int power = v.exponent() - moments.deviationExponent();
    Tangent tangent = new Tangent(first / slices.size(), second / slices.size(), power);
    for (int row = 0; row < slices.rows(); row++) {
      int end = moments.start(row) + slices.length();
      for (int i = moments.start(row); i < end; ) {
        int n = Math.min(v.most(i), end - i);
        v.gradient(x, i, n, centre, tangent, y, moments.end(row));
        i += n;
      }
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
    if (DoubleAlong.areChannels(slices, channels)) {
      DoubleAlong along = new DoubleAlong(slices, epsilon, channels, g, asked.numbers(), knownOfG);
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
      DoubleAlong along,
      double[] y) {
    DoubleMoments.forEachSlice(
        runs,
        slices,
        asked,
        x,
        y,
        (moments, slice) -> {
          moments.read(x, slice, epsilon);
          if (along.suits()) {
            along.of(slice, x, moments, runs);
            y[slice] = (double) along.second(slice);
            return;
          }
          DoubleScaled v = DoubleScaled.plain(runs, channels, g, moments.block());
          v.scaleFor(moments);
          moments.along(x, v, moments.centre());
          y[slice] = (double) (moments.second() / v.shrink());
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
        x,
        (moments, slice) -> {
          moments.read(x, slice, epsilon);
          Centre centre = moments.centre();
          DoubleScaled v = DoubleScaled.plain(runs, channels, g, moments.block());
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
                slices.length() == columns
                    ? new Lines(runs, centres, x, g, columns, first, row)
                    : (lanes, at, next, n) -> {
                      int from = (row + next) * columns + first;
                      addRow(runs, slices, centres, x, g, from, n, lanes, at);
                    });
    for (int c = 0; c < columns; c++) {
      y[c] = (double) totals[c];
    }
    Wide.give(totals);
  }

  /** Rows that are slices, from a column and a row on. */
  private static final class Lines implements DoubleColumns.Rows {
    private final DoubleRuns runs;
    private final Centre[] centres;
    private final double[] x;
    private final double[] g;
    private final int columns;
    private final int first;
    private final int row;

    Lines(
        DoubleRuns runs,
        Centre[] centres,
        double[] x,
        double[] g,
        int columns,
        int first,
        int row) {
      this.runs = runs;
      this.centres = centres;
      this.x = x;
      this.g = g;
      this.columns = columns;
      this.first = first;
      this.row = row;
    }

    @Override
    public void addTo(/*wide*/ double[] sums, int at, int next, int n) {
      int line = row + next;
      runs.addAlong(sums, at, x, g, line * columns + first, n, centres[line]);
    }

    /** Two rows at once: half as often, sums are read and written. */
    @Override
    public void octets(int next, int turns, int step, int n, /*wide*/ double[] lanes, int at) {
      Arrays.fill(lanes, at, at + DoubleRuns.OCTET * n, 0);
      int pairs = turns & -2;
      for (int turn = 0; turn < pairs; turn += 2) {
        for (int lane = 0; lane < DoubleRuns.OCTET; lane++) {
          int line = row + next + turn * step + lane;
          int from = line * columns + first;
          Centre other = centres[line + step];
          runs.addAlong(lanes, at + lane * n, x, g, from, step * columns, n, centres[line], other);
        }
      }
      for (int lane = 0; pairs < turns && lane < DoubleRuns.OCTET; lane++) {
        addTo(lanes, at + lane * n, next + pairs * step + lane, n);
      }
    }
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
