package org.gradus.autograd.ops;

import static org.gradus.autograd.ops.Ops.binaryCrossEntropyWithLogits;
import static org.gradus.autograd.ops.Ops.gather;
import static org.gradus.autograd.ops.Ops.mean;
import static org.gradus.autograd.ops.Ops.neg;

import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.Indices;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;

/** Losses that are made of ops, and what losses refuse. */
final class Losses {
  private Losses() {}

  /** As {@link Ops#nllLoss}. */
  static Tensor nll(Tensor logProbabilities, int... labels) {
    Nulls.refuse("nllLoss: logProbabilities, labels", logProbabilities, labels);
    Shape shape = logProbabilities.shape();
    requireRows("nllLoss", "log-probabilities", shape, labels);
    OneHot.requireLabels("nllLoss", shape.dim(1), labels);
    return neg(mean(gather(logProbabilities, 1, Indices.of(labels, labels.length, 1))));
  }

  /** As {@link Ops#crossEntropy}. */
  static Tensor crossEntropyOfLabels(Tensor logits, int[] labels, double smoothing) {
    Nulls.refuse("crossEntropy: logits, labels", logits, labels);
    Indices copy = Indices.of(labels, labels.length); // the caller may go on to change its own
    return Tensor.of(new LabelCrossEntropy(copy, smoothing), logits);
  }

  /** As {@link Ops#binaryCrossEntropyWithLogits(Tensor, double)}. */
  static Tensor binaryCrossEntropy(Tensor logits, double target) {
    Nulls.refuse("binaryCrossEntropyWithLogits: logits", logits);
    if (!(target >= 0 && target <= 1)) {
      throw new IllegalArgumentException(
          "binaryCrossEntropyWithLogits: target %s, expected 0 to 1".formatted(target));
    }
    NdArray targets = NdArray.full(logits.dtype(), logits.shape(), target);
    return binaryCrossEntropyWithLogits(logits, Tensor.constant(targets));
  }

  /** As {@link Ops#binaryCrossEntropyWithLogits(Tensor, int[])}. */
  static Tensor binaryCrossEntropy(Tensor logits, int[] labels) {
    String op = "binaryCrossEntropyWithLogits";
    Nulls.refuse("binaryCrossEntropyWithLogits: logits, labels", logits, labels);
    Shape shape = logits.shape();
    int n = labels.length;
    if (!shape.equals(Shape.of(n)) && !shape.equals(Shape.of(n, 1))) {
      throw new ShapeException(
          op, "logits %s with %s labels, expected [%s] or [%s, 1]".formatted(shape, n, n, n));
    }
    OneHot.requireLabels(op, 2, labels);
    NdArray targets = NdArray.generate(logits.dtype(), shape, i -> labels[i]);
    return binaryCrossEntropyWithLogits(logits, Tensor.constant(targets));
  }

  static void requireSameShape(String op, String what, Shape shape, String other, Shape expected) {
    if (!shape.equals(expected)) {
      throw new ShapeException(
          op, "%s %s and %s %s differ in shape".formatted(what, shape, other, expected));
    }
  }

  /** Refuses a target that is NaN, negative, or more than the largest one. */
  static void requireTargets(String op, NdArray targets, double most) {
    if (ArrayMath.kernels(targets).isBetween(0, most, ArrayMath.array(targets))) {
      return;
    }
    for (int i = 0; i < targets.size(); i++) {
      double t = targets.at(i);
      if (!(t >= 0 && t <= most)) {
        String range = most == 1 ? "0 to 1" : "a finite number of at least 0";
        throw new IllegalArgumentException(
            "%s: target %s at %s, expected %s"
                .formatted(op, t, Gather.position(i, targets.shape()), range));
      }
    }
  }

  /** Refuses a shape that is not [N, K], for N labels. */
  static void requireRows(String op, String what, Shape shape, int[] labels) {
    if (shape.rank() != 2 || shape.dim(0) != labels.length) {
      throw new ShapeException(
          op,
          "%s %s with %s labels, expected [%s, classes]"
              .formatted(what, shape, labels.length, labels.length));
    }
  }
}
