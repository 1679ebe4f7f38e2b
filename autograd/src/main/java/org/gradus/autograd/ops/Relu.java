package org.gradus.autograd.ops;

import static org.gradus.autograd.ops.Ops.gate;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.internal.kernel.Unary;

/**
 * The op of {@link Ops#relu}, which says what it computes.
 *
 * <pre>
 *   VJP: g where y > 0 (or NaN), otherwise 0
 * </pre>
 */
record Relu() implements UnaryOp {
  @Override
  public NdArray forward(List<NdArray> in) {
    return ArrayMath.unary(Unary.RELU, in.get(0));
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    return gate(y, g);
  }
}
