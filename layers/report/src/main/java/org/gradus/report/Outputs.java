package org.gradus.report;

import java.util.Arrays;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;
import org.gradus.layers.data.Batch;

/**
 * Logits of a batch, beside the class of each example. One logit x for each example is the row (0,
 * x) of two classes.
 */
final class Outputs {
  private final double[][] rows;
  private final int[] labels;
  private final int classes;

  private Outputs(double[][] rows, int[] labels, int classes) {
    this.rows = rows;
    this.labels = labels;
    this.classes = classes;
  }

  /**
   * The outputs of a net.
   *
   * @param output [N, K], [N, 1] or [N]
   * @param batch with targets [N], or [N, 1], of classes, or probabilities [N, K]
   * @param first the number of the batch's first example in the data, for messages
   * @throws IllegalArgumentException if they do not fit
   */
  static Outputs of(NdArray output, Batch batch, int first) {
    Shape shape = output.shape();
    if (shape.rank() < 1 || shape.rank() > 2 || shape.dim(0) != batch.size()) {
      throw new ShapeException(
          "classified",
          "outputs %s of %s examples, expected [%s, classes]"
              .formatted(shape, batch.size(), batch.size()));
    }
    boolean single = shape.rank() == 1 || shape.dim(1) == 1;
    int classes = single ? 2 : shape.dim(1);
    double[] all = output.toDoubleArray();
    double[][] rows = new double[batch.size()][];
    Arrays.setAll(
        rows,
        i ->
            single
                ? new double[] {Double.isNaN(all[i]) ? all[i] : 0, all[i]}
                : Arrays.copyOfRange(all, i * classes, (i + 1) * classes));
    return new Outputs(rows, labels(classes, batch, first), classes);
  }

  private static int[] labels(int classes, Batch batch, int first) {
    NdArray targets = batch.targets();
    int[] labels = new int[batch.size()];
    if (targets.shape().equals(Shape.of(batch.size(), classes)) && classes > 1) {
      double[] all = targets.toDoubleArray();
      Arrays.setAll(
          labels,
          i ->
              label(
                  largest(Arrays.copyOfRange(all, i * classes, (i + 1) * classes)),
                  first + i,
                  classes));
    } else if (targets.size() == batch.size()) {
      for (int i = 0; i < labels.length; i++) {
        labels[i] = label(targets.at(i), first + i, classes);
      }
    } else {
      throw new ShapeException(
          "classified",
          "targets %s of %s examples, expected the class of each"
              .formatted(targets.shape(), batch.size()));
    }
    return labels;
  }

  private static int label(double target, int example, int classes) {
    int label = (int) target;
    if (label != target || label < 0 || label >= classes) {
      throw new IllegalArgumentException(
          "classified: label %s of example %s, expected 0 to %s"
              .formatted(Figures.value(target), example, classes - 1));
    }
    return label;
  }

  int classes() {
    return classes;
  }

  /** The class of each example, in a new array. */
  int[] labels() {
    return labels.clone();
  }

  int size() {
    return labels.length;
  }

  /** What is said of an example: its number in the data set, and its place in this batch. */
  Judged.Judgement judgement(int number, int place) {
    int predicted = largest(rows[place]);
    double probability = predicted < classes ? probability(rows[place], predicted) : Double.NaN;
    return new Judged.Judgement(number, labels[place], predicted, probability);
  }

  /** The class of the largest number, the first of equal ones; as many as there are of a NaN. */
  private static int largest(double... row) {
    int best = 0;
    for (int k = 0; k < row.length; k++) {
      if (Double.isNaN(row[k])) {
        return row.length;
      }
      best = row[k] > row[best] ? k : best;
    }
    return best;
  }

  /** Softmax, of the largest of a row; 1 where it is infinite. */
  private static double probability(double[] row, int largest) {
    double sum = 0;
    for (double logit : row) {
      sum += logit == row[largest] ? 1 : StrictMath.exp(logit - row[largest]);
    }
    return 1 / sum;
  }
}
