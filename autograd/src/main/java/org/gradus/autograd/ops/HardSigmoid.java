package org.gradus.autograd.ops;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.internal.kernel.Factor;
import org.gradus.autograd.internal.kernel.Unary;

/**
 * The op of {@link Ops#hardSigmoid}, which says what it computes.
 *
 * <pre>
 *   VJP: g / 6 where -3 &lt; x &lt;= 3, otherwise 0
 * </pre>
 */
record HardSigmoid() implements UnaryOp {
  @Override
  public NdArray forward(List<NdArray> in) {
    return ArrayMath.unary(Unary.HARD_SIGMOID, in.get(0));
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    return Product.of(1, g, new Factor.HardSlope(0, 1), in.get(0));
  }
}
