package org.gradus.autograd.ops;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;

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
 * Added up in double precision. Refuses shapes that differ; nothing is broadcast. The sum of
 * nothing is 0.
 */
public record HalfSquaredError() implements BinaryOp {
  @Override
  public NdArray forward(List<NdArray> in) {
    return Mse.squares(name(), in, 2);
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor e, List<Tensor> in) {
    return Mse.difference(input, 1, g, in);
  }
}
