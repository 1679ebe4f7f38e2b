package org.gradus.autograd.ops;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.internal.kernel.Factor;
import org.gradus.autograd.internal.kernel.Unary;

/**
 * The square, element by element.
 *
 * <pre>
 *   y = x^2
 *   VJP: 2 g x
 * </pre>
 *
 * Any shape.
 */
public record Square() implements UnaryOp {
  @Override
  public NdArray forward(List<NdArray> in) {
    return ArrayMath.unary(Unary.SQUARE, in.get(0));
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    return Product.of(2, g, Factor.Power.one(), in.get(0)); // for 2 g or 2 x may overflow
  }
}
