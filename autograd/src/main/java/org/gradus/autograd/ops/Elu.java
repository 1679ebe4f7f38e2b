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
 * The op of {@link Ops#elu}, which says what it computes.
 *
 * <pre>
 *   VJP: g where x > 0, otherwise g alpha e^x
 * </pre>
 */
record Elu(double alpha) implements UnaryOp {

  /**
   * Checks alpha.
   *
   * @throws IllegalArgumentException if it is NaN or infinite
   */
  Elu {
    LeakyRelu.requireFinite("elu: alpha", alpha);
  }

  @Override
  public NdArray forward(List<NdArray> in) {
    return ArrayMath.unary(Unary.ELU, alpha, in.get(0));
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    Tensor x = in.get(0);
    Tensor left = minimum(x, 0); // of a large x, e^x would be infinite
    return where(greater(x, 0), g, Product.of(alpha, g, new Factor.Exponential(), left));
  }
}
