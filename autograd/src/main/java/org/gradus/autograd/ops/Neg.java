package org.gradus.autograd.ops;

import static org.gradus.autograd.ops.Ops.neg;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.internal.kernel.Unary;

/**
 * The negative, element by element.
 *
 * <pre>
 *   y = -x
 *   VJP: -g
 * </pre>
 *
 * Any shape.
 */
public record Neg() implements UnaryOp {
  @Override
  public NdArray forward(List<NdArray> in) {
    return ArrayMath.unary(Unary.NEG, in.get(0));
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    return neg(g);
  }
}
