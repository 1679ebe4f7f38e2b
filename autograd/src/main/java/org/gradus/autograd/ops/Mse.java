package org.gradus.autograd.ops;

import java.util.List;
import org.gradus.autograd.Op;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.internal.kernel.Loss;

/**
 * The mean squared error over all elements.
 *
 * <pre>
 *   y, t of one shape with n elements
 *   E = 1/n sum of (y - t)^2
 *   VJP y: g 2/n (y - t)
 *   VJP t: -g 2/n (y - t)
 * </pre>
 *
 * Added up in double precision and divided before it is rounded. Refuses shapes that differ;
 * nothing is broadcast. The mean of nothing is NaN.
 */
public record Mse() implements BinaryOp {
  @Override
  public NdArray forward(List<NdArray> in) {
    return squares(name(), in, in.get(0).size());
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor e, List<Tensor> in) {
    int n = Math.max(1, in.get(0).shape().size()); // if 0, the difference is empty
    return difference(input, 2.0 / n, g, in);
  }

  /** The sum of (y - t)^2 over all elements, divided by a number. */
  static NdArray squares(String op, List<NdArray> in, double divisor) {
    NdArray prediction = in.get(0);
    NdArray target = in.get(1);
    Losses.requireSameShape(op, "prediction", prediction.shape(), "target", target.shape());
    return ArrayMath.loss(Loss.SQUARED, 0, divisor, prediction, target);
  }

  /** factor g (y - t) for the prediction, its negative for the target. */
  static Tensor difference(int input, double factor, Tensor g, List<Tensor> in) {
    Op op = new ScaledDifference(input == 0 ? factor : -factor);
    return Tensor.of(op, in.get(0), in.get(1), g);
  }
}
