package org.gradus.autograd.ops;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.internal.kernel.Factor;
import org.gradus.autograd.internal.kernel.Unary;

/**
 * The error function, element by element.
 *
 * <pre>
 *   y = 2 / sqrt(pi) times the integral of e^(-t^2) over t from 0 to x
 *   VJP: g 2 / sqrt(pi) e^(-x^2)
 * </pre>
 *
 * Any shape. Within a few units in the last place, and so are its derivatives, far out in the tails
 * too. Saturates at -1 and 1, where the derivatives are 0.
 */
public record Erf() implements UnaryOp {
  @Override
  public NdArray forward(List<NdArray> in) {
    return ArrayMath.unary(Unary.ERF, in.get(0));
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    return Product.of(1, g, new Factor.ErrorSlope(1), in.get(0));
  }
}
