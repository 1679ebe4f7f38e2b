package org.gradus.autograd.ops;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.internal.kernel.Factor;
import org.gradus.autograd.internal.kernel.Unary;

/**
 * The Gaussian error linear unit, element by element.
 *
 * <pre>
 *   y = x Phi(x), Phi the standard normal distribution function
 *   VJP: g (Phi(x) + x phi(x)), phi its density
 * </pre>
 *
 * Any shape. The exact function, not its approximation by tanh. Accurate in the left tail; far out
 * it is -0 on the left, x on the right.
 *
 * @see <a href="https://arxiv.org/abs/1606.08415">Hendrycks and Gimpel, 2016</a>
 */
public record Gelu() implements UnaryOp {
  @Override
  public NdArray forward(List<NdArray> in) {
    return Compute.unary(Unary.GELU, in.get(0));
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    return Product.of(1, g, new Factor.GeluSlope(1), in.get(0));
  }
}
