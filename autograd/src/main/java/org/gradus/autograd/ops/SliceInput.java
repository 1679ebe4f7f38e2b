package org.gradus.autograd.ops;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;

/**
 * The adjoint of {@link Slice}: zeros of the given shape, with y in the places that the slice
 * takes.
 *
 * <pre>
 *   x[..., from + i step, ...] = y[..., i, ...], and 0 elsewhere
 *   VJP: slice(g)
 * </pre>
 *
 * Refuses what the slice would refuse of that shape, and a y that is not of the slice's shape.
 *
 * @param slice which places
 * @param shape of the output
 */
public record SliceInput(Slice slice, Shape shape) implements UnaryOp {
  /** Refuses null. */
  public SliceInput {
    Nulls.refuse("sliceInput: slice, shape", slice, shape);
  }

  @Override
  public NdArray forward(List<NdArray> in) {
    NdArray y = in.get(0);
    NdArray x = ArrayMath.filled(y, shape, 0);
    StridedView places = slice.of(name(), StridedView.of(x));
    if (!places.shape().equals(y.shape())) {
      throw new ShapeException(
          name(),
          "the part of %s has shape %s, but the input has %s"
              .formatted(shape, places.shape(), y.shape()));
    }
    StridedView.of(y).copyTo(places);
    return x;
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor x, List<Tensor> in) {
    return Tensor.of(slice, g);
  }
}
