package org.gradus.autograd.internal.kernel.plain;

/**
 * What normalisation does with rows whose columns are slices of their own: each element has a mean
 * and a deviation, from the first of an array on. Here they are plain loops; the vector kernels
 * override them and compute the same bits.
 */
@SuppressWarnings("cast") // (double) is needed in the float twin, where it reads (float)
public class DoubleColumnLoops {
  /** Makes plain loops. */
  public DoubleColumnLoops() {}

  /**
   * Mean and deviation of some columns.
   *
   * @see Centre
   */
  public static final class Centres {
    /** The most columns at once. */
    static final int WIDTH = 64;

    public final /*wide*/ double[] mean = new /*wide*/ double[WIDTH];
    public final /*wide*/ double[] rest = new /*wide*/ double[WIDTH];
    public final /*wide*/ double[] factor = new /*wide*/ double[WIDTH];

    Centres() {}

    /*wide*/ double normalized(/*wide*/ double x, int i) {
      return (x - mean[i] - rest[i]) * factor[i];
    }
  }

  /** Adds the differences to the means to as many sums. */
  public void addDifferences(
      /*wide*/ double[] sums, int at, double[] x, int from, int n, Centres centres) {
    for (int i = 0; i < n; i++) {
      sums[at + i] += x[from + i] - centres.mean[i];
    }
  }

  /** Adds the squares of differences to the means to as many sums. */
  public void addSquares(
      /*wide*/ double[] sums, int at, double[] x, int from, int n, Centres centres) {
    for (int i = 0; i < n; i++) {
      /*wide*/ double difference = x[from + i] - centres.mean[i];
      sums[at + i] += difference * difference;
    }
  }

  /** Adds the products of some numbers and the normalized x to as many sums. */
  public void addAlong(
      /*wide*/ double[] sums,
      int at,
      double[] x,
      int from,
      int n,
      /*wide*/ double[] v,
      Centres centres) {
    for (int i = 0; i < n; i++) {
      sums[at + i] += v[i] * centres.normalized(x[from + i], i);
    }
  }

  /** y = gamma normalized x + beta, with a gamma and a beta for each column, from a place on. */
  public void affine(
      double[] x,
      int from,
      int n,
      Centres centres,
      double[] gamma,
      double[] beta,
      int place,
      double[] y) {
    for (int i = 0; i < n; i++) {
      /*wide*/ double normalized = centres.normalized(x[from + i], i);
      y[from + i] = (double) (normalized * gamma[place + i] + beta[place + i]);
    }
  }

  /** y = (v - sum - along normalized x) / deviation. */
  public void gradient(
      double[] x,
      int from,
      int n,
      Centres centres,
      /*wide*/ double[] v,
      /*wide*/ double[] sum,
      /*wide*/ double[] along,
      double[] y) {
    for (int i = 0; i < n; i++) {
      /*wide*/ double left = v[i] - sum[i] - centres.normalized(x[from + i], i) * along[i];
      y[from + i] = (double) (left * centres.factor[i]);
    }
  }
}
