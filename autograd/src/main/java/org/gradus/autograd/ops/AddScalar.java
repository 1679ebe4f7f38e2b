package org.gradus.autograd.ops;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.internal.kernel.Unary;

/**
 * A number added to every element.
 *
 * <pre>
 *   y = x + c
 *   VJP: g
 * </pre>
 *
 * Any shape. Correctly rounded; c is rounded to the element type first, unless it is too small or
 * too large for that.
 *
 * @param addend c
 */
public record AddScalar(double addend) implements UnaryOp {
  @Override
  public String name() {
    return "add";
  }

  @Override
  public NdArray forward(List<NdArray> in) {
    return ArrayMath.unary(Unary.ADD, addend, in.get(0));
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    return g;
  }
}
