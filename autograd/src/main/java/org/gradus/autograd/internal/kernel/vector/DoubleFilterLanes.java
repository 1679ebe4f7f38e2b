package org.gradus.autograd.internal.kernel.vector;

import static org.gradus.autograd.internal.kernel.vector.DoubleTiles.LANES;

import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;
import org.gradus.autograd.internal.kernel.vector.DoubleConvolution.Grid;

/**
 * Filters that slide over a slab, two vectors of them in the lanes, and twelve pixels at once: no
 * panel is filled, and each weight that is loaded meets twelve. An output is the same sum, in the
 * same order, as in a tile of {@link DoubleTiles}, and has the same bits. The sums of a block of
 * pixels are copied to the planes of the filters at its end.
 *
 * <p>It takes 32 registers for the sums and what they are made of, as vectors of 512 bits have.
 */
final class DoubleFilterLanes {
  private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;

  /** Pixels that meet the filters at once. */
  private static final int PIXELS = 12;

  /** Pixels whose sums stay in the nearest cache until they are copied. */
  static final int BLOCK = 8 * PIXELS;

  /** Taps whose weights stay in the nearest cache while a block of pixels meets them. */
  private static final int TAPS = 128;

  /** Filters in the lanes. */
  private static final int FILTERS = 2 * LANES;

  /** Sums of a block. */
  static final int SIZE = BLOCK * FILTERS;

  private DoubleFilterLanes() {}

  /** As {@link DoubleConvolution#correlate}. */
  static void correlate(
      DoubleStrips filters,
      int pitch,
      int[] offsets,
      Grid grid,
      DoubleConvolution.Memory memory,
      double[] y,
      int offset) {
    int pixels = grid.rows() * grid.columns();
    for (int first = 0; first < pixels; first += BLOCK) {
      int end = Math.min(pixels, first + BLOCK);
      places(first, end, grid.columns(), pitch, memory.pixels);
      for (int filter = 0; filter < filters.rows(); filter += FILTERS) {
        Arrays.fill(memory.block, 0);
        for (int tap = 0; tap < offsets.length; tap += TAPS) {
          int last = Math.min(offsets.length, tap + TAPS);
          multiply(tap, last, end - first, filters, filter, offsets, memory);
        }
        int n = Math.min(FILTERS, filters.rows() - filter);
        spread(first, end, n, memory.block, grid, y, offset + filter * grid.plane());
      }
    }
  }

  /** Adds the products of some taps with n pixels. Where there is no second vector, the first. */
  private static void multiply(
      int tap,
      int end,
      int n,
      DoubleStrips filters,
      int filter,
      int[] offsets,
      DoubleConvolution.Memory memory) {
    int at0 = filters.place(filter);
    int at1 = filter + LANES < filters.rows() ? filters.place(filter + LANES) : at0;
    double[] w = filters.data();
    for (int pixel = 0; pixel < n; pixel += PIXELS) {
      twelve(tap, end, w, at0, at1, memory.slab, offsets, memory.pixels, pixel, memory.block);
    }
  }

  /** Where pixels lie in a slab; the last one again, up to a whole number of times PIXELS. */
  private static void places(int first, int end, int columns, int pitch, int[] places) {
    int row = first / columns;
    int column = first % columns;
    for (int i = 0; i < BLOCK; i++) {
      places[i] = row * pitch + column;
      if (first + i + 1 < end && ++column == columns) {
        column = 0;
        row++;
      }
    }
  }

  /** Copies the sums of pixels to the planes of n filters, a part of a row at a time. */
  private static void spread(
      int first, int end, int n, double[] sums, Grid grid, double[] y, int to) {
    int columns = grid.columns();
    int plane = grid.plane();
    int pixel = first;
    while (pixel < end) {
      int column = pixel % columns;
      int count = Math.min(end - pixel, columns - column);
      int from = (pixel - first) * FILTERS;
      int place = to + pixel / columns * grid.down() + column * grid.across();
      int filter = 0;
      for (; filter + 4 <= n; filter += 4) {
        spreadFour(count, sums, from + filter, y, place + filter * plane, plane, grid.across());
      }
      for (; filter < n; filter++) {
        for (int i = 0; i < count; i++) {
          y[place + filter * plane + i * grid.across()] = sums[from + filter + i * FILTERS];
        }
      }
      pixel += count;
    }
  }

  private static void spreadFour(
      int n, double[] sums, int from, double[] y, int to, int plane, int across) {
    int at = from;
    int place = to;
    for (int i = 0; i < n; i++) {
      y[place] = sums[at];
      y[place + plane] = sums[at + 1];
      y[place + 2 * plane] = sums[at + 2];
      y[place + 3 * plane] = sums[at + 3];
      at += FILTERS;
      place += across;
    }
  }

  /**
   * Adds to the sums of twelve pixels and two vectors of filters, [PIXELS, FILTERS], the products
   * of the taps from {@code first} to {@code end} - 1.
   *
   * @param at0 where tap 0 of the first vector is in w, and {@code at1} of the second
   * @param places of the pixels in x, from {@code pixel} on
   */
  private static void twelve(
      int first,
      int end,
      double[] w,
      int at0,
      int at1,
      double[] x,
      int[] offsets,
      int[] places,
      int pixel,
      double[] sums) {
    int p0 = places[pixel];
    int p1 = places[pixel + 1];
    int p2 = places[pixel + 2];
    int p3 = places[pixel + 3];
    int p4 = places[pixel + 4];
    int p5 = places[pixel + 5];
    int p6 = places[pixel + 6];
    int p7 = places[pixel + 7];
    int p8 = places[pixel + 8];
    int p9 = places[pixel + 9];
    int p10 = places[pixel + 10];
    int p11 = places[pixel + 11];
    int to = pixel * FILTERS;
    DoubleVector a0 = DoubleVector.fromArray(SPECIES, sums, to);
    DoubleVector b0 = DoubleVector.fromArray(SPECIES, sums, to + LANES);
    DoubleVector a1 = DoubleVector.fromArray(SPECIES, sums, to + 2 * LANES);
    DoubleVector b1 = DoubleVector.fromArray(SPECIES, sums, to + 3 * LANES);
    DoubleVector a2 = DoubleVector.fromArray(SPECIES, sums, to + 4 * LANES);
    DoubleVector b2 = DoubleVector.fromArray(SPECIES, sums, to + 5 * LANES);
    DoubleVector a3 = DoubleVector.fromArray(SPECIES, sums, to + 6 * LANES);
    DoubleVector b3 = DoubleVector.fromArray(SPECIES, sums, to + 7 * LANES);
    DoubleVector a4 = DoubleVector.fromArray(SPECIES, sums, to + 8 * LANES);
    DoubleVector b4 = DoubleVector.fromArray(SPECIES, sums, to + 9 * LANES);
    DoubleVector a5 = DoubleVector.fromArray(SPECIES, sums, to + 10 * LANES);
    DoubleVector b5 = DoubleVector.fromArray(SPECIES, sums, to + 11 * LANES);
    DoubleVector a6 = DoubleVector.fromArray(SPECIES, sums, to + 12 * LANES);
    DoubleVector b6 = DoubleVector.fromArray(SPECIES, sums, to + 13 * LANES);
    DoubleVector a7 = DoubleVector.fromArray(SPECIES, sums, to + 14 * LANES);
    DoubleVector b7 = DoubleVector.fromArray(SPECIES, sums, to + 15 * LANES);
    DoubleVector a8 = DoubleVector.fromArray(SPECIES, sums, to + 16 * LANES);
    DoubleVector b8 = DoubleVector.fromArray(SPECIES, sums, to + 17 * LANES);
    DoubleVector a9 = DoubleVector.fromArray(SPECIES, sums, to + 18 * LANES);
    DoubleVector b9 = DoubleVector.fromArray(SPECIES, sums, to + 19 * LANES);
    DoubleVector a10 = DoubleVector.fromArray(SPECIES, sums, to + 20 * LANES);
    DoubleVector b10 = DoubleVector.fromArray(SPECIES, sums, to + 21 * LANES);
    DoubleVector a11 = DoubleVector.fromArray(SPECIES, sums, to + 22 * LANES);
    DoubleVector b11 = DoubleVector.fromArray(SPECIES, sums, to + 23 * LANES);
    for (int i = first; i < end; i++) {
      int o = offsets[i];
      DoubleVector w0 = DoubleVector.fromArray(SPECIES, w, at0 + i * LANES);
      DoubleVector w1 = DoubleVector.fromArray(SPECIES, w, at1 + i * LANES);
      DoubleVector x0 = DoubleVector.broadcast(SPECIES, x[p0 + o]);
      a0 = x0.fma(w0, a0);
      b0 = x0.fma(w1, b0);
      DoubleVector x1 = DoubleVector.broadcast(SPECIES, x[p1 + o]);
      a1 = x1.fma(w0, a1);
      b1 = x1.fma(w1, b1);
      DoubleVector x2 = DoubleVector.broadcast(SPECIES, x[p2 + o]);
      a2 = x2.fma(w0, a2);
      b2 = x2.fma(w1, b2);
      DoubleVector x3 = DoubleVector.broadcast(SPECIES, x[p3 + o]);
      a3 = x3.fma(w0, a3);
      b3 = x3.fma(w1, b3);
      DoubleVector x4 = DoubleVector.broadcast(SPECIES, x[p4 + o]);
      a4 = x4.fma(w0, a4);
      b4 = x4.fma(w1, b4);
      DoubleVector x5 = DoubleVector.broadcast(SPECIES, x[p5 + o]);
      a5 = x5.fma(w0, a5);
      b5 = x5.fma(w1, b5);
      DoubleVector x6 = DoubleVector.broadcast(SPECIES, x[p6 + o]);
      a6 = x6.fma(w0, a6);
      b6 = x6.fma(w1, b6);
      DoubleVector x7 = DoubleVector.broadcast(SPECIES, x[p7 + o]);
      a7 = x7.fma(w0, a7);
      b7 = x7.fma(w1, b7);
      DoubleVector x8 = DoubleVector.broadcast(SPECIES, x[p8 + o]);
      a8 = x8.fma(w0, a8);
      b8 = x8.fma(w1, b8);
      DoubleVector x9 = DoubleVector.broadcast(SPECIES, x[p9 + o]);
      a9 = x9.fma(w0, a9);
      b9 = x9.fma(w1, b9);
      DoubleVector x10 = DoubleVector.broadcast(SPECIES, x[p10 + o]);
      a10 = x10.fma(w0, a10);
      b10 = x10.fma(w1, b10);
      DoubleVector x11 = DoubleVector.broadcast(SPECIES, x[p11 + o]);
      a11 = x11.fma(w0, a11);
      b11 = x11.fma(w1, b11);
    }
    a0.intoArray(sums, to);
    b0.intoArray(sums, to + LANES);
    a1.intoArray(sums, to + 2 * LANES);
    b1.intoArray(sums, to + 3 * LANES);
    a2.intoArray(sums, to + 4 * LANES);
    b2.intoArray(sums, to + 5 * LANES);
    a3.intoArray(sums, to + 6 * LANES);
    b3.intoArray(sums, to + 7 * LANES);
    a4.intoArray(sums, to + 8 * LANES);
    b4.intoArray(sums, to + 9 * LANES);
    a5.intoArray(sums, to + 10 * LANES);
    b5.intoArray(sums, to + 11 * LANES);
    a6.intoArray(sums, to + 12 * LANES);
    b6.intoArray(sums, to + 13 * LANES);
    a7.intoArray(sums, to + 14 * LANES);
    b7.intoArray(sums, to + 15 * LANES);
    a8.intoArray(sums, to + 16 * LANES);
    b8.intoArray(sums, to + 17 * LANES);
    a9.intoArray(sums, to + 18 * LANES);
    b9.intoArray(sums, to + 19 * LANES);
    a10.intoArray(sums, to + 20 * LANES);
    b10.intoArray(sums, to + 21 * LANES);
    a11.intoArray(sums, to + 22 * LANES);
    b11.intoArray(sums, to + 23 * LANES);
  }
}
