package org.gradus.autograd.internal.kernel.vector;

import static org.gradus.autograd.internal.kernel.vector.DoubleTiles.COLUMNS;
import static org.gradus.autograd.internal.kernel.vector.DoubleTiles.LANES;
import static org.gradus.autograd.internal.kernel.vector.DoubleTiles.ROWS;
import static org.gradus.autograd.internal.kernel.vector.DoubleTiles.STRIP;
import static org.gradus.autograd.internal.kernel.vector.DoubleTiles.VIRTUAL_LANES;
import static org.gradus.autograd.internal.number.Integers.ceilDiv;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.gradus.autograd.internal.kernel.ConvSizes;
import org.gradus.autograd.internal.kernel.Kernels;
import org.gradus.autograd.internal.kernel.WindowSizes;
import org.gradus.autograd.internal.kernel.plain.DoubleConvolutionByDefinition;
import org.gradus.autograd.internal.parallel.DoubleMemory;
import org.gradus.autograd.internal.parallel.Parallel;

/**
 * The gradient of a convolution of stride 1 in its input, tap by tap: the adjoint of the forward
 * loop. The products of a block of pixels of the cotangent with the weights of one tap are added to
 * where that tap lies in a slab of the input. The blocks follow each other over rows with zeros
 * between them, as wide as the slab's, or else each row has vectors of its own.
 *
 * <p>A block has as many pixels for any width of vectors, and meets one tap after the other: an
 * input pixel is the sum of its taps block by block, and in each block in their order.
 */
final class DoubleInputByTaps {
  /** Pixels of a block, and the panels that they fill. */
  private static final int BLOCK = 2 * VIRTUAL_LANES;

  private static final int PANELS = BLOCK / COLUMNS;

  /** Memory of a task, by number. */
  private static final int SUMS = 0;

  private static final int PANEL = 1;
  private static final int SLAB = 2;

  private final ConvSizes s;
  private final WindowSizes v;

  /** From one row of the cotangent to the next, and the vectors of a plane. */
  private final int pitch;

  private final int vectors;

  /** Of the cotangent, and of the input; one plane of that. */
  private final Layout cotangent;

  private final Layout layout;
  private final int plane;

  /** Channels of one part, and such parts. */
  private final int channels;

  private final int parts;

  /** Where the rows of the weights are added. */
  private final int[] places;

  private DoubleInputByTaps(ConvSizes s) {
    this.s = s;
    v = s.window();
    int rows = v.rows().output();
    pitch = DoubleConvolution.pitch(v, Layout.ofInput(v, rows).pitch(), rows);
    vectors = DoubleConvolution.vectors(v, pitch, rows);
    cotangent = Layout.ofOutput(v, rows + ceilDiv(BLOCK, pitch), pitch);
    layout = Layout.ofInput(v, rows).widened(pitch);
    plane = layout.plane() + layout.pitch() + BLOCK; // vectors reach behind the last row
    int images = s.batch() * s.groups();
    channels = // no fewer than rows of a tile, which must not overlap
        Math.max(ROWS, ceilDiv(s.groupChannels(), ceilDiv(DoubleConvolution.PARTS, images)));
    parts = ceilDiv(s.groupChannels(), channels);
    int[] offsets = layout.taps(v, 1);
    // What a tile has behind the last row goes to a plane of its own.
    places = new int[offsets.length * channels + ROWS];
    Arrays.fill(places, channels * plane);
    for (int i = 0; i < offsets.length * channels; i++) {
      places[i] = i % channels * plane + offsets[tap(i / channels)];
    }
  }

  /** As {@link Kernels#conv2dInput}. */
  static void conv2dInput(ConvSizes s, double[] w, double[] y, double[] x) {
    if (w.length == 0 || y.length == 0 || x.length == 0) {
      Arrays.fill(x, 0);
      return;
    }
    new DoubleInputByTaps(s).write(w, y, x);
  }

  private void write(double[] w, double[] y, double[] x) {
    int filters = s.groupFilters();
    int[] planes = IntStream.range(0, filters).map(f -> f * cotangent.plane()).toArray();
    DoubleStrips[] weights = new DoubleStrips[s.groups() * parts];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = weights(i / parts, i % parts * channels, w);
    }
    int tasks = s.batch() * weights.length;
    DoubleConvolutionByDefinition.Mend mend = DoubleConvolutionByDefinition.inputs(s, w, y, x);
    Parallel.each(
        tasks,
        DoubleConvolution.cost(s) / tasks,
        () ->
            new DoubleMemory(
                (channels + 1) * plane, filters * BLOCK, filters * cotangent.plane() + LANES),
        (memory, task) -> {
          double[] sums = memory.array(SUMS);
          double[] panel = memory.array(PANEL);
          int first = task % parts * channels;
          int from = task / parts * filters * v.outPlane();
          Arrays.fill(sums, 0, channels * plane, 0);
          DoubleConvolution.fill(cotangent, 0, filters, y, from, memory.array(SLAB), 0);
          int[] starts = new int[2 * PANELS];
          for (int i = 0; i < vectors * VIRTUAL_LANES; i += BLOCK) {
            for (int j = 0; j < starts.length; j++) {
              int pixel = i + j * LANES;
              starts[j] = pixel / pitch * layout.pitch() + pixel % pitch;
            }
            for (int j = 0; j < PANELS; j++) {
              int pixel = i + j * COLUMNS;
              int at = j * filters * COLUMNS;
              DoubleTiles.gather2(
                  filters, memory.array(SLAB), planes, pixel, pixel + LANES, panel, at);
            }
            weights[task % weights.length].addTo(panel, sums, places, starts);
          }
          int channel = task / parts * s.groupChannels() + first;
          int count = Math.max(0, Math.min(channels, s.groupChannels() - first));
          writeChannels(sums, x, channel, count);
          DoubleConvolution.mend(mend, count, x, channel * v.inPlane(), v.inPlane(), v.inPlane());
        });
    DoubleStrips.release(weights);
  }

  /** Copies what belongs to the input itself. */
  private void writeChannels(double[] sums, double[] x, int channel, int count) {
    int columns = v.columns().input();
    for (int c = 0; c < count; c++) {
      int from = c * plane + v.rows().before() * layout.pitch() + v.columns().before();
      int to = (channel + c) * v.inPlane();
      DoubleConvolution.copyRows(
          v.rows().input(), columns, 1, sums, from, layout.pitch(), x, to, columns);
    }
  }

  /**
   * Which tap comes i-th: down the columns of the window. What taps side by side are added to
   * overlaps, and a load that meets two stores just made has to wait.
   */
  private int tap(int i) {
    return i % v.rows().kernel() * v.columns().kernel() + i / v.rows().kernel();
  }

  /**
   * The weights of some channels as [taps * channels, filters]. The rows of a tile belong to as
   * many channels, since those of one channel would be added to the same pixels.
   */
  private DoubleStrips weights(int group, int first, double[] w) {
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
                  group * s.groupFilters() * depth + channel * taps + tap((row + r) / channels);
              for (int f = 0; f < s.groupFilters(); f++) {
                strip[at + f * STRIP + r] = w[from + f * depth];
              }
            }
          }
        });
  }
}
