package org.gradus.autograd.ops;

import static org.gradus.autograd.ops.Ops.logSoftmax;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;
import org.gradus.autograd.internal.kernel.Factor;

/**
 * The cross-entropy between target distributions and the softmax of logits, mean over the batch.
 *
 * <pre>
 *   x, t [N, K] or [N, K, ...]; M = N times the extents behind the classes
 *   y = -1/M sum over n, k of t[n, k] ln softmax(x[n])[k]
 *   VJP x: g/M (softmax(x) sum_k(t) - t)
 *   VJP t: -g/M ln softmax(x)
 * </pre>
 *
 * The classes are axis 1. One-hot rows of t stand for labels; any other distribution will do.
 * Targets are from 0 to 1, and rows need not sum to 1. Computed through the logarithm of the
 * softmax, so that no logit overflows, and with 0 ln 0 = 0, so that a class of logit -infinity can
 * be left out by t = 0; a row that has NaN gives NaN. Added up in double precision and divided
 * before it is rounded. The gradient in x keeps its relative accuracy where a prediction is sure:
 * at a label it is minus the sum of the other probabilities, and each row sums to 0 as nearly as
 * its largest element can be represented.
 *
 * <p>Where a whole row of logits is -infinity there is no distribution: it costs nothing if its
 * targets are 0, and otherwise infinity; its gradient in x is 0. Refuses shapes that differ or have
 * rank below 2, and targets that are NaN, below 0 or above 1. The mean over an empty batch is NaN.
 */
public record CrossEntropy() implements BinaryOp {
  private static final int CLASSES = 1;

  @Override
  public NdArray forward(List<NdArray> in) {
    NdArray logits = in.get(0);
    NdArray targets = in.get(1);
    Shape shape = logits.shape();
    if (shape.rank() < 2) {
      throw new ShapeException(
          name(), "logits %s have rank %s, expected 2 or higher".formatted(shape, shape.rank()));
    }
    Losses.requireSameShape(name(), "logits", shape, "targets", targets.shape());
    Losses.requireTargets(name(), targets, 1);
    double mean =
        ArrayMath.kernels(logits)
            .crossEntropy(
                shape.dim(0),
                shape.dim(CLASSES),
                shape.size(CLASSES + 1, shape.rank()),
                rows(shape),
                ArrayMath.array(logits),
                ArrayMath.array(targets));
    return NdArray.scalar(logits.dtype(), mean);
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    Tensor logits = in.get(0);
    double share = -1 / Math.max(1, rows(logits.shape()));
    if (input == 1) {
      return Product.of(share, g, Factor.Power.one(), logSoftmax(logits, CLASSES));
    }
    Tensor scaled = Product.of(share, g, Factor.Power.one(), in.get(1));
    return Tensor.of(new LogSoftmaxInput(CLASSES), logits, scaled);
  }

  private static double rows(Shape shape) {
    return (double) shape.dim(0) * shape.size(CLASSES + 1, shape.rank());
  }
}
