package org.gradus.autograd.internal.kernel.plain;

/**
 * What sums and normalisation do with neighbours in memory, up to {@link #LEAF} of them at once.
 * Here they are plain loops; the vector kernels override them and compute the same bits.
 *
 * <p>A sum of at most LEAF terms has a fixed number of lanes, whatever the processor's vectors
 * have. Terms come in octets, whole ones first. Up to {@link #FEW} terms, lane l of eight adds up
 * element l of each octet. Of more terms, four octets in turn go to lanes of their own; octets that
 * are left over go to the first; and the four lanes a, b, c, d of each element add up to (a + c) +
 * (b + d). The last terms, fewer than eight, are then added to the first lanes, and the eight
 * become one by halves.
 */
@SuppressWarnings("cast") // (double) is needed in the float twin, where it reads (float)
public class DoubleRuns extends DoubleElementRuns {
  /** The most terms of a sum that is no tree of others; part of the result's bits. */
  public static final int LEAF = 1024;

  /** The most terms that eight lanes add up; part of the result's bits. */
  public static final int FEW = 256;

  /** The greatest depth of a tree. */
  static final int LEVELS = 24;

  /** The most short rows whose lanes are filled before they are added up. */
  public static final int AT_ONCE = 32;

  /** The lanes that are added up by halves. */
  public static final int OCTET = 8;

  /** Makes plain loops. */
  public DoubleRuns() {}

  /** The loops over rows whose columns are slices. */
  public DoubleColumnLoops columns() {
    return new DoubleColumnLoops();
  }

  // ---- sums ------------------------------------------------------------------------------------

  /** The sum of at most LEAF elements. */
  public /*wide*/ double sum(double[] x, int from, int n, /*wide*/ double[] lanes) {
    int whole = n & -OCTET;
    for (int lane = 0; lane < OCTET; lane++) {
      lanes[lane] =
          n <= FEW ? single(x, from + lane, whole) : four(x, from + lane, from + lane + whole);
    }
    for (int i = whole; i < n; i++) {
      lanes[i - whole] += x[from + i];
    }
    return total(lanes, 0);
  }

  /**
   * The sums of some rows of n elements, at most LEAF, that follow each other.
   *
   * @param lanes {@link #AT_ONCE} octets, to work in
   * @param sums of each row, from a place on: modified
   */
  public void rows(
      double[] x,
      int from,
      int n,
      int rows,
      /*wide*/ double[] lanes,
      /*wide*/ double[] sums,
      int at) {
    for (int row = 0; row < rows; row++) {
      sums[at + row] = sum(x, from + row * n, n, lanes);
    }
  }

  private static /*wide*/ double single(double[] x, int from, int n) {
    /*wide*/ double sum = 0;
    for (int i = from; i < from + n; i += OCTET) {
      sum += x[i];
    }
    return sum;
  }

  private static /*wide*/ double four(double[] x, int from, int end) {
    /*wide*/ double a = 0;
    /*wide*/ double b = 0;
    /*wide*/ double c = 0;
    /*wide*/ double d = 0;
    int i = from;
    for (; i <= end - 4 * OCTET; i += 4 * OCTET) {
      a += x[i];
      b += x[i + OCTET];
      c += x[i + 2 * OCTET];
      d += x[i + 3 * OCTET];
    }
    for (; i < end; i += OCTET) {
      a += x[i];
    }
    return (a + c) + (b + d);
  }

  /**
   * The sum of any number of elements: a tree of sums of LEAF. Where it is cut in two, a power of
   * two of leaves are on the left.
   */
  public final /*wide*/ double tree(double[] x, int from, int n, /*wide*/ double[] lanes) {
    if (n <= LEAF) {
      return sum(x, from, n, lanes);
    }
    int half = DoubleSums.half(n, LEAF);
    return tree(x, from, half, lanes) + tree(x, from + half, n - half, lanes);
  }

  /** The sum of eight lanes, by halves. */
  public static /*wide*/ double total(/*wide*/ double[] lanes, int at) {
    return ((lanes[at] + lanes[at + 4]) + (lanes[at + 2] + lanes[at + 6]))
        + ((lanes[at + 1] + lanes[at + 5]) + (lanes[at + 3] + lanes[at + 7]));
  }

  /** Adds n elements to as many sums. */
  public void addTo(/*wide*/ double[] sums, int at, double[] x, int from, int n) {
    for (int i = 0; i < n; i++) {
      sums[at + i] += x[from + i];
    }
  }

  /**
   * Writes the sums of eight rows, each with others that are some steps further, in each of n
   * columns: the first column of each row's sum to a place, and that of the next row n behind it.
   *
   * @param turns how many rows each sum has
   * @param step how far each is from the one before
   * @param stride how far the eight rows are from each other
   */
  public void octets(
      double[] x,
      int from,
      int turns,
      int step,
      int stride,
      int n,
      /*wide*/ double[] lanes,
      int at) {
    for (int i = 0; i < n; i++) {
      column(x, from + i, turns, step, stride, n, lanes, at + i);
    }
  }

  /** The same of one column. */
  protected static void column(
      double[] x,
      int from,
      int turns,
      int step,
      int stride,
      int n,
      /*wide*/ double[] lanes,
      int at) {
    for (int lane = 0; lane < OCTET; lane++) {
      /*wide*/ double sum = 0;
      for (int turn = 0; turn < turns; turn++) {
        sum += x[from + turn * step + lane * stride];
      }
      lanes[at + lane * n] = sum;
    }
  }

  // ---- moments ---------------------------------------------------------------------------------

  /**
   * The sums of differences to a mean, of at most LEAF elements that are scaled first, and of their
   * squares.
   *
   * @param lanes eight octets, to work in
   * @param sums two, modified
   * @param at where they are
   */
  public void differences(
      double[] x,
      int from,
      int n,
      /*wide*/ double scale,
      /*wide*/ double mean,
      /*wide*/ double[] lanes,
      /*wide*/ double[] sums,
      int at) {
    int whole = n & -OCTET;
    for (int lane = 0; lane < OCTET; lane++) {
      if (n <= FEW) {
        singles(x, from + lane, whole, scale, mean, lanes, lane);
      } else {
        fours(x, from + lane, from + lane + whole, scale, mean, lanes, lane);
      }
    }
    restOfDifferences(x, from + whole, n - whole, scale, mean, lanes);
    sums[at] = total(lanes, 0);
    sums[at + 1] = total(lanes, OCTET);
  }

  /**
   * The same of some rows of n elements that follow each other, each with a mean of its own.
   *
   * @param lanes {@link #AT_ONCE} pairs of octets, to work in
   * @param sums two of each row: modified
   */
  public void differences(
      double[] x,
      int from,
      int n,
      int rows,
      /*wide*/ double[] means,
      /*wide*/ double[] lanes,
      /*wide*/ double[] sums) {
    for (int row = 0; row < rows; row++) {
      differences(x, from + row * n, n, 1, means[row], lanes, sums, 2 * row);
    }
  }

  /** Adds the last elements, fewer than eight, to the first lanes. */
  protected static void restOfDifferences(
      double[] x,
      int from,
      int n,
      /*wide*/ double scale,
      /*wide*/ double mean,
      /*wide*/ double[] lanes) {
    for (int i = 0; i < n; i++) {
      /*wide*/ double difference = x[from + i] * scale - mean;
      lanes[i] += difference;
      lanes[OCTET + i] += difference * difference;
    }
  }

  private static void singles(
      double[] x,
      int from,
      int n,
      /*wide*/ double scale,
      /*wide*/ double mean,
      /*wide*/ double[] lanes,
      int lane) {
    /*wide*/ double sum = 0;
    /*wide*/ double squares = 0;
    for (int i = from; i < from + n; i += OCTET) {
      /*wide*/ double difference = x[i] * scale - mean;
      sum += difference;
      squares += difference * difference;
    }
    lanes[lane] = sum;
    lanes[OCTET + lane] = squares;
  }

  private static void fours(
      double[] x,
      int from,
      int end,
      /*wide*/ double scale,
      /*wide*/ double mean,
      /*wide*/ double[] lanes,
      int lane) {
    /*wide*/ double a = 0;
    /*wide*/ double b = 0;
    /*wide*/ double c = 0;
    /*wide*/ double d = 0;
    /*wide*/ double aa = 0;
    /*wide*/ double bb = 0;
    /*wide*/ double cc = 0;
    /*wide*/ double dd = 0;
    int i = from;
    for (; i <= end - 4 * OCTET; i += 4 * OCTET) {
      /*wide*/ double first = x[i] * scale - mean;
      /*wide*/ double second = x[i + OCTET] * scale - mean;
      /*wide*/ double third = x[i + 2 * OCTET] * scale - mean;
      /*wide*/ double fourth = x[i + 3 * OCTET] * scale - mean;
      a += first;
      b += second;
      c += third;
      d += fourth;
      aa += first * first;
      bb += second * second;
      cc += third * third;
      dd += fourth * fourth;
    }
    for (; i < end; i += OCTET) {
      /*wide*/ double next = x[i] * scale - mean;
      a += next;
      aa += next * next;
    }
    lanes[lane] = (a + c) + (b + d);
    lanes[OCTET + lane] = (aa + cc) + (bb + dd);
  }

  /**
   * The sums of at most LEAF numbers, and of their products with the normalized x.
   *
   * @param v as many numbers, from the first
   * @param lanes eight octets, to work in
   * @param sums two, modified
   * @param at where they are
   */
  public void along(
      double[] x,
      int from,
      int n,
      Centre centre,
      /*wide*/ double[] v,
      /*wide*/ double[] lanes,
      /*wide*/ double[] sums,
      int at) {
    int whole = n & -OCTET;
    for (int lane = 0; lane < OCTET; lane++) {
      alongLane(x, from + lane, lane, whole, n <= FEW ? 1 : 4, centre, v, lanes);
    }
    restAlong(x, from + whole, whole, n, centre, v, lanes);
    sums[at] = total(lanes, 0);
    sums[at + 1] = total(lanes, OCTET);
  }

  /**
   * The same for v = c g.
   *
   * @param v memory for n numbers
   */
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
    times(g, from, n, c, v, 0);
    along(x, from, n, centre, v, lanes, sums, at);
  }

  /** The same for v = c g gamma, with a gamma for each element, from a place on. */
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
    times(g, from, n, c, v, 0);
    scale(v, 0, n, gamma, place);
    along(x, from, n, centre, v, lanes, sums, at);
  }

  /**
   * The same for v = g gamma of some rows of n elements that follow each other, each with a centre
   * of its own, and all with the same gammas.
   *
   * @param lanes {@link #AT_ONCE} pairs of octets, to work in
   * @param sums two of each row: modified
   */
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
    for (int row = 0; row < rows; row++) {
      int first = from + row * n;
      along(x, g, first, n, centres[row], 1, gamma, 0, v, lanes, sums, 2 * row);
    }
  }

  private static void alongLane(
      double[] x,
      int from,
      int lane,
      int whole,
      int octets,
      Centre centre,
      /*wide*/ double[] v,
      /*wide*/ double[] lanes) {
    /*wide*/ double[] sums = new /*wide*/ double[4];
    /*wide*/ double[] products = new /*wide*/ double[4];
    int turns = whole & -(octets * OCTET);
    for (int i = 0; i < whole; i += OCTET) {
      int k = i < turns ? i / OCTET % octets : 0;
      /*wide*/ double value = v[lane + i];
      sums[k] += value;
      products[k] += value * centre.normalized(x[from + i]);
    }
    lanes[lane] = (sums[0] + sums[2]) + (sums[1] + sums[3]);
    lanes[OCTET + lane] = (products[0] + products[2]) + (products[1] + products[3]);
  }

  /** Adds the last elements, fewer than eight, to the first lanes. */
  protected static void restAlong(
      double[] x,
      int from,
      int whole,
      int n,
      Centre centre,
      /*wide*/ double[] v,
      /*wide*/ double[] lanes) {
    for (int i = 0; i < n - whole; i++) {
      /*wide*/ double value = v[whole + i];
      lanes[i] += value;
      lanes[OCTET + i] += value * centre.normalized(x[from + i]);
    }
  }

  /** Adds the products of n numbers and the normalized x to as many sums. */
  public void addAlong(
      /*wide*/ double[] sums, int at, double[] x, double[] g, int from, int n, Centre centre) {
    for (int i = 0; i < n; i++) {
      sums[at + i] += g[from + i] * centre.normalized(x[from + i]);
    }
  }

  /**
   * The same of n numbers and of n others, some elements behind them, with a centre of their own.
   */
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
    addAlong(sums, at, x, g, from, n, centre);
    addAlong(sums, at, x, g, from + behind, n, other);
  }
}
