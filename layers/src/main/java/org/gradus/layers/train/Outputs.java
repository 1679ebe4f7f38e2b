package org.gradus.layers.train;

import java.util.Arrays;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.Indices;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;
import org.gradus.layers.data.Batch;

/** Outputs of nets beside their targets. */
final class Outputs {
  private Outputs() {}

  /** A loss that refuses null in words, and is told by its name. */
  static Loss checked(String name, Loss loss) {
    return new Named(name, loss);
  }

  private record Named(String name, Loss loss) implements Loss {
    @Override
    public Tensor of(Tensor output, Batch batch) {
      Nulls.refuse("of: output, batch", output, batch);
      return loss.of(output, batch);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  /** The targets as a constant like the output; [N] as [N, 1] where the output is that. */
  static Tensor targetsLike(Tensor output, Batch batch) {
    Tensor targets = Loss.targets(output, batch);
    return isColumn(output.shape(), targets.shape())
        ? Tensor.constant(targets.value().reshape(output.shape()))
        : targets;
  }

  /** The batch; refuses outputs of one class, of which cross-entropy would be 0 always. */
  static Batch ofClasses(Tensor output, Batch batch) {
    Shape shape = output.shape();
    if (shape.rank() >= 2 && shape.dim(1) == 1) {
      throw new ShapeException(
          "crossEntropy",
          "outputs %s have one class, expected 2 or more; one logit is for binaryCrossEntropy"
              .formatted(shape));
    }
    return batch;
  }

  /** The class of each place, of targets [N, ...]. */
  static Indices places(Batch batch) {
    Shape shape = batch.targets().shape();
    double[] targets = batch.targets().toDoubleArray();
    int[] classes = new int[targets.length];
    for (int i = 0; i < classes.length; i++) {
      classes[i] = (int) targets[i];
      if (classes[i] != targets[i]) {
        throw new IllegalArgumentException(
            "crossEntropy: target %s is element %s of %s, expected the number of a class"
                .formatted(targets[i], i, shape));
      }
    }
    return Indices.wrap(classes, shape);
  }

  private static boolean isColumn(Shape output, Shape targets) {
    return targets.rank() == 1 && output.equals(Shape.of(targets.dim(0), 1));
  }

  /** Refuses targets of another shape than the outputs, but for [N] beside [N, 1]. */
  static void requireLike(String metric, NdArray outputs, Batch batch) {
    Shape targets = batch.targets().shape();
    if (!outputs.shape().equals(targets) && !isColumn(outputs.shape(), targets)) {
      throw new ShapeException(
          metric,
          "outputs %s with targets %s, expected one shape".formatted(outputs.shape(), targets));
    }
  }

  /** How many classes there are: those of logits [N, K], and two of one logit, [N] or [N, 1]. */
  static int classes(String metric, NdArray outputs, Batch batch) {
    Shape shape = outputs.shape();
    if (shape.rank() < 1 || shape.rank() > 2 || shape.dim(0) != batch.size()) {
      throw new ShapeException(
          metric,
          "outputs %s of %s examples, expected [%s, classes]"
              .formatted(shape, batch.size(), batch.size()));
    }
    return shape.rank() == 1 || shape.dim(1) == 1 ? 2 : shape.dim(1);
  }

  /**
   * The labels, each of which is one of the classes: of targets [N], or [N, 1]; of probabilities
   * [N, K] the classes of the largest.
   */
  static int[] labels(String metric, int classes, Batch batch) {
    Shape shape = batch.targets().shape();
    int[] labels = new int[batch.size()];
    if (shape.equals(Shape.of(batch.size(), classes)) && classes > 1) {
      double[][] rows = rows(batch.targets(), classes);
      Arrays.setAll(labels, i -> largest(rows[i]));
    } else if (shape.size() != batch.size()) {
      throw new ShapeException(
          metric,
          "targets %s of %s examples, expected the class of each".formatted(shape, batch.size()));
    } else {
      Arrays.setAll(labels, i -> (int) batch.targets().at(i));
    }
    for (int i = 0; i < labels.length; i++) {
      double target = shape.size() == labels.length ? batch.targets().at(i) : labels[i];
      if (labels[i] != target || labels[i] < 0 || labels[i] >= classes) {
        throw new IllegalArgumentException(
            "%s: label %s of example %s, expected 0 to %s"
                .formatted(
                    metric, labels[i] == target ? "" + labels[i] : "" + target, i, classes - 1));
      }
    }
    return labels;
  }

  /** One row of logits for each example; one logit x is the row (0, x). */
  static double[][] rows(NdArray outputs, int classes) {
    double[] all = outputs.toDoubleArray();
    boolean single = all.length > 0 && classes == 2 && all.length == outputs.shape().dim(0);
    int count = outputs.shape().dim(0);
    double[][] rows = new double[count][];
    for (int i = 0; i < count; i++) {
      rows[i] =
          single
              ? new double[] {Double.isNaN(all[i]) ? all[i] : 0, all[i]}
              : Arrays.copyOfRange(all, i * classes, (i + 1) * classes);
    }
    return rows;
  }

  /** The class of the largest logit, the first of equal ones; as many as there are of a NaN. */
  static int largest(double... row) {
    int best = 0;
    for (int k = 0; k < row.length; k++) {
      if (Double.isNaN(row[k])) {
        return row.length;
      }
      best = row[k] > row[best] ? k : best;
    }
    return best;
  }

  /**
   * How many classes come before one: with a larger logit, or an equal one and further in front.
   */
  static int place(double[] row, int label) {
    int place = 0;
    for (int k = 0; k < row.length; k++) {
      if (Double.isNaN(row[k])) {
        return row.length;
      }
      place += row[k] > row[label] || (row[k] == row[label] && k < label) ? 1 : 0;
    }
    return place;
  }
}
