package org.gradus.autograd.internal.kernel;

import static org.gradus.autograd.internal.kernel.DoubleMatmul.ceilDiv;
import static org.gradus.autograd.internal.kernel.DoubleVectorTiles.COLUMNS;
import static org.gradus.autograd.internal.kernel.DoubleVectorTiles.LANES;
import static org.gradus.autograd.internal.kernel.DoubleVectorTiles.ROWS;
import static org.gradus.autograd.internal.kernel.DoubleVectorTransforms.IN;
import static org.gradus.autograd.internal.kernel.DoubleVectorTransforms.OUT;
import static org.gradus.autograd.internal.kernel.DoubleVectorTransforms.POINTS;
import static org.gradus.autograd.internal.kernel.DoubleVectorTransforms.TAPS;

import java.util.Arrays;

/**
 * Convolutions with filters of 3x3 and stride 1 by Winograd's F(4x4, 3x3): a tile of 6x6 input
 * pixels, transformed, is multiplied element by element with the transformed filters, which makes
 * 4x4 output pixels of 36 products instead of 144. Over channels, filters and tiles, these are 36
 * products of matrices. The gradient in the input is the same with other weights.
 *
 * <p>Pixels are copied to rows in which the channels of one pixel follow each other, so that the
 * transforms work on vectors of channels.
 */
final class DoubleVectorWinograd {
  /** Products for each tile. */
  static final int COMPONENTS = POINTS * POINTS;

  /** Tiles that are transformed and multiplied together, about. */
  static final int TOGETHER = 64;

  /** The fewest channels and filters for which the transforms pay. */
  private static final int CHANNELS = 16;

  private DoubleVectorWinograd() {}

  /** Whether this is the better way to compute a convolution. */
  static boolean suits(ConvSizes s) {
    WindowSizes v = s.window();
    long tiles = (long) ceilDiv(v.outH(), OUT) * ceilDiv(v.outW(), OUT);
    return v.kernelH() == 3
        && v.kernelW() == 3
        && v.strideH() == 1
        && v.strideW() == 1
        && v.dilationH() == 1
        && v.dilationW() == 1
        && s.groups() == 1
        && s.channels() >= CHANNELS
        && s.filters() >= CHANNELS
        && v.outPlane() >= tiles * OUT * OUT / 2
        && s.batch() * (long) v.outPlane() >= 256;
  }

  /** As {@link Kernels#conv2d}. */
  static void conv2d(ConvSizes s, double[] x, double[] w, double[] b, double[] y) {
    WindowSizes v = s.window();
    double[] filters = DoubleArrays.POOL.take(s.channels() * 9 * round(s.filters(), COLUMNS));
    spread(s.filters(), s.channels(), w, s.channels() * 9, 9, false, filters);
    correlate(
        s.batch(),
        s.channels(),
        s.filters(),
        v.inH(),
        v.inW(),
        v.padTop(),
        v.padLeft(),
        v.outH(),
        v.outW(),
        x,
        filters,
        b,
        y);
  }

  /** As {@link Kernels#conv2dInput}. */
  static void conv2dInput(ConvSizes s, double[] w, double[] y, double[] x) {
    WindowSizes v = s.window();
    double[] filters = DoubleArrays.POOL.take(s.filters() * 9 * round(s.channels(), COLUMNS));
    spread(s.channels(), s.filters(), w, 9, s.channels() * 9, true, filters);
    correlate(
        s.batch(),
        s.filters(),
        s.channels(),
        v.outH(),
        v.outW(),
        2 - v.padTop(),
        2 - v.padLeft(),
        v.inH(),
        v.inW(),
        y,
        filters,
        new double[0],
        x);
  }

  static int round(int n, int unit) {
    return ceilDiv(n, unit) * unit;
  }

  /**
   * Copies weights to [sources, 9, outputs], outputs rounded up to COLUMNS.
   *
   * @param stepOutput from one output's weights to the next, and {@code stepSource} likewise
   */
  private static void spread(
      int outputs,
      int sources,
      double[] w,
      int stepOutput,
      int stepSource,
      boolean flipped,
      double[] to) {
    int width = round(outputs, COLUMNS);
    Parallel.ranges(
        sources,
        9L * outputs,
        (first, end) -> {
          for (int source = first; source < end; source++) {
            for (int output = 0; output < outputs; output++) {
              int from = source * stepSource + output * stepOutput;
              for (int tap = 0; tap < 9; tap++) {
                to[(source * 9 + tap) * width + output] = w[from + (flipped ? 8 - tap : tap)];
              }
            }
          }
        });
  }

  /** [sources, 9, outputs] transformed to [COMPONENTS, panels, sources, COLUMNS]. */
  private static double[] transformed(int sources, int outputs, double[] w) {
    int width = round(outputs, COLUMNS);
    double[] u = DoubleArrays.POOL.take(COMPONENTS * sources * width);
    int component = sources * width;
    int vectors = width / LANES;
    Parallel.ranges(
        sources * vectors,
        200,
        (first, end) -> {
          double[] t = new double[TAPS * POINTS * LANES];
          for (int i = first; i < end; i++) {
            int source = i / vectors;
            int column = i % vectors * LANES;
            int at = source * 9 * width + column;
            int to = (column / COLUMNS * sources + source) * COLUMNS + column % COLUMNS;
            DoubleVectorTransforms.weights(1, w, at, 0, width, t, u, to, 0, component);
          }
        });
    return u;
  }

  /** The tiles of a few rows of some images, and how they are laid out. */
  record Tiling(
      int images, int height, int width, int across, int bandRows, int bands, int together) {
    static Tiling of(int images, int height, int width, int together) {
      int down = ceilDiv(height, OUT);
      int across = ceilDiv(width, OUT);
      int bandRows = Math.max(1, Math.min(down, together / across));
      int bands = ceilDiv(down, bandRows);
      int items = Math.max(1, Math.min(images * bands, together / (bandRows * across)));
      return new Tiling(images, height, width, across, bandRows, bands, items);
    }

    /** Bands, of all images. */
    int items() {
      return images * bands;
    }

    int tilesOfItem() {
      return bandRows * across;
    }

    int tiles() {
      return together * tilesOfItem();
    }
  }

  private static void correlate(
      int images,
      int sources,
      int outputs,
      int inH,
      int inW,
      int padTop,
      int padLeft,
      int outH,
      int outW,
      double[] x,
      double[] filters,
      double[] bias,
      double[] y) {
    double[] u = transformed(sources, outputs, filters);
    DoubleArrays.POOL.give(filters);
    Tiling tiling = Tiling.of(images, outH, outW, TOGETHER);
    int channels = round(sources, LANES);
    int width = round(outputs, COLUMNS);
    int tiles = round(tiling.tiles(), ROWS);
    int component = tiles * channels + COLUMNS;
    int componentOut = tiles * width + COLUMNS;
    int rows = tiling.bandRows * OUT + IN - OUT;
    int columns = tiling.across * OUT + IN - OUT;
    Parallel.each(
        ceilDiv(tiling.items(), tiling.together),
        (long) tiles * COMPONENTS * sources * outputs / LANES,
        () ->
            new DoubleMemory(
                rows * columns * channels,
                COMPONENTS * component,
                COMPONENTS * componentOut,
                COMPONENTS * LANES,
                OUT * OUT * width),
        (memory, task) -> {
          int end = Math.min(tiling.items(), (task + 1) * tiling.together);
          for (int item = task * tiling.together; item < end; item++) {
            int image = item / tiling.bands;
            int row = item % tiling.bands * tiling.bandRows * OUT;
            channelsLast(
                sources,
                channels,
                inH,
                inW,
                row - padTop,
                -padLeft,
                rows,
                columns,
                x,
                image * sources * inH * inW,
                memory.array(0));
            int tile = item % tiling.together * tiling.tilesOfItem();
            for (int t = 0; t < tiling.tilesOfItem(); t++, tile++) {
              int at = (t / tiling.across * columns + t % tiling.across) * OUT * channels;
              DoubleVectorTransforms.input(
                  channels / LANES,
                  memory.array(0),
                  at,
                  LANES,
                  columns * channels,
                  channels,
                  memory.array(3),
                  memory.array(1),
                  tile * channels,
                  LANES,
                  component);
            }
          }
          for (int i = 0; i < COMPONENTS; i++) {
            for (int panel = 0; panel < width; panel += COLUMNS) {
              int b = i * sources * width + panel * sources;
              for (int tile = 0; tile < tiles; tile += ROWS) {
                DoubleVectorTiles.tileOfRows(
                    sources,
                    memory.array(1),
                    i * component + tile * channels,
                    channels,
                    u,
                    b,
                    memory.array(2),
                    i * componentOut + tile * width + panel,
                    width);
              }
            }
          }
          for (int item = task * tiling.together; item < end; item++) {
            int image = item / tiling.bands;
            int row = item % tiling.bands * tiling.bandRows * OUT;
            int tile = item % tiling.together * tiling.tilesOfItem();
            for (int t = 0; t < tiling.tilesOfItem(); t++, tile++) {
              int top = row + t / tiling.across * OUT;
              int left = t % tiling.across * OUT;
              if (top >= outH) {
                continue;
              }
              DoubleVectorTransforms.output(
                  ceilDiv(outputs, LANES),
                  memory.array(2),
                  tile * width,
                  LANES,
                  componentOut,
                  memory.array(3),
                  memory.array(4),
                  0,
                  OUT * OUT * LANES,
                  LANES);
              for (int f = 0; f < outputs; f += LANES) {
                scatter(
                    memory.array(4),
                    f * OUT * OUT,
                    Math.min(LANES, outputs - f),
                    Math.min(OUT, outH - top),
                    Math.min(OUT, outW - left),
                    y,
                    ((image * outputs + f) * outH + top) * outW + left,
                    outH * outW,
                    outW);
              }
            }
            DoubleIm2col.addBias(
                bias,
                0,
                outputs,
                y,
                (image * outputs * outH + row) * outW,
                outH * outW,
                Math.min(tiling.bandRows * OUT, outH - row) * outW);
          }
        });
    DoubleArrays.POOL.give(u);
  }

  /** Writes the lanes of 4x4 vectors to planes. */
  private static void scatter(
      double[] t,
      int at,
      int lanes,
      int rows,
      int columns,
      double[] y,
      int offset,
      int plane,
      int pitch) {
    for (int lane = 0; lane < lanes; lane++) {
      for (int i = 0; i < rows; i++) {
        int to = offset + lane * plane + i * pitch;
        int from = at + i * OUT * LANES + lane;
        if (columns == OUT) {
          y[to] = t[from];
          y[to + 1] = t[from + LANES];
          y[to + 2] = t[from + 2 * LANES];
          y[to + 3] = t[from + 3 * LANES];
        } else {
          for (int j = 0; j < columns; j++) {
            y[to + j] = t[from + j * LANES];
          }
        }
      }
    }
  }

  /**
   * Copies rows of planes so that the channels of one pixel follow each other, with zeros around.
   */
  static void channelsLast(
      int planes,
      int channels,
      int height,
      int width,
      int top,
      int left,
      int rows,
      int columns,
      double[] x,
      int offset,
      double[] to) {
    int from = Math.max(0, -left);
    int end = Math.max(from, Math.min(columns, width - left));
    for (int r = 0; r < rows; r++) {
      int row = top + r;
      int start = r * columns * channels;
      if (row < 0 || row >= height) {
        Arrays.fill(to, start, start + columns * channels, 0);
        continue;
      }
      Arrays.fill(to, start, start + from * channels, 0);
      Arrays.fill(to, start + end * channels, start + columns * channels, 0);
      int plane = height * width;
      int c = 0;
      for (; c < planes - 3; c += 4) {
        int source = offset + c * plane + row * width + left;
        for (int column = from; column < end; column++) {
          int place = start + column * channels + c;
          to[place] = x[source + column];
          to[place + 1] = x[source + column + plane];
          to[place + 2] = x[source + column + 2 * plane];
          to[place + 3] = x[source + column + 3 * plane];
        }
      }
      for (; c < planes; c++) {
        int source = offset + c * plane + row * width + left;
        for (int column = from; column < end; column++) {
          to[start + column * channels + c] = x[source + column];
        }
      }
    }
  }
}
