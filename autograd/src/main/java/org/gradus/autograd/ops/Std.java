package org.gradus.autograd.ops;

import static org.gradus.autograd.ops.Ops.mul;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.internal.kernel.Unary;

/**
 * The standard deviation over some axes: the square root of the {@link Variance}.
 *
 * <pre>
 *   y[kept indices] = (1/(n - correction) sum of (x - m)^2 over the other indices)^(1/2),
 *   n of them, where m = 1/n sum of x
 *   VJP: g (x - m) / (n - correction) / y
 * </pre>
 *
 * Any shape. With correction 0, elements are all there is; with 1 they are a sample. If n does not
 * exceed the correction, y and its gradient are NaN. Where all elements are equal, the kink, y is 0
 * and the gradient is 0, as that of the variance, and so are those of all orders. The variance
 * itself, which may be too large or too small for the element type where y is not, is not rounded
 * to it. Value and VJP are within 2 units in the last place in float32, and as accurate as a {@link
 * Variance} in float64. Refuses an axis that x does not have or that is named twice.
 *
 * @param axes each from 0, or negative to count from the end
 * @param correction 0 or 1
 * @param keepDims whether an axis that was summed stays with extent 1, or is removed
 */
public record Std(List<Integer> axes, int correction, boolean keepDims) implements UnaryOp {
  private static final double LEAST = 0x1p-126; // both are normal in float32
  private static final double MOST = 0x1p126;

  /** Takes a copy of the list; refuses any other correction. */
  public Std {
    axes = Nulls.list("std: axes", axes);
    Variance.requireCorrection("std", correction);
  }

  @Override
  public NdArray forward(List<NdArray> in) {
    NdArray x = in.get(0);
    boolean[] marked = Axes.marked(name(), x.shape(), axes);
    Shape result = Axes.result(x.shape(), marked, keepDims);
    int n = Axes.count(name(), x.shape(), axes);
    NdArray y = new Deviation(axes, 0).forward(in).reshape(result);
    return correction == 0 ? y : ArrayMath.unary(Unary.MUL, Math.sqrt(n / (n - 1.0)), y);
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    Tensor x = in.get(0);
    Shape kept = Axes.kept(x.shape(), Axes.marked(name(), x.shape(), axes));
    int n = Axes.count(name(), x.shape(), axes);
    double share = 1 / Math.sqrt(Math.max(0, n - correction));
    // A direction is that of any multiple, and one of about the size of 1 is rounded least.
    NdArray size =
        y.read(v -> v.reshape(kept).map(std -> Math.max(LEAST, Math.min(1 / std, MOST))));
    Tensor centred = Tensor.of(new Centred(axes, 1), x, Tensor.constant(size));
    return mul(Sum.unsqueeze(g, x, axes), mul(Tensor.of(new Direction(axes), centred), share));
  }
}
