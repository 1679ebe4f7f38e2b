package org.gradus.autograd.ops;

import static org.gradus.autograd.ops.Ops.slice;

import java.util.Arrays;
import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;

/**
 * x with a margin of one value around it.
 *
 * <pre>
 *   y[..., before_k + i, ...] = x[..., i, ...] on each axis k, and the value elsewhere
 *   VJP: the slice of g that x went to
 * </pre>
 *
 * Any shape. Refuses margins that are negative, or not one for each axis of x.
 *
 * @param before for each axis, how many elements come before those of x
 * @param after for each axis, how many come after
 * @param value rounded to the element type of x
 */
public record Pad(List<Integer> before, List<Integer> after, double value) implements UnaryOp {
  /** Takes copies of the lists; refuses negative numbers. */
  public Pad {
    before = Nulls.list("pad: before", before);
    after = Nulls.list("pad: after", after);
    before.forEach(margin -> WindowOptions.requireAtLeast("pad: a margin before of", margin, 0));
    after.forEach(margin -> WindowOptions.requireAtLeast("pad: a margin after of", margin, 0));
  }

  @Override
  public NdArray forward(List<NdArray> in) {
    NdArray x = in.get(0);
    NdArray y = ArrayMath.result(x, padded(x.shape()));
    int rank = x.shape().rank();
    int[] shape = new int[rank + 1];
    int[] first = new int[rank + 1];
    int[] extents = new int[rank + 1];
    int loop = 0; // an axis without a margin is counted with the one around it
    shape[0] = 1;
    extents[0] = 1;
    for (int axis = 0; axis < rank; axis++) {
      int extent = x.shape().dim(axis);
      if (extent == y.shape().dim(axis)) {
        shape[loop] *= extent;
        first[loop] *= extent;
        extents[loop] *= extent;
      } else {
        loop += shape[loop] == 1 && extents[loop] == 1 ? 0 : 1;
        shape[loop] = y.shape().dim(axis);
        first[loop] = before.get(axis);
        extents[loop] = extent;
      }
    }
    int loops = loop + 1;
    ArrayMath.kernels(x)
        .pad(
            Arrays.copyOf(shape, loops),
            Arrays.copyOf(first, loops),
            Arrays.copyOf(extents, loops),
            value,
            ArrayMath.array(x),
            ArrayMath.array(y));
    return y;
  }

  /** The shape of the output. */
  Shape padded(Shape x) {
    int rank = x.rank();
    if (before.size() != rank || after.size() != rank) {
      throw new ShapeException(
          name(),
          "margins %s before and %s after, expected %s each for %s"
              .formatted(before, after, rank, x));
    }
    Shape padded = x;
    for (int axis = 0; axis < rank; axis++) {
      long extent = (long) before.get(axis) + x.dim(axis) + after.get(axis);
      padded = Axes.with(name(), padded, axis, extent);
    }
    return padded;
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    Shape shape = in.get(0).shape();
    Tensor inner = g;
    for (int axis = 0; axis < shape.rank(); axis++) {
      inner = slice(inner, axis, before.get(axis), before.get(axis) + shape.dim(axis));
    }
    return inner;
  }
}
