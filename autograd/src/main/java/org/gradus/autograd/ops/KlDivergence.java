package org.gradus.autograd.ops;

import static org.gradus.autograd.ops.Ops.add;
import static org.gradus.autograd.ops.Ops.log;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;
import org.gradus.autograd.internal.kernel.Factor;
import org.gradus.autograd.internal.kernel.Loss;

/**
 * The Kullback-Leibler divergence of distributions, given by the logarithms l of their
 * probabilities, from target distributions t; mean over the batch.
 *
 * <pre>
 *   l, t [N, ...]
 *   y = 1/N sum of t (ln t - l)
 *   VJP l: -g/N t
 *   VJP t: g/N (ln t + 1 - l)
 * </pre>
 *
 * The sum is over all elements, also where they have more than two axes, and divided by the first
 * extent alone: PyTorch's {@code batchmean}. 0 ln 0 = 0, also where l is -infinity, but not where
 * it is NaN; the derivative in t at t = 0 is -infinity, or NaN if l is -infinity too. Added up in
 * double precision and divided before it is rounded. Refuses shapes that differ or have rank 0, and
 * targets that are negative, infinite or NaN. The mean over an empty batch is NaN.
 */
public record KlDivergence() implements BinaryOp {
  @Override
  public NdArray forward(List<NdArray> in) {
    NdArray logarithms = in.get(0);
    NdArray targets = in.get(1);
    Shape shape = logarithms.shape();
    Losses.requireSameShape(name(), "log-probabilities", shape, "targets", targets.shape());
    Losses.requireTargets(name(), targets, Double.MAX_VALUE);
    if (shape.rank() == 0) {
      throw new ShapeException(name(), "log-probabilities [] have rank 0, expected 1 or higher");
    }
    return ArrayMath.loss(Loss.DIVERGENCE, 0, shape.dim(0), logarithms, targets);
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    Tensor logarithms = in.get(0);
    Tensor targets = in.get(1);
    double share = 1.0 / Math.max(1, targets.shape().dim(0)); // if 0, the gradients are empty
    return input == 0
        ? Product.of(-share, g, Factor.Power.one(), targets)
        : Tensor.of(new ScaledDifference(share), add(log(targets), 1), logarithms, g);
  }
}
