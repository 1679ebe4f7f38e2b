package org.gradus.autograd.ops;

import static org.gradus.autograd.ops.Ops.add;
import static org.gradus.autograd.ops.Ops.div;
import static org.gradus.autograd.ops.Ops.exp;
import static org.gradus.autograd.ops.Ops.gate;
import static org.gradus.autograd.ops.Ops.mul;
import static org.gradus.autograd.ops.Ops.sub;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.internal.kernel.Binary;
import org.gradus.autograd.internal.kernel.Unary;

/**
 * The logarithm of a sum of exponentials, over some axes: a smooth maximum.
 *
 * <pre>
 *   y[kept indices] = ln(sum of e^x over the other indices)
 *   VJP: g e^(x - y), which is g times the softmax over the axes
 * </pre>
 *
 * Any shape. The largest element is subtracted first, so that no exponential overflows, and added
 * at the end. Where all elements are -infinity, and over an empty axis, y is -infinity; the
 * gradient is then 0. Where one is +infinity, so is y; the gradient is then 0 at finite elements
 * and NaN at the infinite ones. Refuses an axis that x does not have or that is named twice.
 *
 * @param axes each from 0, or negative to count from the end
 * @param keepDims whether an axis that was summed stays with extent 1, or goes
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
    NdArray shift = shift(x, Axes.kept(x.shape(), marked));
    NdArray powers = Compute.unary(Unary.EXP, Compute.binary(name(), Binary.SUB, x, shift));
    NdArray logs = Compute.unary(Unary.LOG, Axes.sum(name(), powers, axes, true));
    NdArray y = Compute.binary(name(), Binary.ADD, logs, shift);
    return y.reshape(Axes.result(x.shape(), marked, keepDims));
  }

  /** The largest elements; 0 for one that is infinite, whose difference from itself is NaN. */
  private NdArray shift(NdArray x, Shape kept) {
    if (Axes.count(name(), x.shape(), axes) == 0) {
      return NdArray.zeros(x.dtype(), kept);
    }
    NdArray largest = Extremes.of(name(), true, x, axes).values(true);
    return largest.map(m -> Double.isInfinite(m) ? 0 : m);
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    Tensor x = in.get(0);
    NdArray shift = y.value().map(value -> value == Double.NEGATIVE_INFINITY ? 0 : value);
    Tensor powers = exp(sub(x, Sum.unsqueeze(Tensor.constant(shift), x, axes)));
    // y is rounded, so that these add up to 1 only nearly; where it is infinite, to 0 or NaN.
    Tensor finite = Tensor.constant(y.value().map(value -> Double.isFinite(value) ? 1 : 0));
    Tensor total = Tensor.of(new Sum(axes, true), powers);
    Tensor open = Sum.unsqueeze(finite, x, axes);
    Tensor divisor = add(gate(open, total), sub(1, open));
    return mul(Sum.unsqueeze(g, x, axes), div(powers, divisor));
  }
}
