package org.gradus.autograd.ops;

import static org.gradus.autograd.ops.Ops.gate;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.internal.kernel.Unary;

/**
 * The rectified linear unit, element by element.
 *
 * <pre>
 *   y = max(x, 0)
 *   VJP: g where y > 0 (or NaN), otherwise 0
 * </pre>
 *
 * Any shape. At the kink the derivative is taken from the left: relu'(0) = 0. NaN stays NaN.
 *
 * <p>A gradient of 0 is passed on to the op that made the input; if the derivative of that op is
 * infinite, the product is NaN. Where that may happen, choose a safe input of that op first: {@code
 * log(where(greater(x, 0), x, 1))}, for example, in place of {@code log(x)}.
 */
public record Relu() implements UnaryOp {
  @Override
  public NdArray forward(List<NdArray> in) {
    return Compute.unary(Unary.RELU, in.get(0));
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    return gate(y, g);
  }
}
