package org.gradus.autograd.ops;

import static org.gradus.autograd.ops.Ops.add;
import static org.gradus.autograd.ops.Ops.maximum;
import static org.gradus.autograd.ops.Ops.minimum;
import static org.gradus.autograd.ops.Ops.permute;
import static org.gradus.autograd.ops.Ops.reshape;
import static org.gradus.autograd.ops.Ops.scatterAdd;

import java.util.List;
import java.util.stream.IntStream;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.Indices;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;

/**
 * Where the largest or smallest elements over some axes are: what {@link Max}, {@link Min} and
 * argMax share. The axes are brought to the end, so that each maximum is that of one row; a row
 * lists its elements in the row-major order of x.
 */
final class Extremes {
  private final Shape shape;
  private final boolean[] marked;
  private final int[] order; // of the axes of x in the rows: those that are kept come first
  private final NdArray rows;
  private final int count;
  private final Indices places; // [rows, 1]

  private Extremes(boolean largest, NdArray x, boolean[] marked, int count) {
    this.shape = x.shape();
    this.marked = marked;
    this.order =
        IntStream.concat(Axes.indices(marked, false), Axes.indices(marked, true)).toArray();
    this.rows = StridedView.of(x).permute(order).copy();
    this.count = count;
    int[] found = new int[x.size() / count];
    ArrayMath.kernels(rows).argMax(largest, found.length, count, ArrayMath.array(rows), found);
    this.places = Indices.wrap(found, Shape.of(found.length, 1));
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
    NdArray y = ArrayMath.result(rows, Axes.result(shape, marked, keepDims));
    ArrayMath.kernels(rows)
        .gather(y.size(), count, 1, 1, ArrayMath.array(rows), places.storage(), ArrayMath.array(y));
    return y;
  }

  /** Their places, counted in row-major order along the axes that were searched. */
  Indices places() {
    return places.reshape(Axes.result(shape, marked, false).toArray());
  }

  /** Zeros of the shape of x, with the elements of g in the places of the extremes. */
  Tensor spread(Tensor g) {
    Tensor spread = scatterAdd(reshape(g, places.size(), 1), 1, places, count);
    int[] inverse = new int[order.length];
    for (int axis = 0; axis < order.length; axis++) {
      inverse[order[axis]] = axis;
    }
    return permute(reshape(spread, IntStream.of(order).map(shape::dim).toArray()), inverse);
  }
}
