package org.gradus.autograd.internal.kernel.vector;

import static org.gradus.autograd.internal.kernel.vector.DoubleTiles.COLUMNS;
import static org.gradus.autograd.internal.kernel.vector.DoubleTiles.LANES;
import static org.gradus.autograd.internal.kernel.vector.DoubleTiles.ROWS;
import static org.gradus.autograd.internal.kernel.vector.DoubleTiles.STRIP;
import static org.gradus.autograd.internal.number.Integers.ceilDiv;

import java.util.Arrays;
import org.gradus.autograd.internal.parallel.DoubleArrays;
import org.gradus.autograd.internal.parallel.Parallel;

/**
 * The left factor of a product, [rows, depth], packed for tiles: in strips of STRIP rows. In a
 * strip, the elements of one column follow each other. The strip that begins with row r begins at
 * {@code r * depth}.
 *
 * @param data the strips
 * @param start where they begin
 * @param lie whether the data is that of the factor as it lies, row by row, which is slower, but
 *     need not be packed
 */
@SuppressWarnings("ArrayRecordComponent") // the same data is the same array
record DoubleStrips(int rows, int depth, double[] data, int start, boolean lie) {

  /** Gives the memory of each back, once; the factors must not be used any more. */
  static void release(DoubleStrips... factors) {
    Arrays.stream(factors)
        .filter(factor -> !factor.lie)
        .distinct()
        .forEach(factor -> DoubleArrays.POOL.give(factor.data));
  }

  /** Where column 0 of a row is in the data; the next ones follow in steps of STRIP. */
  int place(int row) {
    return start + row / STRIP * STRIP * depth + row % STRIP;
  }

  /** Some rows, from the beginning of a strip on. */
  DoubleStrips part(int first, int count) {
    return new DoubleStrips(count, depth, data, start + first * depth, lie);
  }

  /** Where the factor's elements come from. */
  @FunctionalInterface
  interface Source {
    /**
     * Writes {@code count} rows from {@code row} on to a strip; what is missing of it may hold
     * anything.
     */
    void pack(int row, int count, double[] strip, int at);
  }

  /** Rows from {@code start} on, as they lie: whole tiles of them, for {@link #times} alone. */
  static DoubleStrips lying(int rows, int depth, double[] data, int start) {
    return new DoubleStrips(rows, depth, data, start, true);
  }

  /** Makes room for the strips, and has them filled. */
  static DoubleStrips pack(int rows, int depth, Source source) {
    int strips = ceilDiv(rows, STRIP);
    double[] data = DoubleArrays.POOL.take(strips * STRIP * depth);
    Parallel.ranges(
        strips,
        (long) STRIP * depth * 2,
        (from, to) -> {
          for (int row = from * STRIP; row < Math.min(rows, to * STRIP); row += STRIP) {
            source.pack(row, Math.min(STRIP, rows - row), data, row * depth);
          }
        });
    return new DoubleStrips(rows, depth, data, 0, false);
  }

  /**
   * Takes element (row, column) of the factor from {@code x[offset + row * down + column *
   * across]}.
   */
  static Source strided(int depth, double[] x, int offset, int down, int across) {
    return (row, count, strip, at) -> {
      int from = offset + row * down;
      if (down == 1 && count == STRIP) {
        DoubleTiles.rows(depth, STRIP, x, from, across, strip, at, STRIP);
        return;
      }
      int r = 0;
      for (; r + 4 <= count; r += 4) { // four elements side by side
        int from0 = from + r * down;
        int from1 = from0 + down;
        int from2 = from1 + down;
        int from3 = from2 + down;
        for (int k = 0; k < depth; k++) {
          int to = at + k * STRIP + r;
          strip[to] = x[from0 + k * across];
          strip[to + 1] = x[from1 + k * across];
          strip[to + 2] = x[from2 + k * across];
          strip[to + 3] = x[from3 + k * across];
        }
      }
      for (; r < count; r++) {
        for (int k = 0; k < depth; k++) {
          strip[at + k * STRIP + r] = x[from + r * down + k * across];
        }
      }
    };
  }

  /** How many rows a block has, of about so many: whole strips. */
  static int block(int count) {
    return Math.max(1, count / STRIP) * STRIP;
  }

  /**
   * Multiplies rows by a panel of columns: y [rows, columns] = this * panel, or is added to.
   *
   * @param first row, where a strip begins
   * @param end of the rows
   * @param panel [depth, COLUMNS], from {@code at} on
   * @param columns how many of the panel's columns are wanted
   * @param t memory for a tile
   * @param offset of row 0 in y
   * @param stride between rows in y
   */
  void times(
      int first,
      int end,
      double[] panel,
      int at,
      int columns,
      double[] t,
      boolean add,
      double[] y,
      int offset,
      int stride) {
    for (int row = first; row < end; row += ROWS) {
      int to = offset + row * stride;
      if (columns == COLUMNS && row + ROWS <= rows) {
        tile(row, panel, at, add, y, to, stride);
      } else {
        tile(row, panel, at, false, t, 0, COLUMNS);
        writePart(add, Math.min(ROWS, rows - row), columns, t, y, to, stride);
      }
    }
  }

  /**
   * Adds the product of all rows and some panels to y, in whole tiles: four rows after the other,
   * and each meets all panels.
   *
   * @param panels one behind the other
   * @param places where each row is added to y, and, after the last one, where the rest of its tile
   *     may go; the places of one tile's rows must not overlap
   * @param starts where the vectors of the panels begin, added to all places
   */
  void addTo(double[] panels, double[] y, int[] places, int[] starts) {
    for (int row = 0; row < rows; row += ROWS) {
      for (int i = 0; i < starts.length; i += 2) {
        int to = starts[i];
        DoubleTiles.tile(
            depth,
            data,
            place(row),
            panels,
            i * LANES * depth,
            true,
            y,
            to + places[row],
            to + places[row + 1],
            to + places[row + 2],
            to + places[row + 3],
            starts[i + 1] - to);
      }
    }
  }

  private void tile(int row, double[] panel, int at, boolean add, double[] y, int to, int stride) {
    if (lie) {
      int from = start + row * depth;
      DoubleTiles.tileOfRows(depth, data, from, depth, panel, at, add, y, to, stride, LANES);
      return;
    }
    DoubleTiles.tile(
        depth,
        data,
        place(row),
        panel,
        at,
        add,
        y,
        to,
        to + stride,
        to + 2 * stride,
        to + 3 * stride,
        LANES);
  }

  private static void writePart(
      boolean add, int rows, int columns, double[] t, double[] y, int offset, int stride) {
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        int to = offset + r * stride + c;
        y[to] = add ? y[to] + t[r * COLUMNS + c] : t[r * COLUMNS + c];
      }
    }
  }
}
