package org.gradus.autograd.ops;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.internal.kernel.Factor;
import org.gradus.autograd.internal.kernel.Loss;

/**
 * The cross-entropy between probabilities t of yes and the sigmoid of logits x, mean over all
 * elements: for decisions between yes and no, each by itself.
 *
 * <pre>
 *   x, t of one shape with n elements
 *   y = -1/n sum of  t ln sigmoid(x) + (1 - t) ln(1 - sigmoid(x))
 *     =  1/n sum of  t softplus(-x) + (1 - t) softplus(x)
 *   VJP x: g/n (sigmoid(x) - t) = g/n ((1 - t) sigmoid(x) - t sigmoid(-x))
 *   VJP t: -g/n x
 * </pre>
 *
 * Computed in the second form, so that no logit overflows and none is lost beside 1, and with 0
 * times infinity as 0, so that an infinite logit costs nothing where it is right. Added up in
 * double precision and divided before it is rounded. The VJP in x has the second form, which loses
 * nothing where a logit is sure and t is 0 or 1. t is from 0 to 1. Refuses targets that are NaN,
 * below 0 or above 1, and shapes that differ; nothing is broadcast. The mean of nothing is NaN.
 */
public record BinaryCrossEntropyWithLogits() implements BinaryOp {
  @Override
  public NdArray forward(List<NdArray> in) {
    NdArray logits = in.get(0);
    NdArray targets = in.get(1);
    Losses.requireSameShape(name(), "logits", logits.shape(), "targets", targets.shape());
    Losses.requireTargets(name(), targets, 1);
    return ArrayMath.loss(Loss.BINARY_CROSS_ENTROPY, 0, logits.size(), logits, targets);
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    Tensor logits = in.get(0);
    Tensor targets = in.get(1);
    if (input == 1) {
      double share = 1.0 / Math.max(1, logits.shape().size()); // if 0, the gradients are empty
      return Product.of(-share, g, Factor.Power.one(), logits);
    }
    return Tensor.of(new LossInput(Loss.BINARY_CROSS_ENTROPY, 0), logits, targets, g);
  }
}
