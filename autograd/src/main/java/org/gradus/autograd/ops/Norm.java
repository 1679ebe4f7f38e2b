package org.gradus.autograd.ops;

import static org.gradus.autograd.ops.Ops.mul;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;

/**
 * The Euclidean norm over some axes: the length of a vector.
 *
 * <pre>
 *   y[kept indices] = (sum of x^2 over the other indices)^(1/2)
 *   VJP: g x / y
 * </pre>
 *
 * Any shape; the norm over an empty axis is 0, and over no axes it is |x|. Squares are added up in
 * double precision, of numbers brought to the size of 1 where they would overflow or vanish: y is
 * within half a unit in the last place in float32, within 70 units of rounding (2^-53) of itself in
 * float64, and infinite only if it is too large itself. At x = 0, the kink, the gradient is 0, and
 * so are those of all orders. Where an element is infinite, so is y; the gradient is then 0 at
 * finite elements and NaN at infinite ones. Refuses an axis that x does not have or that is named
 * twice.
 *
 * @param axes each from 0, or negative to count from the end
 * @param keepDims whether an axis that was summed stays with extent 1, or is removed
 */
public record Norm(List<Integer> axes, boolean keepDims) implements UnaryOp {
  /** Takes a copy of the list. */
  public Norm {
    axes = Nulls.list("norm: axes", axes);
  }

  @Override
  public NdArray forward(List<NdArray> in) {
    NdArray x = in.get(0);
    Slicing slicing = new Slicing(name(), x.shape(), axes);
    NdArray y = ArrayMath.result(x, slicing.kept());
    NdArray arranged = slicing.arranged(x);
    ArrayMath.kernels(x).norm(slicing.slices(), ArrayMath.array(arranged), ArrayMath.array(y));
    boolean[] marked = Axes.marked(name(), x.shape(), axes);
    return y.reshape(Axes.result(x.shape(), marked, keepDims));
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    Tensor x = in.get(0);
    return mul(Sum.unsqueeze(g, x, axes), Tensor.of(new Direction(axes), x));
  }
}
