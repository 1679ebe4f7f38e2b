package org.gradus.autograd.internal.kernel.vector;

import org.gradus.autograd.internal.kernel.plain.Centre;
import org.gradus.autograd.internal.kernel.plain.DoubleRuns;

/**
 * What {@link DoubleRunLanes} does element by element: the innermost loops of the methods of these
 * names in {@link DoubleRuns}, over whole vectors, for numbers that need not be scaled.
 */
final class DoubleAffineLanes {
  private static final int LANES = WideLanes.LANES;

  private DoubleAffineLanes() {}

  static void normalize(double[] x, int from, int n, Centre centre, double[] y) {
    var mean = WideLanes.all(centre.mean());
    var rest = WideLanes.all(centre.rest());
    var factor = WideLanes.all(centre.factor());
    for (int i = from; i < from + n; i += LANES) {
      WideLanes.store(WideLanes.load(x, i).sub(mean).sub(rest).mul(factor), y, i);
    }
  }

  static void affine(
      double[] x,
      int from,
      int n,
      Centre centre,
      /*wide*/ double gamma,
      /*wide*/ double beta,
      double[] y) {
    var mean = WideLanes.all(centre.mean());
    var rest = WideLanes.all(centre.rest());
    var factor = WideLanes.all(centre.factor());
    var scale = WideLanes.all(gamma);
    var shift = WideLanes.all(beta);
    for (int i = from; i < from + n; i += LANES) {
      var normalized = WideLanes.load(x, i).sub(mean).sub(rest).mul(factor);
      WideLanes.store(normalized.mul(scale).add(shift), y, i);
    }
  }

  static void affine(
      double[] x,
      int from,
      int n,
      Centre centre,
      double[] gamma,
      double[] beta,
      int place,
      double[] y) {
    var mean = WideLanes.all(centre.mean());
    var rest = WideLanes.all(centre.rest());
    var factor = WideLanes.all(centre.factor());
    for (int i = 0; i < n; i += LANES) {
      var normalized = WideLanes.load(x, from + i).sub(mean).sub(rest).mul(factor);
      var scaled = normalized.mul(WideLanes.load(gamma, place + i));
      WideLanes.store(scaled.add(WideLanes.load(beta, place + i)), y, from + i);
    }
  }

  static void affine(
      double[] x,
      int from,
      int n,
      double[] mean,
      /*wide*/ double[] root,
      double[] gamma,
      double[] beta,
      int place,
      double[] y) {
    for (int i = 0; i < n; i += LANES) {
      var difference = WideLanes.load(x, from + i).sub(WideLanes.load(mean, place + i));
      var scaled =
          difference.mul(WideLanes.load(root, place + i)).mul(WideLanes.load(gamma, place + i));
      WideLanes.store(scaled.add(WideLanes.load(beta, place + i)), y, from + i);
    }
  }

  static void times(
      double[] g, int from, int n, /*wide*/ double c, /*wide*/ double[] v, int place) {
    for (int i = 0; i < n; i += LANES) {
      WideLanes.load(g, from + i).mul(c).intoArray(v, place + i);
    }
  }

  static void times(/*wide*/ double[] v, int place, int n, double[] gamma, int first) {
    for (int i = 0; i < n; i += LANES) {
      WideLanes.load(v, place + i).mul(WideLanes.load(gamma, first + i)).intoArray(v, place + i);
    }
  }

  static void gradient(
      double[] x,
      int from,
      int n,
      Centre centre,
      /*wide*/ double[] v,
      /*wide*/ double sum,
      /*wide*/ double along,
      double[] y) {
    var mean = WideLanes.all(centre.mean());
    var rest = WideLanes.all(centre.rest());
    var factor = WideLanes.all(centre.factor());
    var mid = WideLanes.all(sum);
    var slope = WideLanes.all(along);
    for (int i = 0; i < n; i += LANES) {
      var normalized = WideLanes.load(x, from + i).sub(mean).sub(rest).mul(factor);
      var left = WideLanes.load(v, i).sub(mid).sub(normalized.mul(slope));
      WideLanes.store(left.mul(factor), y, from + i);
    }
  }
}
