package org.gradus.autograd.internal.kernel.vector;

import static org.gradus.autograd.internal.kernel.vector.DoubleTiles.LANES;
import static org.gradus.autograd.internal.kernel.vector.DoubleTiles.VIRTUAL_LANES;
import static org.gradus.autograd.internal.number.Integers.ceilDiv;
import static org.gradus.autograd.internal.number.Integers.roundUp;

import java.util.Arrays;
import java.util.stream.IntStream;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;
import org.gradus.autograd.internal.kernel.ConvSizes;
import org.gradus.autograd.internal.kernel.WindowSizes;
import org.gradus.autograd.internal.kernel.plain.DoubleConvolutionByDefinition;
import org.gradus.autograd.internal.kernel.plain.DoubleTotals;
import org.gradus.autograd.internal.parallel.DoubleArrays;
import org.gradus.autograd.internal.parallel.DoubleMemory;
import org.gradus.autograd.internal.parallel.Parallel;

/**
 * The gradient of a convolution in its weights, with filters in the lanes of vectors: an element of
 * the image, as each tap meets it, times the cotangents of many filters. So each weight is a sum
 * over the pixels in their order, in one lane.
 *
 * <pre>
 *   slab         a {@link Layout#dense} one, in which each tap meets pixels that follow each other
 *   cotangent    [panels, pixels, filters of a panel], a panel being two vectors, or the last one
 *   sums         [panels, taps of all channels, filters of a panel]
 * </pre>
 *
 * <p>The sums of at most MOST pixels are added in double.
 */
final class DoubleWeightByFilters {
  private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;

  /** Parts that a sum over images is cut into at most; part of the result's bits. */
  private static final int SUM_PARTS = 8;

  /** Elements that all these parts may have together, if there is more than one. */
  private static final int SUM_SIZE = 1 << 22;

  /** The most pixels that are added up in order; part of the result's bits. */
  private static final int MOST = 1 << 9;

  /** Taps that a panel of two vectors meets at once, and a panel of one. */
  private static final int SIX = 6;

  private static final int TWELVE = 12;

  /** Memory of a task, by number. */
  private static final int SLAB = 0;

  private static final int COTANGENT = 1;
  private static final int SUMS = 2;

  private final ConvSizes s;
  private final WindowSizes v;

  /** Rows of the output whose pixels are multiplied at once, and such blocks of an image. */
  private final int rows;

  private final int blocks;
  private final Layout layout;

  /** Whether the image is a slab as it is. */
  private final boolean direct;

  /** The filters of a group, in whole panels; and the taps, in whole steps. */
  private final int filters;

  private final int depth;

  /** Where the taps lie. */
  private final int[] offsets;

  /** The blocks of all images, and what their sum is cut into. */
  private final int items;

  private final int parts;

  private DoubleWeightByFilters(ConvSizes s) {
    this.s = s;
    v = s.window();
    direct = Ways.isPointwise(s);
    rows = direct ? v.rows().output() : rows(s);
    blocks = ceilDiv(v.rows().output(), rows);
    layout = Layout.dense(v, rows);
    filters = roundUp(s.groupFilters(), LANES < VIRTUAL_LANES ? 2 * LANES : LANES);
    depth = roundUp(s.filterSize(), TWELVE);
    int[] taps =
        direct ? planes(s.groupChannels(), v.inPlane()) : layout.taps(v, s.groupChannels());
    offsets = Arrays.copyOf(taps, depth);
    Arrays.fill(offsets, s.filterSize(), depth, offsets[s.filterSize() - 1]);
    items = s.batch() * blocks;
    int weights = s.filters() * s.filterSize();
    parts = Math.max(1, Math.min(Math.min(items, SUM_PARTS), SUM_SIZE / weights));
  }

  private static int rows(ConvSizes s) {
    return DoubleConvolution.blockRows(
        DoubleConvolution.PARTS,
        s.window().rows().output(),
        r -> (long) s.groupChannels() * Layout.dense(s.window(), r).plane());
  }

  /** Whether filters fill most lanes, and a slab of one row is not too large. */
  static boolean suits(ConvSizes s) {
    int n = s.groupFilters();
    return 3 * roundUp(n, VIRTUAL_LANES) <= 5 * n
        && (long) s.groupChannels() * Layout.dense(s.window(), 1).plane()
            <= DoubleConvolution.SLAB_SIZE;
  }

  /** Writes the weights, none of which are computed again where they are not finite. */
  static void write(ConvSizes s, double[] x, double[] y, double[] w) {
    new DoubleWeightByFilters(s).write(x, y, w);
  }

  /** Where so many planes begin. */
  private static int[] planes(int count, int plane) {
    return IntStream.range(0, count).map(i -> i * plane).toArray();
  }

  private void write(double[] x, double[] y, double[] w) {
    int size = filters * depth;
    DoubleTotals[] partial = DoubleConvolutionByDefinition.parts(parts, s.groups() * size);
    int pixels = rows * v.columns().output();
    Parallel.each(
        parts * s.groups(),
        DoubleConvolution.cost(s) / ((long) parts * s.groups()),
        () ->
            new DoubleMemory(
                direct ? 0 : s.groupChannels() * layout.plane() + VIRTUAL_LANES,
                filters * pixels,
                filters * depth),
        (memory, task) -> {
          int part = task / s.groups();
          int group = task % s.groups();
          int first = (int) ((long) part * items / parts);
          int end = (int) ((part + 1L) * items / parts);
          addItems(first, end, group, x, y, memory, partial[part]);
        });
    double[] sums = DoubleArrays.POOL.take(s.groups() * size);
    DoubleConvolutionByDefinition.sum(partial, sums);
    spread(sums, w);
    DoubleArrays.POOL.give(sums);
  }

  /** Adds the products of some blocks of images. */
  private void addItems(
      int first, int end, int group, double[] x, double[] y, DoubleMemory memory, DoubleTotals to) {
    double[] sums = memory.array(SUMS);
    Arrays.fill(sums, 0, filters * depth, 0);
    int pixels = 0;
    for (int item = first; item < end; item++) {
      int image = item / blocks;
      int row = item % blocks * rows;
      int channel = image * s.channels() + group * s.groupChannels();
      double[] slab = direct ? x : memory.array(SLAB);
      int base = direct ? channel * v.inPlane() : 0;
      if (!direct) {
        DoubleConvolution.fill(layout, row, s.groupChannels(), x, channel * v.inPlane(), slab, 0);
      }
      int n = Math.min(rows, v.rows().output() - row) * v.columns().output();
      int filter = image * s.filters() + group * s.groupFilters();
      int from = filter * v.outPlane() + row * v.columns().output();
      transpose(n, y, from, memory.array(COTANGENT));
      for (int at = 0; at < n; at += MOST) {
        int more = Math.min(MOST, n - at);
        if (pixels + more > MOST) {
          fold(sums, to, group);
          pixels = 0;
        }
        pixels += more;
        multiply(at, at + more, n, slab, base, memory);
      }
    }
    fold(sums, to, group);
  }

  /** The filters of the panel that begins with one. */
  private int panel(int filter) {
    return Math.min(2 * LANES, filters - filter);
  }

  /** Copies n pixels of the planes of some filters to panels. */
  private void transpose(int n, double[] y, int from, double[] to) {
    for (int first = 0; first < s.groupFilters(); first += 2 * LANES) {
      int width = panel(first);
      int end = Math.min(s.groupFilters(), first + width);
      int f = first;
      for (; f + 4 <= end; f += 4) {
        int plane0 = from + f * v.outPlane();
        int plane1 = plane0 + v.outPlane();
        int plane2 = plane1 + v.outPlane();
        int plane3 = plane2 + v.outPlane();
        int place = first * n + f - first;
        for (int i = 0; i < n; i++) {
          to[place] = y[plane0 + i];
          to[place + 1] = y[plane1 + i];
          to[place + 2] = y[plane2 + i];
          to[place + 3] = y[plane3 + i];
          place += width;
        }
      }
      for (; f < end; f++) {
        for (int i = 0; i < n; i++) {
          to[first * n + i * width + f - first] = y[from + f * v.outPlane() + i];
        }
      }
    }
  }

  /** Adds the products of some pixels, of n that there are, to the sums. */
  private void multiply(int first, int end, int n, double[] slab, int base, DoubleMemory memory) {
    double[] cotangent = memory.array(COTANGENT);
    double[] sums = memory.array(SUMS);
    for (int filter = 0; filter < filters; filter += 2 * LANES) {
      int width = panel(filter);
      int g = filter * n;
      int step = width > LANES ? SIX : TWELVE;
      for (int k = 0; k < s.filterSize(); k += step) {
        int to = filter * depth + k * width;
        if (width > LANES) {
          six(first, end, slab, base, offsets, k, cotangent, g, sums, to);
        } else {
          twelve(first, end, slab, base, offsets, k, cotangent, g, sums, to);
        }
      }
    }
  }

  /** Adds all sums to totals; the sums are 0 then. */
  private void fold(double[] sums, DoubleTotals to, int group) {
    int size = filters * depth;
    to.addAll(group * size, sums, 0, size);
    Arrays.fill(sums, 0, size, 0);
  }

  /** Copies the sums of all groups to the weights. */
  private void spread(double[] sums, double[] w) {
    int size = s.filterSize();
    Parallel.ranges(
        s.filters(),
        size,
        (from, end) -> {
          for (int f = from; f < end; f++) {
            int filter = f % s.groupFilters();
            int lane = filter % (2 * LANES);
            int first = filter - lane;
            int width = panel(first);
            int at = (f / s.groupFilters() * filters + first) * depth + lane;
            for (int k = 0; k < size; k++) {
              w[f * size + k] = sums[at + k * width];
            }
          }
        });
  }

  /**
   * Adds to the sums of six taps and two vectors of filters the products of some pixels.
   *
   * @param base where the image begins in x, and {@code k} the first tap
   * @param at where pixel 0 of the panel is in g
   */
  private static void six(
      int first,
      int end,
      double[] x,
      int base,
      int[] offsets,
      int k,
      double[] g,
      int at,
      double[] sums,
      int to) {
    int o0 = base + offsets[k];
    int o1 = base + offsets[k + 1];
    int o2 = base + offsets[k + 2];
    int o3 = base + offsets[k + 3];
    int o4 = base + offsets[k + 4];
    int o5 = base + offsets[k + 5];
    DoubleVector c00 = DoubleVector.fromArray(SPECIES, sums, to);
    DoubleVector c01 = DoubleVector.fromArray(SPECIES, sums, to + LANES);
    DoubleVector c10 = DoubleVector.fromArray(SPECIES, sums, to + 2 * LANES);
    DoubleVector c11 = DoubleVector.fromArray(SPECIES, sums, to + 3 * LANES);
    DoubleVector c20 = DoubleVector.fromArray(SPECIES, sums, to + 4 * LANES);
    DoubleVector c21 = DoubleVector.fromArray(SPECIES, sums, to + 5 * LANES);
    DoubleVector c30 = DoubleVector.fromArray(SPECIES, sums, to + 6 * LANES);
    DoubleVector c31 = DoubleVector.fromArray(SPECIES, sums, to + 7 * LANES);
    DoubleVector c40 = DoubleVector.fromArray(SPECIES, sums, to + 8 * LANES);
    DoubleVector c41 = DoubleVector.fromArray(SPECIES, sums, to + 9 * LANES);
    DoubleVector c50 = DoubleVector.fromArray(SPECIES, sums, to + 10 * LANES);
    DoubleVector c51 = DoubleVector.fromArray(SPECIES, sums, to + 11 * LANES);
    for (int p = first; p < end; p++) {
      DoubleVector g0 = DoubleVector.fromArray(SPECIES, g, at + p * 2 * LANES);
      DoubleVector g1 = DoubleVector.fromArray(SPECIES, g, at + p * 2 * LANES + LANES);
      DoubleVector x0 = DoubleVector.broadcast(SPECIES, x[o0 + p]);
      c00 = x0.fma(g0, c00);
      c01 = x0.fma(g1, c01);
      DoubleVector x1 = DoubleVector.broadcast(SPECIES, x[o1 + p]);
      c10 = x1.fma(g0, c10);
      c11 = x1.fma(g1, c11);
      DoubleVector x2 = DoubleVector.broadcast(SPECIES, x[o2 + p]);
      c20 = x2.fma(g0, c20);
      c21 = x2.fma(g1, c21);
      DoubleVector x3 = DoubleVector.broadcast(SPECIES, x[o3 + p]);
      c30 = x3.fma(g0, c30);
      c31 = x3.fma(g1, c31);
      DoubleVector x4 = DoubleVector.broadcast(SPECIES, x[o4 + p]);
      c40 = x4.fma(g0, c40);
      c41 = x4.fma(g1, c41);
      DoubleVector x5 = DoubleVector.broadcast(SPECIES, x[o5 + p]);
      c50 = x5.fma(g0, c50);
      c51 = x5.fma(g1, c51);
    }
    c00.intoArray(sums, to);
    c01.intoArray(sums, to + LANES);
    c10.intoArray(sums, to + 2 * LANES);
    c11.intoArray(sums, to + 3 * LANES);
    c20.intoArray(sums, to + 4 * LANES);
    c21.intoArray(sums, to + 5 * LANES);
    c30.intoArray(sums, to + 6 * LANES);
    c31.intoArray(sums, to + 7 * LANES);
    c40.intoArray(sums, to + 8 * LANES);
    c41.intoArray(sums, to + 9 * LANES);
    c50.intoArray(sums, to + 10 * LANES);
    c51.intoArray(sums, to + 11 * LANES);
  }

  /** As {@link #six}, of twelve taps and one vector. */
  private static void twelve(
      int first,
      int end,
      double[] x,
      int base,
      int[] offsets,
      int k,
      double[] g,
      int at,
      double[] sums,
      int to) {
    int o0 = base + offsets[k];
    int o1 = base + offsets[k + 1];
    int o2 = base + offsets[k + 2];
    int o3 = base + offsets[k + 3];
    int o4 = base + offsets[k + 4];
    int o5 = base + offsets[k + 5];
    int o6 = base + offsets[k + 6];
    int o7 = base + offsets[k + 7];
    int o8 = base + offsets[k + 8];
    int o9 = base + offsets[k + 9];
    int o10 = base + offsets[k + 10];
    int o11 = base + offsets[k + 11];
    DoubleVector c0 = DoubleVector.fromArray(SPECIES, sums, to);
    DoubleVector c1 = DoubleVector.fromArray(SPECIES, sums, to + LANES);
    DoubleVector c2 = DoubleVector.fromArray(SPECIES, sums, to + 2 * LANES);
    DoubleVector c3 = DoubleVector.fromArray(SPECIES, sums, to + 3 * LANES);
    DoubleVector c4 = DoubleVector.fromArray(SPECIES, sums, to + 4 * LANES);
    DoubleVector c5 = DoubleVector.fromArray(SPECIES, sums, to + 5 * LANES);
    DoubleVector c6 = DoubleVector.fromArray(SPECIES, sums, to + 6 * LANES);
    DoubleVector c7 = DoubleVector.fromArray(SPECIES, sums, to + 7 * LANES);
    DoubleVector c8 = DoubleVector.fromArray(SPECIES, sums, to + 8 * LANES);
    DoubleVector c9 = DoubleVector.fromArray(SPECIES, sums, to + 9 * LANES);
    DoubleVector c10 = DoubleVector.fromArray(SPECIES, sums, to + 10 * LANES);
    DoubleVector c11 = DoubleVector.fromArray(SPECIES, sums, to + 11 * LANES);
    for (int p = first; p < end; p++) {
      DoubleVector g0 = DoubleVector.fromArray(SPECIES, g, at + p * LANES);
      c0 = DoubleVector.broadcast(SPECIES, x[o0 + p]).fma(g0, c0);
      c1 = DoubleVector.broadcast(SPECIES, x[o1 + p]).fma(g0, c1);
      c2 = DoubleVector.broadcast(SPECIES, x[o2 + p]).fma(g0, c2);
      c3 = DoubleVector.broadcast(SPECIES, x[o3 + p]).fma(g0, c3);
      c4 = DoubleVector.broadcast(SPECIES, x[o4 + p]).fma(g0, c4);
      c5 = DoubleVector.broadcast(SPECIES, x[o5 + p]).fma(g0, c5);
      c6 = DoubleVector.broadcast(SPECIES, x[o6 + p]).fma(g0, c6);
      c7 = DoubleVector.broadcast(SPECIES, x[o7 + p]).fma(g0, c7);
      c8 = DoubleVector.broadcast(SPECIES, x[o8 + p]).fma(g0, c8);
      c9 = DoubleVector.broadcast(SPECIES, x[o9 + p]).fma(g0, c9);
      c10 = DoubleVector.broadcast(SPECIES, x[o10 + p]).fma(g0, c10);
      c11 = DoubleVector.broadcast(SPECIES, x[o11 + p]).fma(g0, c11);
    }
    c0.intoArray(sums, to);
    c1.intoArray(sums, to + LANES);
    c2.intoArray(sums, to + 2 * LANES);
    c3.intoArray(sums, to + 3 * LANES);
    c4.intoArray(sums, to + 4 * LANES);
    c5.intoArray(sums, to + 5 * LANES);
    c6.intoArray(sums, to + 6 * LANES);
    c7.intoArray(sums, to + 7 * LANES);
    c8.intoArray(sums, to + 8 * LANES);
    c9.intoArray(sums, to + 9 * LANES);
    c10.intoArray(sums, to + 10 * LANES);
    c11.intoArray(sums, to + 11 * LANES);
  }
}
