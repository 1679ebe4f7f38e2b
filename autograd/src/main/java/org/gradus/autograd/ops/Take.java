package org.gradus.autograd.ops;

import java.util.List;
import java.util.Map;
import org.gradus.autograd.Op;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.Indices;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.array.Shape;

/**
 * The slabs of x at positions along an axis.
 *
 * <pre>
 *   x [a..., n, b...], index [i...], y [a..., i..., b...]
 *   y[a..., i..., b...] = x[a..., index[i...], b...]
 *   VJP: takeInput(g): each slab of g is added where it was taken from
 * </pre>
 *
 * Any shape of rank 1 or higher; a slab may be taken many times, or never: its gradient is as
 * accurate as a sum of {@link TakeInput}. An index of no axes takes one slab, and so leaves the
 * axis out. Refuses an axis that x does not have, and a position that is not 0 or higher and below
 * its extent: -1 does not mean the last.
 *
 * @param axis from 0, or negative to count from the end
 * @param index the positions; no gradient flows to them
 * @see <a href="https://numpy.org/doc/stable/reference/generated/numpy.take.html">NumPy's take</a>
 */
public record Take(int axis, Indices index) implements UnaryOp, Op.Selection {
  /** Refuses null. */
  public Take {
    Nulls.refuse("take: index", index);
  }

  @Override
  public NdArray forward(List<NdArray> in) {
    NdArray x = in.get(0);
    Shape shape = x.shape();
    int along = shape.axis(name(), axis);
    check(name(), shape, along, index);
    NdArray y = ArrayMath.result(x, taken(name(), shape, along, index.shape()));
    ArrayMath.kernels(x)
        .take(
            shape.size(0, along),
            shape.dim(along),
            index.size(),
            shape.size(along + 1, shape.rank()),
            ArrayMath.array(x),
            index.storage(),
            ArrayMath.array(y));
    return y;
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    return Tensor.of(new TakeInput(axis, index, in.get(0).shape()), g);
  }

  @Override
  public Tensor vjp(Map<Tensor, Tensor> cotangents, Shape whole) {
    return Parts.vjp(cotangents, whole);
  }

  /** The shape with the axes of an index in the place of one axis. */
  static Shape taken(String op, Shape shape, int axis, Shape index) {
    int[] dims = new int[shape.rank() - 1 + index.rank()];
    System.arraycopy(shape.toArray(), 0, dims, 0, axis);
    System.arraycopy(index.toArray(), 0, dims, axis, index.rank());
    int after = shape.rank() - axis - 1;
    System.arraycopy(shape.toArray(), axis + 1, dims, axis + index.rank(), after);
    return Shape.of(op, dims);
  }

  /** Refuses positions that are not on an axis. */
  static void check(String op, Shape shape, int axis, Indices index) {
    int extent = shape.dim(axis);
    int[] positions = index.storage();
    for (int i = 0; i < positions.length; i++) {
      if (positions[i] < 0 || positions[i] >= extent) {
        throw new IllegalArgumentException(
            "%s: index %s at %s is outside axis %s of %s, which has extent %s"
                .formatted(
                    op, positions[i], Gather.position(i, index.shape()), axis, shape, extent));
      }
    }
  }
}
