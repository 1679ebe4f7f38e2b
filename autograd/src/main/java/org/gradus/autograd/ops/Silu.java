package org.gradus.autograd.ops;

import static org.gradus.autograd.ops.Ops.add;
import static org.gradus.autograd.ops.Ops.clamp;
import static org.gradus.autograd.ops.Ops.mul;
import static org.gradus.autograd.ops.Ops.sigmoid;
import static org.gradus.autograd.ops.Ops.sub;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.internal.kernel.Unary;

/**
 * The sigmoid linear unit, also called swish, element by element.
 *
 * <pre>
 *   y = x s, s = sigmoid(x)
 *   VJP: g s (1 + x (1 - s))
 * </pre>
 *
 * Any shape. Far out it is -0 on the left, x on the right. The VJP reads x within [-1000, 1000]:
 * beyond, s is 0 or 1 and the slope no longer changes, but at infinity it would be NaN.
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
    Tensor x = clamp(in.get(0), -1000, 1000);
    Tensor s = sigmoid(x);
    return mul(g, mul(s, add(mul(x, sub(1, s)), 1)));
  }
}
