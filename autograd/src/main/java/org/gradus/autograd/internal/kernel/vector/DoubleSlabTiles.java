package org.gradus.autograd.internal.kernel.vector;

import static org.gradus.autograd.internal.kernel.vector.DoubleTiles.LANES;
import static org.gradus.autograd.internal.kernel.vector.DoubleTiles.STRIP;
import static org.gradus.autograd.internal.kernel.vector.DoubleTiles.VIRTUAL_LANES;
import static org.gradus.autograd.internal.number.Integers.ceilDiv;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;
import org.gradus.autograd.internal.kernel.vector.DoubleConvolution.Grid;

/**
 * Products of filters with pixels that are read from a slab where they lie: eight filters meet
 * three vectors, in 24 sums, for which only 512 bits have registers. No panel is filled, which
 * costs as much as some filters, and nothing but the slab has to stay in the nearest cache. The
 * order of sums is that of tiles.
 */
final class DoubleSlabTiles {
  private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;

  /** Filters of a tile. */
  private static final int FILTERS = 8;

  /** Vectors of a tile, and their pixels. */
  private static final int VECTORS = 3;

  private static final int PIXELS = VECTORS * LANES;

  /** What it costs to put a panel together, for each tap and pixel, in filters that meet it. */
  private static final int PANEL = 4;

  /** The same for a panel of rows that are shorter than a vector. */
  private static final int PANEL_OF_RUNS = 16;

  private DoubleSlabTiles() {}

  /**
   * Whether pixels that lie side by side go this way; some are computed twice, or for nothing, and
   * each takes 8/7 of the time that it takes in a panel.
   */
  static boolean suit(int filters, int pitch, Grid grid) {
    if (LANES != VIRTUAL_LANES
        || filters % FILTERS != 0
        || grid.across() != 1
        || pitch == grid.columns()) {
      return false;
    }
    boolean runs = grid.columns() < LANES;
    int vectors = runs ? ceilDiv(span(pitch, grid), LANES) : grid.rows() * perRow(grid);
    long computed = (long) ceilDiv(vectors, VECTORS) * PIXELS;
    long inPanels = (long) ceilDiv(grid.rows() * grid.columns(), 2 * LANES) * 2 * LANES;
    return computed * filters * 8 <= inPanels * (filters + (runs ? PANEL_OF_RUNS : PANEL)) * 7;
  }

  /** From the first pixel to the last, with what is between the rows. */
  private static int span(int pitch, Grid grid) {
    return pitch * (grid.rows() - 1) + grid.columns();
  }

  private static int perRow(Grid grid) {
    return ceilDiv(grid.columns(), LANES);
  }

  /** As {@link DoubleConvolution#correlate}. */
  static void correlate(
      DoubleStrips filters,
      int pitch,
      int[] offsets,
      Grid grid,
      DoubleConvolution.Memory memory,
      double[] y,
      int offset) {
    if (grid.columns() < LANES) {
      runs(filters, pitch, offsets, grid, memory, y, offset);
      return;
    }
    int perRow = perRow(grid);
    int vectors = grid.rows() * perRow;
    int[] places = memory.places;
    int[] targets = memory.targets;
    for (int vector = 0; vector < vectors; vector += VECTORS) {
      for (int i = 0; i < VECTORS; i++) { // the last one again, where there are no three
        int at = Math.min(vector + i, vectors - 1);
        int column = Math.min(at % perRow * LANES, grid.columns() - LANES); // some pixels twice
        places[i] = at / perRow * pitch + column;
        targets[i] = at / perRow * grid.down() + column;
      }
      for (int filter = 0; filter < filters.rows(); filter += FILTERS) {
        tile(
            offsets.length,
            filters.data(),
            filters.place(filter),
            memory.slab,
            offsets,
            places,
            y,
            offset + filter * grid.plane(),
            grid.plane(),
            targets);
      }
    }
  }

  /** Short rows: vectors go on over what is between them, and rows are copied from the sums. */
  private static void runs(
      DoubleStrips filters,
      int pitch,
      int[] offsets,
      Grid grid,
      DoubleConvolution.Memory memory,
      double[] y,
      int offset) {
    int span = span(pitch, grid);
    double[] sums = memory.rows(filters.rows() * PIXELS + LANES);
    for (int i = 0; i < VECTORS; i++) {
      memory.targets[i] = i * LANES;
    }
    for (int place = 0; place < span; place += PIXELS) {
      for (int i = 0; i < VECTORS; i++) {
        memory.places[i] = place + i * LANES;
      }
      for (int filter = 0; filter < filters.rows(); filter += FILTERS) {
        tile(
            offsets.length,
            filters.data(),
            filters.place(filter),
            memory.slab,
            offsets,
            memory.places,
            sums,
            filter * PIXELS,
            PIXELS,
            memory.targets);
      }
      copy(filters.rows(), place, Math.min(PIXELS, span - place), pitch, grid, sums, y, offset);
    }
  }

  /** Copies the pixels among n sums to planes. Whole vectors, of which later rows hide the rest. */
  private static void copy(
      int filters, int place, int n, int pitch, Grid grid, double[] sums, double[] y, int offset) {
    int end = grid.rows() * grid.columns();
    for (int lane = 0; lane < n; ) {
      int row = (place + lane) / pitch;
      int column = (place + lane) % pitch;
      int count = Math.min(grid.columns() - column, n - lane);
      if (count > 0) {
        int pixel = row * grid.columns() + column;
        boolean fits = grid.down() == grid.columns() && pixel + LANES <= end;
        int to = offset + row * grid.down() + column;
        int length = fits ? LANES : count;
        DoubleConvolution.copyRows(filters, length, 1, sums, lane, PIXELS, y, to, grid.plane());
      }
      lane += pitch - column;
    }
  }

  /**
   * The products of eight rows of a strip with three vectors of pixels.
   *
   * @param at where tap 0 of the first row is in w
   * @param places of the vectors in x, to which the taps' {@code offsets} are added
   * @param to where the first row begins in y, and {@code plane} from it to the next one
   * @param targets of the vectors in a row of y
   */
  private static void tile(
      int n,
      double[] w,
      int at,
      double[] x,
      int[] offsets,
      int[] places,
      double[] y,
      int to,
      int plane,
      int[] targets) {
    int p0 = places[0];
    int p1 = places[1];
    int p2 = places[2];
    DoubleVector a0 = DoubleVector.zero(SPECIES);
    DoubleVector b0 = a0;
    DoubleVector c0 = a0;
    DoubleVector a1 = a0;
    DoubleVector b1 = a0;
    DoubleVector c1 = a0;
    DoubleVector a2 = a0;
    DoubleVector b2 = a0;
    DoubleVector c2 = a0;
    DoubleVector a3 = a0;
    DoubleVector b3 = a0;
    DoubleVector c3 = a0;
    DoubleVector a4 = a0;
    DoubleVector b4 = a0;
    DoubleVector c4 = a0;
    DoubleVector a5 = a0;
    DoubleVector b5 = a0;
    DoubleVector c5 = a0;
    DoubleVector a6 = a0;
    DoubleVector b6 = a0;
    DoubleVector c6 = a0;
    DoubleVector a7 = a0;
    DoubleVector b7 = a0;
    DoubleVector c7 = a0;
    int k = at;
    for (int i = 0; i < n; i++) {
      int o = offsets[i];
      DoubleVector x0 = DoubleVector.fromArray(SPECIES, x, p0 + o);
      DoubleVector x1 = DoubleVector.fromArray(SPECIES, x, p1 + o);
      DoubleVector x2 = DoubleVector.fromArray(SPECIES, x, p2 + o);
      DoubleVector w0 = DoubleVector.broadcast(SPECIES, w[k]);
      a0 = w0.fma(x0, a0);
      b0 = w0.fma(x1, b0);
      c0 = w0.fma(x2, c0);
      DoubleVector w1 = DoubleVector.broadcast(SPECIES, w[k + 1]);
      a1 = w1.fma(x0, a1);
      b1 = w1.fma(x1, b1);
      c1 = w1.fma(x2, c1);
      DoubleVector w2 = DoubleVector.broadcast(SPECIES, w[k + 2]);
      a2 = w2.fma(x0, a2);
      b2 = w2.fma(x1, b2);
      c2 = w2.fma(x2, c2);
      DoubleVector w3 = DoubleVector.broadcast(SPECIES, w[k + 3]);
      a3 = w3.fma(x0, a3);
      b3 = w3.fma(x1, b3);
      c3 = w3.fma(x2, c3);
      DoubleVector w4 = DoubleVector.broadcast(SPECIES, w[k + 4]);
      a4 = w4.fma(x0, a4);
      b4 = w4.fma(x1, b4);
      c4 = w4.fma(x2, c4);
      DoubleVector w5 = DoubleVector.broadcast(SPECIES, w[k + 5]);
      a5 = w5.fma(x0, a5);
      b5 = w5.fma(x1, b5);
      c5 = w5.fma(x2, c5);
      DoubleVector w6 = DoubleVector.broadcast(SPECIES, w[k + 6]);
      a6 = w6.fma(x0, a6);
      b6 = w6.fma(x1, b6);
      c6 = w6.fma(x2, c6);
      DoubleVector w7 = DoubleVector.broadcast(SPECIES, w[k + 7]);
      a7 = w7.fma(x0, a7);
      b7 = w7.fma(x1, b7);
      c7 = w7.fma(x2, c7);
      k += STRIP;
    }
    int row0 = to;
    a0.intoArray(y, row0 + targets[0]);
    b0.intoArray(y, row0 + targets[1]);
    c0.intoArray(y, row0 + targets[2]);
    int row1 = row0 + plane;
    a1.intoArray(y, row1 + targets[0]);
    b1.intoArray(y, row1 + targets[1]);
    c1.intoArray(y, row1 + targets[2]);
    int row2 = row1 + plane;
    a2.intoArray(y, row2 + targets[0]);
    b2.intoArray(y, row2 + targets[1]);
    c2.intoArray(y, row2 + targets[2]);
    int row3 = row2 + plane;
    a3.intoArray(y, row3 + targets[0]);
    b3.intoArray(y, row3 + targets[1]);
    c3.intoArray(y, row3 + targets[2]);
    int row4 = row3 + plane;
    a4.intoArray(y, row4 + targets[0]);
    b4.intoArray(y, row4 + targets[1]);
    c4.intoArray(y, row4 + targets[2]);
    int row5 = row4 + plane;
    a5.intoArray(y, row5 + targets[0]);
    b5.intoArray(y, row5 + targets[1]);
    c5.intoArray(y, row5 + targets[2]);
    int row6 = row5 + plane;
    a6.intoArray(y, row6 + targets[0]);
    b6.intoArray(y, row6 + targets[1]);
    c6.intoArray(y, row6 + targets[2]);
    int row7 = row6 + plane;
    a7.intoArray(y, row7 + targets[0]);
    b7.intoArray(y, row7 + targets[1]);
    c7.intoArray(y, row7 + targets[2]);
  }
}
