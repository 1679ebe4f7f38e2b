package org.gradus.autograd.internal.kernel.vector;

import java.util.Arrays;
import org.gradus.autograd.internal.kernel.plain.Centre;
import org.gradus.autograd.internal.kernel.plain.DoubleColumnLoops;
import org.gradus.autograd.internal.kernel.plain.DoubleRuns;
import org.gradus.autograd.internal.kernel.plain.Tangent;

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
        DoubleSumLanes.single(x, from + lane, whole, lanes, lane);
      } else {
        DoubleSumLanes.four(x, from + lane, from + lane + whole, lanes, lane);
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
          DoubleSumLanes.single(x, first + row * n + lane, n & -OCTET, lanes, row * OCTET + lane);
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

  @Override
  public void addTo(/*wide*/ double[] sums, int at, double[] x, int from, int n) {
    int whole = WideLanes.whole(x, from, n);
    DoubleSumLanes.addVectors(sums, at, x, from, whole);
    super.addTo(sums, at + whole, x, from + whole, n - whole);
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
        DoubleSumLanes.addFour(lanes, to, x, first + turn * step, step, n);
      }
      for (; turn < turns; turn++) {
        addTo(lanes, to, x, first + turn * step, n);
      }
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
        DoubleSumLanes.singles(x, from + lane, whole, mean, lanes, lane);
      } else {
        DoubleSumLanes.two(x, from, lane, whole, mean, lanes);
        DoubleSumLanes.two(x, from, 2 * OCTET + lane, whole, mean, lanes);
      }
    }
    if (n > FEW) {
      DoubleAlongLanes.join(lanes);
    }
    restOfDifferences(x, from + whole, n - whole, 1, mean, lanes);
    sums[at] = total(lanes, 0);
    sums[at + 1] = total(lanes, OCTET);
  }

  /** Row by row, a sum waits for its lanes; so those of several rows are filled at once. */
  @Override
  public void differences(
      double[] x,
      int from,
      int n,
      int rows,
      /*wide*/ double[] means,
      /*wide*/ double[] lanes,
      /*wide*/ double[] sums) {
    if (n > FEW || !WideLanes.cover(x, from + rows * n)) {
      super.differences(x, from, n, rows, means, lanes, sums);
      return;
    }
    int whole = n & -OCTET;
    for (int row = 0; row < rows; row++) {
      for (int lane = 0; lane < OCTET; lane += LANES) {
        int at = 2 * row * OCTET + lane;
        DoubleSumLanes.singles(x, from + row * n + lane, whole, means[row], lanes, at);
      }
    }
    for (int row = 0; row < rows; row++) {
      int at = 2 * row * OCTET;
      for (int i = whole; i < n; i++) {
        /*wide*/ double difference = x[from + row * n + i] - means[row];
        lanes[at + i - whole] += difference;
        lanes[at + OCTET + i - whole] += difference * difference;
      }
      sums[2 * row] = total(lanes, at);
      sums[2 * row + 1] = total(lanes, at + OCTET);
    }
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
    DoubleAlongLanes.along(x, from, whole, n <= FEW, centre, v, lanes);
    restAlong(x, from + whole, whole, n, centre, v, lanes);
    sums[at] = total(lanes, 0);
    sums[at + 1] = total(lanes, OCTET);
  }

  @Override
  public void along(
      double[] x,
      double[] g,
      int from,
      int n,
      Centre centre,
      /*wide*/ double c,
      /*wide*/ double[] v,
      /*wide*/ double[] lanes,
      /*wide*/ double[] sums,
      int at) {
    boolean covers = WideLanes.cover(x, from + n) && WideLanes.cover(g, from + n);
    if (centre.scale() != 1 || !covers) {
      super.along(x, g, from, n, centre, c, v, lanes, sums, at);
      return;
    }
    int whole = n & -OCTET;
    DoubleAlongLanes.along(x, g, from, whole, n <= FEW, centre, c, lanes);
    times(g, from + whole, n - whole, c, v, whole);
    restAlong(x, from + whole, whole, n, centre, v, lanes);
    sums[at] = total(lanes, 0);
    sums[at + 1] = total(lanes, OCTET);
  }

  @Override
  public void along(
      double[] x,
      double[] g,
      int from,
      int n,
      Centre centre,
      /*wide*/ double c,
      /*wide*/ double[] gamma,
      int place,
      /*wide*/ double[] v,
      /*wide*/ double[] lanes,
      /*wide*/ double[] sums,
      int at) {
    boolean covers = WideLanes.cover(x, from + n) && WideLanes.cover(g, from + n);
    if (centre.scale() != 1 || c != 1 || !covers) {
      super.along(x, g, from, n, centre, c, gamma, place, v, lanes, sums, at);
      return;
    }
    int whole = n & -OCTET;
    DoubleAlongLanes.along(x, g, from, whole, n <= FEW, centre, gamma, place, lanes);
    for (int i = whole; i < n; i++) {
      v[i] = g[from + i] * gamma[place + i];
    }
    restAlong(x, from + whole, whole, n, centre, v, lanes);
    sums[at] = total(lanes, 0);
    sums[at + 1] = total(lanes, OCTET);
  }

  @Override
  public void along(
      double[] x,
      double[] g,
      int from,
      int n,
      int rows,
      Centre[] centres,
      /*wide*/ double[] gamma,
      /*wide*/ double[] v,
      /*wide*/ double[] lanes,
      /*wide*/ double[] sums) {
    int end = from + rows * n;
    boolean covers = WideLanes.cover(x, end) && WideLanes.cover(g, end);
    if (n > FEW || !covers || !DoubleAlongLanes.areUsual(centres, rows)) {
      super.along(x, g, from, n, rows, centres, gamma, v, lanes, sums);
      return;
    }
    int whole = n & -OCTET;
    for (int row = 0; row < rows; row++) {
      int first = from + row * n;
      DoubleAlongLanes.few(x, g, first, whole, centres[row], gamma, lanes, 2 * row * OCTET);
    }
    for (int row = 0; row < rows; row++) {
      int at = 2 * row * OCTET;
      for (int i = whole; i < n; i++) {
        /*wide*/ double value = g[from + row * n + i] * gamma[i];
        lanes[at + i - whole] += value;
        lanes[at + OCTET + i - whole] += value * centres[row].normalized(x[from + row * n + i]);
      }
      sums[2 * row] = total(lanes, at);
      sums[2 * row + 1] = total(lanes, at + OCTET);
    }
  }

  @Override
  public void addAlong(
      /*wide*/ double[] sums, int at, double[] x, double[] g, int from, int n, Centre centre) {
    int most = centre.scale() == 1 ? n : 0;
    int whole = Math.min(WideLanes.whole(x, from, most), WideLanes.whole(g, from, most));
    DoubleAlongLanes.addProducts(sums, at, x, g, from, whole, centre);
    super.addAlong(sums, at + whole, x, g, from + whole, n - whole, centre);
  }

  @Override
  public void addAlong(
      /*wide*/ double[] sums,
      int at,
      double[] x,
      double[] g,
      int from,
      int behind,
      int n,
      Centre centre,
      Centre other) {
    int end = from + behind + n;
    boolean covers = WideLanes.cover(x, end) && WideLanes.cover(g, end);
    if (n % LANES != 0 || centre.scale() != 1 || other.scale() != 1 || !covers) {
      super.addAlong(sums, at, x, g, from, behind, n, centre, other);
    } else {
      DoubleAlongLanes.addBoth(sums, at, x, g, from, behind, n, centre, other);
    }
  }

  // ---- element by element ----------------------------------------------------------------------

  @Override
  public void normalize(double[] x, int from, int n, Centre centre, double[] y, int end) {
    if (x == y) {
      int whole = centre.scale() == 1 ? WideLanes.whole(x, from, n) & -PAIR : 0;
      DoubleAffineLanes.normalizeInPlace(x, from, whole, centre);
      super.normalize(x, from + whole, n - whole, centre, y, end);
    } else if (centre.scale() == 1) {
      DoubleAffineLanes.normalize(x, from, n, centre, y, end);
    } else {
      super.normalize(x, from, n, centre, y, end);
    }
  }

  @Override
  public void affine(
      double[] x,
      int from,
      int n,
      Centre centre,
      /*wide*/ double gamma,
      /*wide*/ double beta,
      double[] y,
      int end) {
    if (centre.scale() == 1) {
      DoubleAffineLanes.affine(x, from, n, centre, gamma, beta, y, end);
    } else {
      super.affine(x, from, n, centre, gamma, beta, y, end);
    }
  }

  @Override
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
    if (centre.scale() == 1) {
      DoubleAffineLanes.affine(x, from, n, centre, gamma, beta, place, y, end);
    } else {
      super.affine(x, from, n, centre, gamma, beta, place, y, end);
    }
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
      Tangent tangent,
      double[] y,
      int end) {
    if (tangent.power() == 0 && centre.scale() == 1) {
      DoubleAffineLanes.gradient(x, from, n, centre, v, tangent, y, end);
    } else {
      super.gradient(x, from, n, centre, v, tangent, y, end);
    }
  }

  @Override
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
    if (tangent.power() == 0 && centre.scale() == 1) {
      DoubleAffineLanes.gradient(x, g, from, n, centre, c, tangent, y, end);
    } else {
      super.gradient(x, g, from, n, centre, c, v, tangent, y, end);
    }
  }

  @Override
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
    if (c == 1 && tangent.power() == 0 && centre.scale() == 1) {
      DoubleAffineLanes.gradient(x, g, from, n, centre, gamma, place, tangent, y, end);
    } else {
      super.gradient(x, g, from, n, centre, c, gamma, place, v, tangent, y, end);
    }
  }
}
