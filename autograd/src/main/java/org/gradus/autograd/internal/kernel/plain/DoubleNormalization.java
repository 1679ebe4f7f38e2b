package org.gradus.autograd.internal.kernel.plain;

import org.gradus.autograd.internal.kernel.Channels;
import org.gradus.autograd.internal.kernel.Kernels;
import org.gradus.autograd.internal.kernel.Known;
import org.gradus.autograd.internal.kernel.Slices;
import org.gradus.autograd.internal.parallel.Parallel;
import org.gradus.autograd.internal.parallel.Wide;

/** Normalisation of each slice by itself, with a scale gamma and a shift beta or without. */
@SuppressWarnings("cast") // (double) is needed in the float twin, where it reads (float)
final class DoubleNormalization {
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
        x,
        y,
        (moments, slice) -> {
          moments.read(x, slice, epsilon);
          Centre centre = moments.centre();
          for (int row = 0; row < slices.rows(); row++) {
            runs.normalize(x, moments.start(row), slices.length(), centre, y, moments.end(row));
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
    /*wide*/ double[] scales = Wide.copy(gamma);
    /*wide*/ double[] shifts = Wide.copy(beta);
    Measured.Asked asked = DoubleMoments.asked(known, slices);
    int n = slices.length();
    if (DoubleMoments.areShort(slices)) {
      DoubleMoments.forEachFew(
          runs,
          slices,
          asked,
          epsilon,
          x,
          y,
          (moments, first, count, centres) -> {
            for (int i = 0; i < count; i++) {
              int from = (first + i) * n;
              affine(runs, channels, x, from, n, centres[i], scales, shifts, y, moments.end());
            }
          });
      Wide.give(scales);
      Wide.give(shifts);
      return;
    }
    DoubleMoments.forEachSlice(
        runs,
        slices,
        asked,
        x,
        y,
        (moments, slice) -> {
          moments.read(x, slice, epsilon);
          Centre centre = moments.centre();
          for (int row = 0; row < slices.rows(); row++) {
            int from = moments.start(row);
            affine(runs, channels, x, from, n, centre, scales, shifts, y, moments.end(row));
          }
        });
    Wide.give(scales);
    Wide.give(shifts);
  }

  private static void affine(
      DoubleRuns runs,
      Channels channels,
      double[] x,
      int from,
      int n,
      Centre centre,
      /*wide*/ double[] gamma,
      /*wide*/ double[] beta,
      double[] y,
      int end) {
    for (int i = from; i < from + n; ) {
      int length = Math.min(from + n - i, channels.length(i));
      int c = channels.at(i);
      if (channels.repeat() == 1) {
        runs.affine(x, i, length, centre, gamma, beta, c, y, end);
      } else {
        runs.affine(x, i, length, centre, gamma[c], beta[c], y, end);
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
              runs.affine(x, i, n, centre, gamma[c], beta[c], y, end);
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
}
