package org.gradus.autograd.ops;

import static org.gradus.autograd.ops.Ops.scatterAdd;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.gradus.autograd.Op;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.Indices;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;

/**
 * Elements of x chosen by their positions along an axis.
 *
 * <pre>
 *   y[..., i, ...] = x[..., index[..., i, ...], ...], of the shape of index
 *   VJP: scatterAdd(g, index): each element of g is added where it was taken from
 * </pre>
 *
 * Any shape of rank 1 or higher; an element may be chosen many times, or never: its gradient is as
 * accurate as a sum of {@link ScatterAdd}. x and index have one shape but for the extent of that
 * axis. Refuses shapes that do not, and an index that is not 0 or higher and below that extent.
 *
 * @param axis from 0, or negative to count from the end
 * @param index the positions; no gradient flows to them
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.gather.html">PyTorch's gather</a>,
 *     which also accepts an index of smaller extents
 */
public record Gather(int axis, Indices index) implements UnaryOp, Op.Selection {
  /** Refuses null. */
  public Gather {
    Nulls.refuse("gather: index", index);
  }

  @Override
  public NdArray forward(List<NdArray> in) {
    NdArray x = in.get(0);
    Shape shape = x.shape();
    int along = shape.axis(name(), axis);
    check(name(), shape, along, index);
    NdArray y = ArrayMath.result(x, index.shape());
    ArrayMath.kernels(x)
        .gather(
            shape.size(0, along),
            shape.dim(along),
            index.shape().dim(along),
            shape.size(along + 1, shape.rank()),
            ArrayMath.array(x),
            index.storage(),
            ArrayMath.array(y));
    return y;
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    return scatterAdd(g, axis, index, in.get(0).shape().dim(axis));
  }

  @Override
  public Tensor vjp(Map<Tensor, Tensor> cotangents, Shape whole) {
    return Parts.vjp(cotangents, whole);
  }

  /** Refuses indices that do not choose from an array of this shape along this axis. */
  static void check(String op, Shape shape, int axis, Indices index) {
    Shape own = index.shape();
    if (own.rank() != shape.rank() || !own.with(axis, 0).equals(shape.with(axis, 0))) {
      throw new ShapeException(
          op,
          "indices %s into %s, expected the same extents on all axes but %s"
              .formatted(own, shape, axis));
    }
    int extent = shape.dim(axis);
    for (int i = 0; i < index.size(); i++) {
      if (index.at(i) < 0 || index.at(i) >= extent) {
        throw new IllegalArgumentException(
            "%s: index %s at %s is outside axis %s of %s, which has extent %s"
                .formatted(op, index.at(i), position(i, own), axis, shape, extent));
      }
    }
  }

  /** The indices of the element of a number, in row-major order. */
  static String position(int flat, Shape shape) {
    int[] position = new int[shape.rank()];
    int rest = flat;
    for (int axis = shape.rank() - 1; axis >= 0; axis--) {
      position[axis] = rest % shape.dim(axis);
      rest /= shape.dim(axis);
    }
    return Arrays.toString(position);
  }
}
