package org.gradus.autograd.internal.kernel.vector;

import static org.gradus.autograd.internal.kernel.vector.DoubleTiles.COLUMNS;
import static org.gradus.autograd.internal.kernel.vector.DoubleTiles.STRIP;
import static org.gradus.autograd.internal.number.Integers.ceilDiv;

import java.util.Arrays;
import org.gradus.autograd.internal.kernel.Axis;
import org.gradus.autograd.internal.kernel.ConvSizes;
import org.gradus.autograd.internal.kernel.Kernels;
import org.gradus.autograd.internal.kernel.WindowSizes;
import org.gradus.autograd.internal.kernel.plain.DoubleConvolutionByDefinition;
import org.gradus.autograd.internal.kernel.vector.DoubleConvolution.Grid;
import org.gradus.autograd.internal.parallel.Parallel;

/**
 * The gradient of a convolution in its input, by phases. For a stride s the input falls into s x s
 * phases, and the pixels of one phase meet the same taps: each phase is a convolution of the
 * cotangent with stride 1. So no zeros between the outputs are multiplied: 5x5 with stride 2 has
 * phases of 9, 6, 6 and 4 taps.
 */
final class DoubleInputByPhases {
  private final ConvSizes s;
  private final WindowSizes v;
  private final Reach down;
  private final Reach across;

  /** Rows of a phase that are made from one slab, and such blocks of an image. */
  private final int rows;

  private final int blocks;

  /** Of the cotangent. */
  private final Layout layout;

  private final Phase[] phases;

  private DoubleInputByPhases(ConvSizes s, double[] w) {
    this.s = s;
    v = s.window();
    down = Reach.of(v.rows());
    across = Reach.of(v.columns());
    int height = ceilDiv(v.rows().input(), v.rows().stride());
    int width = ceilDiv(v.columns().input(), v.columns().stride());
    int pitch = width + across.length();
    rows =
        DoubleConvolution.blockRows(
            ceilDiv(COLUMNS, width),
            s.batch() * s.groups(),
            height,
            r -> (long) s.groupFilters() * (r + down.length()) * pitch);
    blocks = ceilDiv(height, rows);
    layout =
        new Layout(
            Layout.Parts.whole(v.rows().output(), down.first(), rows + down.length()),
            Layout.Parts.whole(v.columns().output(), across.first(), pitch));
    phases = new Phase[v.rows().stride() * v.columns().stride()];
    Arrays.setAll(phases, i -> phase(i / v.columns().stride(), i % v.columns().stride(), w));
  }

  /** As {@link Kernels#conv2dInput}. */
  static void conv2dInput(ConvSizes s, double[] w, double[] y, double[] x) {
    if (w.length == 0 || y.length == 0 || x.length == 0) {
      Arrays.fill(x, 0);
      return;
    }
    new DoubleInputByPhases(s, w).write(y, x, DoubleConvolutionByDefinition.inputs(s, w, y, x));
  }

  private void write(double[] y, double[] x, DoubleConvolutionByDefinition.Mend mend) {
    if (Arrays.stream(phases).anyMatch(phase -> phase.offsets.length == 0)) {
      Arrays.fill(x, 0);
    }
    int images = s.batch() * s.groups();
    int filters = s.groupFilters();
    int deepest = Arrays.stream(phases).mapToInt(phase -> phase.offsets.length).max().orElseThrow();
    int each = DoubleConvolution.together(s.groupChannels(), images * blocks);
    int parts = ceilDiv(s.groupChannels(), each);
    Parallel.each(
        images * blocks * parts,
        DoubleConvolution.cost(s) / ((long) images * blocks * parts),
        () ->
            new DoubleConvolution.Memory(
                filters * layout.plane(), layout.plane(), deepest, s.groupChannels()),
        (memory, task) -> {
          int place = task / parts;
          int image = place / (s.groups() * blocks);
          int group = place / blocks % s.groups();
          int row = place % blocks * rows;
          int filter = image * s.filters() + group * filters;
          DoubleConvolution.fill(layout, row, filters, y, filter * v.outPlane(), memory.slab, 0);
          int first = task % parts * each;
          int count = Math.min(each, s.groupChannels() - first);
          int plane = (image * s.channels() + group * s.groupChannels() + first) * v.inPlane();
          for (int i = 0; i < phases.length; i++) {
            DoubleStrips weights = phases[i].weights[group].part(first, count);
            correlate(i, weights, row, memory, x, plane);
          }
          int top = row * v.rows().stride();
          int done = Math.min(rows * v.rows().stride(), v.rows().input() - top);
          int width = v.columns().input();
          DoubleConvolution.mend(mend, count, x, plane + top * width, v.inPlane(), done * width);
        });
    for (Phase phase : phases) {
      DoubleStrips.release(phase.weights);
    }
  }

  /** Writes the pixels of one phase, of the rows that are made from one slab. */
  private void correlate(
      int i,
      DoubleStrips weights,
      int row,
      DoubleConvolution.Memory memory,
      double[] x,
      int plane) {
    Axis height = v.rows();
    Axis width = v.columns();
    int a = i / width.stride();
    int b = i % width.stride();
    int phaseRows = Math.min(rows, ceilDiv(height.input() - a, height.stride()) - row);
    int phaseColumns = ceilDiv(width.input() - b, width.stride());
    Phase phase = phases[i];
    if (phaseRows > 0 && phaseColumns > 0 && phase.offsets.length > 0) {
      int step = height.stride() * width.input();
      Grid grid = new Grid(phaseRows, phaseColumns, v.inPlane(), step, width.stride());
      int to = plane + (row * height.stride() + a) * width.input() + b;
      DoubleConvolution.correlate(weights, layout, phase.offsets, grid, memory, x, to);
    }
  }

  /** How far the outputs that an input takes part in lie from its own place, along one axis. */
  private record Reach(Axis axis, int first, int last) {
    static Reach of(Axis axis) {
      int before = axis.before() - (axis.kernel() - 1) * axis.dilation();
      return new Reach(
          axis,
          Math.floorDiv(before, axis.stride()),
          Math.floorDiv(axis.stride() - 1 + axis.before(), axis.stride()));
    }

    int length() {
      return last - first;
    }

    /** Whether a tap of a window meets the inputs a, a + stride, ... */
    boolean meets(int a, int tap) {
      return Math.floorMod(a - axis.at(0, tap), axis.stride()) == 0;
    }

    /** Where the output of a tap lies from the input's place, counted from the first. */
    int offset(int a, int tap) {
      return Math.floorDiv(a - axis.at(0, tap), axis.stride()) - first;
    }
  }

  /** The taps that meet one phase of the input, and their weights as [channels, filters * taps]. */
  @SuppressWarnings("ArrayRecordComponent") // a parameter object, which is never compared
  private record Phase(int[] offsets, DoubleStrips[] weights) {}

  private Phase phase(int a, int b, double[] w) {
    int width = v.columns().kernel();
    int taps = v.rows().kernel() * width;
    int[] met = new int[taps];
    int[] places = new int[taps];
    int n = 0;
    for (int tap = 0; tap < taps; tap++) {
      int i = tap / width;
      int j = tap % width;
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
              taps == 1
                  ? DoubleStrips.strided(depth, w, start, 1, s.filterSize())
                  : (row, rows, strip, at) -> {
                    for (int r = 0; r < rows; r++) {
                      packRow(w, start + (row + r) * taps, met, count, strip, at + r);
                    }
                  });
    }
    return new Phase(offsets, weights);
  }

  /** The weights of one channel: those taps of each filter that are met. */
  private void packRow(double[] w, int first, int[] met, int count, double[] strip, int at) {
    int to = at;
    int from = first;
    for (int filter = 0; filter < s.groupFilters(); filter++) {
      for (int i = 0; i < count; i++) {
        strip[to] = w[from + met[i]];
        to += STRIP;
      }
      from += s.filterSize();
    }
  }
}
