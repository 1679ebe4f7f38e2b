package org.gradus.autograd.internal.kernel.plain;

/**
 * What normalisation does with neighbours in memory element by element. Here they are plain loops;
 * the vector kernels override them and compute the same bits.
 *
 * <p>Results are written in their order, and an argument {@code end} says up to where: elements of
 * y behind the neighbours but before that one may be overwritten, since they are yet to come.
 */
@SuppressWarnings("cast") // (double) is needed in the float twin, where it reads (float)
public class DoubleElementRuns {
  /** Makes plain loops. */
  public DoubleElementRuns() {}

  /** y = normalized x. */
  public void normalize(double[] x, int from, int n, Centre centre, double[] y, int end) {
    for (int i = from; i < from + n; i++) {
      y[i] = (double) centre.normalized(x[i]);
    }
  }

  /** y = gamma normalized x + beta, with one gamma and one beta. */
  public void affine(
      double[] x,
      int from,
      int n,
      Centre centre,
      /*wide*/ double gamma,
      /*wide*/ double beta,
      double[] y,
      int end) {
    for (int i = from; i < from + n; i++) {
      y[i] = (double) (centre.normalized(x[i]) * gamma + beta);
    }
  }

  /** The same with a gamma and a beta for each element, from a place on. */
  public void affine(
      double[] x,
      int from,
      int n,
      Centre centre,
      /*wide*/ double[] gamma,
      /*wide*/ double[] beta,
      int place,
      double[] y,
      int end) {
    for (int i = 0; i < n; i++) {
      y[from + i] = (double) (centre.normalized(x[from + i]) * gamma[place + i] + beta[place + i]);
    }
  }

  /** y = gamma (x - mean) root + beta, with numbers for each element, from a place on. */
  public void affine(
      double[] x,
      int from,
      int n,
      double[] mean,
      /*wide*/ double[] root,
      double[] gamma,
      double[] beta,
      int place,
      double[] y) {
    for (int i = 0; i < n; i++) {
      /*wide*/ double difference = x[from + i];
      difference -= mean[place + i];
      y[from + i] = (double) (difference * root[place + i] * gamma[place + i] + beta[place + i]);
    }
  }

  /** v = c g, from a place of v on. */
  public void times(
      double[] g, int from, int n, /*wide*/ double c, /*wide*/ double[] v, int place) {
    for (int i = 0; i < n; i++) {
      v[place + i] = g[from + i] * c;
    }
  }

  /** v = v gamma, from a place of each on. */
  public void times(/*wide*/ double[] v, int place, int n, double[] gamma, int first) {
    for (int i = 0; i < n; i++) {
      v[place + i] *= gamma[first + i];
    }
  }

  /** The same of numbers in double precision. */
  static void scale(/*wide*/ double[] v, int place, int n, /*wide*/ double[] gamma, int first) {
    for (int i = 0; i < n; i++) {
      v[place + i] *= gamma[first + i];
    }
  }

  /** y = (v - sum - along normalized x) / deviation, times a power of two. */
  public void gradient(
      double[] x,
      int from,
      int n,
      Centre centre,
      /*wide*/ double[] v,
      Tangent tangent,
      double[] y,
      int end) {
    for (int i = 0; i < n; i++) {
      /*wide*/ double gradient = tangent.gradient(centre, x[from + i], v[i]);
      y[from + i] =
          (double) (tangent.power() == 0 ? gradient : Math.scalb(gradient, tangent.power()));
    }
  }

  /** The same for v = c g, with memory for n numbers. */
  public void gradient(
      double[] x,
      double[] g,
      int from,
      int n,
      Centre centre,
      /*wide*/ double c,
      /*wide*/ double[] v,
      Tangent tangent,
      double[] y,
      int end) {
    times(g, from, n, c, v, 0);
    gradient(x, from, n, centre, v, tangent, y, end);
  }

  /** The same for v = c g gamma, with a gamma for each element, from a place on. */
  public void gradient(
      double[] x,
      double[] g,
      int from,
      int n,
      Centre centre,
      /*wide*/ double c,
      /*wide*/ double[] gamma,
      int place,
      /*wide*/ double[] v,
      Tangent tangent,
      double[] y,
      int end) {
    times(g, from, n, c, v, 0);
    scale(v, 0, n, gamma, place);
    gradient(x, from, n, centre, v, tangent, y, end);
  }
}
