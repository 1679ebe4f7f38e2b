package org.gradus.layers.data;

import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;

/** What mixings have in common: rows that are mixed with rows, and targets that can be mixed. */
final class Mixtures {
  private Mixtures() {}

  static void require(String function, double alpha, int classes) {
    if (!(alpha >= 0.001 && alpha <= 1000)) {
      throw new IllegalArgumentException(
          "%s: alpha %s, expected 0.001 to 1000".formatted(function, alpha));
    }
    if (classes < 1) {
      throw new IllegalArgumentException(
          "%s: %s classes, expected at least 1".formatted(function, classes));
    }
  }

  /**
   * Each row times its share, plus another row, whose number is given, times what is left; a row
   * without a share is not looked at.
   */
  static NdArray of(NdArray rows, int[] others, double share) {
    if (share == 1) {
      return rows; // 0 times infinity would be NaN
    }
    if (share == 0) {
      return Rows.of(rows, others);
    }
    double[] values = Values.of(rows);
    double[] mixed = new double[values.length];
    int length = rows.shape().size(1, rows.shape().rank());
    for (int n = 0; n < others.length; n++) {
      for (int i = 0; i < length; i++) {
        double other = values[others[n] * length + i];
        mixed[n * length + i] = share * values[n * length + i] + (1 - share) * other;
      }
    }
    return Values.array(rows.dtype(), mixed, rows.shape());
  }

  /** The targets of a batch as [N, classes]. */
  static NdArray probabilities(String function, Batch batch, int classes) {
    NdArray targets = batch.targets();
    Shape expected = Shape.of(function, batch.size(), classes);
    if (targets.shape().equals(expected)) {
      return targets;
    }
    if (targets.shape().rank() != 1) {
      throw new ShapeException(
          function,
          "targets %s, expected classes [%s] or probabilities %s"
              .formatted(targets.shape(), batch.size(), expected));
    }
    DType dtype = batch.inputs().dtype();
    double[] values = new double[expected.size()];
    for (int n = 0; n < batch.size(); n++) {
      double target = targets.at(n);
      if (!(target >= 0 && target < classes && target == Math.rint(target))) {
        throw new IllegalArgumentException(
            "%s: the target %s of example %s is no class, expected a whole number from 0 to %s"
                .formatted(function, target, n, classes - 1));
      }
      values[n * classes + (int) target] = 1;
    }
    return Values.array(dtype, values, expected);
  }
}
