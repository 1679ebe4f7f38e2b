package org.gradus.autograd.ops;

import static org.gradus.autograd.ops.Ops.mul;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.internal.kernel.Unary;

/**
 * The absolute value, element by element.
 *
 * <pre>
 *   y = |x|
 *   VJP: g sign(x)
 * </pre>
 *
 * Any shape. At the kink the derivative is taken as abs'(0) = 0. NaN stays NaN, in all derivatives.
 * Exact.
 *
 * <p>A gradient of 0 is passed on to the op that made the input; if the derivative of that op is
 * infinite, the product is NaN. Where that may happen, choose a safe input of that op first: {@code
 * log(where(greater(x, 0), x, 1))}, for example, in place of {@code log(x)}.
 */
public record Abs() implements UnaryOp {
  @Override
  public NdArray forward(List<NdArray> in) {
    return ArrayMath.unary(Unary.ABS, in.get(0));
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    return mul(g, Tensor.of(new Sign(), in.get(0))); // not detached, for NaN
  }
}
