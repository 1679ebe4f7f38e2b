package org.gradus.autograd.ops;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.internal.kernel.Unary;

/**
 * The sign, element by element.
 *
 * <pre>
 *   y = -1 where x &lt; 0, 0 where x = 0, 1 where x > 0
 *   VJP: 0, since y is constant on both sides of the jump; NaN where x is NaN
 * </pre>
 *
 * Any shape. A zero keeps its sign, NaN stays NaN.
 */
public record Sign() implements UnaryOp {
  @Override
  public NdArray forward(List<NdArray> in) {
    return ArrayMath.unary(Unary.SIGN, in.get(0));
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    return Tensor.of(new Flat(), in.get(0));
  }
}
