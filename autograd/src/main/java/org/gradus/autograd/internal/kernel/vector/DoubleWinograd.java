package org.gradus.autograd.internal.kernel.vector;

import static org.gradus.autograd.internal.kernel.vector.DoubleTiles.COLUMNS;
import static org.gradus.autograd.internal.kernel.vector.DoubleTransforms.OUT;
import static org.gradus.autograd.internal.kernel.vector.DoubleTransforms.POINTS;
import static org.gradus.autograd.internal.number.Integers.ceilDiv;

import java.util.Arrays;
import org.gradus.autograd.internal.kernel.ConvSizes;
import org.gradus.autograd.internal.kernel.Kernels;
import org.gradus.autograd.internal.kernel.plain.DoubleConvolutionByDefinition;
import org.gradus.autograd.internal.parallel.DoubleArrays;
import org.gradus.autograd.internal.parallel.Parallel;

/**
 * Convolutions with filters of 3x3 and stride 1 by Winograd's F(4x4, 3x3): a tile of 6x6 input
 * pixels, transformed, is multiplied element by element with the transformed filters, which makes
 * 4x4 output pixels of 36 products instead of 144. Over channels, filters and tiles, these are 36
 * products of matrices.
 *
 * <p>The way of a tile, for some tiles together:
 *
 * <pre>
 *   pixels       copied to rows in which the channels of one pixel follow each other
 *   transformed  the tile's components, and its norms
 *   products     with the components and norms of the filters, over all channels
 *   outputs      transformed back, if {@link DoubleCertificate} allows it; else the tile's
 *                outputs are sums over the pixels themselves
 * </pre>
 *
 * <p>Which of the two it is, depends on the pixels of the tile and on the weights alone.
 */
final class DoubleWinograd {
  /** Products for each tile. */
  static final int COMPONENTS = POINTS * POINTS;

  /** Tiles that are transformed and multiplied together, about. */
  static final int TOGETHER = 64;

  private DoubleWinograd() {}

  /** As {@link Kernels#conv2d}. */
  static void conv2d(ConvSizes s, double[] x, double[] w, double[] b, double[] y) {
    double[] filters = filters(s, w, s.channels() * 9, 9, false);
    new DoubleWinogradTiles(s, filters, DoubleConvolutionByDefinition.outputs(s, x, w, b, y))
        .correlate(x, b, y);
  }

  /** As {@link Kernels#conv2dInput}: the same with the weights turned round. */
  static void conv2dInput(ConvSizes s, double[] w, double[] y, double[] x) {
    ConvSizes adjoint = s.adjoint();
    double[] filters = filters(adjoint, w, 9, s.channels() * 9, true);
    new DoubleWinogradTiles(adjoint, filters, DoubleConvolutionByDefinition.inputs(s, w, y, x))
        .correlate(y, new double[0], x);
  }

  /**
   * From one tap to the next in {@link #filters}. A power of 2 would put all taps of one weight in
   * the same few places of the cache.
   */
  static int tap(int sources) {
    return (sources + 1) * COLUMNS;
  }

  /**
   * Copies weights to [panels, 9, sources, COLUMNS], the outputs in panels, with zeros behind the
   * last; there is room between the taps.
   *
   * @param stepOutput from one output's weights to the next, and {@code stepSource} likewise
   */
  private static double[] filters(
      ConvSizes s, double[] w, int stepOutput, int stepSource, boolean flipped) {
    int outputs = s.filters();
    int sources = s.channels();
    int panels = ceilDiv(outputs, COLUMNS);
    int step = tap(sources);
    double[] to = DoubleArrays.POOL.take(panels * 9 * step);
    Parallel.ranges(
        panels * sources,
        9L * COLUMNS,
        (first, end) -> {
          for (int i = first; i < end; i++) {
            int panel = i / sources;
            int source = i % sources;
            for (int lane = 0; lane < COLUMNS; lane++) {
              int output = panel * COLUMNS + lane;
              int from = source * stepSource + output * stepOutput;
              int place = panel * 9 * step + source * COLUMNS + lane;
              for (int tap = 0; tap < 9; tap++) {
                to[place] = output < outputs ? w[from + (flipped ? 8 - tap : tap)] : 0;
                place += step;
              }
            }
          }
        });
    return to;
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

  /**
   * A part of a plane, which may reach over its edges.
   *
   * @param top its first row, and {@code left} its first column, in the plane
   */
  record Patch(int height, int width, int top, int left, int rows, int columns) {}

  /**
   * Copies a patch of planes so that the channels of one pixel follow each other, with zeros around
   * the planes.
   *
   * @param channels of a pixel of the copy, at least so many as there are planes
   */
  static void channelsLast(
      int planes, int channels, Patch patch, double[] x, int offset, double[] to, int at) {
    int height = patch.height;
    int width = patch.width;
    int top = patch.top;
    int left = patch.left;
    int rows = patch.rows;
    int columns = patch.columns;
    int from = Math.max(0, -left);
    int end = Math.max(from, Math.min(columns, width - left));
    for (int r = 0; r < rows; r++) {
      int row = top + r;
      int start = at + r * columns * channels;
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
