package org.gradus.autograd.internal.kernel.vector;

import org.gradus.autograd.internal.kernel.plain.Centre;
import org.gradus.autograd.internal.kernel.plain.DoubleRuns;

/**
 * The innermost loops of {@link DoubleRuns#along}: sums of some numbers v, and of their products
 * with the normalized x, in the lanes of {@link DoubleRuns}, over whole octets, for numbers that
 * need not be scaled. Each loop has one vector of lanes: two sums that wait for themselves take no
 * longer than what is added, and the JIT inlines all of it.
 */
final class DoubleAlongLanes {
  private static final int LANES = WideLanes.LANES;
  private static final int OCTET = DoubleRuns.OCTET;
  private static final int TURN = 4 * OCTET;

  private DoubleAlongLanes() {}

  /**
   * Adds up n numbers, in one octet if they are few, otherwise in four: to the first octet v, and
   * to the second one the products. What is behind the last turn of four goes to the first of them.
   *
   * @param lanes eight octets, to work in
   */
  static void along(
      double[] x,
      int from,
      int n,
      boolean few,
      Centre centre,
      /*wide*/ double[] v,
      /*wide*/ double[] lanes) {
    int step = few ? OCTET : TURN;
    for (int lane = 0; lane < step; lane += LANES) {
      octet(x, from, lane, n, step, centre, v, lanes);
    }
    if (!few) {
      join(lanes);
    }
  }

  private static void octet(
      double[] x,
      int from,
      int lane,
      int n,
      int step,
      Centre centre,
      /*wide*/ double[] v,
      /*wide*/ double[] lanes) {
    var mean = WideLanes.all(centre.mean());
    var rest = WideLanes.all(centre.rest());
    var factor = WideLanes.all(centre.factor());
    var sum = WideLanes.zero();
    var products = sum;
    int turns = n - n % step;
    int i = lane;
    for (; i < turns; i += step) {
      var first = WideLanes.load(v, i);
      sum = first.add(sum);
      products =
          first.mul(WideLanes.load(x, from + i).sub(mean).sub(rest).mul(factor)).add(products);
    }
    for (; lane < OCTET && i < n; i += OCTET) {
      var next = WideLanes.load(v, i);
      sum = next.add(sum);
      products =
          next.mul(WideLanes.load(x, from + i).sub(mean).sub(rest).mul(factor)).add(products);
    }
    sum.intoArray(lanes, lane);
    products.intoArray(lanes, step + lane);
  }

  /**
   * Octets a, b, c, d become (a + c) + (b + d), the first four the first, the others the second.
   */
  static void join(/*wide*/ double[] lanes) {
    for (int i = 0; i < OCTET; i++) {
      /*wide*/ double products = lanes[TURN + i] + lanes[TURN + 2 * OCTET + i];
      products += lanes[TURN + OCTET + i] + lanes[TURN + 3 * OCTET + i];
      /*wide*/ double sum = lanes[i] + lanes[2 * OCTET + i];
      sum += lanes[OCTET + i] + lanes[3 * OCTET + i];
      lanes[i] = sum;
      lanes[OCTET + i] = products;
    }
  }

  /** The same for v = c g. */
  static void along(
      double[] x,
      double[] g,
      int from,
      int n,
      boolean few,
      Centre centre,
      /*wide*/ double c,
      /*wide*/ double[] lanes) {
    int step = few ? OCTET : TURN;
    for (int lane = 0; lane < step; lane += LANES) {
      octet(x, g, from, lane, n, step, centre, c, lanes);
    }
    if (!few) {
      join(lanes);
    }
  }

  private static void octet(
      double[] x,
      double[] g,
      int from,
      int lane,
      int n,
      int step,
      Centre centre,
      /*wide*/ double c,
      /*wide*/ double[] lanes) {
    var mean = WideLanes.all(centre.mean());
    var rest = WideLanes.all(centre.rest());
    var factor = WideLanes.all(centre.factor());
    var scale = WideLanes.all(c);
    var sum = WideLanes.zero();
    var products = sum;
    int turns = n - n % step;
    int i = lane;
    for (; i < turns; i += step) {
      var first = WideLanes.load(g, from + i).mul(scale);
      sum = first.add(sum);
      products =
          first.mul(WideLanes.load(x, from + i).sub(mean).sub(rest).mul(factor)).add(products);
    }
    for (; lane < OCTET && i < n; i += OCTET) {
      var next = WideLanes.load(g, from + i).mul(scale);
      sum = next.add(sum);
      products =
          next.mul(WideLanes.load(x, from + i).sub(mean).sub(rest).mul(factor)).add(products);
    }
    sum.intoArray(lanes, lane);
    products.intoArray(lanes, step + lane);
  }

  /** The same for v = g gamma, with a gamma for each element, from a place on. */
  static void along(
      double[] x,
      double[] g,
      int from,
      int n,
      boolean few,
      Centre centre,
      /*wide*/ double[] gamma,
      int place,
      /*wide*/ double[] lanes) {
    int step = few ? OCTET : TURN;
    for (int lane = 0; lane < step; lane += LANES) {
      octet(x, g, from, lane, n, step, centre, gamma, place, lanes, 0);
    }
    if (!few) {
      join(lanes);
    }
  }

  /** Whether no numbers need to be scaled. */
  static boolean areUsual(Centre[] centres, int n) {
    for (int i = 0; i < n; i++) {
      if (centres[i].scale() != 1) {
        return false;
      }
    }
    return true;
  }

  /** Fills two octets, from a place on, for few numbers and as many gammas. */
  static void few(
      double[] x,
      double[] g,
      int from,
      int n,
      Centre centre,
      /*wide*/ double[] gamma,
      /*wide*/ double[] lanes,
      int at) {
    for (int lane = 0; lane < OCTET; lane += LANES) {
      octet(x, g, from, lane, n, OCTET, centre, gamma, 0, lanes, at);
    }
  }

  private static void octet(
      double[] x,
      double[] g,
      int from,
      int lane,
      int n,
      int step,
      Centre centre,
      /*wide*/ double[] gamma,
      int place,
      /*wide*/ double[] lanes,
      int at) {
    var mean = WideLanes.all(centre.mean());
    var rest = WideLanes.all(centre.rest());
    var factor = WideLanes.all(centre.factor());
    var sum = WideLanes.zero();
    var products = sum;
    int turns = n - n % step;
    int i = lane;
    for (; i < turns; i += step) {
      var first = WideLanes.load(g, from + i).mul(WideLanes.load(gamma, place + i));
      sum = first.add(sum);
      products =
          first.mul(WideLanes.load(x, from + i).sub(mean).sub(rest).mul(factor)).add(products);
    }
    for (; lane < OCTET && i < n; i += OCTET) {
      var next = WideLanes.load(g, from + i).mul(WideLanes.load(gamma, place + i));
      sum = next.add(sum);
      products =
          next.mul(WideLanes.load(x, from + i).sub(mean).sub(rest).mul(factor)).add(products);
    }
    sum.intoArray(lanes, at + lane);
    products.intoArray(lanes, at + step + lane);
  }

  // ---- to as many sums -------------------------------------------------------------------------

  static void addProducts(
      /*wide*/ double[] sums, int at, double[] x, double[] g, int from, int n, Centre centre) {
    var mean = WideLanes.all(centre.mean());
    var rest = WideLanes.all(centre.rest());
    var factor = WideLanes.all(centre.factor());
    for (int i = 0; i < n; i += LANES) {
      var normalized = WideLanes.load(x, from + i).sub(mean).sub(rest).mul(factor);
      WideLanes.load(sums, at + i)
          .add(WideLanes.load(g, from + i).mul(normalized))
          .intoArray(sums, at + i);
    }
  }

  /** The same of n elements and of n others, some elements behind them. */
  static void addBoth(
      /*wide*/ double[] sums,
      int at,
      double[] x,
      double[] g,
      int from,
      int behind,
      int n,
      Centre centre,
      Centre other) {
    var mean = WideLanes.all(centre.mean());
    var rest = WideLanes.all(centre.rest());
    var factor = WideLanes.all(centre.factor());
    var otherMean = WideLanes.all(other.mean());
    var otherRest = WideLanes.all(other.rest());
    var otherFactor = WideLanes.all(other.factor());
    for (int i = 0; i < n; i += LANES) {
      int first = from + i;
      int second = first + behind;
      var a = WideLanes.load(x, first).sub(mean).sub(rest).mul(factor);
      var b = WideLanes.load(x, second).sub(otherMean).sub(otherRest).mul(otherFactor);
      WideLanes.load(sums, at + i)
          .add(WideLanes.load(g, first).mul(a))
          .add(WideLanes.load(g, second).mul(b))
          .intoArray(sums, at + i);
    }
  }
}
