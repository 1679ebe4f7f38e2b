package org.gradus.autograd.internal.kernel.vector;

import static org.gradus.autograd.internal.kernel.vector.DoubleTiles.DOTS;
import static org.gradus.autograd.internal.kernel.vector.DoubleTiles.LANES;
import static org.gradus.autograd.internal.kernel.vector.DoubleTiles.VIRTUAL_LANES;
import static org.gradus.autograd.internal.number.Integers.ceilDiv;

import java.util.Arrays;
import org.gradus.autograd.internal.kernel.ConvSizes;
import org.gradus.autograd.internal.kernel.Kernels;
import org.gradus.autograd.internal.kernel.WindowSizes;
import org.gradus.autograd.internal.kernel.plain.DoubleConvolutionByDefinition;
import org.gradus.autograd.internal.kernel.plain.DoubleTotals;
import org.gradus.autograd.internal.parallel.DoubleMemory;
import org.gradus.autograd.internal.parallel.Parallel;

/**
 * The gradient of a convolution in its weights: products of rows of the cotangent with rows of the
 * image, pixel by pixel in VIRTUAL_LANES lanes, which are added up in the end. Nothing is copied
 * for each tap: the image lies in a {@link Layout}, once or, where that makes fewer vectors, once
 * for each column of the window; the cotangent lies in rows of its pitch.
 */
final class DoubleConvolutionWeight {
  /** Parts that a sum over images is cut into at most; part of the result's bits. */
  private static final int SUM_PARTS = 8;

  /** Elements that all these parts may have together, if there is more than one. */
  private static final int SUM_SIZE = 1 << 22;

  /** Vectors of pixels that are multiplied at once, about. */
  private static final int VECTORS = 128;

  /** The most vectors that are added up in order; part of the result's bits. */
  private static final int MOST = 1 << 9;

  /** What is read behind the last pixel: the vectors of two taps. */
  private static final int BEHIND = 2 * VIRTUAL_LANES;

  /** Products that each copy of an image's row must meet, in a dense layout. */
  private static final int SHARES = 5;

  /** Memory of a task, by number. */
  private static final int SLAB = 0;

  private static final int COTANGENT = 1;
  private static final int TILE = 2;
  private static final int LINE = 3;

  private final ConvSizes s;
  private final WindowSizes v;

  /** Rows of the output whose pixels are multiplied at once, and such blocks of an image. */
  private final int rows;

  private final int blocks;

  private final Layout layout;

  /** The elements of one block's slab. */
  private final int size;

  /** From one row of a block's cotangent to the next, and the vectors that it makes. */
  private final int pitch;

  private final int vectors;

  /** The blocks of all images, what their sum is cut into, and blocks that are packed together. */
  private final int items;

  private final int parts;
  private final int together;

  /** Where the pixels under each vector of the cotangent begin. */
  private final int[] places;

  /** Where the taps lie, and one more: they are multiplied in pairs. */
  private final int[] offsets;

  private final int strips;

  private DoubleConvolutionWeight(ConvSizes s) {
    this.s = s;
    v = s.window();
    rows =
        DoubleConvolution.blockRows(
            DoubleConvolution.PARTS,
            v.rows().output(),
            r -> (long) s.groupChannels() * Layout.ofInput(v, r).plane());
    blocks = ceilDiv(v.rows().output(), rows);
    layout = layout(s, rows);
    size = s.groupChannels() * layout.plane();
    pitch = DoubleConvolution.pitch(v, layout.pitch(), rows);
    vectors = DoubleConvolution.vectors(v, pitch, rows);
    items = s.batch() * blocks;
    int weights = s.filters() * s.filterSize();
    parts = Math.max(1, Math.min(Math.min(items, SUM_PARTS), SUM_SIZE / weights));
    together = Math.max(1, Math.min(ceilDiv(VECTORS, vectors), items / parts));
    places = new int[together * vectors];
    for (int i = 0; i < places.length; i++) {
      int at = i % vectors * VIRTUAL_LANES;
      places[i] = i / vectors * size + at / pitch * layout.pitch() + at % pitch;
    }
    offsets = Arrays.copyOf(layout.taps(v, s.groupChannels()), s.filterSize() + 1);
    strips = ceilDiv(s.groupFilters(), DOTS);
  }

  /** As {@link Kernels#conv2dWeight}. */
  static void conv2dWeight(ConvSizes s, double[] x, double[] y, double[] w) {
    if (w.length == 0 || y.length == 0) {
      Arrays.fill(w, 0);
      return;
    }
    if (DoubleWeightByFilters.suits(s)) {
      DoubleWeightByFilters.write(s, x, y, w);
    } else {
      new DoubleConvolutionWeight(s).write(x, y, w);
    }
    DoubleConvolutionByDefinition.weights(s, x, y, w);
  }

  private void write(double[] x, double[] y, double[] w) {
    DoubleTotals[] partial = DoubleConvolutionByDefinition.parts(parts, w.length);
    Parallel.each(
        parts * s.groups(),
        DoubleConvolution.cost(s) / ((long) parts * s.groups()),
        () ->
            new DoubleMemory(
                together * size + BEHIND + pitch,
                strips * DOTS * places.length * VIRTUAL_LANES,
                DOTS * 2 * VIRTUAL_LANES,
                vectors * VIRTUAL_LANES),
        (memory, task) -> {
          int part = task / s.groups();
          int group = task % s.groups();
          int end = (int) ((part + 1L) * items / parts);
          for (int item = (int) ((long) part * items / parts); item < end; item += together) {
            int count = Math.min(together, end - item);
            for (int i = 0; i < count; i++) {
              pack(item + i, group, i, x, y, memory);
            }
            // Vectors reach behind the last image, where they meet zeros of the cotangent.
            int used = count * size;
            Arrays.fill(memory.array(SLAB), used, used + BEHIND + pitch, 0);
            multiply(count * vectors, group, memory, partial[part]);
          }
        });
    DoubleConvolutionByDefinition.sum(partial, w);
  }

  /** Lays out the pixels and the cotangent of one block, number i of those side by side. */
  private void pack(int item, int group, int i, double[] x, double[] y, DoubleMemory memory) {
    int image = item / blocks;
    int row = item % blocks * rows;
    int channel = image * s.channels() + group * s.groupChannels();
    DoubleConvolution.fill(
        layout, row, s.groupChannels(), x, channel * v.inPlane(), memory.array(SLAB), i * size);
    int filter = image * s.filters() + group * s.groupFilters();
    packRows(Math.min(rows, v.rows().output() - row), i * vectors, filter, row, y, memory);
  }

  /**
   * Writes rows of the cotangent as vectors of pixels, those of six filters behind each other, with
   * zeros between the end of a row and the pitch, and behind the last row.
   *
   * @param first vector
   * @param filter whose plane is the first
   */
  private void packRows(
      int count, int first, int filter, int row, double[] y, DoubleMemory memory) {
    int columns = v.columns().output();
    double[] line = memory.array(LINE);
    boolean whole = pitch == columns && count * columns == vectors * VIRTUAL_LANES;
    if (!whole) {
      Arrays.fill(line, 0, vectors * VIRTUAL_LANES, 0);
    }
    for (int plane = 0; plane < s.groupFilters(); plane++) {
      int from = (filter + plane) * v.outPlane() + row * columns;
      if (!whole) {
        DoubleConvolution.copyRows(count, columns, 1, y, from, columns, line, 0, pitch);
      }
      int place = (plane / DOTS * places.length + first) * DOTS + plane % DOTS;
      for (int lane = 0; lane < VIRTUAL_LANES; lane += LANES) {
        DoubleTiles.scatter(
            vectors,
            whole ? y : line,
            (whole ? from : 0) + lane,
            memory.array(COTANGENT),
            place * VIRTUAL_LANES + lane,
            DOTS * VIRTUAL_LANES);
      }
    }
  }

  /** Adds the products of n vectors of the cotangent with the pixels under them. */
  private void multiply(int n, int group, DoubleMemory memory, DoubleTotals to) {
    int depth = s.filterSize();
    for (int strip = 0; strip < strips; strip++) {
      for (int k = 0; k < depth; k += 2) {
        for (int first = 0; first < n; first += MOST) {
          for (int lane = 0; lane < VIRTUAL_LANES; lane += LANES) {
            DoubleTiles.dots(
                first,
                Math.min(first + MOST, n),
                lane,
                memory.array(COTANGENT),
                strip * DOTS * places.length * VIRTUAL_LANES,
                memory.array(SLAB),
                places,
                offsets[k],
                offsets[k + 1],
                memory.array(TILE));
          }
          fold(
              memory.array(TILE),
              Math.min(DOTS, s.groupFilters() - strip * DOTS),
              Math.min(2, depth - k),
              to,
              (group * s.groupFilters() + strip * DOTS) * depth + k,
              depth);
        }
      }
    }
  }

  /**
   * A dense layout if it makes at least a fifth fewer vectors of pixels, enough products meet each
   * of its copies to pay for them, and it is not too large.
   */
  private static Layout layout(ConvSizes s, int rows) {
    WindowSizes v = s.window();
    Layout layout = Layout.ofInput(v, rows);
    if (v.columns().stride() > 1 || v.columns().output() < VIRTUAL_LANES) {
      return layout;
    }
    Layout dense = Layout.dense(v, rows);
    int pitch = DoubleConvolution.pitch(v, layout.pitch(), rows);
    boolean fewer =
        5 * DoubleConvolution.vectors(v, v.columns().output(), rows)
            <= 4 * DoubleConvolution.vectors(v, pitch, rows);
    boolean shared = v.rows().kernel() * ceilDiv(s.groupFilters(), DOTS) >= SHARES;
    boolean small = (long) s.groupChannels() * dense.plane() <= DoubleConvolution.SLAB_SIZE;
    return fewer && shared && small ? dense : layout;
  }

  /** Adds up the lanes of a tile of {@link DoubleTiles#dots}, and adds the sums to w. */
  private static void fold(
      double[] t, int rows, int columns, DoubleTotals w, int offset, int stride) {
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        int at = (r * 2 + c) * VIRTUAL_LANES;
        /*wide*/ double total = 0;
        for (int lane = 0; lane < VIRTUAL_LANES; lane++) {
          total += t[at + lane];
        }
        w.add(offset + r * stride + c, total);
      }
    }
  }
}
