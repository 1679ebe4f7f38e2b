package org.gradus.layers.train;

import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;
import org.gradus.layers.Layer;
import org.gradus.layers.data.Batch;
import org.gradus.layers.data.Batches;
import org.gradus.layers.data.LabelledImages;

/** Measures of how well a network does. */
public final class Metrics {
  private Metrics() {}

  /**
   * The fraction of rows whose largest logit is at the label. Of equal logits the first counts as
   * the largest. A row with NaN is never right. Of no rows at all the fraction is NaN.
   *
   * @param logits [N, K]
   * @param labels N of them, each from 0 to K - 1
   * @throws ShapeException if the logits have another shape
   * @throws IllegalArgumentException if a label is out of its range
   */
  public static double accuracy(NdArray logits, int... labels) {
    Nulls.refuse("accuracy: logits, labels", logits, labels);
    return (double) correct(logits, labels) / labels.length;
  }

  /**
   * The accuracy of a network over a data set, which goes through it in batches.
   *
   * @param net from images to logits [N, classes]
   * @param batchSize at least 1; bounds the memory needed, and changes the result by rounding only
   * @throws IllegalArgumentException if the batch size is below 1, or the network does not fit
   */
  public static double accuracy(Layer net, LabelledImages data, int batchSize) {
    Nulls.refuse("accuracy: net, data", net, data);
    int correct = 0;
    for (Batch batch : Batches.inOrder(data, batchSize)) {
      correct += correct(net.predict(batch.images()), batch.labels());
    }
    return (double) correct / data.size();
  }

  private static int correct(NdArray logits, int[] labels) {
    Shape shape = logits.shape();
    if (shape.rank() != 2 || shape.dim(0) != labels.length) {
      throw new ShapeException(
          "accuracy",
          "logits %s with %s labels, expected [%s, classes]"
              .formatted(shape, labels.length, labels.length));
    }
    int correct = 0;
    for (int n = 0; n < labels.length; n++) {
      if (labels[n] < 0 || labels[n] >= shape.dim(1)) {
        throw new IllegalArgumentException(
            "accuracy: label %s of row %s, expected 0 to %s for logits %s"
                .formatted(labels[n], n, shape.dim(1) - 1, shape));
      }
      correct += isLargest(logits, n, labels[n]) ? 1 : 0;
    }
    return correct;
  }

  /**
   * Whether a row's logit beats those before it and equals or beats those behind; false for NaN.
   */
  private static boolean isLargest(NdArray logits, int row, int label) {
    int classes = logits.shape().dim(1);
    double candidate = logits.at(row * classes + label);
    for (int k = 0; k < classes; k++) {
      double other = logits.at(row * classes + k);
      boolean beaten = k < label ? candidate > other : candidate >= other;
      if (!beaten) {
        return false;
      }
    }
    return true;
  }
}
