package org.gradus.autograd.internal.kernel;

import static org.gradus.autograd.internal.kernel.DoubleMatmul.ceilDiv;
import static org.gradus.autograd.internal.kernel.DoubleVectorTiles.COLUMNS;
import static org.gradus.autograd.internal.kernel.DoubleVectorTiles.HIGH;

import java.util.Arrays;

/**
 * The gradient of a convolution in its input. For a stride s the input falls into s x s phases, and
 * the pixels of one phase meet the same taps: each phase is a convolution of the cotangent with
 * stride 1. Where much of the cotangent would be padding, the products with all taps are computed
 * instead, and added to where they belong.
 */
final class DoubleVectorConvolutionInput {
  private DoubleVectorConvolutionInput() {}

  /** As {@link Kernels#conv2dInput}. */
  static void conv2dInput(ConvSizes s, double[] w, double[] y, double[] x) {
    if (w.length == 0 || y.length == 0 || x.length == 0) {
      Arrays.fill(x, 0);
      return;
    }
    if (padded(s)) {
      byColumns(s, w, y, x);
    } else {
      byPhases(s, w, y, x);
    }
  }

  /** Whether phases would compute much more than there is: windows without padding do. */
  private static boolean padded(ConvSizes s) {
    WindowSizes v = s.window();
    return v.strideH() == 1
        && v.strideW() == 1
        && s.groupChannels() > DoubleVectorConvolution.FEW
        && v.inPlane() > 1.3 * v.outPlane();
  }

  private static void byPhases(ConvSizes s, double[] w, double[] y, double[] x) {
    WindowSizes v = s.window();
    Reach down = Reach.of(v.kernelH(), v.dilationH(), v.strideH(), v.padTop());
    Reach across = Reach.of(v.kernelW(), v.dilationW(), v.strideW(), v.padLeft());
    int height = ceilDiv(v.inH(), v.strideH());
    int width = ceilDiv(v.inW(), v.strideW());
    int pitch = width + across.last() - across.first();
    int filters = s.groupFilters();
    int rows =
        DoubleVectorConvolution.blockRows(
            s.batch() * s.groups(),
            height,
            r -> filters * (r + down.last() - down.first()) * pitch);
    Slab slab =
        new Slab(
            v.outH(),
            v.outW(),
            1,
            1,
            new int[] {down.first()},
            new int[] {across.first()},
            rows + down.last() - down.first(),
            pitch);
    Phase[] phases = new Phase[v.strideH() * v.strideW()];
    for (int i = 0; i < phases.length; i++) {
      phases[i] = phase(s, slab, down, across, i / v.strideW(), i % v.strideW(), w);
    }
    if (Arrays.stream(phases).anyMatch(phase -> phase.offsets.length == 0)) {
      Arrays.fill(x, 0);
    }
    int blocks = ceilDiv(height, rows);
    int deepest = Arrays.stream(phases).mapToInt(phase -> phase.offsets.length).max().orElseThrow();
    Parallel.each(
        s.batch() * s.groups() * blocks,
        DoubleVectorConvolution.cost(s) / ((long) s.batch() * s.groups() * blocks),
        () ->
            new DoubleVectorConvolution.Memory(
                filters * slab.plane(), slab.plane(), deepest, s.groupChannels()),
        (memory, task) -> {
          int image = task / (s.groups() * blocks);
          int group = task / blocks % s.groups();
          int row = task % blocks * rows;
          DoubleVectorConvolution.fill(
              slab,
              row,
              filters,
              y,
              (image * s.filters() + group * filters) * v.outPlane(),
              memory.slab,
              0);
          int plane = (image * s.channels() + group * s.groupChannels()) * v.inPlane();
          for (int i = 0; i < phases.length; i++) {
            int a = i / v.strideW();
            int b = i % v.strideW();
            int phaseRows = Math.min(rows, ceilDiv(v.inH() - a, v.strideH()) - row);
            int phaseColumns = ceilDiv(v.inW() - b, v.strideW());
            if (phaseRows > 0 && phaseColumns > 0 && phases[i].offsets.length > 0) {
              DoubleVectorConvolution.correlate(
                  phases[i].weights[group],
                  slab,
                  phases[i].offsets,
                  phaseRows,
                  phaseColumns,
                  memory,
                  x,
                  plane + (row * v.strideH() + a) * v.inW() + b,
                  v.inPlane(),
                  v.strideH() * v.inW(),
                  v.strideW());
            }
          }
        });
    for (Phase phase : phases) {
      for (DoubleVectorPanels packed : phase.weights) {
        packed.release();
      }
    }
  }

  /** How far the outputs that an input takes part in lie from its own place, along one axis. */
  private record Reach(int kernel, int dilation, int stride, int pad, int first, int last) {
    static Reach of(int kernel, int dilation, int stride, int pad) {
      return new Reach(
          kernel,
          dilation,
          stride,
          pad,
          Math.floorDiv(pad - (kernel - 1) * dilation, stride),
          Math.floorDiv(stride - 1 + pad, stride));
    }

    /** Whether tap i of a window meets the inputs a, a + stride, ... */
    boolean meets(int a, int i) {
      return Math.floorMod(a + pad - i * dilation, stride) == 0;
    }

    /** Where the output of tap i lies from the input's place, counted from the first. */
    int offset(int a, int i) {
      return Math.floorDiv(a + pad - i * dilation, stride) - first;
    }
  }

  /** The taps that meet one phase of the input, and their weights as [channels, filters * taps]. */
  @SuppressWarnings("ArrayRecordComponent") // a parameter object, which is never compared
  private record Phase(int[] offsets, DoubleVectorPanels[] weights) {}

  private static Phase phase(
      ConvSizes s, Slab slab, Reach down, Reach across, int a, int b, double[] w) {
    WindowSizes v = s.window();
    int taps = v.kernelH() * v.kernelW();
    int[] met = new int[taps];
    int[] places = new int[taps];
    int n = 0;
    for (int tap = 0; tap < taps; tap++) {
      int i = tap / v.kernelW();
      int j = tap % v.kernelW();
      if (down.meets(a, i) && across.meets(b, j)) {
        met[n] = tap;
        places[n++] = down.offset(a, i) * slab.pitch() + across.offset(b, j);
      }
    }
    int count = n;
    int depth = s.groupFilters() * count;
    int[] offsets = new int[depth];
    for (int k = 0; k < depth; k++) {
      offsets[k] = k / count * slab.plane() + places[k % count];
    }
    DoubleVectorPanels[] weights = new DoubleVectorPanels[s.groups()];
    for (int g = 0; g < weights.length; g++) {
      int start = g * s.groupFilters() * s.filterSize();
      weights[g] =
          DoubleVectorPanels.pack(
              s.groupChannels(),
              depth,
              (row, rows, height, strip, at) -> {
                for (int r = 0; r < rows; r++) {
                  for (int k = 0; k < depth; k++) {
                    strip[at + k * height + r] =
                        w[start + k / count * s.filterSize() + (row + r) * taps + met[k % count]];
                  }
                }
              });
    }
    return new Phase(offsets, weights);
  }

  /**
   * The products of all weights with the pixels of the cotangent are columns [filterSize, pixels];
   * row by row they are added to the input.
   */
  private static void byColumns(ConvSizes s, double[] w, double[] y, double[] x) {
    WindowSizes v = s.window();
    int depth = s.groupFilters();
    int taps = v.kernelH() * v.kernelW();
    int pixels = v.outPlane();
    int width = ceilDiv(pixels, COLUMNS) * COLUMNS;
    DoubleVectorPanels[] weights = new DoubleVectorPanels[s.groups()];
    for (int g = 0; g < weights.length; g++) {
      int start = g * depth * s.filterSize();
      weights[g] =
          DoubleVectorPanels.pack(
              s.filterSize(),
              depth,
              DoubleVectorPanels.strided(depth, w, start, 1, s.filterSize()));
    }
    Parallel.each(
        s.batch() * s.groups(),
        DoubleVectorConvolution.cost(s) / ((long) s.batch() * s.groups()),
        () -> new DoubleMemory(depth * COLUMNS, HIGH * COLUMNS, s.filterSize() * width),
        (memory, task) -> {
          double[] panel = memory.array(0);
          double[] columns = memory.array(2);
          int from = task * depth * pixels;
          for (int pixel = 0; pixel < pixels; pixel += COLUMNS) {
            if (pixel + COLUMNS <= pixels) {
              DoubleVectorTiles.rows(depth, y, from + pixel, pixels, panel);
            } else {
              for (int f = 0; f < depth; f++) {
                System.arraycopy(y, from + f * pixels + pixel, panel, f * COLUMNS, pixels - pixel);
              }
            }
            weights[task % s.groups()].times(
                0,
                s.filterSize(),
                panel,
                0,
                COLUMNS,
                memory.array(1),
                false,
                columns,
                pixel,
                width);
          }
          int to = task * s.groupChannels() * v.inPlane();
          Arrays.fill(x, to, to + s.groupChannels() * v.inPlane(), 0);
          for (int k = 0; k < s.filterSize(); k++) {
            int i = k / v.kernelW() % v.kernelH();
            int j = k % v.kernelW();
            int column = v.firstInside(j);
            int row = Math.max(0, -v.row(0, i));
            DoubleVectorTiles.addRows(
                Math.min(v.outH(), v.inH() - v.row(0, i)) - row,
                v.endInside(j) - column,
                columns,
                k * width + row * v.outW() + column,
                v.outW(),
                x,
                to + k / taps * v.inPlane() + v.row(row, i) * v.inW() + v.column(column, j),
                v.inW());
          }
        });
    for (DoubleVectorPanels packed : weights) {
      packed.release();
    }
  }
}
