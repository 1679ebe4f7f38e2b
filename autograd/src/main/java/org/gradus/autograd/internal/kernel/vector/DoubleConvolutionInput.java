package org.gradus.autograd.internal.kernel.vector;

import static org.gradus.autograd.internal.kernel.vector.DoubleTiles.COLUMNS;
import static org.gradus.autograd.internal.kernel.vector.DoubleTiles.LANES;
import static org.gradus.autograd.internal.kernel.vector.DoubleTiles.ROWS;
import static org.gradus.autograd.internal.kernel.vector.DoubleTiles.STRIP;
import static org.gradus.autograd.internal.number.Integers.ceilDiv;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.gradus.autograd.internal.kernel.ConvSizes;
import org.gradus.autograd.internal.kernel.Kernels;
import org.gradus.autograd.internal.kernel.WindowSizes;
import org.gradus.autograd.internal.kernel.plain.DoubleConvolutionSums;
import org.gradus.autograd.internal.parallel.DoubleMemory;
import org.gradus.autograd.internal.parallel.Parallel;

/**
 * The gradient of a convolution in its input. For a stride s the input falls into s x s phases, and
 * the pixels of one phase meet the same taps: each phase is a convolution of the cotangent with
 * stride 1. Where much of the cotangent would be padding, the products with all taps are computed
 * instead, and added to where they belong.
 */
final class DoubleConvolutionInput {
  private DoubleConvolutionInput() {}

  /** As {@link Kernels#conv2dInput}, phase by phase. */
  static void byPhases(ConvSizes s, double[] w, double[] y, double[] x) {
    if (w.length == 0 || y.length == 0 || x.length == 0) {
      Arrays.fill(x, 0);
      return;
    }
    WindowSizes v = s.window();
    Reach down =
        Reach.of(v.rows().kernel(), v.rows().dilation(), v.rows().stride(), v.rows().before());
    Reach across =
        Reach.of(
            v.columns().kernel(),
            v.columns().dilation(),
            v.columns().stride(),
            v.columns().before());
    int height = ceilDiv(v.rows().input(), v.rows().stride());
    int width = ceilDiv(v.columns().input(), v.columns().stride());
    int pitch = width + across.last() - across.first();
    int filters = s.groupFilters();
    int rows =
        DoubleConvolution.blockRows(
            s.batch() * s.groups(),
            height,
            r -> (long) filters * (r + down.last() - down.first()) * pitch);
    Layout layout =
        new Layout(
            Layout.Parts.whole(v.rows().output(), down.first(), rows + down.last() - down.first()),
            Layout.Parts.whole(v.columns().output(), across.first(), pitch));
    Phase[] phases = new Phase[v.rows().stride() * v.columns().stride()];
    for (int i = 0; i < phases.length; i++) {
      phases[i] =
          phase(s, layout, down, across, i / v.columns().stride(), i % v.columns().stride(), w);
    }
    if (Arrays.stream(phases).anyMatch(phase -> phase.offsets.length == 0)) {
      Arrays.fill(x, 0);
    }
    int blocks = ceilDiv(height, rows);
    DoubleConvolutionSums.Mend mend = DoubleConvolutionSums.inputs(s, w, y, x);
    int deepest = Arrays.stream(phases).mapToInt(phase -> phase.offsets.length).max().orElseThrow();
    Parallel.each(
        s.batch() * s.groups() * blocks,
        DoubleConvolution.cost(s) / ((long) s.batch() * s.groups() * blocks),
        () ->
            new DoubleConvolution.Memory(
                filters * layout.plane(), layout.plane(), deepest, s.groupChannels()),
        (memory, task) -> {
          int image = task / (s.groups() * blocks);
          int group = task / blocks % s.groups();
          int row = task % blocks * rows;
          DoubleConvolution.fill(
              layout,
              row,
              filters,
              y,
              (image * s.filters() + group * filters) * v.outPlane(),
              memory.slab,
              0);
          int plane = (image * s.channels() + group * s.groupChannels()) * v.inPlane();
          for (int i = 0; i < phases.length; i++) {
            int a = i / v.columns().stride();
            int b = i % v.columns().stride();
            int phaseRows = Math.min(rows, ceilDiv(v.rows().input() - a, v.rows().stride()) - row);
            int phaseColumns = ceilDiv(v.columns().input() - b, v.columns().stride());
            if (phaseRows > 0 && phaseColumns > 0 && phases[i].offsets.length > 0) {
              DoubleConvolution.correlate(
                  phases[i].weights[group],
                  layout,
                  phases[i].offsets,
                  phaseRows,
                  phaseColumns,
                  memory,
                  x,
                  plane + (row * v.rows().stride() + a) * v.columns().input() + b,
                  v.inPlane(),
                  v.rows().stride() * v.columns().input(),
                  v.columns().stride());
            }
          }
          int done =
              Math.min(rows * v.rows().stride(), v.rows().input() - row * v.rows().stride())
                  * v.columns().input();
          DoubleConvolution.mend(
              mend,
              s.groupChannels(),
              x,
              plane + row * v.rows().stride() * v.columns().input(),
              v.inPlane(),
              done);
        });
    for (Phase phase : phases) {
      DoubleStrips.release(phase.weights);
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
  private record Phase(int[] offsets, DoubleStrips[] weights) {}

  private static Phase phase(
      ConvSizes s, Layout layout, Reach down, Reach across, int a, int b, double[] w) {
    WindowSizes v = s.window();
    int taps = v.rows().kernel() * v.columns().kernel();
    int[] met = new int[taps];
    int[] places = new int[taps];
    int n = 0;
    for (int tap = 0; tap < taps; tap++) {
      int i = tap / v.columns().kernel();
      int j = tap % v.columns().kernel();
      if (down.meets(a, i) && across.meets(b, j)) {
        met[n] = tap;
        places[n++] = down.offset(a, i) * layout.pitch() + across.offset(b, j);
      }
    }
    int count = n;
    int depth = s.groupFilters() * count;
    int[] offsets = new int[depth];
    for (int k = 0; k < depth; k++) {
      offsets[k] = k / count * layout.plane() + places[k % count];
    }
    DoubleStrips[] weights = new DoubleStrips[s.groups()];
    for (int g = 0; g < weights.length; g++) {
      int start = g * s.groupFilters() * s.filterSize();
      weights[g] =
          DoubleStrips.pack(
              s.groupChannels(),
              depth,
              (row, rows, strip, at) -> {
                for (int r = 0; r < rows; r++) {
                  for (int k = 0; k < depth; k++) {
                    strip[at + k * STRIP + r] =
                        w[start + k / count * s.filterSize() + (row + r) * taps + met[k % count]];
                  }
                }
              });
    }
    return new Phase(offsets, weights);
  }

  /**
   * As {@link Kernels#conv2dInput} for a stride of 1, the adjoint of the forward loop: the products
   * of two vectors of pixels of the cotangent with the weights of one tap are added to where that
   * tap lies in a slab of the input. The vectors follow each other over rows with zeros between
   * them, as wide as the slab's, or else each row has vectors of its own.
   */
  static void byTaps(ConvSizes s, double[] w, double[] y, double[] x) {
    if (w.length == 0 || y.length == 0 || x.length == 0) {
      Arrays.fill(x, 0);
      return;
    }
    WindowSizes v = s.window();
    int pitch =
        DoubleConvolution.pitch(v, Layout.ofInput(v, v.rows().output()).pitch(), v.rows().output());
    int vectors = DoubleConvolution.vectors(v, pitch, v.rows().output());
    Layout layout = Layout.ofInput(v, v.rows().output()).widened(pitch);
    int[] offsets = layout.taps(v, 1);
    int plane = layout.plane() + layout.pitch() + 2 * LANES; // vectors reach behind the last row
    Layout cotangent = Layout.ofOutput(v, v.rows().output() + ceilDiv(2 * LANES, pitch), pitch);
    int[] planes = IntStream.range(0, s.groupFilters()).map(f -> f * cotangent.plane()).toArray();
    int tasks = s.batch() * s.groups();
    int channels = // of one part; no fewer than rows of a tile, which must not overlap
        Math.max(ROWS, ceilDiv(s.groupChannels(), ceilDiv(DoubleConvolution.PARTS, tasks)));
    int parts = ceilDiv(s.groupChannels(), channels);
    DoubleStrips[] weights = new DoubleStrips[s.groups() * parts];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = weightsOfTaps(s, i / parts, i % parts * channels, channels, w);
    }
    // What a tile has behind the last row goes to a plane of its own.
    int[] places = new int[offsets.length * channels + ROWS];
    Arrays.fill(places, channels * plane);
    for (int i = 0; i < offsets.length * channels; i++) {
      places[i] = i % channels * plane + offsets[tap(v, i / channels)];
    }
    DoubleConvolutionSums.Mend mend = DoubleConvolutionSums.inputs(s, w, y, x);
    Parallel.each(
        tasks * parts,
        DoubleConvolution.cost(s) / ((long) tasks * parts),
        () ->
            new DoubleMemory(
                (channels + 1) * plane,
                planes.length * COLUMNS,
                planes.length * cotangent.plane() + LANES),
        (memory, task) -> {
          double[] sums = memory.array(0);
          double[] panel = memory.array(1);
          int first = task % parts * channels;
          int from = task / parts * planes.length * v.outPlane();
          Arrays.fill(sums, 0, channels * plane, 0);
          DoubleConvolution.fill(cotangent, 0, planes.length, y, from, memory.array(2), 0);
          for (int i = 0; i < vectors * LANES; i += COLUMNS) {
            DoubleTiles.gather2(planes.length, memory.array(2), planes, i, i + LANES, panel);
            int place0 = i / pitch * layout.pitch() + i % pitch;
            int place1 = (i + LANES) / pitch * layout.pitch() + (i + LANES) % pitch;
            weights[task % weights.length].addTo(panel, sums, places, place0, place1 - place0);
          }
          int channel = task / parts * s.groupChannels() + first;
          int count = Math.max(0, Math.min(channels, s.groupChannels() - first));
          for (int c = 0; c < count; c++) {
            DoubleConvolution.copy(
                v.rows().input(),
                v.columns().input(),
                1,
                sums,
                c * plane + v.rows().before() * layout.pitch() + v.columns().before(),
                layout.pitch(),
                x,
                (channel + c) * v.inPlane(),
                v.columns().input());
          }
          DoubleConvolution.mend(mend, count, x, channel * v.inPlane(), v.inPlane(), v.inPlane());
        });
    DoubleStrips.release(weights);
  }

  /**
   * Which tap comes i-th: down the columns of the window. What taps side by side are added to
   * overlaps, and a load that meets two stores just made has to wait.
   */
  private static int tap(WindowSizes v, int i) {
    return i % v.rows().kernel() * v.columns().kernel() + i / v.rows().kernel();
  }

  /**
   * The weights of some channels as [taps * channels, filters]. The rows of a tile belong to as
   * many channels, since those of one channel would be added to the same pixels.
   */
  private static DoubleStrips weightsOfTaps(
      ConvSizes s, int group, int first, int channels, double[] w) {
    WindowSizes v = s.window();
    int taps = v.rows().kernel() * v.columns().kernel();
    int depth = s.filterSize();
    return DoubleStrips.pack(
        taps * channels,
        s.groupFilters(),
        (row, count, strip, at) -> {
          for (int r = 0; r < count; r++) {
            int channel = first + (row + r) % channels;
            if (channel < s.groupChannels()) {
              int from =
                  group * s.groupFilters() * depth + channel * taps + tap(v, (row + r) / channels);
              for (int f = 0; f < s.groupFilters(); f++) {
                strip[at + f * STRIP + r] = w[from + f * depth];
              }
            }
          }
        });
  }
}
