package org.gradus.autograd.ops;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.internal.kernel.Factor;
import org.gradus.autograd.internal.kernel.Unary;

/**
 * The cosine, element by element.
 *
 * <pre>
 *   y = cos x, x in radians
 *   VJP: -g sin x
 * </pre>
 *
 * Any shape. Within 2 units in the last place. NaN at the infinities.
 */
public record Cos() implements UnaryOp {
  @Override
  public NdArray forward(List<NdArray> in) {
    return ArrayMath.unary(Unary.COS, in.get(0));
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    return Product.of(-1, g, new Factor.Wave(0), in.get(0));
  }
}
