package org.gradus.autograd.internal.kernel.vector;

import static org.gradus.autograd.internal.kernel.vector.DoubleTiles.LANES;
import static org.gradus.autograd.internal.kernel.vector.DoubleTiles.VIRTUAL_LANES;
import static org.gradus.autograd.internal.number.Integers.ceilDiv;
import static org.gradus.autograd.internal.number.Integers.roundUp;

import java.util.Arrays;
import org.gradus.autograd.internal.kernel.ConvSizes;
import org.gradus.autograd.internal.kernel.Kernels;
import org.gradus.autograd.internal.kernel.WindowSizes;
import org.gradus.autograd.internal.kernel.plain.DoubleConvolutionByDefinition;
import org.gradus.autograd.internal.kernel.plain.DoubleIm2col;
import org.gradus.autograd.internal.kernel.plain.DoubleTotals;
import org.gradus.autograd.internal.parallel.DoubleMemory;
import org.gradus.autograd.internal.parallel.Parallel;

/**
 * Convolutions of planes with one filter of 3x3 each, of stride 1 or 2, padded so that there is an
 * output for each input, or for each second one. A plane's rows follow each other without padding
 * between them, so that vectors go over their ends:
 *
 * <pre>
 *   columns    0 1 2 3 4 0 1 2 3 4 0 1 ..        a vector of outputs, which are of two rows
 *              . . . a b c d e f g h i
 *   taps of the left column meet what is one place before: of c, the end of the row above
 *              . . . A B - D E F G - I           so what they make of c and h is left out
 * </pre>
 *
 * <p>The three taps of each column of a filter are added up by themselves, and where they are
 * outside of the image, 0 takes the place of their sum. A stride of 2 takes planes apart into four,
 * with even or odd rows and columns, in which the same is true of windows that move by one step.
 */
final class DoubleDepthwise {
  private static final int TAPS = 9;

  /** Outputs of a block of rows, about. */
  private static final int BLOCK = 1 << 12;

  /** Operations of a task, about, in vectors. */
  private static final int TASK = 1 << 13;

  /** Parts that all filters' sums over images are cut into, about; part of the result's bits. */
  private static final int SUM_PARTS = 16;

  /** The most vectors that are added up in order; part of the result's bits. */
  private static final int MOST = 1 << 9;

  /** What is read before the first and behind the last element of a plane, at most. */
  private static final int MARGIN = 2 * VIRTUAL_LANES;

  /** Memory of a task, by number. */
  private static final int PLANES = 0;

  private static final int OUTPUTS = 1;
  private static final int WEIGHTS = 2;

  private final ConvSizes s;
  private final WindowSizes v;
  private final int stride;
  private final int height;
  private final int width;

  /** Rows of outputs that are made together, and such blocks of a plane. */
  private final int rows;

  private final int blocks;

  /** The elements of one plane that is taken apart, with one row more above and below. */
  private final int part;

  /** Where the taps meet the first output's window in the planes. */
  private final int[] offsets = new int[TAPS];

  /** The column of each output of a block. */
  private final double[] columns;

  /** The last column, from which the taps on the right look beyond the image; or none. */
  private final double last;

  private DoubleDepthwise(ConvSizes s) {
    this.s = s;
    v = s.window();
    stride = v.rows().stride();
    height = v.rows().output();
    width = v.columns().output();
    rows = Math.max(1, Math.min(height, BLOCK / width));
    blocks = ceilDiv(height, rows);
    part = (rows + 2) * width + 2 * MARGIN;
    last = stride == 1 ? width - 1 : -1;
    for (int tap = 0; tap < TAPS; tap++) {
      int down = place(tap / 3);
      int across = place(tap % 3);
      offsets[tap] =
          (phase(tap / 3) * stride + phase(tap % 3)) * part + MARGIN + down * width + across - 1;
    }
    columns = new double[roundUp(rows * width, VIRTUAL_LANES)];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = i % width;
    }
  }

  /** The phase of the rows, or columns, that a tap meets: odd ones are before and behind. */
  private int phase(int tap) {
    return stride == 1 ? 0 : (tap + 1) % 2;
  }

  /** How many steps behind the one before the window's own place a tap is, in its phase. */
  private int place(int tap) {
    return stride == 1 ? tap : (tap + 1) / 2;
  }

  /** As {@link Kernels#conv2d}. */
  static void conv2d(ConvSizes s, double[] x, double[] w, double[] b, double[] y) {
    if (y.length > 0) {
      new DoubleDepthwise(s).write(x, w, b, y);
    }
  }

  /**
   * Calls the body for each block of rows of each plane, with memory of its own, and has elements
   * computed again that are not finite.
   *
   * @param rest elements that the body wants besides the planes
   * @param y the result, whose planes have {@code size} elements, and a row of outputs {@code line}
   */
  private void each(
      int rest,
      double[] y,
      int size,
      int line,
      DoubleConvolutionByDefinition.Mend mend,
      Body body) {
    long operations = TAPS;
    int all = s.batch() * s.channels() * blocks;
    int together = (int) Math.max(1, (long) TASK * LANES / (operations * rows * width));
    Parallel.each(
        ceilDiv(all, together),
        together * operations * rows * width / LANES,
        () -> memory(rest),
        (memory, task) -> {
          int first = task * together;
          int end = Math.min(all, first + together);
          for (int i = first; i < end; i++) {
            int row = i % blocks * rows;
            body.run(memory, i / blocks, row, Math.min(rows, height - row), i + 1 < end);
          }
          int from = first / blocks * size + first % blocks * rows * line;
          int n = end / blocks * size + end % blocks * rows * line - from;
          DoubleConvolution.mend(mend, 1, y, from, n, n);
        });
  }

  /** What is done with some rows of a plane; the same thread may do the next ones behind it. */
  @FunctionalInterface
  private interface Body {
    void run(DoubleMemory memory, int plane, int row, int count, boolean more);
  }

  /** Planes, whose margins are 0 and stay so; outputs; one filter. */
  private DoubleMemory memory(int outputs) {
    DoubleMemory memory =
        new DoubleMemory(
            stride * stride * part, outputs + MARGIN, Math.max(TAPS, TAPS * VIRTUAL_LANES));
    Arrays.fill(memory.array(PLANES), 0);
    Arrays.fill(memory.array(OUTPUTS), 0);
    return memory;
  }

  private void write(double[] x, double[] w, double[] b, double[] y) {
    DoubleConvolutionByDefinition.Mend mend = DoubleConvolutionByDefinition.outputs(s, x, w, b, y);
    each(
        LANES,
        y,
        v.outPlane(),
        width,
        mend,
        (memory, plane, row, count, more) -> {
          takeApart(x, plane * v.inPlane(), row, count, memory.array(PLANES));
          int filter = plane % s.filters();
          int to = plane * v.outPlane() + row * width;
          correlate(count * width, w, filter * TAPS, memory, y, to, more);
          DoubleIm2col.addBias(b, filter, 1, y, to, v.outPlane(), count * width);
        });
  }

  /**
   * Writes n outputs. The last vector reaches over the next ones, where these are yet to come, and
   * otherwise it lies over some that are there.
   */
  private void correlate(
      int n, double[] w, int at, DoubleMemory memory, double[] y, int to, boolean more) {
    double[] planes = memory.array(PLANES);
    boolean over = more && to + roundUp(n, LANES) <= y.length;
    int whole = over ? roundUp(n, LANES) : n - n % LANES;
    DoubleDepthwiseLoops.outputs(0, whole, planes, offsets, w, at, columns, last, y, to);
    if (whole < n && n >= LANES) {
      DoubleDepthwiseLoops.outputs(n - LANES, n, planes, offsets, w, at, columns, last, y, to);
    } else if (whole < n) {
      double[] few = memory.array(OUTPUTS);
      DoubleDepthwiseLoops.outputs(0, LANES, planes, offsets, w, at, columns, last, few, 0);
      System.arraycopy(few, 0, y, to, n);
    }
  }

  /** Lays out the rows of a plane of the input under some rows of outputs. */
  private void takeApart(double[] x, int plane, int row, int count, double[] to) {
    int down = v.rows().input();
    int across = v.columns().input();
    if (stride == 1) {
      int first = Math.max(0, row - 1);
      int end = Math.min(down, row + count + 1);
      int place = MARGIN + (first - row + 1) * width;
      int behind = place + (end - first) * width;
      System.arraycopy(x, plane + first * width, to, place, (end - first) * width);
      if (blocks > 1) { // or else it is 0 from the beginning
        Arrays.fill(to, MARGIN, place, 0);
        Arrays.fill(to, behind, MARGIN + (count + 2) * width + VIRTUAL_LANES, 0);
      }
      return;
    }
    for (int u = -1; u < count; u++) {
      for (int phase = 0; phase < 2; phase++) {
        int even = 2 * phase * part + MARGIN + (u + 1) * width;
        int source = 2 * (row + u) + phase;
        if (source >= 0 && source < down) {
          DoubleRowCopies.pairs(across, x, plane + source * across, to, even, even + part);
        } else {
          Arrays.fill(to, even, even + width, 0);
          Arrays.fill(to, even + part, even + part + width, 0);
        }
      }
    }
    for (int i = 0; i < 4; i++) { // what the rest of a vector meets there, times 0, must be 0
      int behind = i * part + MARGIN + (count + 1) * width;
      Arrays.fill(to, behind, behind + VIRTUAL_LANES, 0);
    }
  }

  /** As {@link Kernels#conv2dInput}. */
  static void conv2dInput(ConvSizes s, double[] w, double[] y, double[] x) {
    if (x.length == 0 || y.length == 0) {
      Arrays.fill(x, 0);
    } else if (s.window().rows().stride() == 1) {
      new DoubleDepthwise(s).writeTurned(w, y, x);
    } else {
      new DoubleDepthwise(s).writePhases(w, y, x);
    }
  }

  /** For a stride of 1, a convolution of the cotangent with the filters turned round. */
  private void writeTurned(double[] w, double[] y, double[] x) {
    DoubleConvolutionByDefinition.Mend mend = DoubleConvolutionByDefinition.inputs(s, w, y, x);
    each(
        LANES,
        x,
        v.inPlane(),
        width,
        mend,
        (memory, plane, row, count, more) -> {
          takeApart(y, plane * v.outPlane(), row, count, memory.array(PLANES));
          double[] turned = memory.array(WEIGHTS);
          for (int tap = 0; tap < TAPS; tap++) {
            turned[tap] = w[(plane % s.filters() + 1) * TAPS - 1 - tap];
          }
          int to = plane * v.inPlane() + row * width;
          correlate(count * width, turned, 0, memory, x, to, more);
        });
  }

  /** For a stride of 2: the even rows of inputs under some rows of outputs, then the odd ones. */
  private void writePhases(double[] w, double[] y, double[] x) {
    DoubleConvolutionByDefinition.Mend mend = DoubleConvolutionByDefinition.inputs(s, w, y, x);
    int down = v.rows().input();
    int across = v.columns().input();
    int size = 2 * roundUp(rows * width, VIRTUAL_LANES);
    each(
        2 * size,
        x,
        v.inPlane(),
        2 * across,
        mend,
        (memory, plane, row, count, ignored) -> {
          double[] planes = memory.array(PLANES);
          int n = count * width;
          int from = plane * v.outPlane() + row * width;
          int more = Math.min(width, v.outPlane() - (row + count) * width); // the row below
          System.arraycopy(y, from, planes, MARGIN, n + more);
          Arrays.fill(planes, MARGIN + n + more, MARGIN + n + width + VIRTUAL_LANES, 0);
          double[] pairs = memory.array(OUTPUTS);
          int filter = plane % s.filters() * TAPS;
          DoubleDepthwiseLoops.phases(
              n, planes, MARGIN, width, w, filter, columns, width - 1, pairs, size);
          int first = 2 * row;
          int end = Math.min(down, first + 2 * count);
          int to = plane * v.inPlane() + first * across;
          for (int i = first; i < end; i++) {
            int at = i % 2 * size + (i - first) / 2 * 2 * width;
            System.arraycopy(pairs, at, x, to + (i - first) * across, across);
          }
        });
  }

  /** As {@link Kernels#conv2dWeight}. */
  static void conv2dWeight(ConvSizes s, double[] x, double[] y, double[] w) {
    if (w.length == 0 || y.length == 0) {
      Arrays.fill(w, 0);
      return;
    }
    new DoubleDepthwise(s).writeWeights(x, y, w);
    DoubleConvolutionByDefinition.weights(s, x, y, w);
  }

  private void writeWeights(double[] x, double[] y, double[] w) {
    int parts = Math.min(s.batch(), ceilDiv(SUM_PARTS, s.filters()));
    DoubleTotals[] partial = DoubleConvolutionByDefinition.parts(parts, w.length);
    Parallel.each(
        parts * s.filters(),
        DoubleConvolution.cost(s) / ((long) parts * s.filters()),
        () -> memory(roundUp(rows * width, VIRTUAL_LANES)),
        (memory, task) -> {
          int number = task / s.filters();
          int filter = task % s.filters();
          int first = (int) ((long) number * s.batch() / parts);
          int end = (int) ((number + 1L) * s.batch() / parts);
          addImages(first, end, filter, x, y, memory, partial[number]);
        });
    DoubleConvolutionByDefinition.sum(partial, w);
  }

  /** Adds the products of one filter's planes in some images. */
  private void addImages(
      int first,
      int end,
      int filter,
      double[] x,
      double[] y,
      DoubleMemory memory,
      DoubleTotals to) {
    double[] sums = memory.array(WEIGHTS);
    double[] cotangent = memory.array(OUTPUTS);
    Arrays.fill(sums, 0);
    int vectors = 0;
    for (int item = first * blocks; item < end * blocks; item++) {
      int plane = item / blocks * s.filters() + filter;
      int row = item % blocks * rows;
      int count = Math.min(rows, height - row);
      int n = count * width;
      takeApart(x, plane * v.inPlane(), row, count, memory.array(PLANES));
      System.arraycopy(y, plane * v.outPlane() + row * width, cotangent, 0, n);
      Arrays.fill(cotangent, n, roundUp(n, VIRTUAL_LANES), 0);
      for (int from = 0; from < n; from += MOST * VIRTUAL_LANES) {
        int to1 = Math.min(n, from + MOST * VIRTUAL_LANES);
        int more = ceilDiv(to1 - from, VIRTUAL_LANES);
        if (vectors + more > MOST) {
          fold(sums, to, filter * TAPS);
          vectors = 0;
        }
        vectors += more;
        for (int lane = 0; lane < VIRTUAL_LANES; lane += LANES) {
          DoubleDepthwiseLoops.weights(
              from + lane,
              roundUp(to1, VIRTUAL_LANES),
              memory.array(PLANES),
              offsets,
              cotangent,
              columns,
              last,
              sums,
              lane);
        }
      }
    }
    fold(sums, to, filter * TAPS);
  }

  /** Adds the lanes of nine sums up, and to totals; the sums are 0 then. */
  private static void fold(double[] sums, DoubleTotals to, int place) {
    for (int tap = 0; tap < TAPS; tap++) {
      /*wide*/ double total = 0;
      for (int lane = 0; lane < VIRTUAL_LANES; lane++) {
        total += sums[tap * VIRTUAL_LANES + lane];
      }
      to.add(place + tap, total);
    }
    Arrays.fill(sums, 0);
  }
}
