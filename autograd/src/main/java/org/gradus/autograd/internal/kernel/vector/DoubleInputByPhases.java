package org.gradus.autograd.internal.kernel.vector;

import static org.gradus.autograd.internal.kernel.vector.DoubleTiles.STRIP;
import static org.gradus.autograd.internal.number.Integers.ceilDiv;

import java.util.Arrays;
import java.util.stream.IntStream;
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
  /** The most columns to the side for which the cotangent is copied once for each of them. */
  private static final int COPIES = 8;

  private final ConvSizes s;
  private final WindowSizes v;
  private final Reach down;
  private final Reach across;

  /**
   * Whether tiles are taken straight from the slab; whether it holds the cotangent once for each
   * column that a tap may be at; and whether it is the cotangent itself.
   */
  private final boolean direct;

  private final boolean dense;

  private final boolean asItIs;

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
    int[] met = across.offsets();
    int strides = v.rows().stride() * v.columns().stride();
    direct = DoubleDirectTiles.suit(s.groupChannels());
    dense = direct && strides == 1 && met.length <= COPIES;
    asItIs = dense && DoubleConvolution.isSlab(s, v.outPlane());
    Layout.Parts columns =
        dense
            ? Layout.Parts.each(
                v.columns().output(),
                Arrays.stream(met).map(offset -> offset + across.first()).toArray(),
                width)
            : Layout.Parts.whole(v.columns().output(), across.first(), width + across.length());
    long row = (long) s.groupFilters() * columns.starts().length * columns.extent();
    rows =
        DoubleConvolution.blockRows(
            s.batch() * s.groups(), height, r -> asItIs ? 0 : (r + down.length()) * row);
    blocks = ceilDiv(height, rows);
    layout =
        new Layout(
            Layout.Parts.whole(v.rows().output(), down.first(), rows + down.length()), columns);
    phases = new Phase[strides];
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
    Parallel.each(
        images * blocks,
        DoubleConvolution.cost(s) / ((long) images * blocks),
        () ->
            direct
                ? new DoubleConvolution.Memory(
                    asItIs ? 0 : filters * layout.plane(),
                    DoubleDirectTiles.memory(rows * layout.pitch()),
                    0,
                    0)
                : new DoubleConvolution.Memory(
                    filters * layout.plane(), layout.plane(), deepest, s.groupChannels()),
        (memory, task) -> {
          int image = task / (s.groups() * blocks);
          int group = task / blocks % s.groups();
          int row = task % blocks * rows;
          int filter = image * s.filters() + group * filters;
          int from = filter * v.outPlane();
          if (!asItIs) {
            DoubleConvolution.fill(layout, row, filters, y, from, memory.slab, 0);
          }
          double[] slab = asItIs ? y : memory.slab;
          int start = asItIs ? from + row * v.columns().output() : 0;
          int plane = (image * s.channels() + group * s.groupChannels()) * v.inPlane();
          for (int i = 0; i < phases.length; i++) {
            correlate(i, group, row, memory, slab, start, x, plane);
          }
          int first = row * v.rows().stride();
          int done = Math.min(rows * v.rows().stride(), v.rows().input() - first);
          int width = v.columns().input();
          DoubleConvolution.mend(
              mend, s.groupChannels(), x, plane + first * width, v.inPlane(), done * width);
        });
    for (Phase phase : phases) {
      DoubleStrips.release(phase.weights);
    }
  }

  /** Writes the pixels of one phase, of the rows that are made from one slab. */
  private void correlate(
      int i,
      int group,
      int row,
      DoubleConvolution.Memory memory,
      double[] slab,
      int start,
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
      DoubleStrips weights = phase.weights[group];
      int pitch = layout.pitch();
      if (!direct) {
        DoubleConvolution.correlate(weights, layout, phase.offsets, grid, memory, x, to);
      } else if (dense) {
        int n = phaseRows * pitch;
        DoubleDirectTiles.write(
            weights, phase.offsets, slab, start, n, memory.plane, x, to, v.inPlane());
      } else {
        DoubleDirectTiles.scatter(weights, phase.offsets, slab, pitch, grid, memory.plane, x, to);
      }
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

    /** All that taps are at from the first place on. */
    int[] offsets() {
      return IntStream.range(0, axis.kernel())
          .flatMap(
              tap ->
                  IntStream.range(0, axis.stride())
                      .filter(a -> meets(a, tap))
                      .map(a -> offset(a, tap)))
          .sorted()
          .distinct()
          .toArray();
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
        int column = across.offset(b, j);
        column = dense ? Arrays.binarySearch(across.offsets(), column) * layout.part() : column;
        places[n++] = down.offset(a, i) * layout.pitch() + column;
      }
    }
    int count = n;
    int depth = s.groupFilters() * count;
    int[] offsets = new int[depth];
    for (int k = 0; k < depth; k++) {
      offsets[k] = k / count * (asItIs ? v.outPlane() : layout.plane()) + places[k % count];
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
}
