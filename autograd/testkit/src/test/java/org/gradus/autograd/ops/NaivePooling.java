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
    this.rows = new Side(geometry.rows());
    this.columns = new Side(geometry.columns());
  }

  /** Where the window lies along one axis. */
  record Side(Window window) {
    /** How many places the window takes. */
    int outputs() {
      int outputs = 0;
      while (exists(outputs)) {
        outputs++;
      }
      return outputs;
    }

    /** Whether there is a window number so-and-so, if all before it are there. */
    private boolean exists(int output) {
      int start = first(output);
      int span = window.dilation() * (window.kernel() - 1) + 1;
      int end = window.input() + window.padAfter();
      if (start + span <= end) {
        return true;
      }
      boolean seesMore = output == 0 || start - window.stride() + span < end;
      boolean hangsOver = start + span < end + window.stride();
      return window.roundUp() && seesMore && hangsOver && start < window.input();
    }

    private int first(int output) {
      return output * window.stride() - window.padBefore();
    }

    private IntStream places(int output) {
      return IntStream.range(0, window.kernel()).map(i -> first(output) + i * window.dilation());
    }

    /** The places on the input that an output sees, in order. */
    int[] inside(int output) {
      return places(output).filter(place -> place >= 0 && place < window.input()).toArray();
    }

    /** How many places an output has on the input or its padding. */
    int padded(int output) {
      return (int) places(output).filter(p -> p < window.input() + window.padAfter()).count();
    }

    /** The elements of the padded input behind the last window. */
    int remainder() {
      int last = places(outputs() - 1).max().getAsInt();
      return Math.max(0, window.input() + window.padAfter() - 1 - last);
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
    Shape shape =
        Shape.of(y.shape().dim(0), y.shape().dim(1), rows.window.input(), columns.window.input());
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
        elements.add((plane * rows.window.input() + row) * columns.window.input() + column);
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
