package org.gradus.autograd.ops;

import static org.gradus.autograd.ops.Ops.div;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.internal.kernel.Unary;

/**
 * The natural logarithm, element by element.
 *
 * <pre>
 *   y = ln x
 *   VJP: g / x
 * </pre>
 *
 * Any shape. Within 2 units in the last place. Domain x > 0: at 0 the value is -infinity and the
 * derivative infinite (NaN for a cotangent of 0), below it the value is NaN.
 */
public record Log() implements UnaryOp {
  @Override
  public NdArray forward(List<NdArray> in) {
    return ArrayMath.unary(Unary.LOG, in.get(0));
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    return div(g, in.get(0));
  }
}
