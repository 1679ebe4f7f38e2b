package org.gradus.autograd.ops;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;

/**
 * The largest element over some axes.
 *
 * <pre>
 *   y[kept indices] = max of x over the other indices
 *   VJP: g at the place of the first largest element, 0 elsewhere
 * </pre>
 *
 * Any shape; no axes at all leave x as it is. The kink is where elements tie: the first in
 * row-major order gets the gradient. 0 and -0 tie. NaN counts as the largest of all. Refuses an
 * axis that x does not have, that is named twice, or that is empty.
 *
 * <p>A gradient of 0 is passed on to the op that made the input; if the derivative of that op is
 * infinite, the product is NaN. Where that may happen, choose a safe input of that op first: {@code
 * log(where(greater(x, 0), x, 1))}, for example, in place of {@code log(x)}.
 *
 * @param axes each from 0, or negative to count from the end
 * @param keepDims whether an axis that was searched stays with extent 1, or is removed
 */
public record Max(List<Integer> axes, boolean keepDims) implements UnaryOp {
  /** Takes a copy of the list. */
  public Max {
    axes = Nulls.list("max: axes", axes);
  }

  @Override
  public NdArray forward(List<NdArray> in) {
    return extremes(in.get(0)).values(keepDims);
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    return in.get(0).read(x -> extremes(x).spread(g));
  }

  private Extremes extremes(NdArray x) {
    return Extremes.of(name(), true, x, axes);
  }
}
