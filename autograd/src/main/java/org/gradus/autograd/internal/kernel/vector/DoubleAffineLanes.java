package org.gradus.autograd.internal.kernel.vector;

import org.gradus.autograd.internal.kernel.plain.Centre;
import org.gradus.autograd.internal.kernel.plain.DoubleRuns;

/**
 * What {@link DoubleRunLanes} does element by element: the innermost loops of the methods of these
 * names in {@link DoubleRuns}, over whole vectors, for numbers that need not be scaled.
 */
final class DoubleAffineLanes {
  private static final int LANES = WideLanes.LANES;
  private static final int PAIR = WideLanes.PAIR;

  private DoubleAffineLanes() {}

  /** How many elements of three arrays can be loaded, two vectors at once. */
  static int pairs(double[] x, int from, double[] gamma, double[] beta, int place, int n) {
    int most = Math.min(WideLanes.whole(gamma, place, n), WideLanes.whole(beta, place, n));
    return Math.min(most, WideLanes.whole(x, from, n)) & -PAIR;
  }

  static void normalize(double[] x, int from, int n, Centre centre, double[] y) {
    var mean = WideLanes.all(centre.mean());
    var rest = WideLanes.all(centre.rest());
    var factor = WideLanes.all(centre.factor());
    for (int i = from; i < from + n; i += PAIR) {
      var a = WideLanes.load(x, i).sub(mean).sub(rest).mul(factor);
      var b = WideLanes.load(x, i + LANES).sub(mean).sub(rest).mul(factor);
      WideLanes.store(a, b, y, i);
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
    for (int i = from; i < from + n; i += PAIR) {
      var a = WideLanes.load(x, i).sub(mean).sub(rest).mul(factor);
      var b = WideLanes.load(x, i + LANES).sub(mean).sub(rest).mul(factor);
      WideLanes.store(a.mul(scale).add(shift), b.mul(scale).add(shift), y, i);
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
    for (int i = 0; i < n; i += PAIR) {
      int next = i + LANES;
      var a = WideLanes.load(x, from + i).sub(mean).sub(rest).mul(factor);
      var b = WideLanes.load(x, from + next).sub(mean).sub(rest).mul(factor);
      a = a.mul(WideLanes.load(gamma, place + i)).add(WideLanes.load(beta, place + i));
      b = b.mul(WideLanes.load(gamma, place + next)).add(WideLanes.load(beta, place + next));
      WideLanes.store(a, b, y, from + i);
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
    for (int i = 0; i < n; i += PAIR) {
      int at = place + i;
      int next = at + LANES;
      var a = WideLanes.load(x, from + i).sub(WideLanes.load(mean, at));
      var b = WideLanes.load(x, from + i + LANES).sub(WideLanes.load(mean, next));
      a = a.mul(WideLanes.load(root, at)).mul(WideLanes.load(gamma, at));
      b = b.mul(WideLanes.load(root, next)).mul(WideLanes.load(gamma, next));
      a = WideLanes.load(beta, at).add(a);
      b = WideLanes.load(beta, next).add(b);
      WideLanes.store(a, b, y, from + i);
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
    for (int i = 0; i < n; i += PAIR) {
      int next = i + LANES;
      var a = WideLanes.load(x, from + i).sub(mean).sub(rest).mul(factor);
      var b = WideLanes.load(x, from + next).sub(mean).sub(rest).mul(factor);
      a = WideLanes.load(v, i).sub(mid).sub(a.mul(slope)).mul(factor);
      b = WideLanes.load(v, next).sub(mid).sub(b.mul(slope)).mul(factor);
      WideLanes.store(a, b, y, from + i);
    }
  }
}
