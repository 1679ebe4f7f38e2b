package org.gradus.autograd.ops;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.internal.kernel.Unary;

/**
 * Half of the sum of squared errors, the E whose derivative is just the difference.
 *
 * <pre>
 *   y, t of one shape
 *   E = 1/2 sum of (t - y)^2
 *   VJP y: g (y - t)
 *   VJP t: -g (y - t)
 * </pre>
 *
 * Refuses shapes that differ; nothing is broadcast. The sum of nothing is 0.
 */
public record HalfSquaredError() implements BinaryOp {
  @Override
  public NdArray forward(List<NdArray> in) {
    return Compute.unary(Unary.MUL, 0.5, Mse.sumOfSquares(name(), in));
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor e, List<Tensor> in) {
    return Mse.difference(input, g, in);
  }
}
