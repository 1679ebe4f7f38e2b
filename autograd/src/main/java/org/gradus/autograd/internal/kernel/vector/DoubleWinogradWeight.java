package org.gradus.autograd.internal.kernel.vector;

import static org.gradus.autograd.internal.kernel.vector.DoubleCertificate.NORMS;
import static org.gradus.autograd.internal.kernel.vector.DoubleTiles.COLUMNS;
import static org.gradus.autograd.internal.kernel.vector.DoubleTiles.LANES;
import static org.gradus.autograd.internal.kernel.vector.DoubleTiles.ROWS;
import static org.gradus.autograd.internal.kernel.vector.DoubleTiles.STRIP;
import static org.gradus.autograd.internal.kernel.vector.DoubleTiles.VIRTUAL_LANES;
import static org.gradus.autograd.internal.kernel.vector.DoubleTransforms.IN;
import static org.gradus.autograd.internal.kernel.vector.DoubleTransforms.OUT;
import static org.gradus.autograd.internal.kernel.vector.DoubleTransforms.POINTS;
import static org.gradus.autograd.internal.kernel.vector.DoubleTransforms.TAPS;
import static org.gradus.autograd.internal.kernel.vector.DoubleWinograd.COMPONENTS;
import static org.gradus.autograd.internal.kernel.vector.DoubleWinograd.TOGETHER;

import java.util.Arrays;
import org.gradus.autograd.internal.kernel.ConvSizes;
import org.gradus.autograd.internal.kernel.Kernels;
import org.gradus.autograd.internal.kernel.WindowSizes;
import org.gradus.autograd.internal.kernel.plain.DoubleConvolutionByDefinition;
import org.gradus.autograd.internal.kernel.vector.DoubleWinograd.Patch;
import org.gradus.autograd.internal.kernel.vector.DoubleWinograd.Tiling;
import org.gradus.autograd.internal.number.Integers;
import org.gradus.autograd.internal.parallel.DoubleMemory;
import org.gradus.autograd.internal.parallel.Parallel;

/**
 * The gradient in the weights of a convolution of {@link DoubleWinograd}: the adjoint of its steps,
 * in reverse. The cotangent's tiles are transformed, multiplied with those of the input and summed
 * over all tiles, and what comes out is transformed to weights.
 *
 * <p>{@link DoubleCertificate} says whether that is accurate: a window there is here what one
 * weight meets of a tile, and the sums over channels are here over tiles. If it is not for all
 * weights, all are computed by {@link DoubleConvolutionWeight}. Where most of the cotangent is 0,
 * as behind a ReLU or a pooling, it would not be accurate: {@link DoubleSparseWeight} takes over
 * there, and is faster.
 *
 * <p>Tiles are multiplied round by round. The products of up to ROUNDS rounds are added in the
 * element type, and those sums in double.
 */
@SuppressWarnings("cast") // (double) is needed in the float twin, where it reads (float)
final class DoubleWinogradWeight {
  /** Elements of the transformed tiles that are summed over together, about. */
  private static final int SUM_SIZE = 1 << 20;

  /** Rounds whose sums are transformed together. */
  private static final int ROUNDS = 8;

  /** The most products of one weight that its error bound counts. */
  private static final int LONG_SUM = 1 << 13;

  /** The largest part of E that one tile may be. */
  private static final double LARGEST_SHARE = (double) 1.0 / 8;

  /** Memory of a call, by number: transformed tiles, and their products. */
  private static final int IMAGE = 0;

  private static final int COTANGENT = 1;
  private static final int SUMS = 2;

  /** Memory of a task. */
  private static final int PIXELS = 0;

  private static final int BETWEEN = 1;

  private final ConvSizes s;
  private final WindowSizes v;
  private final Tiling tiling;

  /** Rounded up to panels and strips. */
  private final int channels;

  private final int filters;

  /** From one component to the next: of tiles of the input and of the cotangent, and of sums. */
  private final int componentX;

  private final int componentY;
  private final int component;

  private final int rounds;

  /** What the rounds before gave for each weight, if there are too many to add up as they are. */
  private final /*wide*/ double[] totals;

  /** The largest norms of any tile's channels and filters, since sums began. */
  private final double[] mostX;

  private final double[] mostY;

  /** The sums of E of the certificate, likewise. */
  private final /*wide*/ double[] scales;

  private DoubleWinogradWeight(ConvSizes s) {
    this.s = s;
    v = s.window();
    channels = Integers.roundUp(s.channels(), COLUMNS);
    filters = Integers.roundUp(s.filters(), STRIP);
    int vectors = // as many for any width, since sums end with what is multiplied together
        Integers.roundUp(s.channels(), 2 * VIRTUAL_LANES)
            + Integers.roundUp(s.filters(), VIRTUAL_LANES);
    int together = Math.max(TOGETHER, SUM_SIZE / (COMPONENTS * vectors));
    tiling = Tiling.of(s.batch(), v.rows().output(), v.columns().output(), together);
    componentX = channels * tiling.tiles() + COLUMNS;
    componentY = filters * tiling.tiles() + COLUMNS;
    component = filters * channels;
    rounds = Integers.ceilDiv(tiling.items(), tiling.together());
    mostX = new double[channels];
    mostY = new double[filters];
    int pairs = rounds > ROUNDS ? s.filters() * s.channels() : 0;
    totals = new /*wide*/ double[pairs * 9];
    scales = new /*wide*/ double[pairs];
  }

  /** As {@link Kernels#conv2dWeight}. */
  static void conv2dWeight(ConvSizes s, double[] x, double[] y, double[] w) {
    if (!DoubleSparseWeight.conv2dWeight(s, x, y, w)
        && !new DoubleWinogradWeight(s).compute(x, y, w)) {
      DoubleConvolutionWeight.conv2dWeight(s, x, y, w);
    }
  }

  /** Writes the weights, or returns false if that would not be accurate. */
  private boolean compute(double[] x, double[] y, double[] w) {
    try (DoubleMemory shared =
        new DoubleMemory(
            (COMPONENTS + NORMS) * componentX,
            (COMPONENTS + NORMS) * componentY,
            (COMPONENTS + NORMS) * component)) {
      for (int round = 0; round < rounds; round++) {
        int first = round * tiling.together();
        int items = Math.min(tiling.together(), tiling.items() - first);
        transform(first, items, x, y, shared);
        if (round % ROUNDS == 0) {
          Arrays.fill(mostX, 0);
          Arrays.fill(mostY, 0);
        }
        int depth = items * tiling.tilesOfItem();
        largest(s.channels(), COLUMNS, depth, shared.array(IMAGE), COMPONENTS * componentX, mostX);
        largest(s.filters(), STRIP, depth, shared.array(COTANGENT), COMPONENTS * componentY, mostY);
        multiply(depth, round % ROUNDS > 0, shared);
        int together = round % ROUNDS + 1;
        if (together == ROUNDS || round == rounds - 1) {
          long n = Math.min(LONG_SUM, 16L * tiling.tiles() * together);
          double part = DoubleCertificate.part(tiling.tiles() + together, n);
          if (!holds(part, shared.array(SUMS))) {
            return false;
          }
          add(shared.array(SUMS), round == rounds - 1, x, y, w);
        }
      }
    }
    return true;
  }

  /** Transforms the tiles of some items, and measures them. */
  private void transform(int first, int items, double[] x, double[] y, DoubleMemory shared) {
    int rowsX = tiling.bandRows() * OUT + IN - OUT;
    int columnsX = tiling.across() * OUT + IN - OUT;
    int rowsY = tiling.bandRows() * OUT;
    int columnsY = tiling.across() * OUT;
    Parallel.each(
        items,
        (long) tiling.tilesOfItem() * (channels + filters) * COMPONENTS / LANES,
        () ->
            new DoubleMemory(
                Math.max(rowsX * columnsX * channels, rowsY * columnsY * filters),
                (COMPONENTS + IN) * LANES),
        (memory, i) -> {
          int image = (first + i) / tiling.bands();
          int row = (first + i) % tiling.bands() * rowsY;
          Patch under =
              new Patch(
                  v.rows().input(),
                  v.columns().input(),
                  row - v.rows().before(),
                  -v.columns().before(),
                  rowsX,
                  columnsX);
          int fromX = image * s.channels() * v.inPlane();
          double[] pixels = memory.array(PIXELS);
          DoubleWinograd.channelsLast(s.channels(), channels, under, x, fromX, pixels, 0);
          inputs(i, row, columnsX, memory, shared.array(IMAGE));
          Patch own = new Patch(v.rows().output(), v.columns().output(), row, 0, rowsY, columnsY);
          int fromY = image * s.filters() * v.outPlane();
          DoubleWinograd.channelsLast(s.filters(), filters, own, y, fromY, pixels, 0);
          cotangents(i, columnsY, memory, shared.array(COTANGENT));
        });
  }

  private void inputs(int item, int row, int columns, DoubleMemory memory, double[] to) {
    int down = columns * channels;
    for (int t = 0; t < tiling.tilesOfItem(); t += tiling.across()) {
      int top = t / tiling.across() * OUT;
      int height = Math.max(0, Math.min(OUT, v.rows().output() - row - top));
      int whole = v.columns().output() / OUT;
      int tile = item * tiling.tilesOfItem() + t;
      for (int c = 0; c < s.channels(); c += LANES) {
        int at = top * down + c;
        int place = (c / COLUMNS * tiling.tiles() + tile) * COLUMNS + c % COLUMNS;
        double[] pixels = memory.array(PIXELS);
        double[] between = memory.array(BETWEEN);
        int next = OUT * channels;
        DoubleTransforms.input(
            tiling.across(),
            pixels,
            at,
            next,
            down,
            channels,
            between,
            to,
            place,
            COLUMNS,
            componentX);
        int norms = place + COMPONENTS * componentX;
        DoubleCertificate.outputs(
            whole,
            pixels,
            at,
            next,
            down,
            channels,
            height,
            OUT,
            between,
            to,
            norms,
            COLUMNS,
            componentX);
        DoubleCertificate.outputs(
            tiling.across() - whole,
            pixels,
            at + whole * next,
            next,
            down,
            channels,
            height,
            v.columns().output() % OUT,
            between,
            to,
            norms + whole * COLUMNS,
            COLUMNS,
            componentX);
      }
    }
  }

  private void cotangents(int item, int columns, DoubleMemory memory, double[] to) {
    for (int t = 0; t < tiling.tilesOfItem(); t += tiling.across()) {
      int tile = item * tiling.tilesOfItem() + t;
      for (int f = 0; f < s.filters(); f += LANES) {
        int at = t / tiling.across() * columns * OUT * filters + f;
        int place = (f / STRIP * tiling.tiles() + tile) * STRIP + f % STRIP;
        DoubleTransforms.cotangent(
            tiling.across(),
            memory.array(PIXELS),
            at,
            OUT * filters,
            columns * filters,
            filters,
            memory.array(BETWEEN),
            to,
            place,
            STRIP,
            componentY);
        DoubleCertificate.cotangents(
            tiling.across(),
            memory.array(PIXELS),
            at,
            OUT * filters,
            columns * filters,
            filters,
            to,
            place + COMPONENTS * componentY,
            STRIP,
            componentY);
      }
    }
  }

  /** Products over the tiles of one round, for all components and norms. */
  private void multiply(int depth, boolean add, DoubleMemory shared) {
    int panels = channels / COLUMNS;
    Parallel.each(
        (COMPONENTS + NORMS) * panels,
        task -> {
          int i = task / panels;
          int panel = task % panels;
          for (int f = 0; f < filters; f += ROWS) {
            int to = i * component + f * channels + panel * COLUMNS;
            DoubleTiles.tile(
                depth,
                shared.array(COTANGENT),
                i * componentY + f / STRIP * tiling.tiles() * STRIP + f % STRIP,
                shared.array(IMAGE),
                i * componentX + panel * tiling.tiles() * COLUMNS,
                add,
                shared.array(SUMS),
                to,
                to + channels,
                to + 2 * channels,
                to + 3 * channels,
                LANES);
          }
        });
  }

  /** The largest norms of each channel, over tiles in panels of so many channels. */
  private void largest(int n, int panel, int depth, double[] norms, int at, double[] most) {
    Parallel.ranges(
        Integers.ceilDiv(n, panel),
        (long) panel * depth,
        (first, end) -> {
          for (int c = first * panel; c < Math.min(n, end * panel); c += panel) {
            int from = at + c * tiling.tiles();
            for (int tile = 0; tile < depth; tile++) {
              for (int i = 0; i < Math.min(panel, n - c); i++) {
                most[c + i] = Math.max(most[c + i], norms[from + i]);
              }
              from += panel;
            }
          }
        });
  }

  /**
   * Whether the certificate holds for all pairs of filters and channels. Where one tile is much of
   * a sum, a weight may meet all of it but what is large: then it does not hold either.
   */
  private boolean holds(double part, double[] sums) {
    for (int f = 0; f < s.filters(); f++) {
      int at = COMPONENTS * component + f * channels;
      if (!DoubleCertificate.holds(s.channels(), part, sums, at, component)) {
        return false;
      }
      for (int c = 0; c < s.channels(); c++) {
        if (mostX[c] * mostY[f] > sums[at + c] * LARGEST_SHARE) {
          return false;
        }
      }
    }
    return true;
  }

  /** Transforms sums to weights, and adds these to the totals, or writes the totals. */
  private void add(double[] sums, boolean last, double[] x, double[] y, double[] w) {
    Parallel.ranges(
        s.filters(),
        200L * channels / LANES,
        (from, end) -> {
          double[] t = new double[TAPS * POINTS * LANES];
          double[] taps = new double[9 * LANES];
          for (int f = from; f < end; f++) {
            for (int c = 0; c < s.channels(); c += LANES) {
              DoubleTransforms.gradient(
                  1, sums, f * channels + c, 0, component, t, taps, 0, 0, LANES);
              int scale = COMPONENTS * component + f * channels + c;
              for (int lane = 0; lane < Math.min(LANES, s.channels() - c); lane++) {
                int pair = f * s.channels() + c + lane;
                if (totals.length > 0) {
                  addPair(pair, taps, lane, sums[scale + lane]);
                }
                if (last) {
                  writePair(pair, taps, lane, sums[scale + lane], x, y, w);
                }
              }
            }
          }
        });
  }

  private void addPair(int pair, double[] taps, int lane, double scale) {
    for (int tap = 0; tap < 9; tap++) {
      totals[pair * 9 + tap] += taps[tap * LANES + lane];
    }
    scales[pair] += scale;
  }

  /** Writes sums, or zeros where they are so small that they may be the rounding of zeros alone. */
  private void writePair(
      int pair, double[] taps, int lane, double scale, double[] x, double[] y, double[] w) {
    boolean summed = totals.length > 0;
    /*wide*/ double most =
        DoubleCertificate.error(tiling.tiles() + ROUNDS) * (summed ? scales[pair] : scale);
    for (int tap = 0; tap < 9; tap++) {
      int at = pair * 9 + tap;
      /*wide*/ double total = summed ? totals[at] : taps[tap * LANES + lane];
      boolean large = Math.abs(total) > most;
      w[at] = large || DoubleConvolutionByDefinition.hasProducts(s, x, y, at) ? (double) total : 0;
    }
  }
}
