package org.gradus.autograd.ops;

import java.util.List;
import java.util.Map;
import org.gradus.autograd.Op;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;

/**
 * A part of x along one axis: every step-th of the indices from {@code from} to {@code to} - 1.
 *
 * <pre>
 *   y[..., i, ...] = x[..., from + i step, ...]   for from + i step &lt; to
 *   VJP: sliceInput(g): zeros with the elements of g in the places they came from
 * </pre>
 *
 * Any shape of rank 1 or higher; the part may be empty. Refuses an axis that x does not have, and
 * ends that are not 0 &lt;= from &lt;= to &lt;= the extent after negative ones are counted from the
 * end.
 *
 * @param axis from 0, or negative to count from the end
 * @param from the first index, or negative to count from the end
 * @param to the index before which the part ends, or negative to count from the end
 * @param step from one index to the next, at least 1
 */
public record Slice(int axis, int from, int to, int step) implements UnaryOp, Op.Selection {
  /** Refuses a step below 1. */
  public Slice {
    WindowOptions.requireAtLeast("slice: step", step, 1);
  }

  @Override
  public NdArray forward(List<NdArray> in) {
    NdArray x = in.get(0);
    StridedView part = of(name(), StridedView.of(x));
    return part.shape().equals(x.shape()) ? x : part.copy();
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    return Tensor.of(new SliceInput(this, in.get(0).shape()), g);
  }

  @Override
  public Tensor vjp(Map<Tensor, Tensor> cotangents, Shape whole) {
    return Parts.vjp(cotangents, whole);
  }

  /** The first index of an axis of this extent. */
  int first(int extent) {
    return from < 0 ? from + extent : from;
  }

  /** The index of an axis of this extent before which the part ends. */
  int end(int extent) {
    return to < 0 ? to + extent : to;
  }

  /** This part of a view. */
  StridedView of(String op, StridedView whole) {
    Shape shape = whole.shape();
    int index = shape.axis(op, axis);
    int extent = shape.dim(index);
    int first = first(extent);
    int end = end(extent);
    if (first < 0 || first > end || end > extent) {
      throw new ShapeException(
          op,
          "from %s to %s is not within axis %s of %s, which has extent %s"
              .formatted(from, to, index, shape, extent));
    }
    return whole.range(index, first, (int) ((end - first - 1L + step) / step), step);
  }
}
