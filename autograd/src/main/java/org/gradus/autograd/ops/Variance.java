package org.gradus.autograd.ops;

import static org.gradus.autograd.ops.Ops.div;
import static org.gradus.autograd.ops.Ops.mul;
import static org.gradus.autograd.ops.Ops.sub;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.internal.kernel.Binary;

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
 * left of it, so that a large mean costs no digits. Refuses an axis that x does not have or that is
 * named twice.
 *
 * @param axes each from 0, or negative to count from the end
 * @param correction 0 or 1
 * @param keepDims whether an axis that was summed stays with extent 1, or goes
 */
public record Variance(List<Integer> axes, int correction, boolean keepDims) implements UnaryOp {
  /** Takes a copy of the list; refuses any other correction. */
  public Variance {
    axes = Nulls.list("variance: axes", axes);
    if (correction != 0 && correction != 1) {
      throw new IllegalArgumentException(
          "variance: correction %s, expected 0 or 1".formatted(correction));
    }
  }

  @Override
  public NdArray forward(List<NdArray> in) {
    Axes.marked(name(), in.get(0).shape(), axes);
    NdArray x = centred(Tensor.constant(in.get(0))).value();
    NdArray squares = Compute.binary(name(), Binary.MUL, x, x);
    return Compute.divide(Axes.sum(name(), squares, axes, keepDims), divisor(count(x)));
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    Tensor x = in.get(0);
    int n = count(x.value());
    double divisor = n == 0 ? 1 : divisor(n); // if 0, there is nowhere to spread to
    return mul(centred(x), Sum.unsqueeze(div(mul(g, 2), divisor), x, axes));
  }

  private int count(NdArray x) {
    return Axes.count(name(), x.shape(), axes);
  }

  private double divisor(int n) {
    return Math.max(0, n - correction);
  }

  /** x without its mean; the second subtraction takes away what rounding left of it. */
  private Tensor centred(Tensor x) {
    Mean mean = new Mean(axes, true);
    Tensor nearly = sub(x, Tensor.of(mean, x));
    return sub(nearly, Tensor.of(mean, nearly));
  }
}
