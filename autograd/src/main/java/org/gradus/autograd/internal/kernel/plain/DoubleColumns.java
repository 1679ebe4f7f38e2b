package org.gradus.autograd.internal.kernel.plain;

import java.util.Arrays;
import org.gradus.autograd.internal.number.Integers;
import org.gradus.autograd.internal.parallel.Parallel;
import org.gradus.autograd.internal.parallel.Wide;

/**
 * Sums of some columns at once, each with the bits of a row of the same elements: the lanes of
 * {@link DoubleRuns} are kept for all columns, and whole rows are added to them.
 */
final class DoubleColumns implements Parallel.State {
  /**
   * The most columns at once: eight rows of their lanes, which are worked on at a time, stay in a
   * core's first cache, and what is read of one row lies beside what is read of the next.
   */
  static final int WIDTH = 256;

  /** Columns at once, where that makes too few parts of the work. */
  private static final int SLIM = 64;

  /** So many parts are enough for all threads. */
  private static final int PARTS = 8;

  /** The most rows that are added up by one thread: a power of two of leaves. */
  private static final int CHUNK = 16 * DoubleRuns.LEAF;

  /** About how many elements one thread adds up, where more than a leaf. */
  private static final int ELEMENTS = 1 << 18;

  /** About how many elements one part of the work has, where there are few rows. */
  private static final long GROUP = 1 << 14;

  private final DoubleRuns runs;
  private final /*wide*/ double[] lanes = Wide.take(4 * DoubleRuns.OCTET * WIDTH);
  private final /*wide*/ double[] right = Wide.take(DoubleRuns.LEVELS * WIDTH);

  DoubleColumns(DoubleRuns runs) {
    this.runs = runs;
  }

  /** How many rows are added up by one thread: a power of two of leaves. */
  private static int chunk(int columns) {
    int leaves = ELEMENTS / DoubleRuns.LEAF / Math.max(1, Math.min(columns, WIDTH));
    return Math.min(CHUNK, DoubleRuns.LEAF * Integer.highestOneBit(Math.max(1, leaves)));
  }

  /** How many columns are added up at once, of so many chunks of rows. */
  private static int width(int chunks, int rows, int columns) {
    long parts = chunks * (long) Integers.ceilDiv(columns, WIDTH);
    return Math.min(columns, rows <= DoubleRuns.FEW || parts >= PARTS ? WIDTH : SLIM);
  }

  /** Rows whose elements are added up. */
  @FunctionalInterface
  interface Rows {
    /** Adds n elements of a row to as many sums. */
    void addTo(/*wide*/ double[] sums, int at, int row, int n);

    /**
     * Writes the sums of {@code turns} rows for each of eight rows, as {@link DoubleRuns#octets}.
     *
     * @param step rows from each to the next
     */
    default void octets(int first, int turns, int step, int n, /*wide*/ double[] lanes, int at) {
      Arrays.fill(lanes, at, at + DoubleRuns.OCTET * n, 0);
      for (int turn = 0; turn < turns; turn++) {
        for (int lane = 0; lane < DoubleRuns.OCTET; lane++) {
          addTo(lanes, at + lane * n, first + turn * step + lane, n);
        }
      }
    }
  }

  /** Rows of an array: where the first is, and how far the next is. */
  private static final class Strided implements Rows {
    private final DoubleRuns runs;
    private final double[] x;
    private final int offset;
    private final int stride;

    Strided(DoubleRuns runs, double[] x, int offset, int stride) {
      this.runs = runs;
      this.x = x;
      this.offset = offset;
      this.stride = stride;
    }

    @Override
    public void addTo(/*wide*/ double[] sums, int at, int row, int n) {
      runs.addTo(sums, at, x, offset + row * stride, n);
    }

    @Override
    public void octets(int first, int turns, int step, int n, /*wide*/ double[] lanes, int at) {
      runs.octets(x, offset + first * stride, turns, step * stride, stride, n, lanes, at);
    }
  }

  /** Rows from one on, from a column on. */
  @FunctionalInterface
  interface Part {
    Rows at(int column, int row);
  }

  /**
   * The sums of all columns, in memory from the pool. Rows are cut into chunks of a fixed length:
   * each is a part of the tree, so that the bits are those of one go.
   */
  static /*wide*/ double[] sums(DoubleRuns runs, int rows, int columns, Part part) {
    /*wide*/ double[] totals = Wide.take(columns);
    sums(runs, 1, rows, columns, (b, column, row) -> part.at(column, row), totals);
    return totals;
  }

  /** Rows from one on, from a column on, of one of several matrices. */
  @FunctionalInterface
  interface Parts {
    Rows at(int matrix, int column, int row);
  }

  /** The same of several matrices, one after the other. */
  static void sums(
      DoubleRuns runs, int matrices, int rows, int columns, Parts of, /*wide*/ double[] totals) {
    int chunk = chunk(columns);
    int chunks = Math.max(1, Integers.ceilDiv(rows, chunk));
    int most = Math.min(rows, chunk);
    int width = width(matrices * chunks, rows, columns);
    int blocks = Integers.ceilDiv(columns, Math.max(1, width));
    /*wide*/ double[] parts = chunks == 1 ? totals : Wide.take(matrices * chunks * columns);
    int count = matrices * chunks * blocks;
    long each = most * (long) width + 1;
    int group = (int) Math.max(1, Math.min(GROUP / each, count));
    Parallel.each(
        Integers.ceilDiv(count, group),
        group * each,
        () -> new DoubleColumns(runs),
        (sums, share) -> {
          for (int i = share * group; i < Math.min(count, (share + 1) * group); i++) {
            int column = i % blocks * width;
            int row = i / blocks % chunks * chunk;
            Rows own = of.at(i / blocks / chunks, column, row);
            int n = Math.min(width, columns - column);
            sums.sum(own, Math.min(chunk, rows - row), n, parts, i / blocks * columns + column);
          }
        });
    if (chunks > 1) {
      for (int i = 0; i < matrices * columns; i++) {
        int first = i / columns * chunks * columns + i % columns;
        totals[i] = DoubleSums.ofParts(parts, first, columns, chunks);
      }
      Wide.give(parts);
    }
  }

  /** Those of an array, from an offset on, that are a stride apart. */
  static Rows rows(DoubleRuns runs, double[] x, int offset, int stride) {
    return new Strided(runs, x, offset, stride);
  }

  /**
   * Writes the sums of n columns, at most {@link #WIDTH} of them.
   *
   * @param offset where the first column begins
   * @param stride how far rows are from each other
   */
  void sum(double[] x, int offset, int rows, int stride, int n, /*wide*/ double[] totals, int at) {
    sum(new Strided(runs, x, offset, stride), rows, n, totals, at);
  }

  /** The same of any rows. */
  void sum(Rows of, int rows, int n, /*wide*/ double[] totals, int at) {
    sum(of, 0, rows, n, totals, at, 0);
  }

  private void sum(
      Rows of, int first, int rows, int n, /*wide*/ double[] totals, int at, int level) {
    if (rows <= DoubleRuns.LEAF) {
      leaf(of, first, rows, n);
      total(n, totals, at);
      return;
    }
    int half = DoubleSums.half(rows, DoubleRuns.LEAF);
    sum(of, first, half, n, totals, at, level + 1);
    int other = level * WIDTH;
    sum(of, first + half, rows - half, n, right, other, level + 1);
    for (int i = 0; i < n; i++) {
      totals[at + i] += right[other + i];
    }
  }

  private void leaf(Rows of, int first, int rows, int n) {
    int whole = rows & -DoubleRuns.OCTET;
    int octets = rows <= DoubleRuns.FEW ? 1 : 4;
    int step = octets * DoubleRuns.OCTET;
    int turns = whole / step;
    int octet = DoubleRuns.OCTET * n;
    for (int k = 0; k < octets; k++) {
      of.octets(first + k * DoubleRuns.OCTET, turns, step, n, lanes, k * octet);
    }
    for (int row = turns * step; row < whole; row++) {
      of.addTo(lanes, row % DoubleRuns.OCTET * n, first + row, n);
    }
    for (int i = 0; octets > 1 && i < octet; i++) {
      lanes[i] = (lanes[i] + lanes[2 * octet + i]) + (lanes[octet + i] + lanes[3 * octet + i]);
    }
    for (int row = whole; row < rows; row++) {
      of.addTo(lanes, (row - whole) * n, first + row, n);
    }
  }

  private void total(int n, /*wide*/ double[] totals, int at) {
    for (int i = 0; i < n; i++) {
      totals[at + i] =
          ((lanes[i] + lanes[4 * n + i]) + (lanes[2 * n + i] + lanes[6 * n + i]))
              + ((lanes[n + i] + lanes[5 * n + i]) + (lanes[3 * n + i] + lanes[7 * n + i]));
    }
  }

  @Override
  public void close() {
    Wide.give(lanes);
    Wide.give(right);
  }
}
