package org.gradus.autograd.internal.kernel.vector;

import static org.gradus.autograd.internal.kernel.vector.DoubleCertificate.NORMS;
import static org.gradus.autograd.internal.kernel.vector.DoubleTiles.COLUMNS;
import static org.gradus.autograd.internal.kernel.vector.DoubleTiles.LANES;
import static org.gradus.autograd.internal.kernel.vector.DoubleTiles.ROWS;
import static org.gradus.autograd.internal.kernel.vector.DoubleTransforms.IN;
import static org.gradus.autograd.internal.kernel.vector.DoubleTransforms.OUT;
import static org.gradus.autograd.internal.kernel.vector.DoubleTransforms.POINTS;
import static org.gradus.autograd.internal.kernel.vector.DoubleTransforms.TAPS;
import static org.gradus.autograd.internal.kernel.vector.DoubleWinograd.COMPONENTS;
import static org.gradus.autograd.internal.kernel.vector.DoubleWinograd.TOGETHER;
import static org.gradus.autograd.internal.number.Integers.ceilDiv;

import org.gradus.autograd.internal.kernel.ConvSizes;
import org.gradus.autograd.internal.kernel.WindowSizes;
import org.gradus.autograd.internal.kernel.plain.DoubleConvolutionByDefinition;
import org.gradus.autograd.internal.kernel.plain.DoubleIm2col;
import org.gradus.autograd.internal.kernel.vector.DoubleWinograd.Patch;
import org.gradus.autograd.internal.kernel.vector.DoubleWinograd.Tiling;
import org.gradus.autograd.internal.number.Integers;
import org.gradus.autograd.internal.parallel.DoubleArrays;
import org.gradus.autograd.internal.parallel.DoubleMemory;
import org.gradus.autograd.internal.parallel.Parallel;

/** One convolution by the steps of {@link DoubleWinograd}. */
@SuppressWarnings("cast") // (double) is needed in the float twin, where it reads (float)
final class DoubleWinogradTiles {
  /** Memory of a task, by number. */
  private static final int PIXELS = 0;

  private static final int TRANSFORMED = 1;
  private static final int PRODUCTS = 2;
  private static final int BETWEEN = 3;
  private static final int OUTPUTS = 4;

  private final ConvSizes s;
  private final WindowSizes v;
  private final Tiling tiling;
  private final DoubleConvolutionByDefinition.Mend mend;

  /** The weights [panels, 9, sources and more, COLUMNS], and transformed. */
  private final double[] filters;

  private final double[] transformed;

  /** The sources and outputs, rounded up to whole vectors and panels. */
  private final int channels;

  private final int width;

  /** Tiles of one task, and from one component of them to the next, before and after products. */
  private final int tiles;

  private final int component;
  private final int componentOut;

  /** The pixels under all tiles of one item. */
  private final int rows;

  private final int columns;

  DoubleWinogradTiles(ConvSizes s, double[] filters, DoubleConvolutionByDefinition.Mend mend) {
    this.s = s;
    v = s.window();
    this.mend = mend;
    this.filters = filters;
    tiling = Tiling.of(s.batch(), v.rows().output(), v.columns().output(), TOGETHER);
    channels = Integers.roundUp(s.channels(), LANES);
    width = Integers.roundUp(s.filters(), COLUMNS);
    tiles = Integers.roundUp(tiling.tiles(), ROWS);
    component = tiles * channels + COLUMNS;
    componentOut = tiles * width + COLUMNS;
    rows = tiling.bandRows() * OUT + IN - OUT;
    columns = tiling.across() * OUT + IN - OUT;
    transformed = transformed();
  }

  /** The weights as [COMPONENTS + NORMS, panels, sources, COLUMNS]. */
  private double[] transformed() {
    int size = s.channels() * width;
    double[] u = DoubleArrays.POOL.take((COMPONENTS + NORMS) * size);
    int vectors = width / LANES;
    int step = DoubleWinograd.tap(s.channels());
    Parallel.ranges(
        s.channels() * vectors,
        200,
        (first, end) -> {
          double[] t = new double[TAPS * POINTS * LANES];
          for (int i = first; i < end; i++) {
            int source = i / vectors;
            int panel = i % vectors * LANES / COLUMNS;
            int lane = i % vectors * LANES % COLUMNS;
            int at = panel * 9 * step + source * COLUMNS + lane;
            int to = (panel * s.channels() + source) * COLUMNS + lane;
            DoubleTransforms.weights(1, filters, at, 0, step, t, u, to, 0, size);
            DoubleCertificate.filters(9, filters, at, step, u, to + COMPONENTS * size, size);
          }
        });
    return u;
  }

  /** Convolves x to y, once; with a bias for each output, or none. */
  void correlate(double[] x, double[] bias, double[] y) {
    Parallel.each(
        ceilDiv(tiling.items(), tiling.together()),
        (long) tiles * COMPONENTS * s.channels() * s.filters() / LANES,
        () ->
            new DoubleMemory(
                rows * columns * channels,
                (COMPONENTS + NORMS) * component,
                (COMPONENTS + NORMS) * componentOut,
                COMPONENTS * LANES,
                OUT * OUT * width),
        (memory, task) -> {
          int first = task * tiling.together();
          int end = Math.min(tiling.items(), first + tiling.together());
          for (int item = first; item < end; item++) {
            copyPixels(item, x, memory.array(PIXELS));
            transform(item, memory);
          }
          products(COMPONENTS, COMPONENTS + NORMS, memory);
          if (anyHolds(first, end, memory.array(PRODUCTS))) {
            products(0, COMPONENTS, memory);
          }
          for (int item = first; item < end; item++) {
            finish(item, x, bias, memory, y);
          }
        });
    DoubleArrays.POOL.give(filters);
    DoubleArrays.POOL.give(transformed);
  }

  private int image(int item) {
    return item / tiling.bands();
  }

  /** The first row of outputs of an item. */
  private int row(int item) {
    return item % tiling.bands() * tiling.bandRows() * OUT;
  }

  private int firstTile(int item) {
    return item % tiling.together() * tiling.tilesOfItem();
  }

  /** How many outputs a tile has down or across, of those from a place on. */
  private static int outputs(int place, int size) {
    return Math.max(0, Math.min(OUT, size - place));
  }

  /** Where a tile of an item begins in the copied pixels. */
  private int pixel(int t) {
    return (t / tiling.across() * columns + t % tiling.across()) * OUT * channels;
  }

  private void copyPixels(int item, double[] x, double[] pixels) {
    int height = v.rows().input();
    int width = v.columns().input();
    int top = row(item) - v.rows().before();
    Patch patch = new Patch(height, width, top, -v.columns().before(), rows, columns);
    int from = image(item) * s.channels() * v.inPlane();
    DoubleWinograd.channelsLast(s.channels(), channels, patch, x, from, pixels, 0);
  }

  private void transform(int item, DoubleMemory memory) {
    double[] pixels = memory.array(PIXELS);
    double[] to = memory.array(TRANSFORMED);
    int vectors = channels / LANES;
    for (int t = 0; t < tiling.tilesOfItem(); t++) {
      int at = pixel(t);
      int place = (firstTile(item) + t) * channels;
      DoubleTransforms.input(
          vectors,
          pixels,
          at,
          LANES,
          columns * channels,
          channels,
          memory.array(BETWEEN),
          to,
          place,
          LANES,
          component);
      DoubleCertificate.windows(
          vectors,
          pixels,
          at,
          LANES,
          columns * channels,
          channels,
          outputs(row(item) + t / tiling.across() * OUT, v.rows().output()),
          outputs(t % tiling.across() * OUT, v.columns().output()),
          memory.array(BETWEEN),
          to,
          place + COMPONENTS * component,
          LANES,
          component);
    }
  }

  private void products(int from, int end, DoubleMemory memory) {
    for (int i = from; i < end; i++) {
      for (int panel = 0; panel < width; panel += COLUMNS) {
        int b = i * s.channels() * width + panel * s.channels();
        for (int tile = 0; tile < tiles; tile += ROWS) {
          DoubleTiles.tileOfRows(
              s.channels(),
              memory.array(TRANSFORMED),
              i * component + tile * channels,
              channels,
              transformed,
              b,
              false,
              memory.array(PRODUCTS),
              i * componentOut + tile * width + panel,
              width,
              LANES);
        }
      }
    }
  }

  /** Whether all products of a tile, number i of its task, are accurate. */
  private boolean holds(int i, double[] products) {
    return DoubleCertificate.holds(
        s.filters(),
        DoubleCertificate.part(s.channels(), 9L * s.channels()),
        products,
        COMPONENTS * componentOut + i * width,
        componentOut);
  }

  private boolean anyHolds(int first, int end, double[] products) {
    for (int i = 0; i < (end - first) * tiling.tilesOfItem(); i++) {
      if (holds(i, products)) {
        return true;
      }
    }
    return false;
  }

  /** Makes the outputs of one item. */
  private void finish(int item, double[] x, double[] bias, DoubleMemory memory, double[] y) {
    boolean copied = false;
    boolean finite = inRange(bias);
    int plane = v.outPlane();
    int start = image(item) * s.filters() * plane;
    for (int t = 0; t < tiling.tilesOfItem(); t++) {
      int top = row(item) + t / tiling.across() * OUT;
      int left = t % tiling.across() * OUT;
      int down = outputs(top, v.rows().output());
      if (down == 0) {
        continue;
      }
      int tile = firstTile(item) + t;
      if (holds(tile, memory.array(PRODUCTS))) {
        DoubleTransforms.output(
            ceilDiv(s.filters(), LANES),
            memory.array(PRODUCTS),
            tile * width,
            LANES,
            componentOut,
            memory.array(BETWEEN),
            memory.array(OUTPUTS),
            0,
            OUT * OUT * LANES,
            LANES);
      } else {
        if (!copied) {
          copyPixels(item, x, memory.array(PIXELS));
          copied = true;
        }
        sums(memory.array(PIXELS), pixel(t), memory.array(OUTPUTS));
        finite &=
            bias.length == 0 && DoubleTiles.areFinite(memory.array(OUTPUTS), 0, OUT * OUT * width);
      }
      for (int f = 0; f < s.filters(); f += LANES) {
        int lanes = Math.min(LANES, s.filters() - f);
        int to = start + f * plane + top * v.columns().output() + left;
        int across = outputs(left, v.columns().output());
        scatter(lanes, down, across, memory.array(OUTPUTS), f * OUT * OUT, y, to);
      }
    }
    int from = start + row(item) * v.columns().output();
    int n = Math.min(tiling.bandRows() * OUT, v.rows().output() - row(item)) * v.columns().output();
    DoubleIm2col.addBias(bias, 0, s.filters(), y, from, plane, n);
    if (!finite) {
      DoubleConvolution.mend(mend, s.filters(), y, from, plane, n);
    }
  }

  /** Whether no output of transformed tiles leaves the type for one of these. */
  private static boolean inRange(double[] bias) {
    boolean inRange = true;
    for (double b : bias) {
      inRange &= DoubleCertificate.inRange(Math.abs(b));
    }
    return inRange;
  }

  /** The outputs of one tile, by their definition: four pixels and a panel of filters at a time. */
  private void sums(double[] pixels, int at, double[] t) {
    for (int panel = 0; panel < width; panel += COLUMNS) {
      for (int i = 0; i < OUT; i++) {
        for (int tap = 0; tap < TAPS * TAPS; tap++) {
          DoubleTiles.tileOfRows(
              s.channels(),
              pixels,
              at + ((i + tap / TAPS) * columns + tap % TAPS) * channels,
              channels,
              filters,
              (panel / COLUMNS * TAPS * TAPS + tap) * DoubleWinograd.tap(s.channels()),
              tap > 0,
              t,
              panel * OUT * OUT + i * OUT * LANES,
              LANES,
              OUT * OUT * LANES);
        }
      }
    }
  }

  /** Writes vectors of 4x4 outputs to planes. */
  private void scatter(int lanes, int rows, int columns, double[] t, int at, double[] y, int to) {
    int plane = v.outPlane();
    for (int lane = 0; lane < lanes; lane++) {
      for (int i = 0; i < rows; i++) {
        int place = to + lane * plane + i * v.columns().output();
        int from = at + i * OUT * LANES + lane;
        if (columns == OUT) {
          y[place] = t[from];
          y[place + 1] = t[from + LANES];
          y[place + 2] = t[from + 2 * LANES];
          y[place + 3] = t[from + 3 * LANES];
        } else {
          for (int j = 0; j < columns; j++) {
            y[place + j] = t[from + j * LANES];
          }
        }
      }
    }
  }
}
