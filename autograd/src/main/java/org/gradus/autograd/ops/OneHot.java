package org.gradus.autograd.ops;

import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;

/** Labels as rows of zeros with a single 1. */
final class OneHot {
  private OneHot() {}

  /**
   * Rows [N, classes] with a 1 at each of the N labels.
   *
   * @param op named in the error if a label is negative, or not below the number of classes
   */
  static NdArray of(String op, DType dtype, int classes, int... labels) {
    Shape shape = Shape.of(op, labels.length, classes);
    requireLabels(op, classes, labels);
    return NdArray.generate(dtype, shape, i -> labels[i / classes] == i % classes ? 1 : 0);
  }

  /** Refuses a label that is negative, or not below the number of classes. */
  static void requireLabels(String op, int classes, int... labels) {
    for (int n = 0; n < labels.length; n++) {
      if (labels[n] < 0 || labels[n] >= classes) {
        throw new IllegalArgumentException(
            "%s: label %s at position %s, expected 0 to %s"
                .formatted(op, labels[n], n, classes - 1));
      }
    }
  }
}
