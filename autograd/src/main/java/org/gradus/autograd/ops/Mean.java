package org.gradus.autograd.ops;

import static org.gradus.autograd.ops.Ops.div;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;

/**
 * The mean over some axes.
 *
 * <pre>
 *   y[kept indices] = 1/n sum of x over the other indices, n of them
 *   VJP: g / n, repeated along the axes that were summed
 * </pre>
 *
 * Any shape; the mean over an empty axis is NaN. The sum is kept in double precision and divided
 * before it is rounded: the mean of numbers is within half a unit in the last place in float32, and
 * within 71 + log2(n) units of rounding (2^-53) of their mean size in float64, also where their sum
 * is too large for any number. Refuses an axis that x does not have or that is named twice.
 *
 * @param axes each from 0, or negative to count from the end
 * @param keepDims whether a summed axis stays with extent 1, or is removed
 */
public record Mean(List<Integer> axes, boolean keepDims) implements UnaryOp {
  /** Takes a copy of the list. */
  public Mean {
    axes = Nulls.list("mean: axes", axes);
  }

  @Override
  public NdArray forward(List<NdArray> in) {
    NdArray x = in.get(0);
    return Axes.sum(name(), x, axes, keepDims, Axes.count(name(), x.shape(), axes));
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    Tensor x = in.get(0);
    int n = Math.max(1, Axes.count(name(), x.shape(), axes)); // if 0, there is nowhere to spread to
    return Sum.spread(div(g, n), x, axes);
  }
}
