package org.gradus.autograd.ops;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.internal.kernel.Factor;
import org.gradus.autograd.internal.kernel.Unary;

/**
 * The sigmoid linear unit, also called swish, element by element.
 *
 * <pre>
 *   y = x s, s = sigmoid(x)
 *   VJP: g s (1 + x sigmoid(-x))
 * </pre>
 *
 * Any shape. Far out it is -0 on the left, x on the right. Within 3 units in the last place, and so
 * is the VJP, but in float64 near x = -1.278, where the slope crosses 0: there, within 2^-52 of g.
 * NaN stays NaN, in all derivatives.
 *
 * @see <a href="https://arxiv.org/abs/1702.03118">Elfwing, Uchibe and Doya, 2017</a>
 */
public record Silu() implements UnaryOp {
  @Override
  public NdArray forward(List<NdArray> in) {
    return Compute.unary(Unary.SILU, in.get(0));
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    return Product.of(1, g, new Factor.SiluSlope(1), in.get(0));
  }
}
