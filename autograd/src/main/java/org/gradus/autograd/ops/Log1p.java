package org.gradus.autograd.ops;

import static org.gradus.autograd.ops.Ops.add;
import static org.gradus.autograd.ops.Ops.div;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.internal.kernel.Unary;

/**
 * The natural logarithm of 1 + x, element by element.
 *
 * <pre>
 *   y = ln(1 + x)
 *   VJP: g / (1 + x)
 * </pre>
 *
 * Any shape. Within 2 units in the last place. Accurate near 0, where 1 + x would be rounded first.
 * Domain x > -1: at -1 the value is -infinity and the derivative infinite (NaN for a cotangent of
 * 0), below it the value is NaN.
 */
public record Log1p() implements UnaryOp {
  @Override
  public NdArray forward(List<NdArray> in) {
    return ArrayMath.unary(Unary.LOG1P, in.get(0));
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    return div(g, add(in.get(0), 1));
  }
}
