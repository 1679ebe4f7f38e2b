package org.gradus.autograd.ops;

import static org.gradus.autograd.ops.Ops.equal;
import static org.gradus.autograd.ops.Ops.mul;
import static org.gradus.autograd.ops.Ops.neg;
import static org.gradus.autograd.ops.Ops.where;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.internal.kernel.SoftmaxSlope;

/**
 * The op of {@link Ops#softmax}, which says what it computes.
 *
 * <pre>
 *   VJP: y (g - sum over the axis of g y)
 * </pre>
 */
record Softmax(int axis) implements UnaryOp {
  @Override
  public NdArray forward(List<NdArray> in) {
    return compute(name(), false, axis, in.get(0));
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    return Tensor.of(new SoftmaxInput(axis), in.get(0), g);
  }

  static NdArray compute(String op, boolean logarithm, int axis, NdArray x) {
    int index = x.shape().axis(op, axis);
    NdArray y = ArrayMath.result(x, x.shape());
    ArrayMath.kernels(x)
        .softmax(
            logarithm,
            x.shape().size(0, index),
            x.shape().dim(index),
            x.shape().size(index + 1, x.shape().rank()),
            ArrayMath.array(x),
            ArrayMath.array(y));
    return y;
  }

  /** A linear function of the second array, along lines of the first. */
  static NdArray slope(String op, SoftmaxSlope f, int axis, List<NdArray> in) {
    NdArray x = in.get(0);
    int index = x.shape().axis(op, axis);
    Losses.requireSameShape(op, "input", x.shape(), "cotangent", in.get(1).shape());
    NdArray y = ArrayMath.result(x, x.shape());
    ArrayMath.kernels(x)
        .softmaxSlope(
            f,
            x.shape().size(0, index),
            x.shape().dim(index),
            x.shape().size(index + 1, x.shape().rank()),
            ArrayMath.array(x),
            ArrayMath.array(in.get(1)),
            ArrayMath.array(y));
    return y;
  }

  /**
   * The {@link SoftmaxInput} of x and v, times minus the sum of g along each line. A line of x that
   * is -infinity throughout gives 0, also where g is infinite or NaN: no derivative leads out of
   * it.
   */
  static Tensor lessTotal(int axis, Tensor x, Tensor v, Tensor g) {
    Tensor total = neg(Tensor.of(new Sum(List.of(axis), true), g));
    if (!total.read(NdArray::isFinite)) {
      Tensor sums = Tensor.of(new LogSumExp(List.of(axis), true), x.detach());
      total = where(equal(sums, Double.NEGATIVE_INFINITY), 0, total);
    }
    return mul(Tensor.of(new SoftmaxInput(axis), x, v), total);
  }
}
