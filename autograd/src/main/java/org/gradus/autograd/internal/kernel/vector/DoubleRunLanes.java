package org.gradus.autograd.internal.kernel.vector;

import java.util.Arrays;
import org.gradus.autograd.internal.kernel.plain.Centre;
import org.gradus.autograd.internal.kernel.plain.DoubleColumnLoops;
import org.gradus.autograd.internal.kernel.plain.DoubleRuns;

/**
 * The loops over neighbours by vectors: the bits of {@link DoubleRuns}, whatever the width. Of the
 * eight lanes, a vector has some; narrow vectors go over the elements again for the others. What is
 * left behind the last whole octet, what lies at the end of an array, and numbers of unusual size,
 * which are scaled first, are left to the plain loops.
 */
@SuppressWarnings("cast") // (double) is needed in the float twin, where it reads (float)
final class DoubleRunLanes extends DoubleRuns {
  private static final int LANES = WideLanes.LANES;
  private static final int PAIR = WideLanes.PAIR;

  /** As the plain ones, where there are no such vectors. */
  static DoubleRuns make() {
    return WideLanes.SUITS ? new DoubleRunLanes() : new DoubleRuns();
  }

  private DoubleRunLanes() {}

  @Override
  public DoubleColumnLoops columns() {
    return new DoubleColumnLanes();
  }

  // ---- sums ------------------------------------------------------------------------------------

  @Override
  public /*wide*/ double sum(double[] x, int from, int n, /*wide*/ double[] lanes) {
    if (!WideLanes.cover(x, from + n)) {
      return super.sum(x, from, n, lanes);
    }
    int whole = n & -OCTET;
    for (int lane = 0; lane < OCTET; lane += LANES) {
      if (n <= FEW) {
        single(x, from + lane, whole, lanes, lane);
      } else {
        four(x, from + lane, from + lane + whole, lanes, lane);
      }
    }
    for (int i = whole; i < n; i++) {
      lanes[i - whole] += x[from + i];
    }
    return total(lanes, 0);
  }

  /** Row by row, a sum waits for its lanes; so those of several short rows are filled at once. */
  @Override
  public void rows(
      double[] x,
      int from,
      int n,
      int rows,
      /*wide*/ double[] lanes,
      /*wide*/ double[] sums,
      int at) {
    int done = 0;
    while (n <= FEW && done < rows) {
      int count = Math.min(AT_ONCE, rows - done);
      int first = from + done * n;
      if (!WideLanes.cover(x, first + count * n)) {
        break;
      }
      for (int row = 0; row < count; row++) {
        for (int lane = 0; lane < OCTET; lane += LANES) {
          single(x, first + row * n + lane, n & -OCTET, lanes, row * OCTET + lane);
        }
      }
      for (int row = 0; row < count; row++) {
        for (int i = n & -OCTET; i < n; i++) {
          lanes[row * OCTET + i % OCTET] += x[first + row * n + i];
        }
        sums[at + done + row] = total(lanes, row * OCTET);
      }
      done += count;
    }
    super.rows(x, from + done * n, n, rows - done, lanes, sums, at + done);
  }

  private static void single(double[] x, int from, int n, /*wide*/ double[] lanes, int lane) {
    var sum = WideLanes.zero();
    for (int i = from; i < from + n; i += OCTET) {
      sum = WideLanes.load(x, i).add(sum);
    }
    sum.intoArray(lanes, lane);
  }

  private static void four(double[] x, int from, int end, /*wide*/ double[] lanes, int lane) {
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

  @Override
  public void addTo(/*wide*/ double[] sums, int at, double[] x, int from, int n) {
    int whole = WideLanes.whole(x, from, n);
    addVectors(sums, at, x, from, whole);
    super.addTo(sums, at + whole, x, from + whole, n - whole);
  }

  private static void addVectors(/*wide*/ double[] sums, int at, double[] x, int from, int n) {
    for (int i = 0; i < n; i += LANES) {
      WideLanes.load(sums, at + i).add(WideLanes.load(x, from + i)).intoArray(sums, at + i);
    }
  }

  @Override
  public void octets(
      double[] x,
      int from,
      int turns,
      int step,
      int stride,
      int n,
      /*wide*/ double[] lanes,
      int at) {
    for (int lane = 0; lane < OCTET; lane++) {
      int to = at + lane * n;
      int first = from + lane * stride;
      Arrays.fill(lanes, to, to + n, 0);
      int turn = 0;
      for (; turn <= turns - 4; turn += 4) {
        addFour(lanes, to, x, first + turn * step, step, n);
      }
      for (; turn < turns; turn++) {
        addTo(lanes, to, x, first + turn * step, n);
      }
    }
  }

  /** Adds n elements of each of four rows to as many sums. */
  private static void addFour(
      /*wide*/ double[] sums, int at, double[] x, int from, int step, int n) {
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

  // ---- moments ---------------------------------------------------------------------------------

  @Override
  public void differences(
      double[] x,
      int from,
      int n,
      /*wide*/ double scale,
      /*wide*/ double mean,
      /*wide*/ double[] lanes,
      /*wide*/ double[] sums,
      int at) {
    if (scale != 1 || !WideLanes.cover(x, from + n)) {
      super.differences(x, from, n, scale, mean, lanes, sums, at);
      return;
    }
    int whole = n & -OCTET;
    for (int lane = 0; lane < OCTET; lane += LANES) {
      if (n <= FEW) {
        singles(x, from + lane, whole, mean, lanes, lane);
      } else {
        fours(x, from + lane, from + lane + whole, mean, lanes, lane);
      }
    }
    restOfDifferences(x, from + whole, n - whole, 1, mean, lanes);
    sums[at] = total(lanes, 0);
    sums[at + 1] = total(lanes, OCTET);
  }

  private static void singles(
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

  private static void fours(
      double[] x, int from, int end, /*wide*/ double mean, /*wide*/ double[] lanes, int lane) {
    var a = WideLanes.zero();
    var b = a;
    var c = a;
    var d = a;
    var aa = a;
    var bb = a;
    var cc = a;
    var dd = a;
    int i = from;
    for (; i <= end - 4 * OCTET; i += 4 * OCTET) {
      var first = WideLanes.load(x, i).sub(mean);
      a = first.add(a);
      aa = first.mul(first).add(aa);
      var second = WideLanes.load(x, i + OCTET).sub(mean);
      b = second.add(b);
      bb = second.mul(second).add(bb);
      var third = WideLanes.load(x, i + 2 * OCTET).sub(mean);
      c = third.add(c);
      cc = third.mul(third).add(cc);
      var fourth = WideLanes.load(x, i + 3 * OCTET).sub(mean);
      d = fourth.add(d);
      dd = fourth.mul(fourth).add(dd);
    }
    for (; i < end; i += OCTET) {
      var next = WideLanes.load(x, i).sub(mean);
      a = next.add(a);
      aa = next.mul(next).add(aa);
    }
    a.add(c).add(b.add(d)).intoArray(lanes, lane);
    aa.add(cc).add(bb.add(dd)).intoArray(lanes, OCTET + lane);
  }

  @Override
  public void along(
      double[] x,
      int from,
      int n,
      Centre centre,
      /*wide*/ double[] v,
      /*wide*/ double[] lanes,
      /*wide*/ double[] sums,
      int at) {
    if (centre.scale() != 1 || !WideLanes.cover(x, from + n)) {
      super.along(x, from, n, centre, v, lanes, sums, at);
      return;
    }
    int whole = n & -OCTET;
    for (int lane = 0; lane < OCTET; lane += LANES) {
      if (n <= FEW) {
        single(x, from + lane, lane, whole, centre, v, lanes);
      } else {
        four(x, from + lane, lane, whole, centre, v, lanes);
      }
    }
    restAlong(x, from + whole, whole, n, centre, v, lanes);
    sums[at] = total(lanes, 0);
    sums[at + 1] = total(lanes, OCTET);
  }

  private static void single(
      double[] x,
      int from,
      int lane,
      int whole,
      Centre centre,
      /*wide*/ double[] v,
      /*wide*/ double[] lanes) {
    var mean = WideLanes.all(centre.mean());
    var rest = WideLanes.all(centre.rest());
    var factor = WideLanes.all(centre.factor());
    var a = WideLanes.zero();
    var aa = a;
    for (int i = 0; i < whole; i += OCTET) {
      var first = WideLanes.load(v, lane + i);
      a = first.add(a);
      aa = first.mul(WideLanes.load(x, from + i).sub(mean).sub(rest).mul(factor)).add(aa);
    }
    a.intoArray(lanes, lane);
    aa.intoArray(lanes, OCTET + lane);
  }

  private static void four(
      double[] x,
      int from,
      int lane,
      int whole,
      Centre centre,
      /*wide*/ double[] v,
      /*wide*/ double[] lanes) {
    var mean = WideLanes.all(centre.mean());
    var rest = WideLanes.all(centre.rest());
    var factor = WideLanes.all(centre.factor());
    var a = WideLanes.zero();
    var b = a;
    var c = a;
    var d = a;
    var aa = a;
    var bb = a;
    var cc = a;
    var dd = a;
    int i = 0;
    for (; i <= whole - 4 * OCTET; i += 4 * OCTET) {
      int at = lane + i;
      var first = WideLanes.load(v, at);
      a = first.add(a);
      aa = first.mul(WideLanes.load(x, from + i).sub(mean).sub(rest).mul(factor)).add(aa);
      var second = WideLanes.load(v, at + OCTET);
      b = second.add(b);
      bb = second.mul(WideLanes.load(x, from + i + OCTET).sub(mean).sub(rest).mul(factor)).add(bb);
      var third = WideLanes.load(v, at + 2 * OCTET);
      c = third.add(c);
      cc =
          third
              .mul(WideLanes.load(x, from + i + 2 * OCTET).sub(mean).sub(rest).mul(factor))
              .add(cc);
      var fourth = WideLanes.load(v, at + 3 * OCTET);
      d = fourth.add(d);
      dd =
          fourth
              .mul(WideLanes.load(x, from + i + 3 * OCTET).sub(mean).sub(rest).mul(factor))
              .add(dd);
    }
    for (; i < whole; i += OCTET) {
      var next = WideLanes.load(v, lane + i);
      a = next.add(a);
      aa = next.mul(WideLanes.load(x, from + i).sub(mean).sub(rest).mul(factor)).add(aa);
    }
    a.add(c).add(b.add(d)).intoArray(lanes, lane);
    aa.add(cc).add(bb.add(dd)).intoArray(lanes, OCTET + lane);
  }

  @Override
  public void addAlong(
      /*wide*/ double[] sums, int at, double[] x, double[] g, int from, int n, Centre centre) {
    int most = centre.scale() == 1 ? n : 0;
    int whole = Math.min(WideLanes.whole(x, from, most), WideLanes.whole(g, from, most));
    addProducts(sums, at, x, g, from, whole, centre);
    super.addAlong(sums, at + whole, x, g, from + whole, n - whole, centre);
  }

  private static void addProducts(
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

  // ---- element by element ----------------------------------------------------------------------

  @Override
  public void normalize(double[] x, int from, int n, Centre centre, double[] y) {
    int whole = centre.scale() == 1 ? WideLanes.whole(x, from, n) & -PAIR : 0;
    DoubleAffineLanes.normalize(x, from, whole, centre, y);
    super.normalize(x, from + whole, n - whole, centre, y);
  }

  @Override
  public void affine(
      double[] x,
      int from,
      int n,
      Centre centre,
      /*wide*/ double gamma,
      /*wide*/ double beta,
      double[] y) {
    int whole = centre.scale() == 1 ? WideLanes.whole(x, from, n) & -PAIR : 0;
    DoubleAffineLanes.affine(x, from, whole, centre, gamma, beta, y);
    super.affine(x, from + whole, n - whole, centre, gamma, beta, y);
  }

  @Override
  public void affine(
      double[] x,
      int from,
      int n,
      Centre centre,
      double[] gamma,
      double[] beta,
      int place,
      double[] y) {
    int whole = centre.scale() == 1 ? DoubleAffineLanes.pairs(x, from, gamma, beta, place, n) : 0;
    DoubleAffineLanes.affine(x, from, whole, centre, gamma, beta, place, y);
    super.affine(x, from + whole, n - whole, centre, gamma, beta, place + whole, y);
  }

  @Override
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
    int whole =
        Math.min(
            DoubleAffineLanes.pairs(x, from, gamma, beta, place, n),
            WideLanes.whole(mean, place, n));
    whole &= -PAIR;
    DoubleAffineLanes.affine(x, from, whole, mean, root, gamma, beta, place, y);
    super.affine(x, from + whole, n - whole, mean, root, gamma, beta, place + whole, y);
  }

  @Override
  public void times(
      double[] g, int from, int n, /*wide*/ double c, /*wide*/ double[] v, int place) {
    int whole = WideLanes.whole(g, from, n);
    DoubleAffineLanes.times(g, from, whole, c, v, place);
    super.times(g, from + whole, n - whole, c, v, place + whole);
  }

  @Override
  public void times(/*wide*/ double[] v, int place, int n, double[] gamma, int first) {
    int whole = WideLanes.whole(gamma, first, n);
    DoubleAffineLanes.times(v, place, whole, gamma, first);
    super.times(v, place + whole, n - whole, gamma, first + whole);
  }

  @Override
  public void gradient(
      double[] x,
      int from,
      int n,
      Centre centre,
      /*wide*/ double[] v,
      /*wide*/ double sum,
      /*wide*/ double along,
      int power,
      double[] y) {
    if (power != 0 || centre.scale() != 1) {
      super.gradient(x, from, n, centre, v, sum, along, power, y);
      return;
    }
    int whole = WideLanes.whole(x, from, n) & -PAIR;
    DoubleAffineLanes.gradient(x, from, whole, centre, v, sum, along, y);
    for (int i = whole; i < n; i++) {
      y[from + i] = (double) gradient(centre, x[from + i], v[i], sum, along);
    }
  }
}
