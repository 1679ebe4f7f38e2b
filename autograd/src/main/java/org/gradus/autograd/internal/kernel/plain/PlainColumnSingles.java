package org.gradus.autograd.internal.kernel.plain;

import java.util.Arrays;
import org.gradus.autograd.internal.kernel.ColumnSingles;

/** One element after the other. */
final class PlainColumnSingles implements ColumnSingles {
  @Override
  public void largest(float[] x, int from, int step, int rows, int n, float[] most) {
    Arrays.fill(most, 0, n, Float.NEGATIVE_INFINITY);
    for (int row = 0; row < rows; row++) {
      for (int i = 0; i < n; i++) {
        most[i] = Math.max(most[i], x[from + row * step + i]);
      }
    }
  }

  @Override
  public void distances(
      float[] x,
      int from,
      int step,
      int rows,
      int n,
      float[] most,
      float[] distances,
      float[] lost) {
    for (int row = 0; row < rows; row++) {
      for (int i = 0; i < n; i++) {
        PlainRowSingles.distance(most[i], x[from + row * step + i], distances, lost, row * n + i);
      }
    }
  }

  @Override
  public void sum(float[] x, int rows, int n, double[] sums) {
    Arrays.fill(sums, 0, n, 0);
    for (int row = 0; row < rows; row++) {
      for (int i = 0; i < n; i++) {
        sums[i] += x[row * n + i];
      }
    }
  }

  @Override
  public void shares(
      float[] powers,
      float[] rests,
      int rows,
      int n,
      float[] factors,
      float[] less,
      float[] y,
      int to,
      int step) {
    for (int row = 0; row < rows; row++) {
      for (int i = 0; i < n; i++) {
        int at = row * n + i;
        y[to + row * step + i] = PlainRowSingles.share(powers[at], rests[at], factors[i], less[i]);
      }
    }
  }

  @Override
  public void logarithms(
      float[] distances,
      float[] lost,
      int rows,
      int n,
      float[] logs,
      float[] less,
      float[] y,
      int to,
      int step) {
    for (int row = 0; row < rows; row++) {
      for (int i = 0; i < n; i++) {
        int at = row * n + i;
        y[to + row * step + i] =
            PlainRowSingles.logarithm(distances[at], lost[at], logs[i], less[i]);
      }
    }
  }
}
