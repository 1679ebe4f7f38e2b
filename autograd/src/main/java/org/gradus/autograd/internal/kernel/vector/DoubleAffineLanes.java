package org.gradus.autograd.internal.kernel.vector;

import org.gradus.autograd.internal.kernel.plain.Centre;
import org.gradus.autograd.internal.kernel.plain.DoubleRuns;
import org.gradus.autograd.internal.kernel.plain.Tangent;

/**
 * What {@link DoubleRunLanes} does element by element: the innermost loops of the methods of these
 * names in {@link DoubleRuns}, for numbers that need not be scaled.
 */
@SuppressWarnings("cast") // (double) is needed in the float twin, where it reads (float)
final class DoubleAffineLanes {
  private static final int LANES = WideLanes.LANES;
  private static final int PAIR = WideLanes.PAIR;

  private DoubleAffineLanes() {}

  /** How many elements of three arrays can be loaded, two vectors at once. */
  static int pairs(double[] x, int from, double[] gamma, double[] beta, int place, int n) {
    int most = Math.min(WideLanes.whole(gamma, place, n), WideLanes.whole(beta, place, n));
    return Math.min(most, WideLanes.whole(x, from, n)) & -PAIR;
  }

  /** y = normalized x. */
  static void normalize(double[] x, int from, int n, Centre centre, double[] y, int end) {
    var mean = WideLanes.all(centre.mean());
    var rest = WideLanes.all(centre.rest());
    var factor = WideLanes.all(centre.factor());
    int last = Math.min(from + n - LANES, end - PAIR);
    int i = from;
    for (; i <= last; i += LANES) {
      var normalized = WideLanes.load(x, i).sub(mean).sub(rest).mul(factor);
      WideLanes.storeAhead(normalized, y, i);
    }
    for (; i < from + n; i++) {
      /*wide*/ double difference = x[i] - centre.mean() - centre.rest();
      /*wide*/ double value = difference * centre.factor();
      y[i] = (double) value;
    }
  }

  /** x = normalized x: nothing of it may be overwritten before it is read. */
  static void normalizeInPlace(double[] x, int from, int n, Centre centre) {
    var mean = WideLanes.all(centre.mean());
    var rest = WideLanes.all(centre.rest());
    var factor = WideLanes.all(centre.factor());
    for (int i = from; i < from + n; i += PAIR) {
      var a = WideLanes.load(x, i).sub(mean).sub(rest).mul(factor);
      var b = WideLanes.load(x, i + LANES).sub(mean).sub(rest).mul(factor);
      WideLanes.store(a, b, x, i);
    }
  }

  /** y = gamma normalized x + beta. */
  static void affine(
      double[] x,
      int from,
      int n,
      Centre centre,
      /*wide*/ double gamma,
      /*wide*/ double beta,
      double[] y,
      int end) {
    var mean = WideLanes.all(centre.mean());
    var rest = WideLanes.all(centre.rest());
    var factor = WideLanes.all(centre.factor());
    var scale = WideLanes.all(gamma);
    var shift = WideLanes.all(beta);
    int last = Math.min(from + n - LANES, end - PAIR);
    int i = from;
    for (; i <= last; i += LANES) {
      var normalized = WideLanes.load(x, i).sub(mean).sub(rest).mul(factor);
      WideLanes.storeAhead(normalized.mul(scale).add(shift), y, i);
    }
    for (; i < from + n; i++) {
      /*wide*/ double difference = x[i] - centre.mean() - centre.rest();
      /*wide*/ double value = difference * centre.factor();
      y[i] = (double) (value * gamma + beta);
    }
  }

  /** The same with a gamma and a beta for each element, from a place on. */
  static void affine(
      double[] x,
      int from,
      int n,
      Centre centre,
      /*wide*/ double[] gamma,
      /*wide*/ double[] beta,
      int place,
      double[] y,
      int end) {
    var mean = WideLanes.all(centre.mean());
    var rest = WideLanes.all(centre.rest());
    var factor = WideLanes.all(centre.factor());
    int shift = place - from;
    int last = Math.min(from + n - LANES, end - PAIR);
    int i = from;
    for (; i <= last; i += LANES) {
      var normalized = WideLanes.load(x, i).sub(mean).sub(rest).mul(factor);
      var scaled = normalized.mul(WideLanes.load(gamma, shift + i));
      WideLanes.storeAhead(scaled.add(WideLanes.load(beta, shift + i)), y, i);
    }
    for (; i < from + n; i++) {
      /*wide*/ double difference = x[i] - centre.mean() - centre.rest();
      /*wide*/ double value = difference * centre.factor();
      y[i] = (double) (value * gamma[shift + i] + beta[shift + i]);
    }
  }

  /** The derivative for numbers v. */
  static void gradient(
      double[] x,
      int from,
      int n,
      Centre centre,
      /*wide*/ double[] v,
      Tangent tangent,
      double[] y,
      int end) {
    var mean = WideLanes.all(centre.mean());
    var rest = WideLanes.all(centre.rest());
    var factor = WideLanes.all(centre.factor());
    var mid = WideLanes.all(tangent.mean());
    var slope = WideLanes.all(tangent.along());
    int last = Math.min(from + n - LANES, end - PAIR);
    int i = from;
    for (; i <= last; i += LANES) {
      var normalized = WideLanes.load(x, i).sub(mean).sub(rest).mul(factor);
      var left = WideLanes.load(v, i - from).sub(mid).sub(normalized.mul(slope));
      WideLanes.storeAhead(left.mul(factor), y, i);
    }
    for (; i < from + n; i++) {
      /*wide*/ double difference = x[i] - centre.mean() - centre.rest();
      /*wide*/ double value = difference * centre.factor();
      /*wide*/ double left = v[i - from] - tangent.mean() - value * tangent.along();
      y[i] = (double) (left * centre.factor());
    }
  }

  /** The derivative for c g. */
  static void gradient(
      double[] x,
      double[] g,
      int from,
      int n,
      Centre centre,
      /*wide*/ double c,
      Tangent tangent,
      double[] y,
      int end) {
    var mean = WideLanes.all(centre.mean());
    var rest = WideLanes.all(centre.rest());
    var factor = WideLanes.all(centre.factor());
    var mid = WideLanes.all(tangent.mean());
    var slope = WideLanes.all(tangent.along());
    var scale = WideLanes.all(c);
    int last = Math.min(from + n - LANES, end - PAIR);
    int i = from;
    for (; i <= last; i += LANES) {
      var normalized = WideLanes.load(x, i).sub(mean).sub(rest).mul(factor);
      var left = WideLanes.load(g, i).mul(scale).sub(mid).sub(normalized.mul(slope));
      WideLanes.storeAhead(left.mul(factor), y, i);
    }
    for (; i < from + n; i++) {
      /*wide*/ double difference = x[i] - centre.mean() - centre.rest();
      /*wide*/ double value = difference * centre.factor();
      /*wide*/ double left = g[i] * c - tangent.mean() - value * tangent.along();
      y[i] = (double) (left * centre.factor());
    }
  }

  /** The derivative for g gamma, with a gamma for each element, from a place on. */
  static void gradient(
      double[] x,
      double[] g,
      int from,
      int n,
      Centre centre,
      /*wide*/ double[] gamma,
      int place,
      Tangent tangent,
      double[] y,
      int end) {
    var mean = WideLanes.all(centre.mean());
    var rest = WideLanes.all(centre.rest());
    var factor = WideLanes.all(centre.factor());
    var mid = WideLanes.all(tangent.mean());
    var slope = WideLanes.all(tangent.along());
    int shift = place - from;
    int last = Math.min(from + n - LANES, end - PAIR);
    int i = from;
    for (; i <= last; i += LANES) {
      var normalized = WideLanes.load(x, i).sub(mean).sub(rest).mul(factor);
      var left =
          WideLanes.load(g, i)
              .mul(WideLanes.load(gamma, shift + i))
              .sub(mid)
              .sub(normalized.mul(slope));
      WideLanes.storeAhead(left.mul(factor), y, i);
    }
    for (; i < from + n; i++) {
      /*wide*/ double difference = x[i] - centre.mean() - centre.rest();
      /*wide*/ double value = difference * centre.factor();
      /*wide*/ double left = g[i] * gamma[shift + i] - tangent.mean() - value * tangent.along();
      y[i] = (double) (left * centre.factor());
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
}
