package org.gradus.autograd.ops;

import static org.gradus.autograd.ops.Ops.mul;
import static org.gradus.autograd.ops.Ops.normal;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.internal.kernel.Unary;

/**
 * The distribution function of the standard normal distribution, or a derivative of it: a family
 * that differentiation does not leave.
 *
 * <pre>
 *   Phi(x) = (1 + erf(x / sqrt(2))) / 2
 *   y = Phi(x)                              derivative 0
 *   y = phi(x) = e^(-x^2 / 2) / sqrt(2 pi)  derivative 1, the density
 *   y = (-1)^k He_k(x) phi(x)               derivative k + 1
 *   VJP: g times the next derivative
 * </pre>
 *
 * He_k are Hermite's polynomials, He_k(x) = x He_(k-1)(x) - (k - 1) He_(k-2)(x). Any shape.
 * Accurate in both tails, and at the infinities the limits.
 *
 * @param derivative which one, from 0
 * @see <a href="https://dlmf.nist.gov/18.5#T1">the Digital Library of Mathematical Functions, table
 *     18.5.1</a>
 */
record Normal(int derivative) implements UnaryOp {
  @Override
  public NdArray forward(List<NdArray> in) {
    return Compute.unary(Unary.NORMAL, derivative, in.get(0));
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    return mul(g, normal(in.get(0), derivative + 1));
  }
}
