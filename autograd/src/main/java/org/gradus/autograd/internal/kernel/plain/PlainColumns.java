package org.gradus.autograd.internal.kernel.plain;

import org.gradus.autograd.internal.kernel.ColumnFunctions;
import org.gradus.autograd.internal.kernel.ColumnSingles;
import org.gradus.autograd.internal.number.Elementary;

/** One number after the other. */
final class PlainColumns implements ColumnFunctions {
  @Override
  public ColumnSingles singles() {
    return new PlainColumnSingles();
  }

  @Override
  public void read(float[] x, int from, double[] row, int at, int n) {
    for (int i = 0; i < n; i++) {
      row[at + i] = x[from + i];
    }
  }

  @Override
  public void raise(double[] row, int at, double[] most, int n) {
    for (int i = 0; i < n; i++) {
      most[i] = Math.max(most[i], row[at + i]);
    }
  }

  @Override
  public void lower(double[] row, int at, double[] most, int n) {
    for (int i = 0; i < n; i++) {
      row[at + i] -= most[i];
    }
  }

  @Override
  public void powers(double[] distances, int at, double[] powers, int n) {
    for (int i = at; i < at + n; i++) {
      powers[i] = power(distances[i]);
    }
  }

  @Override
  public void addPowers(
      double[] distances, int at, double[] powers, double[] sums, double[] counts, int n) {
    for (int i = 0; i < n; i++) {
      boolean below = distances[at + i] < 0;
      sums[i] += below ? powers[at + i] : 0;
      counts[i] += below ? 0 : 1;
    }
  }

  /** e to a number that is not positive. */
  static double power(double distance) {
    double v = distance < LEAST ? LEAST : distance;
    double t = v * Elementary.LOG2_E + Elementary.TO_WHOLE;
    double k = t - Elementary.TO_WHOLE;
    double r = v - k * Elementary.LN2_HIGH - k * Elementary.LN2_LOW;
    double q = ((r * E6 + E5) * r + E4) * r + E3;
    q = ((q * r + E2) * r + E1) * r + E0;
    double scale =
        Double.longBitsToDouble(
            (Double.doubleToRawLongBits(t) + Elementary.BIAS) << Elementary.EXPONENT);
    return distance < LEAST ? 0 : ((r * r * q + r) + 1) * scale;
  }

  @Override
  public void choose(double[] distances, int at, double[] g, double[] chosen, int n) {
    for (int i = 0; i < n; i++) {
      chosen[i] = distances[at + i] < 0 ? chosen[i] : g[at + i];
    }
  }

  @Override
  public void addProducts(
      double[] g, int at, double[] less, double[] powers, double[] sums, int n) {
    for (int i = 0; i < n; i++) {
      double left = g[at + i] - less[i];
      g[at + i] = left;
      sums[i] += left * powers[at + i];
    }
  }

  @Override
  public void slopes(
      double[] g,
      int at,
      double[] mean,
      double[] powers,
      double[] factors,
      float[] y,
      int to,
      int n) {
    for (int i = 0; i < n; i++) {
      y[to + i] = (float) ((g[at + i] - mean[i]) * (powers[at + i] * factors[i]));
    }
  }

  @Override
  public void addExactly(double[] g, int at, double[] sums, double[] rests, int n) {
    for (int i = 0; i < n; i++) {
      double before = sums[i];
      double sum = before + g[at + i];
      sums[i] = sum;
      rests[i] += DoubleSums.lost(before, g[at + i], sum);
    }
  }

  @Override
  public void slopesOfLogarithm(
      double[] g,
      int at,
      double[] sums,
      double[] rests,
      double[] powers,
      double[] others,
      double[] factors,
      float[] y,
      int to,
      int n) {
    for (int i = 0; i < n; i++) {
      double v = g[at + i];
      double power = powers[at + i];
      double own = (others[i] + (1 - power)) * v;
      double less = ((sums[i] - v) + rests[i]) * power;
      y[to + i] = (float) ((own - less) * factors[i] + 0.0); // 0 where it is -0.0
    }
  }
}
