package org.gradus.autograd.internal.kernel.vector;

import org.gradus.autograd.internal.kernel.plain.DoubleColumnLoops;

/** The loops over rows whose columns are slices, by vectors, which leave plain loops the rest. */
@SuppressWarnings("cast") // (double) is needed in the float twin, where it reads (float)
final class DoubleColumnLanes extends DoubleColumnLoops {
  private static final int LANES = WideLanes.LANES;
  private static final int PAIR = WideLanes.PAIR;

  DoubleColumnLanes() {}

  @Override
  public void addDifferences(
      /*wide*/ double[] sums, int at, double[] x, int from, int n, Centres centres) {
    /*wide*/ double[] mean = centres.mean;
    int whole = WideLanes.whole(x, from, n);
    int i = 0;
    for (; i < whole; i += LANES) {
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
    int whole = WideLanes.whole(x, from, n);
    int i = 0;
    for (; i < whole; i += LANES) {
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
    int whole = WideLanes.whole(x, from, n);
    int i = 0;
    for (; i < whole; i += LANES) {
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
    int whole = DoubleAffineLanes.pairs(x, from, gamma, beta, place, n);
    int i = 0;
    for (; i < whole; i += PAIR) {
      int next = i + LANES;
      var a = WideLanes.load(x, from + i).sub(WideLanes.load(mean, i));
      var b = WideLanes.load(x, from + next).sub(WideLanes.load(mean, next));
      a = a.sub(WideLanes.load(rest, i)).mul(WideLanes.load(factor, i));
      b = b.sub(WideLanes.load(rest, next)).mul(WideLanes.load(factor, next));
      a = a.mul(WideLanes.load(gamma, place + i)).add(WideLanes.load(beta, place + i));
      b = b.mul(WideLanes.load(gamma, place + next)).add(WideLanes.load(beta, place + next));
      WideLanes.store(a, b, y, from + i);
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
    int whole = WideLanes.whole(x, from, n) & -PAIR;
    int i = 0;
    for (; i < whole; i += PAIR) {
      int next = i + LANES;
      var scaleA = WideLanes.load(factor, i);
      var scaleB = WideLanes.load(factor, next);
      var a = WideLanes.load(x, from + i).sub(WideLanes.load(mean, i));
      var b = WideLanes.load(x, from + next).sub(WideLanes.load(mean, next));
      a = a.sub(WideLanes.load(rest, i)).mul(scaleA).mul(WideLanes.load(along, i));
      b = b.sub(WideLanes.load(rest, next)).mul(scaleB).mul(WideLanes.load(along, next));
      a = WideLanes.load(v, i).sub(WideLanes.load(sum, i)).sub(a).mul(scaleA);
      b = WideLanes.load(v, next).sub(WideLanes.load(sum, next)).sub(b).mul(scaleB);
      WideLanes.store(a, b, y, from + i);
    }
    for (; i < n; i++) {
      /*wide*/ double normalized = (x[from + i] - mean[i] - rest[i]) * factor[i];
      y[from + i] = (double) ((v[i] - sum[i] - normalized * along[i]) * factor[i]);
    }
  }
}
