package org.gradus.autograd.internal.kernel.plain;

/**
 * Long sums as trees. A leaf adds up its terms in lanes, as {@link DoubleRuns} has them, and halves
 * are added up from there on: the rounding errors of n terms grow as the logarithm of n. The tree
 * depends on n alone: a column has the same sum as a row. Sums are double in the float twin too.
 *
 * <p>A sum of n terms is off by at most 40 + log2(n / LEAF) units of rounding (2^-53) of the sum of
 * magnitudes.
 */
final class DoubleSums {
  /** The most elements of a plane's row that are added up in order; part of the result's bits. */
  private static final int ROWS = 64;

  private static final DoubleRuns PLAIN = new DoubleRuns();

  private DoubleSums() {}

  /** The sum of n elements that follow each other. */
  static /*wide*/ double sum(double[] x, int offset, int n) {
    return PLAIN.tree(x, offset, n, new /*wide*/ double[DoubleRuns.OCTET]);
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
  static /*wide*/ double ofParts(/*wide*/ double[] parts, int offset, int stride, int n) {
    if (n == 1) {
      return parts[offset];
    }
    int half = half(n, 1);
    return ofParts(parts, offset, stride, half)
        + ofParts(parts, offset + half * stride, stride, n - half);
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
