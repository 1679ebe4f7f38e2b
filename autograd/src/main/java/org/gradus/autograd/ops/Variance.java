package org.gradus.autograd.ops;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;

/**
 * The mean square distance from the mean, over some axes.
 *
 * <pre>
 *   y[kept indices] = 1/(n - correction) sum of (x - m)^2 over the other indices, n of them,
 *   where m = 1/n sum of x
 *   VJP: g 2/(n - correction) (x - m)
 * </pre>
 *
 * Any shape. With correction 0, elements are all there is; with 1 they are a sample, and y has the
 * variance of the whole as its expected value. If n does not exceed the correction, y and its
 * gradient are NaN. The mean is subtracted before anything is squared, and then what rounding has
 * left of it, so that a large mean costs no digits. Value and VJP are computed in double precision
 * and rounded once: they overflow only if they are too large themselves. Refuses an axis that x
 * does not have or that is named twice.
 *
 * @param axes each from 0, or negative to count from the end
 * @param correction 0 or 1
 * @param keepDims whether an axis that was summed stays with extent 1, or is removed
 */
public record Variance(List<Integer> axes, int correction, boolean keepDims) implements UnaryOp {
  /** Takes a copy of the list; refuses any other correction. */
  public Variance {
    axes = Nulls.list("variance: axes", axes);
    requireCorrection("variance", correction);
  }

  static void requireCorrection(String op, int correction) {
    if (correction != 0 && correction != 1) {
      throw new IllegalArgumentException(
          "%s: correction %s, expected 0 or 1".formatted(op, correction));
    }
  }

  @Override
  public NdArray forward(List<NdArray> in) {
    NdArray x = in.get(0);
    Slicing slicing = new Slicing(name(), x.shape(), axes);
    NdArray y = ArrayMath.result(x, slicing.kept());
    ArrayMath.kernels(x)
        .variance(
            slicing.slices(),
            divisor(slicing.size()),
            ArrayMath.array(slicing.arranged(x)),
            ArrayMath.array(y));
    boolean[] marked = Axes.marked(name(), x.shape(), axes);
    return y.reshape(Axes.result(x.shape(), marked, keepDims));
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    Tensor x = in.get(0);
    int n = Axes.count(name(), x.shape(), axes);
    double divisor = n == 0 ? 1 : divisor(n); // if 0, there is nowhere to spread to
    return Tensor.of(new Centred(axes, 2 / divisor), x, Sum.unsqueeze(g, x, axes));
  }

  private double divisor(int n) {
    return Math.max(0, n - correction);
  }
}
