package org.gradus.autograd.ops;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.internal.kernel.Factor;

/**
 * The standard deviation over some axes, with epsilon added to the variance: what {@link Normalize}
 * divides by.
 *
 * <pre>
 *   y = (mean((x - mean(x))^2) + epsilon)^(1/2), with extent 1 on the axes; n elements each
 *   VJP: g normalize(x) / n
 * </pre>
 *
 * Computed as Normalize is, in double precision and rounded once. If all elements are equal and
 * epsilon is 0, the derivative is NaN. Refuses an axis that x does not have or that is named twice.
 *
 * @param axes each from 0, or negative to count from the end
 * @param epsilon added to the variance, at least 0
 */
record Deviation(List<Integer> axes, double epsilon) implements UnaryOp {
  /** Takes a copy of the list. */
  Deviation {
    axes = List.copyOf(axes);
  }

  @Override
  public NdArray forward(List<NdArray> in) {
    NdArray x = in.get(0);
    Slicing slicing = new Slicing(name(), x.shape(), axes);
    NdArray y = ArrayMath.result(x, slicing.kept());
    ArrayMath.kernels(x)
        .deviation(
            slicing.slices(), epsilon, ArrayMath.array(slicing.arranged(x)), ArrayMath.array(y));
    return y;
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    Tensor x = in.get(0);
    double share = 1.0 / Math.max(1, Axes.count(name(), x.shape(), axes)); // of nothing, nothing
    Tensor normalized = Tensor.of(new Normalize(axes, epsilon), x);
    return Product.of(share, g, Factor.Power.one(), normalized);
  }
}
