package org.gradus.layers.train;

import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.ops.CrossEntropyOptions;
import org.gradus.autograd.ops.Ops;
import org.gradus.autograd.ops.Reduction;
import org.gradus.layers.data.Batch;

/**
 * How wrong the outputs of a net are: a function of outputs and targets, which training makes
 * smaller. One of your own is a function of the same form:
 *
 * <pre>{@code
 * Loss loss = (output, batch) -> mean(abs(sub(output, Loss.targets(output, batch))));
 * Loss mixed = Loss.mse().plus(0.1, loss);
 * }</pre>
 *
 * <p>It may be asked by several threads at once, and keeps nothing.
 */
@FunctionalInterface
public interface Loss {

  /**
   * The loss.
   *
   * @param output of the net, of any shape
   * @param batch whose inputs the net was given
   * @return one element: the mean over the batch's examples
   */
  Tensor of(Tensor output, Batch batch);

  /**
   * The targets of a batch as a constant of an output's element type.
   *
   * @param output of a net
   * @param batch whose targets are wanted
   */
  static Tensor targets(Tensor output, Batch batch) {
    Nulls.refuse("targets: output, batch", output, batch);
    DType dtype = output.dtype();
    return Tensor.constant(batch.targets().as(dtype));
  }

  /**
   * Cross-entropy of logits [N, K], K at least 2; the targets are classes [N], or probabilities [N,
   * K]. See {@link org.gradus.autograd.ops.CrossEntropy}.
   */
  static Loss crossEntropy() {
    return Outputs.checked(
        "cross-entropy",
        (output, batch) ->
            Outputs.ofClasses(output, batch).targets().shape().rank() == 1
                ? Ops.crossEntropy(output, batch.labels())
                : Ops.crossEntropy(output, targets(output, batch)));
  }

  /**
   * Cross-entropy of logits [N, K] with classes [N], which all classes share a part of: see {@link
   * Ops#crossEntropy(Tensor, int[], double)}.
   *
   * @param smoothing that part, from 0 on and below 1
   * @throws IllegalArgumentException if it is not
   */
  static Loss crossEntropy(double smoothing) {
    if (!(smoothing >= 0 && smoothing < 1)) {
      throw new IllegalArgumentException(
          "crossEntropy: smoothing %s, expected at least 0 and below 1".formatted(smoothing));
    }
    return Outputs.checked(
        "cross-entropy, smoothed by " + smoothing,
        (output, batch) -> Ops.crossEntropy(output, batch.labels(), smoothing));
  }

  /**
   * Cross-entropy of logits [N, K, ...], K at least 2, with a class for each place, as of each
   * pixel in a segmentation: targets [N, ...] of whole numbers. Some may be ignored, and classes
   * weighed:
   *
   * <pre>{@code
   * Loss.crossEntropy(CrossEntropyOptions.mean().ignoring(255))
   * }</pre>
   *
   * <p>With either, the mean is over what counts, so that a batch in parts has the mean of the
   * means of its parts, which is another number. Of a batch in which nothing counts, the loss is
   * NaN and the gradient 0.
   *
   * @param options of which the reduction is the mean; what else there is, {@link
   *     CrossEntropyOptions} says
   * @throws IllegalArgumentException if the reduction is another
   */
  static Loss crossEntropy(CrossEntropyOptions options) {
    Nulls.refuse("crossEntropy: options", options);
    if (options.reduction() != Reduction.MEAN) {
      throw new IllegalArgumentException(
          "crossEntropy: reduction %s, expected MEAN, which is what a loss is"
              .formatted(options.reduction()));
    }
    return Outputs.checked(
        "cross-entropy of places (%s)".formatted(options),
        (output, batch) ->
            Ops.crossEntropy(output, Outputs.places(Outputs.ofClasses(output, batch)), options));
  }

  /**
   * Binary cross-entropy of logits with targets of one shape, from 0 to 1; logits [N, 1] go with
   * targets [N], too. See {@link org.gradus.autograd.ops.BinaryCrossEntropyWithLogits}.
   */
  static Loss binaryCrossEntropy() {
    return Outputs.checked(
        "binary cross-entropy",
        (output, batch) ->
            Ops.binaryCrossEntropyWithLogits(output, Outputs.targetsLike(output, batch)));
  }

  /**
   * The mean of squares of differences; outputs [N, 1] go with targets [N], too. See {@link
   * org.gradus.autograd.ops.Mse}.
   */
  static Loss mse() {
    return Outputs.checked(
        "mean squared error",
        (output, batch) -> Ops.mse(output, Outputs.targetsLike(output, batch)));
  }

  /**
   * The mean of absolute differences; outputs [N, 1] go with targets [N], too. See {@link
   * org.gradus.autograd.ops.L1}.
   */
  static Loss l1() {
    return Outputs.checked(
        "mean absolute error",
        (output, batch) -> Ops.l1(output, Outputs.targetsLike(output, batch)));
  }

  /**
   * Squares of small differences, absolute values of larger ones; outputs [N, 1] go with targets
   * [N], too. See {@link org.gradus.autograd.ops.Huber}.
   *
   * @param delta from which on a difference is large, above 0
   * @throws IllegalArgumentException if it is not
   */
  static Loss huber(double delta) {
    if (!(delta > 0)) {
      throw new IllegalArgumentException("huber: delta %s, expected above 0".formatted(delta));
    }
    return Outputs.checked(
        "Huber loss from " + delta + " on",
        (output, batch) -> Ops.huber(output, Outputs.targetsLike(output, batch), delta));
  }

  /**
   * This loss plus a multiple of another.
   *
   * @param weight of the other, finite
   * @param other of the same outputs
   * @throws IllegalArgumentException if the weight is not finite
   */
  default Loss plus(double weight, Loss other) {
    Nulls.refuse("plus: other", other);
    if (!Double.isFinite(weight)) {
      throw new IllegalArgumentException(
          "plus: weight %s, expected a finite number".formatted(weight));
    }
    return Outputs.checked(
        "%s + %s of %s".formatted(this, weight, other),
        (output, batch) -> Ops.add(of(output, batch), Ops.mul(other.of(output, batch), weight)));
  }
}
