package org.gradus.autograd.ops;

import static org.gradus.autograd.ops.Ops.mul;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.internal.kernel.Unary;

/**
 * Every element times a number.
 *
 * <pre>
 *   y = c x
 *   VJP: c g
 * </pre>
 *
 * Any shape. Correctly rounded; c is rounded to the element type first, unless it is too small or
 * too large for that.
 *
 * @param factor c
 */
public record MulScalar(double factor) implements UnaryOp {
  @Override
  public String name() {
    return "mul";
  }

  @Override
  public NdArray forward(List<NdArray> in) {
    return ArrayMath.unary(Unary.MUL, factor, in.get(0));
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    return mul(g, factor);
  }
}
