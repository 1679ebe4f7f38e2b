package org.gradus.autograd.internal.kernel.plain;

import java.util.Arrays;
import org.gradus.autograd.internal.kernel.RowFunctions;
import org.gradus.autograd.internal.kernel.RowSingles;

/** One element after the other; the last ones of the vectors, too. */
public class PlainRows implements RowFunctions {
  private static final int OCTET = DoubleRuns.OCTET;

  /** Makes plain loops. */
  public PlainRows() {}

  @Override
  public RowSingles singles() {
    return new PlainRowSingles();
  }

  @Override
  public void read(float[] x, int from, int n, int count, double pad, double[] rows, int stride) {
    for (int row = 0; row < count; row++) {
      for (int i = 0; i < n; i++) {
        rows[row * stride + i] = x[from + row * n + i];
      }
      Arrays.fill(rows, row * stride + n, (row + 1) * stride, pad);
    }
  }

  @Override
  public void largest(double[] rows, int stride, int count, double[] most) {
    for (int row = 0; row < count; row++) {
      double largest = rows[row * stride];
      for (int i = 1; i < stride; i++) {
        largest = Math.max(largest, rows[row * stride + i]);
      }
      most[row] = largest;
    }
  }

  @Override
  public void lower(double[] rows, int stride, int count, double[] most) {
    for (int i = 0; i < count * stride; i++) {
      rows[i] -= most[i / stride];
    }
  }

  @Override
  public void addPowers(
      double[] distances,
      double[] powers,
      int stride,
      int count,
      double[] lanes,
      double[] sums,
      double[] counts) {
    Arrays.fill(lanes, 0, 2 * count * OCTET, 0);
    for (int i = 0; i < count * stride; i++) {
      int lane = 2 * (i / stride) * OCTET + i % OCTET;
      lanes[lane] += distances[i] < 0 ? powers[i] : 0;
      lanes[lane + OCTET] += distances[i] < 0 ? 0 : 1;
    }
    total(lanes, 0, count, sums);
    total(lanes, OCTET, count, counts);
  }

  /** Adds up one of the two octets of each row. */
  protected static void total(double[] lanes, int at, int count, double[] sums) {
    for (int row = 0; row < count; row++) {
      sums[row] = DoubleRuns.total(lanes, at + 2 * row * OCTET);
    }
  }

  @Override
  public void choose(
      double[] distances, double[] g, int stride, int count, double[] lanes, double[] chosen) {
    Arrays.fill(lanes, 0, 2 * count * OCTET, 0);
    for (int i = 0; i < count * stride; i++) {
      lanes[2 * (i / stride) * OCTET + i % OCTET] += distances[i] < 0 ? 0 : g[i];
    }
    total(lanes, 0, count, chosen);
  }

  @Override
  public void sumProducts(
      double[] g,
      double[] less,
      double[] powers,
      int stride,
      int count,
      double[] lanes,
      double[] sums) {
    Arrays.fill(lanes, 0, 2 * count * OCTET, 0);
    for (int i = 0; i < count * stride; i++) {
      int row = i / stride;
      g[i] -= less[row];
      lanes[2 * row * OCTET + i % OCTET] += g[i] * powers[i];
    }
    total(lanes, 0, count, sums);
  }

  @Override
  public void sumExactly(
      double[] g, int stride, int count, double[] lanes, double[] sums, double[] rests) {
    for (int row = 0; row < count; row++) {
      int at = 2 * row * OCTET;
      Arrays.fill(lanes, at, at + 2 * OCTET, 0);
      for (int i = row * stride; i < (row + 1) * stride; i++) {
        int lane = at + i % OCTET;
        double before = lanes[lane];
        lanes[lane] = before + g[i];
        lanes[lane + OCTET] += DoubleSums.lost(before, g[i], lanes[lane]);
      }
    }
    join(lanes, count, sums, rests);
  }

  /** Adds up an octet for each row by halves, and an octet of what was lost, with what is lost. */
  protected static void join(double[] lanes, int count, double[] sums, double[] rests) {
    for (int row = 0; row < count; row++) {
      int at = 2 * row * OCTET;
      for (int half = OCTET / 2; half > 0; half /= 2) {
        for (int i = at; i < at + half; i++) {
          double before = lanes[i];
          double other = lanes[i + half];
          lanes[i] = before + other;
          lanes[i + OCTET] += lanes[i + half + OCTET] + DoubleSums.lost(before, other, lanes[i]);
        }
      }
      sums[row] = lanes[at];
      rests[row] = lanes[at + OCTET];
    }
  }

  @Override
  public void slopes(
      double[] g,
      double[] mean,
      double[] powers,
      double[] factors,
      int stride,
      int count,
      float[] y,
      int to,
      int n) {
    for (int row = 0; row < count; row++) {
      for (int i = 0; i < n; i++) {
        int at = row * stride + i;
        y[to + row * n + i] = (float) ((g[at] - mean[row]) * (powers[at] * factors[row]));
      }
    }
  }

  @Override
  public void slopesOfLogarithm(
      double[] g,
      double[] sums,
      double[] rests,
      double[] powers,
      double[] others,
      double[] factors,
      int stride,
      int count,
      float[] y,
      int to,
      int n) {
    for (int row = 0; row < count; row++) {
      for (int i = 0; i < n; i++) {
        double v = g[row * stride + i];
        double power = powers[row * stride + i];
        double own = (others[row] + (1 - power)) * v;
        double less = ((sums[row] - v) + rests[row]) * power;
        y[to + row * n + i] = (float) ((own - less) * factors[row] + 0.0); // 0 where it is -0.0
      }
    }
  }
}
