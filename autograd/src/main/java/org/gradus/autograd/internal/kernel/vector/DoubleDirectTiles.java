package org.gradus.autograd.internal.kernel.vector;

import static org.gradus.autograd.internal.kernel.vector.DoubleTiles.COLUMNS;
import static org.gradus.autograd.internal.kernel.vector.DoubleTiles.LANES;
import static org.gradus.autograd.internal.kernel.vector.DoubleTiles.STRIP;
import static org.gradus.autograd.internal.kernel.vector.DoubleTiles.VIRTUAL_LANES;
import static org.gradus.autograd.internal.number.Integers.roundUp;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;
import org.gradus.autograd.internal.kernel.vector.DoubleConvolution.Grid;

/**
 * Tiles of eight filters and two vectors of pixels that lie in a slab as they are: no panel is
 * filled. Eight rows share each load from the slab, and its check of bounds; so many sums need the
 * 32 registers that come with vectors of 512 bits. Every pixel is the same sum as from a panel.
 *
 * <p>In the slab, pixels must follow each other under each tap, from row to row too: that of {@link
 * Layout#dense}, or an image itself if windows are one pixel.
 */
final class DoubleDirectTiles {
  /**
   * Whether the JIT keeps the sums of these loops in registers in every process: in some that train
   * a net, it makes objects of them, and a step takes seven times as long.
   */
  private static final boolean STABLE = Boolean.getBoolean("gradus.kernels.manySums");

  private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;

  /** Filters of a tile, and of a smaller one. */
  private static final int ROWS = 8;

  private static final int FEW = 4;

  /**
   * Rows of the slab that all filters meet before the next ones: what stays in the nearest cache.
   */
  private static final int DEPTH = 144;

  private DoubleDirectTiles() {}

  /** Whether there are registers enough, and filters. */
  static boolean suit(int filters) {
    return STABLE
        && (LANES == VIRTUAL_LANES && LANES >= ROWS && (filters > FEW || filters == FEW - 1));
  }

  /** The elements of a row of {@link #scatter}'s memory, of which there are ROWS. */
  static int memory(int pixels) {
    return ROWS * roundUp(pixels, COLUMNS);
  }

  /**
   * Writes n outputs of each filter that follow each other. Where n is no multiple of a vector, the
   * last one lies over outputs that are there; nothing is read behind the last pixel, unless all
   * are fewer than a vector.
   *
   * @param place of the first output's window in the slab
   * @param offset of the first output in y, and {@code plane} from one filter's to the next
   * @param t memory for outputs, of {@link #memory}
   */
  static void write(
      DoubleStrips filters,
      int[] offsets,
      double[] slab,
      int place,
      int n,
      double[] t,
      double[] y,
      int offset,
      int plane) {
    if (n < LANES) {
      for (int filter = 0; filter < filters.rows(); filter += ROWS) {
        tile(filters, filter, 1, 0, offsets.length, offsets, slab, place, t, 0, LANES);
        for (int row = 0; row < Math.min(ROWS, filters.rows() - filter); row++) {
          System.arraycopy(t, row * LANES, y, offset + (filter + row) * plane, n);
        }
      }
      return;
    }
    int pixel = 0;
    for (; pixel <= n - COLUMNS; pixel += COLUMNS) {
      for (int first = 0; first == 0 || first < offsets.length; first += DEPTH) { // once at least
        int end = Math.min(offsets.length, first + DEPTH);
        for (int filter = 0; filter < filters.rows(); filter += ROWS) {
          int to = offset + filter * plane + pixel;
          tile(filters, filter, 2, first, end, offsets, slab, place + pixel, y, to, plane);
        }
      }
    }
    int vectors = n - pixel > LANES && n >= COLUMNS ? 2 : 1;
    for (; pixel < n; pixel += vectors * LANES) {
      int at = Math.min(pixel, n - vectors * LANES);
      for (int filter = 0; filter < filters.rows(); filter += ROWS) {
        int to = offset + filter * plane + at;
        tile(filters, filter, vectors, 0, offsets.length, offsets, slab, place + at, y, to, plane);
      }
    }
  }

  /**
   * Writes outputs that do not follow each other.
   *
   * @param pitch from one row of the slab to the next
   */
  static void scatter(
      DoubleStrips filters,
      int[] offsets,
      double[] slab,
      int pitch,
      Grid grid,
      double[] t,
      double[] y,
      int offset) {
    int n = grid.rows() * pitch;
    int line = roundUp(n, COLUMNS);
    for (int filter = 0; filter < filters.rows(); filter += ROWS) {
      for (int pixel = 0; pixel < n; pixel += COLUMNS) {
        tile(filters, filter, 2, 0, offsets.length, offsets, slab, pixel, t, pixel, line);
      }
      for (int row = 0; row < Math.min(ROWS, filters.rows() - filter); row++) {
        int to = offset + (filter + row) * grid.plane();
        for (int i = 0; i < grid.rows(); i++) {
          int from = row * line + i * pitch;
          spread(grid.columns(), t, from, y, to + i * grid.down(), grid.across());
        }
      }
    }
  }

  /** Copies n elements to places that are {@code step} apart. */
  private static void spread(int n, double[] t, int from, double[] y, int to, int step) {
    if (step == 1) {
      System.arraycopy(t, from, y, to, n);
      return;
    }
    for (int i = 0; i < n; i++) {
      y[to + i * step] = t[from + i];
    }
  }

  /** Up to eight filters, and one or two vectors. */
  private static void tile(
      DoubleStrips filters,
      int filter,
      int vectors,
      int first,
      int end,
      int[] offsets,
      double[] slab,
      int place,
      double[] y,
      int to,
      int stride) {
    int rows = Math.min(ROWS, filters.rows() - filter);
    int a = filters.place(filter);
    double[] data = filters.data();
    if (vectors == 1) {
      eight1(first, end, data, a, slab, offsets, place, y, to, stride, rows);
    } else if (rows > FEW) {
      eight2(first, end, data, a, slab, offsets, place, y, to, stride, rows);
    } else {
      four2(first, end, data, a, slab, offsets, place, y, to, stride, rows);
    }
  }

  /**
   * Eight rows of a strip [k, STRIP] times two vectors of k rows of x; row i begins at {@code place
   * + offsets[i]}. Of these k products it is those from the first to the end, which are added, one
   * by one, to what those before have given.
   *
   * @param stride from one row of the result to the next
   * @param rows that are wanted: what is computed for others is written over by the first one
   */
  private static void eight2(
      int first,
      int end,
      double[] a,
      int offsetA,
      double[] x,
      int[] offsets,
      int place,
      double[] y,
      int to,
      int stride,
      int rows) {
    DoubleVector c00 = DoubleVector.zero(SPECIES);
    DoubleVector c01 = c00;
    DoubleVector c10 = c00;
    DoubleVector c11 = c00;
    DoubleVector c20 = c00;
    DoubleVector c21 = c00;
    DoubleVector c30 = c00;
    DoubleVector c31 = c00;
    DoubleVector c40 = c00;
    DoubleVector c41 = c00;
    DoubleVector c50 = c00;
    DoubleVector c51 = c00;
    DoubleVector c60 = c00;
    DoubleVector c61 = c00;
    DoubleVector c70 = c00;
    DoubleVector c71 = c00;
    int to1 = rows > 1 ? to + stride : to;
    int to2 = rows > 2 ? to + 2 * stride : to;
    int to3 = rows > 3 ? to + 3 * stride : to;
    int to4 = rows > 4 ? to + 4 * stride : to;
    int to5 = rows > 5 ? to + 5 * stride : to;
    int to6 = rows > 6 ? to + 6 * stride : to;
    int to7 = rows > 7 ? to + 7 * stride : to;
    if (first > 0) {
      c00 = DoubleVector.fromArray(SPECIES, y, to);
      c01 = DoubleVector.fromArray(SPECIES, y, to + LANES);
      c10 = DoubleVector.fromArray(SPECIES, y, to1);
      c11 = DoubleVector.fromArray(SPECIES, y, to1 + LANES);
      c20 = DoubleVector.fromArray(SPECIES, y, to2);
      c21 = DoubleVector.fromArray(SPECIES, y, to2 + LANES);
      c30 = DoubleVector.fromArray(SPECIES, y, to3);
      c31 = DoubleVector.fromArray(SPECIES, y, to3 + LANES);
      c40 = DoubleVector.fromArray(SPECIES, y, to4);
      c41 = DoubleVector.fromArray(SPECIES, y, to4 + LANES);
      c50 = DoubleVector.fromArray(SPECIES, y, to5);
      c51 = DoubleVector.fromArray(SPECIES, y, to5 + LANES);
      c60 = DoubleVector.fromArray(SPECIES, y, to6);
      c61 = DoubleVector.fromArray(SPECIES, y, to6 + LANES);
      c70 = DoubleVector.fromArray(SPECIES, y, to7);
      c71 = DoubleVector.fromArray(SPECIES, y, to7 + LANES);
    }
    int at = offsetA + first * STRIP;
    for (int i = first; i < end; i++) {
      int from = place + offsets[i];
      DoubleVector x0 = DoubleVector.fromArray(SPECIES, x, from);
      DoubleVector x1 = DoubleVector.fromArray(SPECIES, x, from + LANES);
      DoubleVector a0 = DoubleVector.broadcast(SPECIES, a[at]);
      c00 = a0.fma(x0, c00);
      c01 = a0.fma(x1, c01);
      DoubleVector a1 = DoubleVector.broadcast(SPECIES, a[at + 1]);
      c10 = a1.fma(x0, c10);
      c11 = a1.fma(x1, c11);
      DoubleVector a2 = DoubleVector.broadcast(SPECIES, a[at + 2]);
      c20 = a2.fma(x0, c20);
      c21 = a2.fma(x1, c21);
      DoubleVector a3 = DoubleVector.broadcast(SPECIES, a[at + 3]);
      c30 = a3.fma(x0, c30);
      c31 = a3.fma(x1, c31);
      DoubleVector a4 = DoubleVector.broadcast(SPECIES, a[at + 4]);
      c40 = a4.fma(x0, c40);
      c41 = a4.fma(x1, c41);
      DoubleVector a5 = DoubleVector.broadcast(SPECIES, a[at + 5]);
      c50 = a5.fma(x0, c50);
      c51 = a5.fma(x1, c51);
      DoubleVector a6 = DoubleVector.broadcast(SPECIES, a[at + 6]);
      c60 = a6.fma(x0, c60);
      c61 = a6.fma(x1, c61);
      DoubleVector a7 = DoubleVector.broadcast(SPECIES, a[at + 7]);
      c70 = a7.fma(x0, c70);
      c71 = a7.fma(x1, c71);
      at += STRIP;
    }
    c70.intoArray(y, to7);
    c71.intoArray(y, to7 + LANES);
    c60.intoArray(y, to6);
    c61.intoArray(y, to6 + LANES);
    c50.intoArray(y, to5);
    c51.intoArray(y, to5 + LANES);
    c40.intoArray(y, to4);
    c41.intoArray(y, to4 + LANES);
    c30.intoArray(y, to3);
    c31.intoArray(y, to3 + LANES);
    c20.intoArray(y, to2);
    c21.intoArray(y, to2 + LANES);
    c10.intoArray(y, to1);
    c11.intoArray(y, to1 + LANES);
    c00.intoArray(y, to);
    c01.intoArray(y, to + LANES);
  }

  /** As {@link #eight2}, of one vector. */
  private static void eight1(
      int first,
      int end,
      double[] a,
      int offsetA,
      double[] x,
      int[] offsets,
      int place,
      double[] y,
      int to,
      int stride,
      int rows) {
    DoubleVector c0 = DoubleVector.zero(SPECIES);
    DoubleVector c1 = c0;
    DoubleVector c2 = c0;
    DoubleVector c3 = c0;
    DoubleVector c4 = c0;
    DoubleVector c5 = c0;
    DoubleVector c6 = c0;
    DoubleVector c7 = c0;
    int to1 = rows > 1 ? to + stride : to;
    int to2 = rows > 2 ? to + 2 * stride : to;
    int to3 = rows > 3 ? to + 3 * stride : to;
    int to4 = rows > 4 ? to + 4 * stride : to;
    int to5 = rows > 5 ? to + 5 * stride : to;
    int to6 = rows > 6 ? to + 6 * stride : to;
    int to7 = rows > 7 ? to + 7 * stride : to;
    if (first > 0) {
      c0 = DoubleVector.fromArray(SPECIES, y, to);
      c1 = DoubleVector.fromArray(SPECIES, y, to1);
      c2 = DoubleVector.fromArray(SPECIES, y, to2);
      c3 = DoubleVector.fromArray(SPECIES, y, to3);
      c4 = DoubleVector.fromArray(SPECIES, y, to4);
      c5 = DoubleVector.fromArray(SPECIES, y, to5);
      c6 = DoubleVector.fromArray(SPECIES, y, to6);
      c7 = DoubleVector.fromArray(SPECIES, y, to7);
    }
    int at = offsetA + first * STRIP;
    for (int i = first; i < end; i++) {
      int from = place + offsets[i];
      DoubleVector x0 = DoubleVector.fromArray(SPECIES, x, from);
      DoubleVector a0 = DoubleVector.broadcast(SPECIES, a[at]);
      c0 = a0.fma(x0, c0);
      DoubleVector a1 = DoubleVector.broadcast(SPECIES, a[at + 1]);
      c1 = a1.fma(x0, c1);
      DoubleVector a2 = DoubleVector.broadcast(SPECIES, a[at + 2]);
      c2 = a2.fma(x0, c2);
      DoubleVector a3 = DoubleVector.broadcast(SPECIES, a[at + 3]);
      c3 = a3.fma(x0, c3);
      DoubleVector a4 = DoubleVector.broadcast(SPECIES, a[at + 4]);
      c4 = a4.fma(x0, c4);
      DoubleVector a5 = DoubleVector.broadcast(SPECIES, a[at + 5]);
      c5 = a5.fma(x0, c5);
      DoubleVector a6 = DoubleVector.broadcast(SPECIES, a[at + 6]);
      c6 = a6.fma(x0, c6);
      DoubleVector a7 = DoubleVector.broadcast(SPECIES, a[at + 7]);
      c7 = a7.fma(x0, c7);
      at += STRIP;
    }
    c7.intoArray(y, to7);
    c6.intoArray(y, to6);
    c5.intoArray(y, to5);
    c4.intoArray(y, to4);
    c3.intoArray(y, to3);
    c2.intoArray(y, to2);
    c1.intoArray(y, to1);
    c0.intoArray(y, to);
  }

  /** As {@link #eight2}, of four rows. */
  private static void four2(
      int first,
      int end,
      double[] a,
      int offsetA,
      double[] x,
      int[] offsets,
      int place,
      double[] y,
      int to,
      int stride,
      int rows) {
    DoubleVector c00 = DoubleVector.zero(SPECIES);
    DoubleVector c01 = c00;
    DoubleVector c10 = c00;
    DoubleVector c11 = c00;
    DoubleVector c20 = c00;
    DoubleVector c21 = c00;
    DoubleVector c30 = c00;
    DoubleVector c31 = c00;
    int to1 = rows > 1 ? to + stride : to;
    int to2 = rows > 2 ? to + 2 * stride : to;
    int to3 = rows > 3 ? to + 3 * stride : to;
    if (first > 0) {
      c00 = DoubleVector.fromArray(SPECIES, y, to);
      c01 = DoubleVector.fromArray(SPECIES, y, to + LANES);
      c10 = DoubleVector.fromArray(SPECIES, y, to1);
      c11 = DoubleVector.fromArray(SPECIES, y, to1 + LANES);
      c20 = DoubleVector.fromArray(SPECIES, y, to2);
      c21 = DoubleVector.fromArray(SPECIES, y, to2 + LANES);
      c30 = DoubleVector.fromArray(SPECIES, y, to3);
      c31 = DoubleVector.fromArray(SPECIES, y, to3 + LANES);
    }
    int at = offsetA + first * STRIP;
    for (int i = first; i < end; i++) {
      int from = place + offsets[i];
      DoubleVector x0 = DoubleVector.fromArray(SPECIES, x, from);
      DoubleVector x1 = DoubleVector.fromArray(SPECIES, x, from + LANES);
      DoubleVector a0 = DoubleVector.broadcast(SPECIES, a[at]);
      c00 = a0.fma(x0, c00);
      c01 = a0.fma(x1, c01);
      DoubleVector a1 = DoubleVector.broadcast(SPECIES, a[at + 1]);
      c10 = a1.fma(x0, c10);
      c11 = a1.fma(x1, c11);
      DoubleVector a2 = DoubleVector.broadcast(SPECIES, a[at + 2]);
      c20 = a2.fma(x0, c20);
      c21 = a2.fma(x1, c21);
      DoubleVector a3 = DoubleVector.broadcast(SPECIES, a[at + 3]);
      c30 = a3.fma(x0, c30);
      c31 = a3.fma(x1, c31);
      at += STRIP;
    }
    c30.intoArray(y, to3);
    c31.intoArray(y, to3 + LANES);
    c20.intoArray(y, to2);
    c21.intoArray(y, to2 + LANES);
    c10.intoArray(y, to1);
    c11.intoArray(y, to1 + LANES);
    c00.intoArray(y, to);
    c01.intoArray(y, to + LANES);
  }
}
