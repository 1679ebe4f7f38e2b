package org.gradus.autograd.ops;

import static org.gradus.autograd.ops.Ops.div;
import static org.gradus.autograd.ops.Ops.mul;
import static org.gradus.autograd.ops.Ops.neg;
import static org.gradus.autograd.ops.Ops.sigmoid;
import static org.gradus.autograd.ops.Ops.sub;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;

/**
 * The cross-entropy between probabilities t of yes and the sigmoid of logits x, mean over all
 * elements: for decisions between yes and no, each by itself.
 *
 * <pre>
 *   x, t of one shape with n elements
 *   y = -1/n sum of  t ln sigmoid(x) + (1 - t) ln(1 - sigmoid(x))
 *     =  1/n sum of  t softplus(-x) + (1 - t) softplus(x)
 *   VJP x: g/n (sigmoid(x) - t)
 *   VJP t: -g/n x
 * </pre>
 *
 * Computed in the second form, so that no logit overflows and none is lost beside 1, and with 0
 * times infinity as 0, so that an infinite logit costs nothing where it is right. t is from 0 to 1,
 * which is not checked. Refuses shapes that differ; nothing is broadcast. The mean of nothing is
 * NaN.
 */
public record BinaryCrossEntropyWithLogits() implements BinaryOp {
  @Override
  public NdArray forward(List<NdArray> in) {
    NdArray logits = in.get(0);
    NdArray targets = in.get(1);
    Losses.requireSameShape(name(), "logits", logits.shape(), "targets", targets.shape());
    NdArray losses =
        targets.zip(logits, (t, x) -> times(t, softplus(-x)) + times(1 - t, softplus(x)));
    NdArray total = Axes.sum(name(), losses, Axes.orAll(logits.shape()), false);
    return Compute.divide(total, logits.size());
  }

  private static double softplus(double x) {
    return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
  }

  private static double times(double weight, double loss) {
    return weight == 0 ? 0 : weight * loss;
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    Tensor logits = in.get(0);
    Tensor share = div(g, Math.max(1, logits.shape().size())); // if 0, the gradients are empty
    return input == 0 ? mul(sub(sigmoid(logits), in.get(1)), share) : mul(neg(logits), share);
  }
}
