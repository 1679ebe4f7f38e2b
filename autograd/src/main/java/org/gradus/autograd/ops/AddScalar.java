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
 * Any shape.
 *
 * @param addend c, rounded to the element type of x
 */
public record AddScalar(double addend) implements UnaryOp {
  @Override
  public NdArray forward(List<NdArray> in) {
    return Compute.unary(Unary.ADD, addend, in.get(0));
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    return g;
  }
}
