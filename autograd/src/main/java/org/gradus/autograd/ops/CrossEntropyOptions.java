package org.gradus.autograd.ops;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.array.ShapeException;

/**
 * How labels are counted by {@code crossEntropy} and {@code nllLoss} of {@link Ops}. Start with
 * {@link #mean}, {@link #sum} or {@link #none} and add to it:
 *
 * <pre>{@code
 * crossEntropy(logits, labels, CrossEntropyOptions.mean().ignoring(255).smoothing(0.1))
 * }</pre>
 *
 * <p>For a place n with the label y[n] and the log-probabilities p[n, k] of K classes, as PyTorch
 * defines it:
 *
 * <pre>
 *   loss[n] = -(1 - smoothing) w[y[n]] p[n, y[n]] - smoothing / K sum over k of w[k] p[n, k]
 *             0 where y[n] is ignored
 *   sum     = sum over n of loss[n]
 *   mean    = sum / (sum over n of w[y[n]] where y[n] is not ignored)
 * </pre>
 *
 * The mean is NaN, and its gradient 0, where it would be divided by 0: where all places are
 * ignored, and where all that are not have classes of weight 0.
 *
 * @param reduction of the losses of all places
 * @param ignored the label of places that count nowhere; any number, also one that is no class
 * @param weights w [K], one for each class, finite and at least 0; 1 for each if there are none
 * @param smoothing the part of each target that all classes share, from 0 on and below 1
 */
public record CrossEntropyOptions(
    Reduction reduction, OptionalInt ignored, Optional<NdArray> weights, double smoothing) {

  /**
   * Checks the weights and the smoothing.
   *
   * @throws ShapeException if the weights are not of rank 1
   * @throws IllegalArgumentException if a weight is negative or not finite, or the smoothing is not
   *     in its range
   */
  public CrossEntropyOptions {
    Nulls.refuse("crossEntropyOptions: reduction, ignored, weights", reduction, ignored, weights);
    weights.ifPresent(CrossEntropyOptions::requireWeights);
    if (!(smoothing >= 0 && smoothing < 1)) {
      throw new IllegalArgumentException(
          "crossEntropyOptions: smoothing %s, expected at least 0 and less than 1"
              .formatted(smoothing));
    }
  }

  private static void requireWeights(NdArray weights) {
    if (weights.shape().rank() != 1) {
      throw new ShapeException(
          "crossEntropyOptions",
          "weights %s, expected one for each class, [classes]".formatted(weights.shape()));
    }
    for (int k = 0; k < weights.size(); k++) {
      if (!(weights.at(k) >= 0 && weights.at(k) <= Double.MAX_VALUE)) {
        throw new IllegalArgumentException(
            "crossEntropyOptions: weight %s of class %s, expected a finite number of at least 0"
                .formatted(weights.at(k), k));
      }
    }
  }

  /** The mean over all places, with all classes alike and nothing ignored. */
  public static CrossEntropyOptions mean() {
    return of(Reduction.MEAN);
  }

  /** The sum over all places, else as {@link #mean}. */
  public static CrossEntropyOptions sum() {
    return of(Reduction.SUM);
  }

  /** One loss for each place, else as {@link #mean}. */
  public static CrossEntropyOptions none() {
    return of(Reduction.NONE);
  }

  private static CrossEntropyOptions of(Reduction reduction) {
    return new CrossEntropyOptions(reduction, OptionalInt.empty(), Optional.empty(), 0);
  }

  /**
   * Without the places of this label, such as a border that nobody has labelled.
   *
   * @param label any number: 255 and -100 are common
   */
  public CrossEntropyOptions ignoring(int label) {
    return new CrossEntropyOptions(reduction, OptionalInt.of(label), weights, smoothing);
  }

  /**
   * With a weight for each class, such as a large one for a rare class.
   *
   * @param ofClasses [K], finite and at least 0, of either element type
   */
  public CrossEntropyOptions weights(NdArray ofClasses) {
    Nulls.refuse("crossEntropyOptions: ofClasses", ofClasses);
    return new CrossEntropyOptions(reduction, ignored, Optional.of(ofClasses), smoothing);
  }

  /**
   * With a part of each target that all classes share, so that no logit gains by being infinite.
   *
   * @param part from 0 on and below 1
   */
  public CrossEntropyOptions smoothing(double part) {
    return new CrossEntropyOptions(reduction, ignored, weights, part);
  }

  /** All that is set, as {@code mean, ignoring 255, weights [1.0, 2.0], smoothing 0.1}. */
  @Override
  public String toString() {
    List<String> parts = new ArrayList<>();
    parts.add(reduction.name().toLowerCase(Locale.ROOT));
    ignored.ifPresent(label -> parts.add("ignoring " + label));
    weights.ifPresent(w -> parts.add("weights " + Arrays.toString(w.toDoubleArray())));
    if (smoothing > 0) {
      parts.add("smoothing " + smoothing);
    }
    return String.join(", ", parts);
  }
}
