package org.gradus.autograd.ops;

import static org.gradus.autograd.ops.Ops.mul;
import static org.gradus.autograd.ops.Ops.neg;
import static org.gradus.autograd.ops.Ops.sub;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.internal.kernel.Binary;

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
 * Refuses shapes that differ; nothing is broadcast. The mean of nothing is NaN.
 */
public record Mse() implements BinaryOp {
  @Override
  public NdArray forward(List<NdArray> in) {
    return Compute.divide(sumOfSquares(name(), in), in.get(0).size());
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor e, List<Tensor> in) {
    int n = Math.max(1, in.get(0).shape().size()); // if 0, the difference is empty
    return difference(input, mul(g, 2.0 / n), in);
  }

  /** The sum of (y - t)^2 over all elements. */
  static NdArray sumOfSquares(String op, List<NdArray> in) {
    Shape shape = in.get(0).shape();
    Losses.requireSameShape(op, "prediction", shape, "target", in.get(1).shape());
    NdArray error = Compute.binary(op, Binary.SUB, in.get(0), in.get(1));
    NdArray squares = Compute.binary(op, Binary.MUL, error, error);
    return Axes.sum(op, squares, Axes.orAll(shape), false);
  }

  /** factor (y - t) for the prediction, its negative for the target. */
  static Tensor difference(int input, Tensor factor, List<Tensor> in) {
    return mul(sub(in.get(0), in.get(1)), input == 0 ? factor : neg(factor));
  }
}
