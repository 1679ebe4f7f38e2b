package org.gradus.autograd.internal.kernel.vector;

import static org.gradus.autograd.internal.kernel.vector.DoubleTiles.COLUMNS;
import static org.gradus.autograd.internal.kernel.vector.DoubleTiles.LANES;
import static org.gradus.autograd.internal.kernel.vector.DoubleTiles.ROWS;
import static org.gradus.autograd.internal.kernel.vector.DoubleTiles.STRIP;
import static org.gradus.autograd.internal.kernel.vector.DoubleTiles.SWEEP_COLUMNS;
import static org.gradus.autograd.internal.kernel.vector.DoubleTiles.VIRTUAL_LANES;
import static org.gradus.autograd.internal.number.Integers.ceilDiv;

import java.util.Arrays;
import java.util.function.IntToLongFunction;
import org.gradus.autograd.internal.kernel.ConvSizes;
import org.gradus.autograd.internal.kernel.Kernels;
import org.gradus.autograd.internal.kernel.WindowSizes;
import org.gradus.autograd.internal.kernel.plain.DoubleConvolutionByDefinition;
import org.gradus.autograd.internal.kernel.plain.DoubleIm2col;
import org.gradus.autograd.internal.parallel.DoubleArrays;
import org.gradus.autograd.internal.parallel.Parallel;

/**
 * Convolution as products of tiles. Some rows of an image are copied to a {@link Layout}, and from
 * there the windows of a few output pixels to a panel, which meets all filters while it is in the
 * cache; no matrix of windows is ever made. A few filters sweep over the slab itself.
 */
final class DoubleConvolution {
  /** The largest slab, in elements, unless one row of the output alone needs more. */
  static final int SLAB_SIZE = 1 << 16;

  /** Parts that the work is cut into at least, where there is enough of it. */
  static final int PARTS = 16;

  /** Weights that had better stay as they lie, and the most panels of pixels that meet them. */
  private static final int MANY_WEIGHTS = 1 << 14;

  private static final int FEW_PANELS = 8;

  /** Vectors of pixels that two filters meet at once. */
  private static final int PAIR_VECTORS = 4;

  private DoubleConvolution() {}

  /** As {@link Kernels#conv2d}. */
  static void conv2d(ConvSizes s, double[] x, double[] w, double[] b, double[] y) {
    if (y.length == 0) {
      return;
    }
    WindowSizes v = s.window();
    int images = s.batch() * s.groups();
    int rows =
        blockRows(
            ceilDiv(COLUMNS, v.columns().output()),
            images,
            v.rows().output(),
            r -> (long) s.groupChannels() * Layout.ofInput(v, r).plane());
    Layout layout = Layout.ofInput(v, rows);
    int[] offsets = layout.taps(v, s.groupChannels());
    DoubleStrips[] filters = filters(s, w);
    int blocks = ceilDiv(v.rows().output(), rows);
    int each = together(s.groupFilters(), images * blocks);
    int parts = ceilDiv(s.groupFilters(), each);
    DoubleConvolutionByDefinition.Mend mend = DoubleConvolutionByDefinition.outputs(s, x, w, b, y);
    Parallel.each(
        images * blocks * parts,
        cost(s) / ((long) images * blocks * parts),
        () -> new Memory(s.groupChannels() * layout.plane(), layout.plane(), s.filterSize(), 0),
        (memory, task) -> {
          int place = task / parts;
          int image = place / (s.groups() * blocks);
          int group = place / blocks % s.groups();
          int row = place % blocks * rows;
          int channel = image * s.channels() + group * s.groupChannels();
          fill(layout, row, s.groupChannels(), x, channel * v.inPlane(), memory.slab, 0);
          int first = task % parts * each;
          int count = Math.min(each, s.groupFilters() - first);
          int filter = group * s.groupFilters() + first;
          int to = (image * s.filters() + filter) * v.outPlane() + row * v.columns().output();
          Grid grid = Grid.of(v, Math.min(rows, v.rows().output() - row));
          correlate(filters[group].part(first, count), layout, offsets, grid, memory, y, to);
          int pixels = grid.rows * grid.columns;
          DoubleIm2col.addBias(b, filter, count, y, to, v.outPlane(), pixels);
          mend(mend, count, y, to, v.outPlane(), pixels);
        });
    DoubleStrips.release(filters);
  }

  /** How many filters of a group a task takes: all, or four strips or more if tasks are few. */
  static int together(int filters, int tasks) {
    int strips = ceilDiv(filters, STRIP);
    return Math.min(
        filters, STRIP * ceilDiv(strips, Math.min(ceilDiv(strips, 4), ceilDiv(PARTS, tasks))));
  }

  /** The filters of each group as [filters, taps of all channels]. */
  private static DoubleStrips[] filters(ConvSizes s, double[] w) {
    int depth = s.filterSize();
    DoubleStrips[] filters = new DoubleStrips[s.groups()];
    for (int g = 0; g < filters.length; g++) {
      int from = g * s.groupFilters() * depth;
      filters[g] =
          liePays(s)
              ? DoubleStrips.lying(s.groupFilters(), depth, w, from)
              : DoubleStrips.pack(
                  s.groupFilters(), depth, DoubleStrips.strided(depth, w, from, depth, 1));
    }
    return filters;
  }

  /** Whether so few panels of pixels meet so many weights that packing these would take longer. */
  private static boolean liePays(ConvSizes s) {
    return s.groupFilters() % ROWS == 0
        && s.groupFilters() * s.filterSize() >= MANY_WEIGHTS
        && s.batch() * ceilDiv(s.window().outPlane(), COLUMNS) <= FEW_PANELS;
  }

  /**
   * Pixels of a result.
   *
   * @param rows of them, and {@code columns} in each
   * @param plane from the plane of one filter to that of the next
   * @param down from one row to the next
   * @param across from one pixel of a row to the next
   */
  record Grid(int rows, int columns, int plane, int down, int across) {
    /** Rows of the output. */
    static Grid of(WindowSizes v, int rows) {
      int columns = v.columns().output();
      return new Grid(rows, columns, v.outPlane(), columns, 1);
    }
  }

  /** Has elements of some planes computed again that are not finite: n of each, from an offset. */
  static void mend(
      DoubleConvolutionByDefinition.Mend mend,
      int planes,
      double[] y,
      int offset,
      int plane,
      int n) {
    if (n == plane && DoubleTiles.areFinite(y, offset, planes * plane)) { // mostly, and faster
      return;
    }
    for (int i = 0; i < planes; i++) {
      if (!DoubleTiles.areFinite(y, offset + i * plane, n)) {
        mend.mend(offset + i * plane, n);
      }
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
    private double[] rows;
    final double[] plane;
    final double[] tile = new double[ROWS * COLUMNS];
    final int[] places = new int[Math.max(PAIR_VECTORS, COLUMNS)];
    final int[] lanes = new int[COLUMNS];
    final int[] targets = new int[PAIR_VECTORS];
    final int[] pixels = new int[DoubleFilterLanes.BLOCK];
    final double[] block = DoubleArrays.POOL.take(DoubleFilterLanes.SIZE);

    Memory(int slab, int plane, int depth, int rows) {
      this.plane = DoubleArrays.POOL.take(plane + SWEEP_COLUMNS);
      this.rows = DoubleArrays.POOL.take(rows * COLUMNS);
      this.slab = DoubleArrays.POOL.take(slab + plane + SWEEP_COLUMNS);
      this.panel = DoubleArrays.POOL.take((depth + 1) * COLUMNS);
    }

    /** Memory for the results of tiles. */
    double[] rows(int n) {
      if (rows.length < n) {
        DoubleArrays.POOL.give(rows);
        rows = DoubleArrays.POOL.take(n);
      }
      return rows;
    }

    @Override
    public void close() {
      DoubleArrays.POOL.give(block);
      DoubleArrays.POOL.give(rows);
      DoubleArrays.POOL.give(slab);
      DoubleArrays.POOL.give(plane);
      DoubleArrays.POOL.give(panel);
    }
  }

  /** How many rows of the result are made from one slab. */
  static int blockRows(int others, int rows, IntToLongFunction slabSize) {
    return blockRows(1, others, rows, slabSize);
  }

  /** As the other, where so many rows are wanted at least: enough to fill a panel with pixels. */
  static int blockRows(int least, int others, int rows, IntToLongFunction slabSize) {
    int most = Math.max(Math.min(least, rows), ceilDiv(rows, ceilDiv(PARTS, others)));
    while (most > 1 && slabSize.applyAsLong(most) > SLAB_SIZE) {
      most = ceilDiv(most, 2);
    }
    return most;
  }

  /**
   * How far rows of output pixels are apart: the pitch of a layout, or whole vectors of
   * VIRTUAL_LANES, whichever needs fewer vectors.
   */
  static int pitch(WindowSizes v, int slab, int rows) {
    int whole = ceilDiv(v.columns().output(), VIRTUAL_LANES) * VIRTUAL_LANES;
    return whole * rows < slab * (rows - 1) + v.columns().output() ? whole : slab;
  }

  /** The vectors, of VIRTUAL_LANES, of rows of output pixels that are {@code pitch} apart. */
  static int vectors(WindowSizes v, int pitch, int rows) {
    return ceilDiv(pitch * (rows - 1) + v.columns().output(), VIRTUAL_LANES);
  }

  /** Copies the rows from {@code first} on of some planes. */
  static void fill(
      Layout layout, int first, int planes, double[] x, int offset, double[] to, int at) {
    Layout.Parts rows = layout.rows();
    int width = layout.columns().size();
    int place = at;
    for (int plane = 0; plane < planes; plane++) {
      for (int top : rows.starts()) {
        int up = rows.firstInside(first, top);
        int low = Math.max(up, rows.endInside(first, top));
        int source = offset + (plane * rows.size() + (first + up) * rows.step() + top) * width;
        for (int left : layout.columns().starts()) {
          fillPart(layout, up, low, x, source, left, to, place);
          place += layout.part();
        }
      }
    }
  }

  /**
   * Copies one part, and writes zeros around what is there.
   *
   * @param up the first row that is, and {@code low} the end of them
   * @param source where the first row begins in x
   */
  private static void fillPart(
      Layout layout, int up, int low, double[] x, int source, int left, double[] to, int place) {
    Layout.Parts columns = layout.columns();
    int pitch = layout.pitch();
    int from = columns.firstInside(0, left);
    int end = Math.max(from, columns.endInside(0, left));
    copyOver(
        low - up,
        end - from,
        columns.step(),
        x,
        source + left + from * columns.step(),
        layout.rows().step() * columns.size(),
        to,
        place + up * pitch + from,
        pitch);
    Arrays.fill(to, place, place + up * pitch, 0);
    Arrays.fill(to, place + low * pitch, place + layout.part(), 0);
    if (end - from < pitch) {
      for (int row = place + up * pitch; row < place + low * pitch; row += pitch) {
        for (int c = 0; c < from; c++) {
          to[row + c] = 0;
        }
        for (int c = end; c < pitch; c++) {
          to[row + c] = 0;
        }
      }
    }
  }

  /** As {@link #copyRows}, where what is behind a row may be written over. */
  private static void copyOver(
      int rows,
      int n,
      int step,
      double[] x,
      int at,
      int stride,
      double[] to,
      int place,
      int pitch) {
    if (step == 1 && (n >= LANES || (n == stride && n == pitch))) {
      copyRows(rows, n, step, x, at, stride, to, place, pitch);
    } else if (n > 0 && rows > 0) {
      DoubleRowCopies.copy(rows, n, step, x, at, stride, to, place, pitch);
    }
  }

  /** Copies rows of n elements, which are {@code step} apart and the rows {@code stride}. */
  static void copyRows(
      int rows,
      int n,
      int step,
      double[] x,
      int at,
      int stride,
      double[] to,
      int place,
      int pitch) {
    if (n == 0 || rows == 0) {
      return;
    }
    if (step == 1 && n == stride && n == pitch) {
      System.arraycopy(x, at, to, place, rows * n);
    } else if (step == 1 && n >= LANES) {
      DoubleTiles.rows(rows, n, x, at, stride, to, place, pitch);
    } else {
      for (int row = 0; row < rows; row++) {
        for (int c = 0; c < n; c++) {
          to[place + row * pitch + c] = x[at + row * stride + c * step];
        }
      }
    }
  }

  /**
   * Slides filters over a slab, and writes one plane of pixels for each.
   *
   * @param offsets of the taps in the slab
   * @param offset of the first plane's first pixel in y
   */
  static void correlate(
      DoubleStrips filters,
      Layout layout,
      int[] offsets,
      Grid grid,
      Memory memory,
      double[] y,
      int offset) {
    if (filters.lie()) {
      tiles(filters, layout, offsets, grid, memory, y, offset);
      return;
    }
    boolean wide = LANES == VIRTUAL_LANES;
    switch (Ways.filters(filters.rows(), grid.columns, grid.across, LANES, wide)) {
      case IN_PAIRS -> sweepRows(filters, layout, offsets, grid, memory, y, offset);
      case ONE_BY_ONE -> sweep(filters, layout, offsets, grid, memory, y, offset);
      case IN_TILES -> {
        if (DoubleSlabTiles.suit(filters.rows(), layout.pitch(), grid)) {
          DoubleSlabTiles.correlate(filters, layout.pitch(), offsets, grid, memory, y, offset);
        } else {
          tiles(filters, layout, offsets, grid, memory, y, offset);
        }
      }
      case IN_LANES ->
          DoubleFilterLanes.correlate(filters, layout.pitch(), offsets, grid, memory, y, offset);
    }
  }

  /** As {@link #correlate}, a panel of pixels at a time. */
  private static void tiles(
      DoubleStrips filters,
      Layout layout,
      int[] offsets,
      Grid grid,
      Memory memory,
      double[] y,
      int offset) {
    int columns = grid.columns;
    int pixels = grid.rows * columns;
    boolean dense = grid.across == 1 && grid.down == columns;
    for (int pixel = 0; pixel < pixels; pixel += COLUMNS) {
      int n = Math.min(COLUMNS, pixels - pixel);
      if (columns >= LANES || layout.pitch() == columns) {
        pair(layout, pixel, n > LANES ? pixel + LANES : pixel, columns, offsets, memory);
      } else {
        runs(layout, pixel, n, columns, offsets, memory);
      }
      double[] panel = memory.panel;
      int last = filters.rows();
      if (dense) {
        filters.times(0, last, panel, 0, n, memory.tile, false, y, offset + pixel, grid.plane);
      } else {
        filters.times(0, last, panel, 0, n, memory.tile, false, memory.rows, 0, COLUMNS);
        for (int lane = 0; lane < n; lane++) {
          int at = pixel + lane;
          int to = offset + at / columns * grid.down + at % columns * grid.across;
          for (int row = 0; row < last; row++) {
            y[to + row * grid.plane] = memory.rows[row * COLUMNS + lane];
          }
        }
      }
    }
  }

  /** Fills a panel with two vectors of pixels, each of one row or of two. */
  private static void pair(
      Layout layout, int pixel0, int pixel1, int columns, int[] offsets, Memory memory) {
    int column0 = pixel0 % columns;
    int column1 = pixel1 % columns;
    int place0 = pixel0 / columns * layout.pitch() + column0;
    int place1 = pixel1 / columns * layout.pitch() + column1;
    int between = layout.pitch() - columns;
    if (between == 0 || Math.max(column0, column1) <= columns - LANES) {
      DoubleTiles.gather2(offsets.length, memory.slab, offsets, place0, place1, memory.panel, 0);
    } else {
      DoubleTiles.gatherSplit(
          offsets.length,
          memory.slab,
          offsets,
          place0,
          place0 + between,
          Math.min(LANES, columns - column0),
          place1,
          place1 + between,
          Math.min(LANES, columns - column1),
          memory.panel);
    }
  }

  /** Fills a panel with pixels of rows that are shorter than a vector. */
  private static void runs(
      Layout layout, int pixel, int n, int columns, int[] offsets, Memory memory) {
    int count = 0;
    for (int lane = 0; lane < n; ) {
      int column = (pixel + lane) % columns;
      memory.places[count] = (pixel + lane) / columns * layout.pitch() + column;
      memory.lanes[count++] = lane;
      lane += columns - column;
    }
    DoubleTiles.gather(
        offsets.length, memory.slab, offsets, count, memory.places, memory.lanes, memory.panel);
  }

  /** As {@link #correlate}, two filters at a time, straight from the slab to rows of pixels. */
  private static void sweepRows(
      DoubleStrips filters,
      Layout layout,
      int[] offsets,
      Grid grid,
      Memory memory,
      double[] y,
      int offset) {
    int columns = grid.columns;
    int across = ceilDiv(columns, LANES);
    for (int vector = 0; vector < grid.rows * across; vector += PAIR_VECTORS) {
      for (int i = 0; i < PAIR_VECTORS; i++) { // the last one again, where there are no four
        int at = Math.min(vector + i, grid.rows * across - 1);
        int column = Math.min(at % across * LANES, columns - LANES); // some pixels of it twice
        memory.places[i] = at / across * layout.pitch() + column;
        memory.targets[i] = at / across * grid.down + column;
      }
      for (int filter = 0; filter < filters.rows(); filter += 2) {
        DoubleTiles.sweep2(
            offsets.length,
            filters.data(),
            filters.place(filter),
            memory.slab,
            offsets,
            memory.places,
            y,
            offset + filter * grid.plane,
            memory.targets,
            grid.plane);
      }
    }
  }

  /**
   * As {@link #correlate}, one filter at a time, over whole rows of the slab and what is between.
   */
  private static void sweep(
      DoubleStrips filters,
      Layout layout,
      int[] offsets,
      Grid grid,
      Memory memory,
      double[] y,
      int offset) {
    int pitch = layout.pitch();
    for (int filter = 0; filter < filters.rows(); filter++) {
      double[] data = filters.data();
      int at = filters.place(filter);
      for (int place = 0; place < grid.rows * pitch; place += SWEEP_COLUMNS) {
        DoubleTiles.sweep(
            offsets.length, data, at, memory.slab, offsets, place, memory.plane, place);
      }
      for (int row = 0; row < grid.rows; row++) {
        int from = row * pitch;
        int to = offset + filter * grid.plane + row * grid.down;
        if (grid.across == 1) {
          System.arraycopy(memory.plane, from, y, to, grid.columns);
        } else {
          for (int column = 0; column < grid.columns; column++) {
            y[to + column * grid.across] = memory.plane[from + column];
          }
        }
      }
    }
  }
}
