package org.gradus.autograd.internal.kernel.plain;

import org.gradus.autograd.internal.kernel.Interpolation;
import org.gradus.autograd.internal.kernel.Kernels;
import org.gradus.autograd.internal.parallel.Parallel;

/** Resampling of the planes of an image, one plane at a time. */
@SuppressWarnings("cast") // (double) is needed in the float twin, where it reads (float)
final class DoubleResize {
  private DoubleResize() {}

  /** As {@link Kernels#resize}. */
  static void resize(
      int planes, Interpolation rows, Interpolation columns, double[] x, double[] y) {
    int width = columns.input();
    forEachRow(
        planes,
        rows,
        columns,
        (in, row, out) -> {
          int top = in + rows.low()[row] * width;
          /*wide*/ double weight = rows.weight()[row];
          for (int j = 0; j < columns.output(); j++) {
            /*wide*/ double mixed = mix(x, top, columns, j);
            if (weight != 0) {
              mixed = mixed * (1 - weight) + mix(x, top + width, columns, j) * weight;
            }
            y[out + j] = (double) mixed;
          }
        });
  }

  /** Of one row of the input, which begins at {@code start}, what output column j sees. */
  private static /*wide*/ double mix(double[] x, int start, Interpolation columns, int j) {
    int at = start + columns.low()[j];
    /*wide*/ double weight = columns.weight()[j];
    return weight == 0 ? x[at] : x[at] * (1 - weight) + x[at + 1] * weight;
  }

  /** As {@link Kernels#resizeInput}. */
  static void resizeInput(
      int planes, Interpolation rows, Interpolation columns, double[] y, double[] x) {
    int plane = rows.input() * columns.input();
    planeRanges(
        planes,
        rows,
        columns,
        (from, to) -> {
          try (DoubleTotals totals = new DoubleTotals(plane)) {
            for (int i = from; i < to; i++) {
              collect(rows, columns, y, i * rows.output() * columns.output(), totals);
              totals.take(0, plane, x, i * plane);
            }
          }
        });
  }

  private static void collect(
      Interpolation rows, Interpolation columns, double[] y, int out, DoubleTotals totals) {
    int width = columns.input();
    int at = out;
    for (int i = 0; i < rows.output(); i++) {
      int top = rows.low()[i] * width;
      /*wide*/ double weight = rows.weight()[i];
      for (int j = 0; j < columns.output(); j++) {
        if (weight == 0) {
          share(y[at], columns, j, totals, top);
        } else {
          share(y[at] * (1 - weight), columns, j, totals, top);
          share(y[at] * weight, columns, j, totals, top + width);
        }
        at++;
      }
    }
  }

  /** Adds a value to what output column j sees of one row of the input. */
  private static void share(
      /*wide*/ double value, Interpolation columns, int j, DoubleTotals totals, int start) {
    int at = start + columns.low()[j];
    /*wide*/ double weight = columns.weight()[j];
    if (weight == 0) {
      totals.add(at, value);
    } else {
      totals.add(at, value * (1 - weight));
      totals.add(at + 1, value * weight);
    }
  }

  /** One row of outputs: where its input plane begins, its number there, and its first index. */
  @FunctionalInterface
  private interface Row {
    void visit(int in, int row, int out);
  }

  /** Planes are independent, in the output and in the input; within one the order is fixed. */
  private static void forEachRow(int planes, Interpolation rows, Interpolation columns, Row body) {
    int height = rows.output();
    int width = columns.output();
    planeRanges(
        planes,
        rows,
        columns,
        (from, to) -> {
          for (int plane = from; plane < to; plane++) {
            int in = plane * rows.input() * columns.input();
            for (int row = 0; row < height; row++) {
              body.visit(in, row, (plane * height + row) * width);
            }
          }
        });
  }

  private static void planeRanges(
      int planes, Interpolation rows, Interpolation columns, Parallel.Range body) {
    Parallel.ranges(planes, rows.output() * (columns.output() * 8L), body);
  }
}
