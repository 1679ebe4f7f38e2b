package org.gradus.autograd.ops;

import static org.gradus.autograd.ops.Ops.greater;
import static org.gradus.autograd.ops.Ops.minimum;
import static org.gradus.autograd.ops.Ops.where;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.internal.kernel.Factor;
import org.gradus.autograd.internal.kernel.Unary;

/**
 * The exponential linear unit, element by element.
 *
 * <pre>
 *   y = x where x > 0, otherwise alpha (e^x - 1)
 *   VJP: g where x > 0, otherwise g alpha e^x
 * </pre>
 *
 * Any shape. At 0 the derivative is taken from the left: elu'(0) = alpha, which is a kink unless
 * alpha is 1. NaN stays NaN, in all derivatives. Within 2 units in the last place.
 *
 * @param alpha the limit on the left is -alpha; NaN and infinities are refused
 * @see <a href="https://arxiv.org/abs/1511.07289">Clevert, Unterthiner and Hochreiter, 2015</a>
 */
public record Elu(double alpha) implements UnaryOp {

  /**
   * Checks alpha.
   *
   * @throws IllegalArgumentException if it is NaN or infinite
   */
  public Elu {
    LeakyRelu.requireFinite("elu: alpha", alpha);
  }

  @Override
  public NdArray forward(List<NdArray> in) {
    return Compute.unary(Unary.ELU, alpha, in.get(0));
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    Tensor x = in.get(0);
    Tensor left = minimum(x, 0); // of a large x, e^x would be infinite
    return where(greater(x, 0), g, Product.of(alpha, g, new Factor.Exponential(), left));
  }
}
