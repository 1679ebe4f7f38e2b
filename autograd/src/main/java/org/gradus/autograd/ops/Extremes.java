package org.gradus.autograd.ops;

import static org.gradus.autograd.ops.Ops.add;
import static org.gradus.autograd.ops.Ops.maximum;
import static org.gradus.autograd.ops.Ops.minimum;
import static org.gradus.autograd.ops.Ops.permute;
import static org.gradus.autograd.ops.Ops.reshape;
import static org.gradus.autograd.ops.Ops.scatterAdd;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.Indices;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;

/**
 * Where the largest or smallest elements over some axes are: what {@link Max}, {@link Min} and
 * argMax share. Neighbouring axes are searched as one, from the last ones to the first, each time
 * among the extremes found before: what is first along the last axes, and then first along the
 * others, is first in row-major order.
 */
final class Extremes {
  private final boolean largest;
  private final NdArray x;
  private final boolean[] marked;
  private final int count;

  private Extremes(boolean largest, NdArray x, boolean[] marked, int count) {
    this.largest = largest;
    this.x = x;
    this.marked = marked;
    this.count = count;
  }

  /** Neighbouring axes that are searched as one, of what is left when later ones have been. */
  private record Lines(int before, int extent, int after) {}

  /** From the last to the first; if there are none, each element is the only one of its line. */
  private List<Lines> lines() {
    List<Lines> lines = new ArrayList<>();
    int after = 1;
    for (int axis = marked.length - 1; axis >= 0; ) {
      int end = axis + 1;
      boolean mark = marked[axis];
      while (axis >= 0 && marked[axis] == mark) {
        axis--;
      }
      int extent = x.shape().size(axis + 1, end);
      if (mark) {
        lines.add(new Lines(x.shape().size(0, axis + 1), extent, after));
      } else {
        after *= extent;
      }
    }
    return lines.isEmpty() ? List.of(new Lines(x.size(), 1, 1)) : lines;
  }

  /** Refuses axes that x does not have, that are named twice, or over which there is nothing. */
  static Extremes of(String op, boolean largest, NdArray x, List<Integer> axes) {
    boolean[] marked = Axes.marked(op, x.shape(), axes);
    int count = Axes.count(op, x.shape(), axes);
    if (count == 0) {
      throw new ShapeException(
          op, "over axes %s of %s there are no elements to compare".formatted(axes, x.shape()));
    }
    return new Extremes(largest, x, marked, count);
  }

  /** As {@link Ops#max(Tensor, Axes, double)} and its counterpart; refuses null. */
  static Tensor from(boolean largest, Tensor x, Axes axes, double initial) {
    String op = largest ? "max" : "min";
    List<Integer> numbers = Axes.in(op, x, axes);
    if (Double.isNaN(initial)) {
      throw new IllegalArgumentException("%s: initial NaN, expected a number".formatted(op));
    }
    if (Axes.count(op, x.shape(), numbers) == 0) {
      return add(Tensor.of(new Sum(numbers, axes.kept()), x), initial); // of nothing: 0
    }
    return largest
        ? maximum(Tensor.of(new Max(numbers, axes.kept()), x), initial)
        : minimum(Tensor.of(new Min(numbers, axes.kept()), x), initial);
  }

  /** As {@link Ops#argTopK}; the op is named in errors. */
  static Indices topK(String op, NdArray x, int axis, int k) {
    Shape shape = x.shape();
    int along = shape.axis(op, axis);
    int extent = shape.dim(along);
    if (k < 0 || k > extent) {
      throw new ShapeException(
          op,
          "%s elements along axis %s of %s, expected 0 to %s".formatted(k, along, shape, extent));
    }
    Shape chosen = shape.with(along, k);
    int[] index = new int[chosen.size()];
    int before = shape.size(0, along);
    int after = shape.size(along + 1, shape.rank());
    ArrayMath.kernels(x).argTopK(before, extent, k, after, ArrayMath.array(x), index);
    return Indices.wrap(index, chosen);
  }

  /** The extremes themselves. */
  NdArray values(boolean keepDims) {
    NdArray values = x;
    for (Lines lines : lines()) {
      values = values(lines, values);
    }
    return values.reshape(Axes.result(x.shape(), marked, keepDims));
  }

  private NdArray values(Lines lines, NdArray of) {
    NdArray y = ArrayMath.result(x, Shape.of(lines.before() * lines.after()));
    ArrayMath.kernels(x)
        .max(
            largest,
            lines.before(),
            lines.extent(),
            lines.after(),
            ArrayMath.array(of),
            ArrayMath.array(y));
    return y;
  }

  /** Their places, counted in row-major order along the axes that were searched. */
  Indices places() {
    int[] found = found();
    return Indices.wrap(found, Axes.result(x.shape(), marked, false));
  }

  private int[] found() {
    List<Lines> all = lines();
    NdArray values = x;
    int[] places = {};
    int inner = 1; // elements that each of the values was found among
    for (Lines lines : all) {
      int[] chosen = new int[lines.before() * lines.after()];
      ArrayMath.kernels(x)
          .argMax(
              largest,
              lines.before(),
              lines.extent(),
              lines.after(),
              ArrayMath.array(values),
              chosen);
      if (inner > 1) {
        for (int i = 0; i < chosen.length; i++) {
          int at = (i / lines.after() * lines.extent() + chosen[i]) * lines.after();
          chosen[i] = chosen[i] * inner + places[at + i % lines.after()];
        }
      }
      inner *= lines.extent();
      places = chosen;
      if (inner < count) {
        values = values(lines, values);
      }
    }
    return places;
  }

  /** Zeros of the shape of x, with the elements of g in the places of the extremes. */
  Tensor spread(Tensor g) {
    int[] found = found();
    List<Lines> all = lines();
    if (all.size() == 1) {
      Lines lines = all.get(0);
      Indices places = Indices.wrap(found, Shape.of(lines.before(), 1, lines.after()));
      Tensor picked = reshape(g, lines.before(), 1, lines.after());
      return reshape(scatterAdd(picked, 1, places, lines.extent()), x.shape().toArray());
    }
    Indices places = Indices.wrap(found, Shape.of(found.length, 1));
    Tensor spread = scatterAdd(reshape(g, found.length, 1), 1, places, count);
    int[] order = // of the axes of x in the lines: those that are kept come first
        IntStream.concat(Axes.indices(marked, false), Axes.indices(marked, true)).toArray();
    int[] inverse = new int[order.length];
    for (int axis = 0; axis < order.length; axis++) {
      inverse[order[axis]] = axis;
    }
    return permute(reshape(spread, IntStream.of(order).map(x.shape()::dim).toArray()), inverse);
  }
}
