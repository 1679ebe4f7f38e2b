package org.gradus.autograd.ops;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.Indices;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;

/**
 * The adjoint of {@link Take}: zeros of the given shape, with the slabs of y added in the places
 * that these positions take.
 *
 * <pre>
 *   x [a..., n, b...], index [i...], y [a..., i..., b...]
 *   x[a..., p, b...] = sum of y[a..., i..., b...] over those i... whose index[i...] is p
 *   VJP: take(g)
 * </pre>
 *
 * However many slabs meet at one position, each of their sums is within 4 units of rounding (2^-24
 * in float32, 2^-53 in float64) of the sum of magnitudes. Refuses what take would refuse of that
 * shape, and a y of another shape than is taken from it.
 *
 * @param axis from 0, or negative to count from the end
 * @param index the positions; no gradient flows to them
 * @param shape of the output
 */
record TakeInput(int axis, Indices index, Shape shape) implements UnaryOp {
  @Override
  public NdArray forward(List<NdArray> in) {
    NdArray y = in.get(0);
    int along = shape.axis(name(), axis);
    Take.check(name(), shape, along, index);
    Shape taken = Take.taken(name(), shape, along, index.shape());
    if (!taken.equals(y.shape())) {
      throw new ShapeException(
          name(),
          "what is taken from %s has shape %s, but the input has %s"
              .formatted(shape, taken, y.shape()));
    }
    NdArray x = ArrayMath.filled(y, shape, 0);
    ArrayMath.kernels(y)
        .takeInput(
            shape.size(0, along),
            index.size(),
            shape.dim(along),
            shape.size(along + 1, shape.rank()),
            ArrayMath.array(y),
            index.storage(),
            ArrayMath.array(x));
    return x;
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor x, List<Tensor> in) {
    return Tensor.of(new Take(axis, index), g);
  }
}
