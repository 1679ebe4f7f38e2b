package org.gradus.autograd.ops;

import static org.gradus.autograd.ops.Ops.reshape;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;

/**
 * The same elements, in the same order, in another shape.
 *
 * <pre>
 *   y[flat index] = x[flat index]
 *   VJP: g in the shape of x
 * </pre>
 *
 * Copies nothing. Refuses a shape with another number of elements.
 *
 * @param shape of the output
 */
public record Reshape(Shape shape) implements UnaryOp {
  /** Refuses null. */
  public Reshape {
    Nulls.refuse("reshape: shape", shape);
  }

  @Override
  public NdArray forward(List<NdArray> in) {
    NdArray x = in.get(0);
    if (x.size() != shape.size()) {
      throw new ShapeException(
          name(),
          "%s has %s elements, but %s has %s".formatted(x.shape(), x.size(), shape, shape.size()));
    }
    return x.reshape(shape);
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    return reshape(g, in.get(0).shape().toArray());
  }

  /** The shape with one more axis of extent 1; the op is named in errors. */
  static Shape expanded(String op, Shape x, int axis) {
    int[] dims = Arrays.copyOf(x.toArray(), x.rank() + 1);
    if (axis < -dims.length || axis >= dims.length) {
      throw new ShapeException(
          op,
          "axis %s of %s and one more, expected %s to %s"
              .formatted(axis, x, -dims.length, dims.length - 1));
    }
    int index = axis < 0 ? axis + dims.length : axis;
    System.arraycopy(dims, index, dims, index + 1, x.rank() - index);
    dims[index] = 1;
    return Shape.of(dims);
  }

  /** The shape without these axes, or without all of extent 1 if there are none. */
  static Shape squeezed(String op, Shape x, int... axes) {
    boolean[] marked =
        Axes.marked(op, x, IntStream.of(axes).boxed().toList()); // refuses what is no axis of x
    for (int axis = 0; axis < marked.length; axis++) {
      if (marked[axis] && x.dim(axis) != 1) {
        throw new ShapeException(
            op, "axis %s of %s has extent %s, expected 1".formatted(axis, x, x.dim(axis)));
      }
      marked[axis] |= axes.length == 0 && x.dim(axis) == 1;
    }
    return Axes.result(x, marked, false);
  }
}
