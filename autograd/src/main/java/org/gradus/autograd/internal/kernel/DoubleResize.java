package org.gradus.autograd.internal.kernel;

/** Resampling of the planes of an image, one plane at a time. */
@SuppressWarnings("cast") // (double) is needed in the float twin, where it reads (float)
final class DoubleResize {
  private DoubleResize() {}

  /** As {@link Kernels#resize}. */
  static void resize(int planes, Taps rows, Taps columns, double[] x, double[] y) {
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
  private static /*wide*/ double mix(double[] x, int start, Taps columns, int j) {
    int at = start + columns.low()[j];
    /*wide*/ double weight = columns.weight()[j];
    return weight == 0 ? x[at] : x[at] * (1 - weight) + x[at + 1] * weight;
  }

  /** As {@link Kernels#resizeInput}. */
  static void resizeInput(int planes, Taps rows, Taps columns, double[] y, double[] x) {
    int width = columns.input();
    forEachRow(
        planes,
        rows,
        columns,
        (in, row, out) -> {
          int top = in + rows.low()[row] * width;
          /*wide*/ double weight = rows.weight()[row];
          for (int j = 0; j < columns.output(); j++) {
            if (weight == 0) {
              share(y[out + j], columns, j, x, top);
            } else {
              share(y[out + j] * (1 - weight), columns, j, x, top);
              share(y[out + j] * weight, columns, j, x, top + width);
            }
          }
        });
  }

  /** Adds a value to what output column j sees of one row of the input. */
  private static void share(/*wide*/ double value, Taps columns, int j, double[] x, int start) {
    int at = start + columns.low()[j];
    /*wide*/ double weight = columns.weight()[j];
    if (weight == 0) {
      x[at] += (double) value;
    } else {
      x[at] += (double) (value * (1 - weight));
      x[at + 1] += (double) (value * weight);
    }
  }

  /** One row of outputs: where its input plane begins, its number there, and its first index. */
  @FunctionalInterface
  private interface Row {
    void visit(int in, int row, int out);
  }

  /** Planes are independent, in the output and in the input; within one the order is fixed. */
  private static void forEachRow(int planes, Taps rows, Taps columns, Row body) {
    int height = rows.output();
    int width = columns.output();
    Parallel.ranges(
        planes,
        height * (width * 8L),
        (from, to) -> {
          for (int plane = from; plane < to; plane++) {
            int in = plane * rows.input() * columns.input();
            for (int row = 0; row < height; row++) {
              body.visit(in, row, (plane * height + row) * width);
            }
          }
        });
  }
}
