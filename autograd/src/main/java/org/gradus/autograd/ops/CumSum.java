package org.gradus.autograd.ops;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;

/**
 * The sums of all elements up to each one, along an axis.
 *
 * <pre>
 *   y[..., i, ...] = x[..., 0, ...] + ... + x[..., i, ...]
 *   VJP: the same of g, from the end of the axis: g[..., i, ...] + g[..., i + 1, ...] + ...
 * </pre>
 *
 * Any shape of rank 1 or higher; the axis may be empty. A sum of n elements is within n units of
 * rounding of a double (2^-53) of the sum of magnitudes in float32, and within one in float64,
 * besides the rounding of the result. It is infinite only if it is too large itself. Refuses an
 * axis that x does not have.
 *
 * @param axis from 0, or negative to count from the end
 * @param reversed whether sums begin at the end of the axis
 */
public record CumSum(int axis, boolean reversed) implements UnaryOp {
  @Override
  public NdArray forward(List<NdArray> in) {
    NdArray x = in.get(0);
    Shape shape = x.shape();
    int along = shape.axis(name(), axis);
    NdArray y = ArrayMath.result(x, shape);
    ArrayMath.kernels(x)
        .cumSum(
            reversed,
            shape.size(0, along),
            shape.dim(along),
            shape.size(along + 1, shape.rank()),
            ArrayMath.array(x),
            ArrayMath.array(y));
    return y;
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    return Tensor.of(new CumSum(axis, !reversed), g);
  }
}
