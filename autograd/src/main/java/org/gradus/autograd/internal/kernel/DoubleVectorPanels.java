package org.gradus.autograd.internal.kernel;

import static org.gradus.autograd.internal.kernel.DoubleMatmul.ceilDiv;
import static org.gradus.autograd.internal.kernel.DoubleVectorTiles.COLUMNS;
import static org.gradus.autograd.internal.kernel.DoubleVectorTiles.HIGH;
import static org.gradus.autograd.internal.kernel.DoubleVectorTiles.LANES;
import static org.gradus.autograd.internal.kernel.DoubleVectorTiles.ROWS;
import static org.gradus.autograd.internal.kernel.DoubleVectorTiles.STRIP;

/**
 * The left factor of a product, [rows, depth], packed for tiles: in strips of STRIP rows, before
 * which there may be one of HIGH. In a strip, the elements of one column follow each other. The
 * strip that begins with row r begins at {@code r * depth}.
 *
 * @param high how many rows are in a strip of HIGH
 * @param data the strips
 */
@SuppressWarnings("ArrayRecordComponent") // a parameter object, which is never compared
record DoubleVectorPanels(int rows, int depth, int high, double[] data) {

  /** Gives the memory back; the factor must not be used any more. */
  void release() {
    DoubleArrays.POOL.give(data);
  }

  /** Where the factor's elements come from. */
  @FunctionalInterface
  interface Source {
    /**
     * Writes {@code count} rows from {@code row} on to a strip of {@code height} rows; what is
     * missing of it may hold anything.
     */
    void pack(int row, int count, int height, double[] strip, int at);
  }

  /** Makes room for the strips, and has them filled. */
  static DoubleVectorPanels pack(int rows, int depth, Source source) {
    int high = high(rows);
    int strips = high / HIGH + ceilDiv(Math.max(0, rows - high), STRIP);
    double[] data = DoubleArrays.POOL.take((rows + STRIP) * depth);
    Parallel.ranges(
        strips,
        (long) STRIP * depth * 2,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            int height = i < high / HIGH ? HIGH : STRIP;
            int row = i == 0 ? 0 : high + (i - high / HIGH) * STRIP;
            source.pack(row, Math.min(height, rows - row), height, data, row * depth);
          }
        });
    return new DoubleVectorPanels(rows, depth, high, data);
  }

  /** A tile of HIGH is for 5 or 6 rows, of which the second tile of ROWS would waste most. */
  private static int high(int rows) {
    int left = rows % ROWS;
    return rows > ROWS && left > 0 && left <= HIGH - ROWS ? HIGH : 0;
  }

  /**
   * Takes element (row, column) of the factor from {@code x[offset + row * down + column *
   * across]}.
   */
  static Source strided(int depth, double[] x, int offset, int down, int across) {
    return (row, count, height, strip, at) -> {
      for (int r = 0; r < count; r++) {
        int from = offset + (row + r) * down;
        for (int k = 0; k < depth; k++) {
          strip[at + k * height + r] = x[from + k * across];
        }
      }
    };
  }

  /** The end of a block of about so many rows: where a strip begins, or after the last row. */
  int blockEnd(int first, int count) {
    return Math.min(rows, Math.max(first, high) + Math.max(1, count / STRIP) * STRIP);
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
    for (int row = first; row < end; row += height(row)) {
      int to = offset + row * stride;
      int count = Math.min(height(row), rows - row);
      if (count == height(row) && columns == COLUMNS) {
        tile(row, panel, at, add, y, to, stride);
      } else {
        tile(row, panel, at, false, t, 0, COLUMNS);
        copy(add, count, columns, t, y, to, stride);
      }
    }
  }

  /** How many rows the tile has that begins with a row. */
  private int height(int row) {
    return row < high ? HIGH : ROWS;
  }

  private void tile(int row, double[] panel, int at, boolean add, double[] y, int to, int stride) {
    if (row < high) {
      DoubleVectorTiles.highTile(depth, data, row * depth, panel, at, add, y, to, LANES, stride);
    } else {
      int strip = (row - high) / STRIP * STRIP;
      DoubleVectorTiles.tile(
          depth,
          data,
          (high + strip) * depth + (row - high) % STRIP,
          panel,
          at,
          add,
          y,
          to,
          LANES,
          stride);
    }
  }

  private static void copy(
      boolean add, int rows, int columns, double[] t, double[] y, int offset, int stride) {
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        int to = offset + r * stride + c;
        y[to] = add ? y[to] + t[r * COLUMNS + c] : t[r * COLUMNS + c];
      }
    }
  }
}
