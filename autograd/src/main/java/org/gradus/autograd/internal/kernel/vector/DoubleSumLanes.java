package org.gradus.autograd.internal.kernel.vector;

import org.gradus.autograd.internal.kernel.plain.DoubleRuns;

/** The innermost loops of sums and of moments in {@link DoubleRunLanes}, over whole vectors. */
@SuppressWarnings("cast") // (double) is needed in the float twin, where it reads (float)
final class DoubleSumLanes {
  private static final int LANES = WideLanes.LANES;
  private static final int OCTET = DoubleRuns.OCTET;

  private DoubleSumLanes() {}

  static void single(double[] x, int from, int n, /*wide*/ double[] lanes, int lane) {
    var sum = WideLanes.zero();
    for (int i = from; i < from + n; i += OCTET) {
      sum = WideLanes.load(x, i).add(sum);
    }
    sum.intoArray(lanes, lane);
  }

  static void four(double[] x, int from, int end, /*wide*/ double[] lanes, int lane) {
    var a = WideLanes.zero();
    var b = a;
    var c = a;
    var d = a;
    int i = from;
    for (; i <= end - 4 * OCTET; i += 4 * OCTET) {
      a = WideLanes.load(x, i).add(a);
      b = WideLanes.load(x, i + OCTET).add(b);
      c = WideLanes.load(x, i + 2 * OCTET).add(c);
      d = WideLanes.load(x, i + 3 * OCTET).add(d);
    }
    for (; i < end; i += OCTET) {
      a = WideLanes.load(x, i).add(a);
    }
    a.add(c).add(b.add(d)).intoArray(lanes, lane);
  }

  static void addVectors(/*wide*/ double[] sums, int at, double[] x, int from, int n) {
    for (int i = 0; i < n; i += LANES) {
      WideLanes.load(sums, at + i).add(WideLanes.load(x, from + i)).intoArray(sums, at + i);
    }
  }

  /** Adds n elements of each of four rows to as many sums. */
  static void addFour(/*wide*/ double[] sums, int at, double[] x, int from, int step, int n) {
    int whole = WideLanes.whole(x, from + 3 * step, n);
    for (int i = 0; i < whole; i += LANES) {
      int next = from + i;
      WideLanes.load(sums, at + i)
          .add(WideLanes.load(x, next))
          .add(WideLanes.load(x, next + step))
          .add(WideLanes.load(x, next + 2 * step))
          .add(WideLanes.load(x, next + 3 * step))
          .intoArray(sums, at + i);
    }
    for (int i = whole; i < n; i++) {
      /*wide*/ double sum = sums[at + i];
      sum += x[from + i];
      sum += x[from + i + step];
      sum += x[from + i + 2 * step];
      sum += x[from + i + 3 * step];
      sums[at + i] = sum;
    }
  }

  static void singles(
      double[] x, int from, int n, /*wide*/ double mean, /*wide*/ double[] lanes, int lane) {
    var sum = WideLanes.zero();
    var squares = sum;
    for (int i = from; i < from + n; i += OCTET) {
      var difference = WideLanes.load(x, i).sub(mean);
      sum = difference.add(sum);
      squares = difference.mul(difference).add(squares);
    }
    sum.intoArray(lanes, lane);
    squares.intoArray(lanes, OCTET + lane);
  }

  /** Of two octets in turn, of four; what is behind the last turn goes to the first. */
  static void two(
      double[] x, int from, int lane, int n, /*wide*/ double mean, /*wide*/ double[] lanes) {
    var a = WideLanes.zero();
    var b = a;
    var aa = a;
    var bb = a;
    int turns = n - n % (4 * OCTET);
    int i = lane;
    for (; i < turns; i += 4 * OCTET) {
      var first = WideLanes.load(x, from + i).sub(mean);
      a = first.add(a);
      aa = first.mul(first).add(aa);
      var second = WideLanes.load(x, from + i + OCTET).sub(mean);
      b = second.add(b);
      bb = second.mul(second).add(bb);
    }
    for (; lane < OCTET && i < n; i += OCTET) {
      var next = WideLanes.load(x, from + i).sub(mean);
      a = next.add(a);
      aa = next.mul(next).add(aa);
    }
    a.intoArray(lanes, lane);
    b.intoArray(lanes, lane + OCTET);
    aa.intoArray(lanes, lane + 4 * OCTET);
    bb.intoArray(lanes, lane + 5 * OCTET);
  }
}
