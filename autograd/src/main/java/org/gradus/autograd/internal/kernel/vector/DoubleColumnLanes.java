package org.gradus.autograd.internal.kernel.vector;

import org.gradus.autograd.internal.kernel.plain.DoubleColumnLoops;

/** The loops over rows whose columns are slices, by vectors, which leave plain loops the rest. */
@SuppressWarnings("cast") // (double) is needed in the float twin, where it reads (float)
final class DoubleColumnLanes extends DoubleColumnLoops {
  private static final int LANES = WideLanes.LANES;

  DoubleColumnLanes() {}

  @Override
  public void addDifferences(
      /*wide*/ double[] sums, int at, double[] x, int from, int n, Centres centres) {
    /*wide*/ double[] mean = centres.mean;
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      var difference = WideLanes.load(x, from + i).sub(WideLanes.load(mean, i));
      WideLanes.load(sums, at + i).add(difference).intoArray(sums, at + i);
    }
    for (; i < n; i++) {
      sums[at + i] += x[from + i] - mean[i];
    }
  }

  @Override
  public void addSquares(
      /*wide*/ double[] sums, int at, double[] x, int from, int n, Centres centres) {
    /*wide*/ double[] mean = centres.mean;
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      var difference = WideLanes.load(x, from + i).sub(WideLanes.load(mean, i));
      WideLanes.load(sums, at + i).add(difference.mul(difference)).intoArray(sums, at + i);
    }
    for (; i < n; i++) {
      /*wide*/ double difference = x[from + i] - mean[i];
      sums[at + i] += difference * difference;
    }
  }

  @Override
  public void addAlong(
      /*wide*/ double[] sums,
      int at,
      double[] x,
      int from,
      int n,
      /*wide*/ double[] v,
      Centres centres) {
    /*wide*/ double[] mean = centres.mean;
    /*wide*/ double[] rest = centres.rest;
    /*wide*/ double[] factor = centres.factor;
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      var apart = WideLanes.load(x, from + i).sub(WideLanes.load(mean, i));
      var normalized = apart.sub(WideLanes.load(rest, i)).mul(WideLanes.load(factor, i));
      WideLanes.load(sums, at + i)
          .add(WideLanes.load(v, i).mul(normalized))
          .intoArray(sums, at + i);
    }
    for (; i < n; i++) {
      sums[at + i] += v[i] * ((x[from + i] - mean[i] - rest[i]) * factor[i]);
    }
  }

  @Override
  public void affine(
      double[] x,
      int from,
      int n,
      Centres centres,
      double[] gamma,
      double[] beta,
      int place,
      double[] y) {
    /*wide*/ double[] mean = centres.mean;
    /*wide*/ double[] rest = centres.rest;
    /*wide*/ double[] factor = centres.factor;
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      var apart = WideLanes.load(x, from + i).sub(WideLanes.load(mean, i));
      var normalized = apart.sub(WideLanes.load(rest, i)).mul(WideLanes.load(factor, i));
      var scaled = normalized.mul(WideLanes.load(gamma, place + i));
      WideLanes.store(scaled.add(WideLanes.load(beta, place + i)), y, from + i);
    }
    for (; i < n; i++) {
      /*wide*/ double normalized = (x[from + i] - mean[i] - rest[i]) * factor[i];
      y[from + i] = (double) (normalized * gamma[place + i] + beta[place + i]);
    }
  }

  @Override
  public void gradient(
      double[] x,
      int from,
      int n,
      Centres centres,
      /*wide*/ double[] v,
      /*wide*/ double[] sum,
      /*wide*/ double[] along,
      double[] y) {
    /*wide*/ double[] mean = centres.mean;
    /*wide*/ double[] rest = centres.rest;
    /*wide*/ double[] factor = centres.factor;
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      var apart = WideLanes.load(x, from + i).sub(WideLanes.load(mean, i));
      var scale = WideLanes.load(factor, i);
      var normalized = apart.sub(WideLanes.load(rest, i)).mul(scale);
      var left = WideLanes.load(v, i).sub(WideLanes.load(sum, i));
      WideLanes.store(left.sub(normalized.mul(WideLanes.load(along, i))).mul(scale), y, from + i);
    }
    for (; i < n; i++) {
      /*wide*/ double normalized = (x[from + i] - mean[i] - rest[i]) * factor[i];
      y[from + i] = (double) ((v[i] - sum[i] - normalized * along[i]) * factor[i]);
    }
  }
}
