package org.gradus.autograd.internal.kernel.plain;

/**
 * Long sums as trees. A leaf adds up neighbours in order, and halves are added up from there on:
 * the rounding errors of n terms grow as the logarithm of n. The tree depends on n alone. Sums are
 * double in the float twin too.
 *
 * <p>A sum of n terms is off by at most LEAF / 4 + 2 + log2(n / LEAF), or for columns ROWS + log2(n
 * / ROWS), units of rounding (2^-53) of the sum of magnitudes.
 */
final class DoubleSums {
  /** The most terms that four running sums add up in order; part of the result's bits. */
  static final int LEAF = 256;

  /** The most rows that are added up in order; part of the result's bits. */
  private static final int ROWS = 64;

  private DoubleSums() {}

  /** The sum of n elements that follow each other. */
  static /*wide*/ double sum(double[] x, int offset, int n) {
    if (n <= LEAF) {
      return leaf(x, offset, n);
    }
    int half = half(n, LEAF);
    return sum(x, offset, half) + sum(x, offset + half, n - half);
  }

  /** Four running sums, because one would wait for itself at every addition. */
  private static /*wide*/ double leaf(double[] x, int offset, int n) {
    /*wide*/ double s0 = 0;
    /*wide*/ double s1 = 0;
    /*wide*/ double s2 = 0;
    /*wide*/ double s3 = 0;
    int i = offset;
    int end = offset + n;
    for (; i < end - 3; i += 4) {
      s0 += x[i];
      s1 += x[i + 1];
      s2 += x[i + 2];
      s3 += x[i + 3];
    }
    for (; i < end; i++) {
      s0 += x[i];
    }
    return (s0 + s1) + (s2 + s3);
  }

  /**
   * Where a tree of more than {@code leaf} terms is cut in two: a power of two of leaves are on the
   * left. So a part of such a length, where it begins at a multiple of it, is a tree of its own.
   */
  static int half(int n, int leaf) {
    return Integer.highestOneBit((n - 1) / leaf) * leaf;
  }

  /** What has been rounded away from the sum of two numbers. */
  static /*wide*/ double lost(/*wide*/ double before, /*wide*/ double x, /*wide*/ double after) {
    /*wide*/ double added = after - before;
    return (before - (after - added)) + (x - added);
  }

  /** The tree over the sums of parts, one or more, that are trees of their own. */
  static /*wide*/ double ofParts(/*wide*/ double[] parts, int offset, int n) {
    if (n == 1) {
      return parts[offset];
    }
    int half = half(n, 1);
    return ofParts(parts, offset, half) + ofParts(parts, offset + half, n - half);
  }

  /** The sums of n columns, in a new array. */
  static /*wide*/ double[] columns(double[] x, int offset, int rows, int stride, int n) {
    if (rows > ROWS) {
      int half = half(rows, ROWS);
      /*wide*/ double[] upper = columns(x, offset, half, stride, n);
      /*wide*/ double[] lower = columns(x, offset + half * stride, rows - half, stride, n);
      for (int i = 0; i < n; i++) {
        upper[i] += lower[i];
      }
      return upper;
    }
    /*wide*/ double[] totals = new /*wide*/ double[n];
    for (int r = 0; r < rows; r++) {
      int start = offset + r * stride;
      for (int i = 0; i < n; i++) {
        totals[i] += x[start + i];
      }
    }
    return totals;
  }

  /**
   * The sum of {@code columns} elements, {@code across} apart, of each of some rows that are {@code
   * down} apart.
   */
  static /*wide*/ double ofPlane(
      double[] x, int offset, int rows, int down, int columns, int across) {
    if (rows > 1) {
      int half = half(rows, 1);
      return ofPlane(x, offset, half, down, columns, across)
          + ofPlane(x, offset + half * down, rows - half, down, columns, across);
    }
    if (columns > ROWS) {
      int half = half(columns, ROWS);
      return ofPlane(x, offset, rows, down, half, across)
          + ofPlane(x, offset + half * across, rows, down, columns - half, across);
    }
    /*wide*/ double total = 0;
    for (int i = 0; i < columns; i++) {
      total += x[offset + i * across];
    }
    return total;
  }
}
