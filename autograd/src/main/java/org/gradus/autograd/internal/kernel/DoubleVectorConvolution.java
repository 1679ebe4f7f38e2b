package org.gradus.autograd.internal.kernel;

import static org.gradus.autograd.internal.kernel.DoubleMatmul.ceilDiv;
import static org.gradus.autograd.internal.kernel.DoubleVectorTiles.COLUMNS;
import static org.gradus.autograd.internal.kernel.DoubleVectorTiles.LANES;
import static org.gradus.autograd.internal.kernel.DoubleVectorTiles.ROWS;
import static org.gradus.autograd.internal.kernel.DoubleVectorTiles.SWEEP;

import java.util.Arrays;
import java.util.function.IntToLongFunction;

/**
 * Convolution as products of tiles. Some rows of an image are copied to a {@link Slab}, and from
 * there the windows of a few output pixels to a panel, which meets all filters while it is in the
 * cache; no matrix of windows is ever made.
 */
final class DoubleVectorConvolution {
  /** Elements of a slab, if more than one row of the output is made from it. */
  private static final int SLAB_SIZE = 1 << 16;

  /** Parts that the work is cut into at least, where there is enough of it. */
  static final int PARTS = 16;

  /** Rows of filters that are too few for tiles. */
  static final int FEW = 2;

  /** Rows of filters for which it does not pay to pack panels, if they come in pairs. */
  private static final int PAIRS = 8;

  private DoubleVectorConvolution() {}

  /** As {@link Kernels#conv2d}. */
  static void conv2d(ConvSizes s, double[] x, double[] w, double[] b, double[] y) {
    if (y.length == 0) {
      return;
    }
    WindowSizes v = s.window();
    int depth = s.filterSize();
    int rows =
        blockRows(
            s.batch() * s.groups(),
            v.outH(),
            r -> (long) s.groupChannels() * Slab.ofInput(v, r).plane());
    Slab slab = Slab.ofInput(v, rows);
    int[] offsets = slab.taps(v, s.groupChannels());
    DoubleVectorPanels[] filters = new DoubleVectorPanels[s.groups()];
    for (int g = 0; g < filters.length; g++) {
      filters[g] =
          DoubleVectorPanels.pack(
              s.groupFilters(),
              depth,
              DoubleVectorPanels.strided(depth, w, g * s.groupFilters() * depth, depth, 1));
    }
    int blocks = ceilDiv(v.outH(), rows);
    Parallel.each(
        s.batch() * s.groups() * blocks,
        cost(s) / ((long) s.batch() * s.groups() * blocks),
        () -> new Memory(s.groupChannels() * slab.plane(), slab.plane(), depth, 0),
        (memory, task) -> {
          int image = task / (s.groups() * blocks);
          int group = task / blocks % s.groups();
          int row = task % blocks * rows;
          fill(
              slab,
              row,
              s.groupChannels(),
              x,
              (image * s.channels() + group * s.groupChannels()) * v.inPlane(),
              memory.slab,
              0);
          int to = (image * s.filters() + group * s.groupFilters()) * v.outPlane() + row * v.outW();
          int count = Math.min(rows, v.outH() - row);
          correlate(
              filters[group],
              slab,
              offsets,
              count,
              v.outW(),
              memory,
              y,
              to,
              v.outPlane(),
              v.outW(),
              1);
          DoubleIm2col.addBias(
              b, group * s.groupFilters(), s.groupFilters(), y, to, v.outPlane(), count * v.outW());
        });
    for (DoubleVectorPanels packed : filters) {
      packed.release();
    }
  }

  /** About how many vector operations a convolution takes. */
  static long cost(ConvSizes s) {
    return (long) s.batch() * s.filters() * s.window().outPlane() * s.filterSize() / LANES;
  }

  /** What one thread works in. */
  static final class Memory implements Parallel.State {
    final double[] slab;
    final double[] panel;
    final double[] rows;
    final double[] plane;
    final double[] tile = new double[ROWS * COLUMNS];
    final int[] places = new int[COLUMNS];
    final int[] lanes = new int[COLUMNS];

    Memory(int slab, int plane, int depth, int rows) {
      this.plane = DoubleArrays.POOL.take(plane + SWEEP);
      this.rows = DoubleArrays.POOL.take(rows * COLUMNS);
      this.slab = DoubleArrays.POOL.take(slab + plane + SWEEP);
      this.panel = DoubleArrays.POOL.take((depth + 1) * COLUMNS);
    }

    @Override
    public void close() {
      DoubleArrays.POOL.give(rows);
      DoubleArrays.POOL.give(slab);
      DoubleArrays.POOL.give(plane);
      DoubleArrays.POOL.give(panel);
    }
  }

  /** How many rows of the result are made from one slab. */
  static int blockRows(int others, int rows, IntToLongFunction slabSize) {
    int most = Math.max(1, ceilDiv(rows, ceilDiv(PARTS, others)));
    while (most > 1 && slabSize.applyAsLong(most) > SLAB_SIZE) {
      most = ceilDiv(most, 2);
    }
    return most;
  }

  /** Copies the rows from {@code first} on of some planes. */
  static void fill(Slab slab, int first, int planes, double[] x, int offset, double[] to, int at) {
    int place = at;
    for (int plane = 0; plane < planes; plane++) {
      for (int startH : slab.startsH()) {
        for (int startW : slab.startsW()) {
          int from = slab.firstInside(startW);
          int end = Math.max(from, slab.endInside(startW));
          for (int u = 0; u < slab.rows(); u++, place += slab.pitch()) {
            int row = (first + u) * slab.stepH() + startH;
            if (row < 0 || row >= slab.height()) {
              Arrays.fill(to, place, place + slab.pitch(), 0);
              continue;
            }
            int source = offset + (plane * slab.height() + row) * slab.width() + startW;
            for (int c = 0; c < from; c++) {
              to[place + c] = 0;
            }
            if (slab.stepW() == 1) {
              System.arraycopy(x, source + from, to, place + from, end - from);
            } else {
              for (int c = from; c < end; c++) {
                to[place + c] = x[source + c * slab.stepW()];
              }
            }
            for (int c = end; c < slab.pitch(); c++) {
              to[place + c] = 0;
            }
          }
        }
      }
    }
  }

  /**
   * Slides filters over a slab: {@code rows * columns} pixels for each row of the filters.
   *
   * @param offsets of the taps in the slab
   * @param planeY from one filter's output to the next
   * @param rowY from one row of pixels to the next, and {@code columnY} from one pixel to the next
   */
  static void correlate(
      DoubleVectorPanels filters,
      Slab slab,
      int[] offsets,
      int rows,
      int columns,
      Memory memory,
      double[] y,
      int offset,
      int planeY,
      int rowY,
      int columnY) {
    if (filters.rows() <= PAIRS && filters.rows() % 2 == 0 && columnY == 1 && columns >= LANES) {
      sweepRows(filters, slab, offsets, rows, columns, memory, y, offset, planeY, rowY);
      return;
    }
    if (filters.rows() <= FEW) {
      sweep(filters, slab, offsets, rows, columns, memory, y, offset, planeY, rowY, columnY);
      return;
    }
    int pixels = rows * columns;
    boolean dense = columnY == 1 && rowY == columns;
    for (int pixel = 0; pixel < pixels; pixel += COLUMNS) {
      int n = Math.min(COLUMNS, pixels - pixel);
      int count = 0;
      for (int lane = 0; lane < n; ) {
        int column = (pixel + lane) % columns;
        int run = Math.min(columns - column, n - lane);
        int place = (pixel + lane) / columns * slab.pitch() + column;
        for (int i = 0; i < run; i += LANES) {
          memory.places[count] = place + i;
          memory.lanes[count++] = lane + i;
        }
        lane += run;
      }
      if (count == 2 && memory.lanes[1] == LANES) {
        DoubleVectorTiles.gather2(
            offsets.length, memory.slab, offsets, memory.places[0], memory.places[1], memory.panel);
      } else if (count <= 4) {
        for (int i = count; i < 4; i++) { // the last one again
          memory.places[i] = memory.places[count - 1];
          memory.lanes[i] = memory.lanes[count - 1];
        }
        DoubleVectorTiles.gather4(
            offsets.length, memory.slab, offsets, memory.places, memory.lanes, memory.panel);
      } else {
        DoubleVectorTiles.gather(
            offsets.length, memory.slab, offsets, count, memory.places, memory.lanes, memory.panel);
      }
      if (dense) {
        filters.times(
            0, filters.rows(), memory.panel, 0, n, memory.tile, false, y, offset + pixel, planeY);
      } else {
        filters.times(
            0, filters.rows(), memory.panel, 0, n, memory.tile, false, memory.rows, 0, COLUMNS);
        for (int lane = 0; lane < n; lane++) {
          int to = offset + (pixel + lane) / columns * rowY + (pixel + lane) % columns * columnY;
          for (int row = 0; row < filters.rows(); row++) {
            y[to + row * planeY] = memory.rows[row * COLUMNS + lane];
          }
        }
      }
    }
  }

  /** As {@link #correlate}, two filters at a time, straight from the slab to rows of pixels. */
  private static void sweepRows(
      DoubleVectorPanels filters,
      Slab slab,
      int[] offsets,
      int rows,
      int columns,
      Memory memory,
      double[] y,
      int offset,
      int planeY,
      int rowY) {
    int across = ceilDiv(columns, LANES);
    for (int vector = 0; vector < rows * across; vector += 4) {
      for (int i = 0; i < 4; i++) { // the last one again, where there are no four
        int at = Math.min(vector + i, rows * across - 1);
        int column = Math.min(at % across * LANES, columns - LANES); // some pixels of it twice
        memory.places[i] = at / across * slab.pitch() + column;
        memory.lanes[i] = at / across * rowY + column;
      }
      for (int filter = 0; filter < filters.rows(); filter += 2) {
        DoubleVectorTiles.sweep2(
            offsets.length,
            filters.data(),
            filters.place(filter),
            memory.slab,
            offsets,
            memory.places,
            y,
            offset + filter * planeY,
            memory.lanes,
            planeY);
      }
    }
  }

  /**
   * As {@link #correlate}, one filter at a time, over whole rows of the slab and what is between.
   */
  private static void sweep(
      DoubleVectorPanels filters,
      Slab slab,
      int[] offsets,
      int rows,
      int columns,
      Memory memory,
      double[] y,
      int offset,
      int planeY,
      int rowY,
      int columnY) {
    for (int filter = 0; filter < filters.rows(); filter++) {
      for (int place = 0; place < rows * slab.pitch(); place += SWEEP) {
        DoubleVectorTiles.sweep(
            offsets.length,
            filters.data(),
            filters.place(filter),
            memory.slab,
            offsets,
            place,
            memory.plane,
            place);
      }
      for (int row = 0; row < rows; row++) {
        int from = row * slab.pitch();
        int to = offset + filter * planeY + row * rowY;
        if (columnY == 1) {
          System.arraycopy(memory.plane, from, y, to, columns);
        } else {
          for (int column = 0; column < columns; column++) {
            y[to + column * columnY] = memory.plane[from + column];
          }
        }
      }
    }
  }
}
