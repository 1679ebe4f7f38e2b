package org.gradus.autograd.ops;

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

  /** The sum over one axis, which stays with extent 1. */
  static Tensor sumAlong(Tensor x, int axis) {
    return Tensor.of(new Sum(List.of(axis), true), x);
  }
}
