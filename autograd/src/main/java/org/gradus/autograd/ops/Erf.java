package org.gradus.autograd.ops;

import static org.gradus.autograd.ops.Ops.mul;
import static org.gradus.autograd.ops.Ops.normal;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.internal.kernel.Unary;

/**
 * The error function, element by element.
 *
 * <pre>
 *   y = 2 / sqrt(pi) times the integral of e^(-t^2) over t from 0 to x
 *   VJP: g 2 / sqrt(pi) e^(-x^2)
 * </pre>
 *
 * Any shape. Saturates at -1 and 1, where the derivatives are 0. With the density phi of the normal
 * distribution (see {@link Normal}), erf'(x) = sqrt(8) phi(sqrt(2) x).
 */
public record Erf() implements UnaryOp {
  @Override
  public NdArray forward(List<NdArray> in) {
    return Compute.unary(Unary.ERF, in.get(0));
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    return mul(g, mul(normal(mul(in.get(0), Math.sqrt(2)), 1), Math.sqrt(8)));
  }
}
