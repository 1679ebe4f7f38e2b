package org.gradus.autograd.internal.kernel.plain;

import java.util.Arrays;
import org.gradus.autograd.internal.kernel.BlockFunctions;
import org.gradus.autograd.internal.kernel.ColumnSingles;
import org.gradus.autograd.internal.kernel.RowSingles;
import org.gradus.autograd.internal.kernel.SingleFunctions;
import org.gradus.autograd.internal.number.Integers;
import org.gradus.autograd.internal.parallel.Parallel;

/**
 * What {@link SoftmaxSingles} is for rows, for lines of floats that lie side by side: some are
 * computed at once. The sum of a line's powers has the order of the line.
 */
final class SoftmaxColumnSingles extends SoftmaxBlock {
  /** The most lines at once, and the most elements of them that stay in the nearest caches. */
  private static final int WIDTH = 64;

  private static final int MOST = 1 << 11;

  /** Fewer lines are no faster at once. */
  private static final int LEAST = SingleFunctions.ROOM;

  /** The longest lines: up to so many terms are added up one after the other. */
  private static final int LONGEST = 512;

  private final BlockFunctions functions;
  private final ColumnSingles f;
  private final RowSingles flat;
  private final int axis;
  private final int after;
  private int room; // of the lines of a block, of which some may be padding

  private SoftmaxColumnSingles(BlockFunctions functions, int axis, int after) {
    super(axis * width(axis), WIDTH);
    this.functions = functions;
    this.f = functions.columns().singles();
    this.flat = functions.rows().singles();
    this.axis = axis;
    this.after = after;
  }

  private static int width(int axis) {
    return Math.max(LEAST, Math.min(WIDTH, MOST / axis & -LEAST));
  }

  /** Whether lines of such sizes are computed so. */
  static boolean suits(int axis, int after) {
    return axis > 0 && axis <= LONGEST && after >= LEAST;
  }

  /** y = softmax(x), or its logarithm, over the middle axis; blocks are of neighbours. */
  static void softmax(
      BlockFunctions functions,
      boolean logarithm,
      int before,
      int axis,
      int after,
      float[] x,
      float[] y) {
    int width = width(axis);
    int blocks = Integers.ceilDiv(after, width);
    Parallel.each(
        before * blocks,
        (long) width * axis * 16L / functions.speed(),
        () -> new SoftmaxColumnSingles(functions, axis, after),
        (block, i) -> {
          int first = i % blocks * width;
          int line = i / blocks * after + first;
          block.softmax(logarithm, x, line, Math.min(width, after - first), y);
        });
  }

  private void softmax(boolean logarithm, float[] x, int line, int n, float[] y) {
    room = Integers.roundUp(n, SingleFunctions.ROOM);
    int offset = line / after * axis * after + line % after;
    boolean isDirect = room == n;
    if (!isDirect) {
      copy(x, offset, n);
    }
    begin(isDirect ? x : given, isDirect ? offset : 0, isDirect ? after : room);
    float[] to = isDirect ? y : result;
    int at = isDirect ? offset : 0;
    int step = isDirect ? after : room;
    boolean areFinite = powers();
    if (logarithm) {
      flat.log1p(sums, logs, room);
      splitLogs(room);
      f.logarithms(distances, lost, axis, room, high, low, to, at, step);
    } else {
      splitFactors(room);
      f.shares(powers, rests, axis, room, high, low, to, at, step);
    }
    if (!isDirect) {
      for (int k = 0; k < axis; k++) {
        System.arraycopy(result, k * room, y, offset + k * after, n);
      }
    }
    if (!areFinite) {
      mend(logarithm, x, line, n, y);
    }
  }

  /** Lines that pad a block have one number, and nothing beside it. */
  private void copy(float[] x, int offset, int n) {
    for (int k = 0; k < axis; k++) {
      System.arraycopy(x, offset + k * after, given, k * room, n);
      float pad = k == 0 ? 0 : Float.NEGATIVE_INFINITY;
      Arrays.fill(given, k * room + n, (k + 1) * room, pad);
    }
  }

  private void begin(float[] x, int from, int step) {
    f.largest(x, from, step, axis, room, most);
    f.distances(x, from, step, axis, room, most, distances, lost);
  }

  /** The powers and their sums; whether the largest numbers are finite. */
  private boolean powers() {
    int largest = flat.powers(distances, lost, axis * room, powers, rests, others);
    f.sum(others, axis, room, sums);
    boolean areFinite = areFinite(room);
    if (areFinite && largest == room) {
      Arrays.fill(counts, 0, room, 1);
    } else {
      count();
    }
    lower(room);
    return areFinite;
  }

  private void count() {
    Arrays.fill(counts, 0, room, 0);
    for (int i = 0; i < axis * room; i++) {
      counts[i % room] += distances[i] == 0 ? 1 : 0;
    }
  }

  /** Computes the lines again whose largest number is not finite. */
  private void mend(boolean logarithm, float[] x, int line, int n, float[] y) {
    try (SoftmaxLine one = new SoftmaxLine(functions, axis, after)) {
      for (int i = 0; i < n; i++) {
        if (!Float.isFinite(most[i])) {
          one.softmax(logarithm, x, y, line + i);
        }
      }
    }
  }
}
