package org.gradus.autograd.ops;

import static org.gradus.autograd.ops.Ops.broadcastTo;
import static org.gradus.autograd.ops.Ops.equal;
import static org.gradus.autograd.ops.Ops.less;
import static org.gradus.autograd.ops.Ops.mul;
import static org.gradus.autograd.ops.Ops.permute;
import static org.gradus.autograd.ops.Ops.reshape;
import static org.gradus.autograd.ops.Ops.where;
import static org.gradus.autograd.ops.Ops.zeros;

import java.util.List;
import java.util.stream.IntStream;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;

/**
 * The logarithm of a sum of exponentials, over some axes: a smooth maximum.
 *
 * <pre>
 *   y[kept indices] = ln(sum of e^x over the other indices)
 *   VJP: g times the softmax over the axes, which is g e^(x - y)
 * </pre>
 *
 * Any shape. The largest element is subtracted first, so that no exponential overflows, and added
 * at the end, all in double precision: within 2 units in the last place of the larger of y and the
 * largest element in float32, and as accurate as a {@link Sum} of exponentials in float64. The VJP
 * is rounded once: a share that is too small for the element type does no harm to it. Where all
 * elements are -infinity, and over an empty axis, y is -infinity; the gradient is then 0. Where one
 * is +infinity, so is y; the gradient is then 0 at finite elements and NaN at the infinite ones.
 * Refuses an axis that x does not have or that is named twice.
 *
 * @param axes each from 0, or negative to count from the end
 * @param keepDims whether an axis that was summed stays with extent 1, or is removed
 */
public record LogSumExp(List<Integer> axes, boolean keepDims) implements UnaryOp {
  /** Takes a copy of the list. */
  public LogSumExp {
    axes = Nulls.list("logSumExp: axes", axes);
  }

  @Override
  public NdArray forward(List<NdArray> in) {
    NdArray x = in.get(0);
    boolean[] marked = Axes.marked(name(), x.shape(), axes);
    NdArray y = ArrayMath.result(x, Axes.result(x.shape(), marked, keepDims));
    int count = Axes.count(name(), x.shape(), axes);
    if (count == 0) {
      return NdArray.full(x.dtype(), y.shape(), Double.NEGATIVE_INFINITY);
    }
    NdArray rows = StridedView.of(x).permute(order(marked)).copy();
    ArrayMath.kernels(x).logSumExp(y.size(), count, 1, ArrayMath.array(rows), ArrayMath.array(y));
    return y;
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    Tensor x = in.get(0);
    int count = Axes.count(name(), x.shape(), axes);
    if (count == 0) {
      return zeros(x);
    }
    int[] order = order(Axes.marked(name(), x.shape(), axes));
    Tensor permuted = permute(x, order);
    Tensor rows = reshape(permuted, g.shape().size(), count);
    Tensor spread = broadcastTo(reshape(g, g.shape().size(), 1), rows.shape());
    Tensor product = Tensor.of(new SoftmaxProduct(1), rows, spread);
    // Where y is infinite, the softmax is NaN throughout.
    Tensor infinite = equal(reshape(y, g.shape().size(), 1), Double.POSITIVE_INFINITY);
    Tensor below = mul(infinite, less(rows, Double.POSITIVE_INFINITY));
    Tensor gradient = where(below, 0, product);
    int[] inverse = new int[order.length];
    for (int axis = 0; axis < order.length; axis++) {
      inverse[order[axis]] = axis;
    }
    return permute(reshape(gradient, permuted.shape().toArray()), inverse);
  }

  /** The axes, with those that are summed at the end. */
  private static int[] order(boolean[] marked) {
    return IntStream.concat(Axes.indices(marked, false), Axes.indices(marked, true)).toArray();
  }
}
