package org.gradus.autograd.ops;

import static org.gradus.autograd.ops.Ops.greaterEqual;
import static org.gradus.autograd.ops.Ops.lessEqual;
import static org.gradus.autograd.ops.Ops.mul;
import static org.gradus.autograd.ops.Ops.where;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.internal.kernel.Factor;
import org.gradus.autograd.internal.kernel.Unary;

/**
 * The exponential, element by element.
 *
 * <pre>
 *   y = e^x
 *   VJP: g e^x, which is g y where y is neither 0 nor infinite
 * </pre>
 *
 * Any shape. Within 2 units in the last place. Overflows to infinity, in float32 above 88.7; a
 * slope that does so has a VJP all the same, if the cotangent is small enough. Where y is moderate,
 * derivatives of higher orders multiply the cotangents first: their product must be representable.
 */
public record Exp() implements UnaryOp {
  private static final double LEAST = 0x1p-120; // both far from the ends of float32
  private static final double MOST = 0x1p120;

  @Override
  public NdArray forward(List<NdArray> in) {
    return ArrayMath.unary(Unary.EXP, in.get(0));
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    if (y.read(e -> ArrayMath.isWithin(LEAST, MOST, e))) {
      return mul(g, y);
    }
    Tensor usual = mul(greaterEqual(y, LEAST), lessEqual(y, MOST)); // each by itself
    Tensor product = Product.of(1, g, new Factor.Exponential(), in.get(0));
    return where(usual, mul(g, where(usual, y, 1)), product);
  }
}
