package org.gradus.autograd.ops;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.internal.kernel.Factor;
import org.gradus.autograd.internal.kernel.Unary;

/**
 * The exponential less 1, element by element.
 *
 * <pre>
 *   y = e^x - 1
 *   VJP: g e^x
 * </pre>
 *
 * Any shape. Within 2 units in the last place. Accurate near 0, where the difference would cancel.
 * Overflows to infinity, in float32 above 88.7.
 */
public record Expm1() implements UnaryOp {
  @Override
  public NdArray forward(List<NdArray> in) {
    return ArrayMath.unary(Unary.EXPM1, in.get(0));
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    return Product.of(1, g, new Factor.Exponential(), in.get(0));
  }
}
