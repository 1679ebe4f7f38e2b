package org.gradus.layers.train;

import java.util.List;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.layers.Layer;
import org.gradus.layers.data.Batch;
import org.gradus.layers.data.Dataset;

/**
 * A measure of how well a net does. Of each batch it takes some numbers, such as how many examples
 * were right; those of several batches are joined, and give the measure of all their examples.
 *
 * <pre>{@code
 * double accuracy = Metric.accuracy().of(net, split.test(), 100);
 * }</pre>
 *
 * <p>A metric may be asked by several threads at once, and keeps nothing.
 *
 * <p>Measures of classes take logits [N, K] and targets [N], or probabilities [N, K], of which the
 * largest is at the label. Of equal logits the first counts as the largest; a row that has NaN is
 * never right. One logit, [N] or [N, 1], is that of class 1 beside a logit 0 of class 0. Measures
 * of numbers take outputs and targets of one shape, or [N, 1] and [N]. Of no examples at all, a
 * measure is NaN.
 */
public interface Metric {

  /** The name in tables and messages, such as {@code accuracy}. */
  String name();

  /** Whether a net is better the larger the measure is. */
  boolean isHigherBetter();

  /**
   * The numbers of some examples.
   *
   * @param outputs of the net
   * @param batch whose inputs the net was given
   * @throws IllegalArgumentException if the outputs and targets are not those that are measured
   */
  double[] numbers(NdArray outputs, Batch batch);

  /**
   * The numbers of two batches together: added up, one by one.
   *
   * @param first those of the examples in front
   * @param next those of the examples behind
   */
  default double[] joined(double[] first, double[] next) {
    return Joined.sums(name(), first, next);
  }

  /**
   * The numbers of several batches together: one after the other.
   *
   * @param all in order, one or more
   */
  default double[] joined(List<double[]> all) {
    return Joined.inOrder(this, all);
  }

  /**
   * The measure.
   *
   * @param numbers of all examples
   */
  double value(double... numbers);

  /**
   * The measure of one batch.
   *
   * @param outputs of the net
   * @param batch whose inputs the net was given
   * @throws IllegalArgumentException as {@link #numbers}
   */
  default double of(NdArray outputs, Batch batch) {
    Nulls.refuse("of: outputs, batch", outputs, batch);
    return value(numbers(outputs, batch));
  }

  /**
   * The measure of a net over a data set, which goes through it in batches.
   *
   * @param net in inference
   * @param data one example or more
   * @param batchSize at least 1; bounds the memory needed, and changes the result by rounding only
   * @throws IllegalArgumentException if the batch size is below 1, or the net does not fit
   */
  default double of(Layer net, Dataset data, int batchSize) {
    Nulls.refuse("of: net, data", net, data);
    Measures measures = new Measures(List.of(this)).over(net, data, batchSize);
    return measures.values().values().iterator().next();
  }

  // ---- of classes ------------------------------------------------------------------------------

  /** The fraction of examples whose largest logit is at the label. */
  static Metric accuracy() {
    return new Hits("accuracy", 1);
  }

  /**
   * The fraction of examples whose label is among the classes of the largest logits.
   *
   * @param k how many, at least 1
   * @throws IllegalArgumentException if there are fewer
   */
  static Metric topK(int k) {
    if (k < 1) {
      throw new IllegalArgumentException("topK: k is %s, expected at least 1".formatted(k));
    }
    return new Hits("top" + k, k);
  }

  /**
   * Of the examples that are said to be of a class, the fraction that is: the mean over all classes
   * that occur, as labels or as predictions. A class that is never predicted has 0.
   */
  static Metric precision() {
    return new OfConfusion("precision", ConfusionMatrix::precision);
  }

  /**
   * Of the examples of a class, the fraction that is found: the mean over all classes that occur,
   * as labels or as predictions. A class that is only predicted has 0.
   */
  static Metric recall() {
    return new OfConfusion("recall", ConfusionMatrix::recall);
  }

  /** The harmonic mean of precision and recall of a class: the mean over all that occur. */
  static Metric f1() {
    return new OfConfusion("f1", ConfusionMatrix::f1);
  }

  /**
   * The area under the curve of true beside false positives: the probability that an example of
   * class 1 has a larger output than one of class 0, where equal outputs count half. The output is
   * one logit, [N] or [N, 1], or the difference of two, [N, 2]. NaN if a class or an output is
   * missing.
   *
   * @see <a href="https://doi.org/10.1148/radiology.143.1.7063747">Hanley and McNeil: The meaning
   *     and use of the area under a receiver operating characteristic (ROC) curve, 1982</a>
   */
  static Metric auc() {
    return new Auc();
  }

  // ---- of numbers ------------------------------------------------------------------------------

  /** The mean absolute difference of outputs and targets. */
  static Metric mae() {
    return new Errors("mae");
  }

  /** The square root of the mean squared difference of outputs and targets. */
  static Metric rmse() {
    return new Errors("rmse");
  }

  /**
   * The coefficient of determination: 1 minus the sum of squared differences over that of the
   * targets from their mean. NaN if all targets are the same.
   */
  static Metric r2() {
    return new R2();
  }

  /**
   * A loss as a measure.
   *
   * @param name in tables
   * @param loss the mean over a batch's examples
   */
  static Metric loss(String name, Loss loss) {
    Nulls.refuse("loss: name, loss", name, loss);
    return new MeanLoss(name, loss);
  }
}
