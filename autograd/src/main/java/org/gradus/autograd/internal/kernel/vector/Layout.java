package org.gradus.autograd.internal.kernel.vector;

import java.util.stream.IntStream;
import org.gradus.autograd.internal.kernel.Axis;
import org.gradus.autograd.internal.kernel.WindowSizes;
import org.gradus.autograd.internal.number.Integers;

/**
 * How some rows of planes are laid out so that windows slide over them with stride 1: padded, and
 * for a stride taken apart. A window of 3 with stride 2 over the row p0 p1 p2 p3 p4 meets the parts
 * p0 p2 p4 and p1 p3, one step at a time:
 *
 * <pre>
 *   plane  p0 p1 p2 p3 p4          window at output o:  p(2o) p(2o+1) p(2o+2)
 *   parts  p0 p2 p4  |  p1 p3      part 0 at o and o + 1, part 1 at o
 * </pre>
 *
 * <p>Rows are taken apart likewise. Each part of rows has all parts of columns.
 *
 * @param rows how a plane's rows are taken apart, and {@code columns} likewise; the extent of a
 *     part of columns is the pitch, from one row of the layout to the next
 */
record Layout(Parts rows, Parts columns) {
  /** Floats of a line of a cache. */
  private static final int LINE = 16;

  /**
   * An axis, taken apart: element u of part i is element {@code u * step + starts[i]} of the axis,
   * or zero where that is outside.
   *
   * @param size elements of the axis
   * @param extent elements of each part
   */
  @SuppressWarnings("ArrayRecordComponent") // a parameter object, which is never compared
  record Parts(int size, int step, int[] starts, int extent) {

    /** Of an axis of inputs, for the windows of so many outputs. */
    static Parts of(Axis axis, int outputs) {
      int[] starts =
          IntStream.range(0, axis.kernel())
              .map(tap -> tap * axis.dilation() % axis.stride())
              .distinct()
              .map(part -> part - axis.before())
              .toArray();
      int reach = (axis.kernel() - 1) * axis.dilation() / axis.stride();
      return new Parts(axis.input(), axis.stride(), starts, outputs + reach);
    }

    /** The axis as it is, one part. */
    static Parts whole(int size, int start, int extent) {
      return new Parts(size, 1, new int[] {start}, extent);
    }

    /** The last part that begins a whole number of steps before a place, or at it. */
    private int part(int place) {
      int i = starts.length - 1;
      while (starts[i] > place || (place - starts[i]) % step != 0) {
        i--;
      }
      return i;
    }

    /** The first element u of a part whose {@code (first + u) * step + start} is 0 or more. */
    int firstInside(int first, int start) {
      int place = first * step + start;
      return place >= 0 ? 0 : Math.min(extent, (step - 1 - place) / step);
    }

    /** The end of the elements u of a part for which that is on the axis. */
    int endInside(int first, int start) {
      int place = first * step + start;
      return place >= size ? 0 : Math.min(extent, (size - 1 - place) / step + 1);
    }
  }

  /** For windows over the input, at {@code outRows} rows of the output. */
  static Layout ofInput(WindowSizes v, int outRows) {
    return new Layout(Parts.of(v.rows(), outRows), Parts.of(v.columns(), v.columns().output()));
  }

  /**
   * As {@link #ofInput}, with a part for each column of the window, so large as the output is wide:
   * outputs that follow each other, from row to row too, meet elements that do.
   */
  static Layout dense(WindowSizes v, int outRows) {
    Axis across = v.columns();
    int[] starts = IntStream.range(0, across.kernel()).map(tap -> across.at(0, tap)).toArray();
    return new Layout(
        Parts.of(v.rows(), outRows),
        new Parts(across.input(), across.stride(), starts, across.output()));
  }

  /** Of the output, with zeros behind its rows and behind the last one. */
  static Layout ofOutput(WindowSizes v, int rows, int pitch) {
    return new Layout(
        Parts.whole(v.rows().output(), 0, rows), Parts.whole(v.columns().output(), 0, pitch));
  }

  /** The same with rows of at least {@code least} elements. */
  Layout widened(int least) {
    int extent = Math.max(pitch(), least);
    return new Layout(rows, new Parts(columns.size, columns.step, columns.starts, extent));
  }

  /** From one row of the layout to the next. */
  int pitch() {
    return columns.extent;
  }

  /**
   * The elements of one part, and some more: an odd number of lines of a cache, so that the same
   * place in many parts is not in the same place of the cache.
   */
  int part() {
    return (Integers.ceilDiv(rows.extent * columns.extent, LINE) | 1) * LINE;
  }

  /** The elements of one plane, all parts of it. */
  int plane() {
    return rows.starts.length * columns.starts.length * part();
  }

  /** Where all taps of windows over some planes of the input lie, as {@link #tap}. */
  int[] taps(WindowSizes v, int planes) {
    int across = v.columns().kernel();
    int taps = v.rows().kernel() * across;
    return IntStream.range(0, planes * taps)
        .map(k -> k / taps * plane() + tap(v, k % taps / across, k % across))
        .toArray();
  }

  /**
   * Where a tap of a window over the input lies, relative to the window's place in the first part.
   */
  private int tap(WindowSizes v, int i, int j) {
    int row = v.rows().at(0, i);
    int column = v.columns().at(0, j);
    int partOfRows = rows.part(row);
    int partOfColumns = columns.part(column);
    int part = partOfRows * columns.starts.length + partOfColumns;
    return part * part()
        + (row - rows.starts[partOfRows]) / rows.step * pitch()
        + (column - columns.starts[partOfColumns]) / columns.step;
  }
}
