package org.gradus.autograd.ops;

import static org.gradus.autograd.ops.Ops.gather;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.Indices;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;

/**
 * Elements of x added at positions along an axis of an array of zeros: the adjoint of {@link
 * Gather}.
 *
 * <pre>
 *   y[..., p, ...] = sum of x[..., i, ...] over those i whose index[..., i, ...] is p
 *   VJP: gather(g, index)
 * </pre>
 *
 * Any shape of rank 1 or higher. However many elements meet at one position, their sum is within 4
 * units of rounding (2^-24 in float32, 2^-53 in float64) of the sum of their magnitudes. Refuses an
 * index of another shape than x, or one that is not 0 or higher and below the extent.
 *
 * @param axis from 0, or negative to count from the end
 * @param index the positions; no gradient flows to them
 * @param extent of the output along the axis
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.Tensor.scatter_add_.html">PyTorch's
 *     scatter_add_</a>, which adds to a given array instead of zeros
 */
public record ScatterAdd(int axis, Indices index, int extent) implements UnaryOp {
  /** Refuses null. */
  public ScatterAdd {
    Nulls.refuse("scatterAdd: index", index);
  }

  @Override
  public NdArray forward(List<NdArray> in) {
    NdArray x = in.get(0);
    Shape shape = x.shape();
    if (!shape.equals(index.shape())) {
      throw new ShapeException(
          name(), "input %s and indices %s differ in shape".formatted(shape, index.shape()));
    }
    int along = shape.axis(name(), axis);
    Shape result = Axes.with(name(), shape, along, extent);
    Gather.check(name(), result, along, index);
    NdArray y = ArrayMath.filled(x, result, 0);
    ArrayMath.kernels(x)
        .scatterAdd(
            shape.size(0, along),
            shape.dim(along),
            extent,
            shape.size(along + 1, shape.rank()),
            ArrayMath.array(x),
            index.storage(),
            ArrayMath.array(y));
    return y;
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    return gather(g, axis, index);
  }
}
