package org.gradus.autograd.ops;

import static org.gradus.autograd.ops.Ops.broadcastTo;
import static org.gradus.autograd.ops.Ops.reshape;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;

/**
 * The sum over some axes.
 *
 * <pre>
 *   y[kept indices] = sum of x over the other indices
 *   VJP: g, repeated along the axes that were summed
 * </pre>
 *
 * Any shape; no axes at all leave x as it is, and a sum over an empty axis is 0. Sums of n elements
 * are added up in double precision, as trees: within 70 + log2(n) units of rounding of a double
 * (2^-53) of the sum of magnitudes, and, in float32, the rounding of the result. Axes with others
 * between them are summed one after the other, each result rounded. Refuses an axis that x does not
 * have or that is named twice.
 *
 * @param axes each from 0, or negative to count from the end
 * @param keepDims whether a summed axis stays with extent 1, or is removed
 */
public record Sum(List<Integer> axes, boolean keepDims) implements UnaryOp {
  /** Takes a copy of the list. */
  public Sum {
    axes = Nulls.list("sum: axes", axes);
  }

  @Override
  public NdArray forward(List<NdArray> in) {
    return Axes.sum(name(), in.get(0), axes, keepDims);
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    return spread(g, in.get(0), axes);
  }

  /** g, which has the shape of a sum over these axes of x, repeated to the shape of x. */
  static Tensor spread(Tensor g, Tensor x, List<Integer> axes) {
    return broadcastTo(unsqueeze(g, x, axes), x.shape());
  }

  /** g, which has the shape of a sum over these axes of x, with extent 1 on those axes. */
  static Tensor unsqueeze(Tensor g, Tensor x, List<Integer> axes) {
    boolean[] summed = Axes.marked("sum", x.shape(), axes);
    return reshape(g, Axes.kept(x.shape(), summed).toArray());
  }
}
