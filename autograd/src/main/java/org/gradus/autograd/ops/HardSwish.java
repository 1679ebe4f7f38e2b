package org.gradus.autograd.ops;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.internal.kernel.Factor;
import org.gradus.autograd.internal.kernel.Unary;

/**
 * The op of {@link Ops#hardSwish}, which says what it computes.
 *
 * <pre>
 *   VJP: g (2 x + 3) / 6 where -3 &lt; x &lt;= 3; g to the right of that, 0 to the left
 * </pre>
 */
record HardSwish() implements UnaryOp {
  @Override
  public NdArray forward(List<NdArray> in) {
    return ArrayMath.unary(Unary.HARD_SWISH, in.get(0));
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    return Product.of(1, g, new Factor.HardSlope(1, 1), in.get(0));
  }
}
