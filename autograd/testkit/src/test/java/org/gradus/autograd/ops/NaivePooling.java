package org.gradus.autograd.ops;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;

/**
 * Pooling as loops over the definition: slow, plain, and independent of the library's kernels. The
 * places of the window along an axis are found by sliding it until it has nothing more to see.
 */
final class NaivePooling {
  private final Side rows;
  private final Side columns;

  NaivePooling(PoolGeometry geometry) {
    this.rows = Side.of(geometry.rows());
    this.columns = Side.of(geometry.columns());
  }

  /** Where a window lies along one axis. It need not fit. */
  record Side(
      int input, int kernel, int stride, int padBefore, int padAfter, int dilation, boolean up) {

    static Side of(Window w) {
      return new Side(
          w.input(),
          w.kernel(),
          w.stride(),
          w.padBefore(),
          w.padAfter(),
          w.dilation(),
          w.roundUp());
    }

    /** How many places the window takes. */
    int outputs() {
      int outputs = 0;
      while (exists(outputs)) {
        outputs++;
      }
      return outputs;
    }

    /** Whether there is a window of this number, if all before it are there. */
    private boolean exists(int output) {
      int span = dilation * (kernel - 1) + 1;
      int over = first(output) + span - (input + padAfter); // how far it hangs over the end
      return over <= 0 || (up && over < stride && first(output) < input);
    }

    private int first(int output) {
      return output * stride - padBefore;
    }

    private IntStream places(int output) {
      return IntStream.range(0, kernel).map(i -> first(output) + i * dilation);
    }

    /** The places on the input that an output sees, in order. */
    int[] inside(int output) {
      return places(output).filter(place -> place >= 0 && place < input).toArray();
    }

    /** How many places an output has on the input or its padding. */
    int padded(int output) {
      return (int) places(output).filter(place -> place < input + padAfter).count();
    }

    /** Whether each window has a place on the input. */
    boolean touchesInput() {
      return IntStream.range(0, outputs()).allMatch(output -> inside(output).length > 0);
    }

    /** The elements of the padded input behind the last window. */
    int remainder() {
      int last = places(outputs() - 1).max().getAsInt();
      return Math.max(0, input + padAfter - 1 - last);
    }
  }

  /** Of h, the element at the first place in each window where x is largest. */
  NdArray pick(NdArray x, NdArray h) {
    NdArray y = NdArray.zeros(DType.FLOAT64, outputs(x.shape()));
    double[] result = y.toDoubleArray();
    forEachWindow(y.shape(), (out, plane, i, j) -> result[out] = h.at(argMax(x, plane, i, j)));
    return NdArray.wrap(result, y.shape());
  }

  /** Each element of y, added at the first place in its window where x is largest. */
  NdArray scatter(NdArray x, NdArray y) {
    double[] result = new double[x.size()];
    forEachWindow(y.shape(), (out, plane, i, j) -> result[argMax(x, plane, i, j)] += y.at(out));
    return NdArray.wrap(result, x.shape());
  }

  /** The mean of each window. */
  NdArray mean(NdArray x, boolean countPadding) {
    Shape shape = outputs(x.shape());
    double[] result = new double[shape.size()];
    forEachWindow(
        shape,
        (out, plane, i, j) ->
            elements(plane, i, j)
                .forEach(at -> result[out] += x.at(at) / count(i, j, countPadding)));
    return NdArray.wrap(result, shape);
  }

  /** Each element of y, shared among the places of its window. */
  NdArray share(NdArray y, boolean countPadding) {
    Shape shape = Shape.of(y.shape().dim(0), y.shape().dim(1), rows.input(), columns.input());
    double[] result = new double[shape.size()];
    forEachWindow(
        y.shape(),
        (out, plane, i, j) ->
            elements(plane, i, j)
                .forEach(at -> result[at] += y.at(out) / count(i, j, countPadding)));
    return NdArray.wrap(result, shape);
  }

  private Shape outputs(Shape x) {
    return Shape.of(x.dim(0), x.dim(1), rows.outputs(), columns.outputs());
  }

  private double count(int i, int j, boolean countPadding) {
    return countPadding
        ? rows.padded(i) * columns.padded(j)
        : rows.inside(i).length * columns.inside(j).length;
  }

  private int argMax(NdArray x, int plane, int i, int j) {
    int best = -1;
    for (int at : elements(plane, i, j)) {
      double value = best < 0 ? Double.NEGATIVE_INFINITY : x.at(best);
      boolean larger = x.at(at) > value || (Double.isNaN(x.at(at)) && !Double.isNaN(value));
      best = best < 0 || larger ? at : best;
    }
    return best;
  }

  /** The indices of the elements under a window, in row-major order. */
  private List<Integer> elements(int plane, int i, int j) {
    List<Integer> elements = new ArrayList<>();
    for (int row : rows.inside(i)) {
      for (int column : columns.inside(j)) {
        elements.add((plane * rows.input() + row) * columns.input() + column);
      }
    }
    return elements;
  }

  /** A visit of each window: the index of its output, its plane, and where it is in it. */
  private interface Visit {
    void window(int out, int plane, int i, int j);
  }

  private static void forEachWindow(Shape y, Visit visit) {
    int out = 0;
    for (int plane = 0; plane < y.dim(0) * y.dim(1); plane++) {
      for (int i = 0; i < y.dim(2); i++) {
        for (int j = 0; j < y.dim(3); j++) {
          visit.window(out++, plane, i, j);
        }
      }
    }
  }
}
