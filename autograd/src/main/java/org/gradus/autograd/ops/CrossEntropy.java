package org.gradus.autograd.ops;

import static org.gradus.autograd.ops.Ops.div;
import static org.gradus.autograd.ops.Ops.logSoftmax;
import static org.gradus.autograd.ops.Ops.mul;
import static org.gradus.autograd.ops.Ops.neg;
import static org.gradus.autograd.ops.Ops.softmax;
import static org.gradus.autograd.ops.Ops.sub;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;

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
 * The classes are axis 1. One-hot rows of t stand for labels; any other distribution will do, and
 * rows need not sum to 1. Computed through the logarithm of the softmax, so that no logit
 * overflows, and with 0 ln 0 = 0, so that a class of logit -infinity can be left out by t = 0.
 * Refuses shapes that differ or have rank below 2. The mean over an empty batch is NaN.
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
    NdArray logProbabilities = Softmax.compute(name(), true, CLASSES, logits);
    NdArray products = targets.zip(logProbabilities, (t, l) -> t == 0 ? 0 : t * -l);
    NdArray total = Axes.sum(name(), products, Axes.orAll(shape), false);
    return Compute.divide(total, rows(shape));
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    Tensor logits = in.get(0);
    Tensor targets = in.get(1);
    Tensor share = div(g, Math.max(1, rows(logits.shape())));
    if (input == 0) {
      Tensor mass = Softmax.sumAlong(targets, CLASSES);
      return mul(sub(mul(softmax(logits, CLASSES), mass), targets), share);
    }
    return mul(neg(logSoftmax(logits, CLASSES)), share);
  }

  private static double rows(Shape shape) {
    return (double) shape.dim(0) * shape.size(CLASSES + 1, shape.rank());
  }
}
