package org.gradus.autograd.internal.kernel.plain;

import java.util.Arrays;
import org.gradus.autograd.internal.kernel.Kernels;
import org.gradus.autograd.internal.number.Integers;
import org.gradus.autograd.internal.parallel.Parallel;

/** Elements taken from one place to another. */
final class DoubleCopies {
  /** Elements of a row that one thread copies in one go. */
  private static final int BLOCK = 1 << 14;

  /** Rows and columns of a square that is transposed in one go. */
  private static final int SQUARE = 8;

  /** The most neighbouring columns that one thread adds to. */
  private static final int COLUMNS = 1024;

  /** The fewest of them, if there are as many: their elements share a line of memory. */
  private static final int LEAST = 64;

  /** How many totals stay in the cache, about. */
  private static final int TOTALS = 1 << 15;

  private DoubleCopies() {}

  /** As {@link Kernels#copy}. Rows, which are what the last axis counts, are cut into blocks. */
  static void copy(
      int[] shape,
      double[] x,
      int offsetX,
      int[] stridesX,
      double[] y,
      int offsetY,
      int[] stridesY) {
    int last = shape.length - 1;
    int length = shape[last];
    if (length == 0) {
      return;
    }
    int along = neighbours(shape, stridesX, stridesY);
    if (along >= 0) {
      transpose(along, shape, x, offsetX, stridesX, y, offsetY, stridesY);
      return;
    }
    int block = Math.min(length, BLOCK);
    int blocks = Integers.ceilDiv(length, block);
    int rows = 1;
    for (int axis = 0; axis < last; axis++) {
      rows *= shape[axis];
    }
    int group = last == 0 || blocks > 1 ? 1 : shape[last - 1]; // rows that lie at one distance
    int apartX = last == 0 ? 0 : stridesX[last - 1];
    int apartY = last == 0 ? 0 : stridesY[last - 1];
    Parallel.ranges(
        rows * blocks,
        block + 8L,
        (from, to) -> {
          for (int i = from; i < to; ) {
            int row = i / blocks;
            int first = i % blocks * block;
            int count = Math.min(to - i, group - row % group);
            int n = Math.min(block, length - first);
            int at =
                offsetX + DoubleElementwise.offset(row, shape, stridesX) + first * stridesX[last];
            int place =
                offsetY + DoubleElementwise.offset(row, shape, stridesY) + first * stridesY[last];
            if (stridesX[last] == 1 && stridesY[last] == 1) {
              copyRows(count, n, x, at, apartX, y, place, apartY);
            } else {
              for (int r = 0; r < count; r++) {
                copyRow(
                    n, x, at + r * apartX, stridesX[last], y, place + r * apartY, stridesY[last]);
              }
            }
            i += count;
          }
        });
  }

  /**
   * The axis along which elements that are neighbours in x lie apart in y, where the last axis is
   * the other way round; or -1. Both are at least a square long.
   */
  private static int neighbours(int[] shape, int[] stridesX, int[] stridesY) {
    int last = shape.length - 1;
    if (stridesY[last] == 1 && stridesX[last] > 1 && shape[last] >= SQUARE) {
      for (int axis = 0; axis < last; axis++) {
        if (stridesX[axis] == 1 && shape[axis] >= SQUARE) {
          return axis;
        }
      }
    }
    return -1;
  }

  /**
   * Copies by squares of the last axis and of one along which neighbours in x lie: a line of memory
   * that was read is used up before it leaves the cache.
   */
  private static void transpose(
      int along,
      int[] shape,
      double[] x,
      int offsetX,
      int[] stridesX,
      double[] y,
      int offsetY,
      int[] stridesY) {
    int last = shape.length - 1;
    int[] outer = toEnd(along, shape); // the loops around a plane, and then one that is not counted
    int[] outerX = toEnd(along, stridesX);
    int[] outerY = toEnd(along, stridesY);
    int bands = Integers.ceilDiv(shape[along], SQUARE);
    int planes = 1;
    for (int axis = 0; axis < last - 1; axis++) {
      planes *= outer[axis];
    }
    Parallel.ranges(
        planes * bands,
        2L * SQUARE * shape[last],
        (from, to) -> {
          for (int i = from; i < to; i++) {
            int first = i % bands * SQUARE;
            band(
                Math.min(SQUARE, shape[along] - first),
                shape[last],
                x,
                offsetX + DoubleElementwise.offset(i / bands, outer, outerX) + first,
                stridesX[last],
                y,
                offsetY
                    + DoubleElementwise.offset(i / bands, outer, outerY)
                    + first * stridesY[along],
                stridesY[along]);
          }
        });
  }

  /** The numbers of all axes but the last, that of one of them behind the others. */
  private static int[] toEnd(int along, int[] numbers) {
    int[] moved = Arrays.copyOf(numbers, numbers.length - 1);
    System.arraycopy(numbers, along + 1, moved, along, moved.length - along - 1);
    moved[moved.length - 1] = numbers[along];
    return moved;
  }

  /** Copies n columns of x, {@code apart}, of at most a square's height, to rows of y. */
  private static void band(
      int rows, int n, double[] x, int offsetX, int apart, double[] y, int offsetY, int stride) {
    int whole = rows == SQUARE ? n / SQUARE * SQUARE : 0;
    for (int i = 0; i < whole; i += SQUARE) {
      square(x, offsetX + i * apart, apart, y, offsetY + i, stride);
    }
    for (int r = 0; r < rows; r++) {
      for (int i = whole; i < n; i++) {
        y[offsetY + r * stride + i] = x[offsetX + i * apart + r];
      }
    }
  }

  private static void square(
      double[] x, int offsetX, int apart, double[] y, int offsetY, int stride) {
    int to = offsetY;
    for (int from = offsetX; from < offsetX + SQUARE; from++) {
      y[to] = x[from];
      y[to + 1] = x[from + apart];
      y[to + 2] = x[from + 2 * apart];
      y[to + 3] = x[from + 3 * apart];
      y[to + 4] = x[from + 4 * apart];
      y[to + 5] = x[from + 5 * apart];
      y[to + 6] = x[from + 6 * apart];
      y[to + 7] = x[from + 7 * apart];
      to += stride;
    }
  }

  /** Rows of n elements, whose first ones lie {@code apartX} from each other in x. */
  static void copyRows(
      int rows, int n, double[] x, int offsetX, int apartX, double[] y, int offsetY, int apartY) {
    int from = offsetX;
    int to = offsetY;
    for (int row = 0; row < rows; row++) {
      System.arraycopy(x, from, y, to, n);
      from += apartX;
      to += apartY;
    }
  }

  private static void copyRow(
      int n, double[] x, int offsetX, int strideX, double[] y, int offsetY, int strideY) {
    if (strideX == 0 && strideY == 1) {
      Arrays.fill(y, offsetY, offsetY + n, x[offsetX]);
    } else {
      for (int i = 0; i < n; i++) {
        y[offsetY + i * strideY] = x[offsetX + i * strideX];
      }
    }
  }

  /** As {@link Kernels#gather}. */
  static void gather(
      int before, int axis, int picks, int after, double[] x, int[] index, double[] y) {
    Parallel.ranges(
        before * picks,
        after * 2L,
        (from, to) -> {
          int at = from * after;
          for (int row = from; row < to; ) {
            int b = row / picks;
            int slab = b * axis * after;
            for (int end = Math.min(to, (b + 1) * picks); row < end; row++) {
              for (int a = 0; a < after; a++, at++) {
                y[at] = x[slab + index[at] * after + a];
              }
            }
          }
        });
  }

  /** As {@link Kernels#take}. */
  static void take(
      int before, int axis, int picks, int after, double[] x, int[] positions, double[] y) {
    if (y.length == 0) { // of any extents
      return;
    }
    Parallel.ranges(
        before * picks,
        after + 8L,
        (from, to) -> {
          for (int row = from; row < to; ) {
            int b = row / picks;
            int end = Math.min(to, (b + 1) * picks);
            if (after == 1) {
              for (; row < end; row++) {
                y[row] = x[b * axis + positions[row - b * picks]];
              }
            }
            for (; row < end; row++) {
              int place = (b * axis + positions[row - b * picks]) * after;
              System.arraycopy(x, place, y, row * after, after);
            }
          }
        });
  }

  /** As {@link Kernels#takeInput}. */
  static void takeInput(
      int before, int picks, int axis, int after, double[] x, int[] positions, double[] y) {
    if (x.length == 0) {
      return;
    }
    if (picks > DoubleTotals.FEW) {
      Scatter.ofSlabs(picks, axis, after, positions).collect(before, x, y);
      return;
    }
    Parallel.ranges(
        before,
        picks * 2L * after,
        (from, to) -> {
          for (int row = from * picks; row < to * picks; row++) {
            int place = (row / picks * axis + positions[row % picks]) * after;
            for (int a = 0; a < after; a++) {
              y[place + a] += x[row * after + a];
            }
          }
        });
  }

  /** As {@link Kernels#scatterAdd}. */
  static void scatterAdd(
      int before, int picks, int axis, int after, double[] x, int[] index, double[] y) {
    if (x.length == 0) {
      return;
    }
    if (picks > DoubleTotals.FEW) {
      Scatter.of(picks, axis, after, index).collect(before, x, y);
      return;
    }
    Parallel.ranges(
        before,
        picks * 2L * after,
        (from, to) -> {
          for (int row = from * picks; row < to * picks; row++) {
            for (int a = 0; a < after; a++) {
              int at = row * after + a;
              y[(row / picks * axis + index[at]) * after + a] += x[at];
            }
          }
        });
  }

  /**
   * Which positions along the axis something is added to, which may be few among very many.
   *
   * @param index where each element goes, or each slab of {@code after} elements
   * @param ofSlabs which of these
   * @param positions each once
   * @param numbers of the positions, by position
   * @param alike whether all elements of a slab go to one position
   */
  @SuppressWarnings("ArrayRecordComponent") // a parameter object, which is never compared
  private record Scatter(
      int picks,
      int axis,
      int after,
      int[] index,
      boolean ofSlabs,
      int[] positions,
      int[] numbers,
      boolean alike) {

    static Scatter of(int picks, int axis, int after, int[] index) {
      return of(picks, axis, after, index, false);
    }

    static Scatter ofSlabs(int picks, int axis, int after, int[] index) {
      return of(picks, axis, after, index, true);
    }

    private static Scatter of(int picks, int axis, int after, int[] index, boolean ofSlabs) {
      int[] positions = new int[axis];
      int[] numbers = new int[axis];
      int count = 0;
      boolean alike = true;
      int width = ofSlabs ? 1 : after;
      for (int row = 0; row < index.length; row += width) {
        for (int a = 0; a < width; a++) {
          int position = index[row + a];
          alike &= position == index[row];
          if (numbers[position] == 0) {
            positions[count++] = position;
            numbers[position] = count; // from 1 on
          }
        }
      }
      return new Scatter(
          picks, axis, after, index, ofSlabs, Arrays.copyOf(positions, count), numbers, alike);
    }

    /**
     * Adds the elements of each position and column up. A thread has some columns of y to itself,
     * so the order stays; the more positions, the fewer columns, so that the totals stay in the
     * cache.
     */
    void collect(int before, double[] x, double[] y) {
      int fitting = Math.max(LEAST, TOTALS / Math.max(1, positions.length));
      int block = Math.max(1, Math.min(after, Math.min(COLUMNS, fitting)));
      int blocks = Integers.ceilDiv(after, block);
      Parallel.ranges(
          before * blocks,
          picks * 4L * block,
          (from, to) -> {
            try (DoubleTotals totals = new DoubleTotals(positions.length * block)) {
              for (int i = from; i < to; i++) {
                int first = i % blocks * block;
                int columns = Math.min(block, after - first);
                add(i / blocks, first, columns, x, totals);
                int start = i / blocks * axis * after + first;
                for (int number = 0; number < positions.length; number++) {
                  totals.take(number * columns, columns, y, start + positions[number] * after);
                }
              }
            }
          });
    }

    private void add(int b, int first, int columns, double[] x, DoubleTotals totals) {
      for (int p = 0; p < picks; p++) {
        int row = (b * picks + p) * after + first;
        if (alike) {
          int position = index[ofSlabs ? p : row];
          totals.addAll((numbers[position] - 1) * columns, x, row, columns);
        } else {
          for (int a = 0; a < columns; a++) {
            totals.add((numbers[index[row + a]] - 1) * columns + a, x[row + a]);
          }
        }
      }
    }
  }
}
