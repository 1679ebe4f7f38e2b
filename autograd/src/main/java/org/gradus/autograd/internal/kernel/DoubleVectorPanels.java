package org.gradus.autograd.internal.kernel;

import static org.gradus.autograd.internal.kernel.DoubleMatmul.ceilDiv;
import static org.gradus.autograd.internal.kernel.DoubleVectorTiles.COLUMNS;
import static org.gradus.autograd.internal.kernel.DoubleVectorTiles.ROWS;
import static org.gradus.autograd.internal.kernel.DoubleVectorTiles.STRIP;

/**
 * The left factor of a product, [rows, depth], packed for tiles: in strips of STRIP rows. In a
 * strip, the elements of one column follow each other. The strip that begins with row r begins at
 * {@code r * depth}.
 *
 * @param data the strips
 */
@SuppressWarnings("ArrayRecordComponent") // a parameter object, which is never compared
record DoubleVectorPanels(int rows, int depth, double[] data) {

  /** Gives the memory back; the factor must not be used any more. */
  void release() {
    DoubleArrays.POOL.give(data);
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

  /** Makes room for the strips, and has them filled. */
  static DoubleVectorPanels pack(int rows, int depth, Source source) {
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
    return new DoubleVectorPanels(rows, depth, data);
  }

  /**
   * Takes element (row, column) of the factor from {@code x[offset + row * down + column *
   * across]}.
   */
  static Source strided(int depth, double[] x, int offset, int down, int across) {
    return (row, count, strip, at) -> {
      for (int r = 0; r < count; r++) {
        int from = offset + (row + r) * down;
        for (int k = 0; k < depth; k++) {
          strip[at + k * STRIP + r] = x[from + k * across];
        }
      }
    };
  }

  /**
   * Multiplies by a panel of columns: y [rows, columns] = this * panel, or is added to.
   *
   * @param panel [depth, COLUMNS], from {@code at} on
   * @param columns how many of the panel's columns are wanted
   * @param t memory for a tile
   * @param stride between rows in y
   */
  void times(
      double[] panel,
      int at,
      int columns,
      double[] t,
      boolean add,
      double[] y,
      int offset,
      int stride) {
    for (int row = 0; row < rows; row += ROWS) {
      int strip = row / STRIP * STRIP * depth + row % STRIP;
      DoubleVectorTiles.tile(depth, data, strip, panel, at, t, 0, COLUMNS);
      store(add, Math.min(ROWS, rows - row), columns, t, y, offset + row * stride, stride);
    }
  }

  private static void store(
      boolean add, int rows, int columns, double[] t, double[] y, int offset, int stride) {
    if (columns == COLUMNS) {
      DoubleVectorTiles.store(add, rows, t, y, offset, stride);
      return;
    }
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        int to = offset + r * stride + c;
        y[to] = add ? y[to] + t[r * COLUMNS + c] : t[r * COLUMNS + c];
      }
    }
  }
}
