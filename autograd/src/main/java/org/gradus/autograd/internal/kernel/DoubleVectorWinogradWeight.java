package org.gradus.autograd.internal.kernel;

import static org.gradus.autograd.internal.kernel.DoubleVectorTiles.COLUMNS;
import static org.gradus.autograd.internal.kernel.DoubleVectorTiles.LANES;
import static org.gradus.autograd.internal.kernel.DoubleVectorTiles.ROWS;
import static org.gradus.autograd.internal.kernel.DoubleVectorTiles.STRIP;
import static org.gradus.autograd.internal.kernel.DoubleVectorTransforms.IN;
import static org.gradus.autograd.internal.kernel.DoubleVectorTransforms.OUT;
import static org.gradus.autograd.internal.kernel.DoubleVectorTransforms.POINTS;
import static org.gradus.autograd.internal.kernel.DoubleVectorTransforms.TAPS;
import static org.gradus.autograd.internal.kernel.DoubleVectorWinograd.COMPONENTS;
import static org.gradus.autograd.internal.kernel.DoubleVectorWinograd.TOGETHER;

import org.gradus.autograd.internal.kernel.DoubleVectorWinograd.Tiling;

/**
 * The gradient in the weights of a convolution of {@link DoubleVectorWinograd}: the adjoint of its
 * steps, in reverse. The cotangent's tiles are transformed, multiplied with those of the input and
 * summed over all tiles, and what comes out is transformed to weights.
 */
final class DoubleVectorWinogradWeight {
  /** Elements of the transformed tiles that are summed over together, about. */
  private static final int SUM_SIZE = 1 << 20;

  private DoubleVectorWinogradWeight() {}

  /** As {@link Kernels#conv2dWeight}. */
  static void conv2dWeight(ConvSizes s, double[] x, double[] y, double[] w) {
    WindowSizes v = s.window();
    int channels = DoubleVectorWinograd.round(s.channels(), COLUMNS);
    int filters = DoubleVectorWinograd.round(s.filters(), STRIP);
    Tiling tiling =
        Tiling.of(
            s.batch(),
            v.outH(),
            v.outW(),
            Math.max(TOGETHER, SUM_SIZE / (COMPONENTS * (channels + filters))));
    int tiles = tiling.tiles();
    int componentX = channels * tiles + COLUMNS;
    int componentY = filters * tiles + COLUMNS;
    int component = filters * channels;
    DoubleMemory shared =
        new DoubleMemory(COMPONENTS * componentX, COMPONENTS * componentY, COMPONENTS * component);
    double[] inputs = shared.array(0);
    double[] cotangents = shared.array(1);
    double[] sums = shared.array(2);
    int inRows = tiling.bandRows() * OUT + IN - OUT;
    int inColumns = tiling.across() * OUT + IN - OUT;
    int outRows = tiling.bandRows() * OUT;
    int outColumns = tiling.across() * OUT;
    for (int first = 0; first < tiling.items(); first += tiling.together()) {
      int start = first;
      int items = Math.min(tiling.together(), tiling.items() - first);
      Parallel.each(
          items,
          (long) tiling.tilesOfItem() * (channels + filters) * COMPONENTS / LANES,
          () ->
              new DoubleMemory(
                  Math.max(inRows * inColumns * channels, outRows * outColumns * filters),
                  COMPONENTS * LANES),
          (memory, i) -> {
            int image = (start + i) / tiling.bands();
            int row = (start + i) % tiling.bands() * outRows;
            DoubleVectorWinograd.channelsLast(
                s.channels(),
                channels,
                v.inH(),
                v.inW(),
                row - v.padTop(),
                -v.padLeft(),
                inRows,
                inColumns,
                x,
                image * s.channels() * v.inPlane(),
                memory.array(0));
            for (int t = 0; t < tiling.tilesOfItem(); t += tiling.across()) {
              int at = t / tiling.across() * inColumns * OUT * channels;
              int tile = i * tiling.tilesOfItem() + t;
              for (int c = 0; c < s.channels(); c += LANES) {
                DoubleVectorTransforms.input(
                    tiling.across(),
                    memory.array(0),
                    at + c,
                    OUT * channels,
                    inColumns * channels,
                    channels,
                    memory.array(1),
                    inputs,
                    (c / COLUMNS * tiles + tile) * COLUMNS + c % COLUMNS,
                    COLUMNS,
                    componentX);
              }
            }
            DoubleVectorWinograd.channelsLast(
                s.filters(),
                filters,
                v.outH(),
                v.outW(),
                row,
                0,
                outRows,
                outColumns,
                y,
                image * s.filters() * v.outPlane(),
                memory.array(0));
            for (int t = 0; t < tiling.tilesOfItem(); t += tiling.across()) {
              int at = t / tiling.across() * outColumns * OUT * filters;
              int tile = i * tiling.tilesOfItem() + t;
              for (int f = 0; f < s.filters(); f += LANES) {
                DoubleVectorTransforms.cotangent(
                    tiling.across(),
                    memory.array(0),
                    at + f,
                    OUT * filters,
                    outColumns * filters,
                    filters,
                    memory.array(1),
                    cotangents,
                    (f / STRIP * tiles + tile) * STRIP + f % STRIP,
                    STRIP,
                    componentY);
              }
            }
          });
      int depth = items * tiling.tilesOfItem();
      int panels = channels / COLUMNS;
      Parallel.each(
          COMPONENTS * panels,
          task -> {
            int i = task / panels;
            int panel = task % panels;
            for (int f = 0; f < filters; f += ROWS) {
              int to = i * component + f * channels + panel * COLUMNS;
              DoubleVectorTiles.tile(
                  depth,
                  cotangents,
                  i * componentY + f / STRIP * tiles * STRIP + f % STRIP,
                  inputs,
                  i * componentX + panel * tiles * COLUMNS,
                  start > 0,
                  sums,
                  to,
                  to + channels,
                  to + 2 * channels,
                  to + 3 * channels,
                  LANES);
            }
          });
    }
    Parallel.ranges(
        s.filters(),
        200L * channels / LANES,
        (from, end) -> {
          double[] t = new double[TAPS * POINTS * LANES];
          double[] taps = new double[9 * LANES];
          for (int f = from; f < end; f++) {
            for (int c = 0; c < s.channels(); c += LANES) {
              DoubleVectorTransforms.gradient(
                  1, sums, f * channels + c, 0, component, t, taps, 0, 0, LANES);
              for (int lane = 0; lane < Math.min(LANES, s.channels() - c); lane++) {
                for (int tap = 0; tap < 9; tap++) {
                  w[(f * s.channels() + c + lane) * 9 + tap] = taps[tap * LANES + lane];
                }
              }
            }
          }
        });
    shared.close();
  }
}
