package org.gradus.autograd.inspect;

import java.util.Arrays;
import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;

/**
 * The elements of an array, counted.
 *
 * @param min of the finite elements; infinity if there are none
 * @param max of the finite elements; -infinity if there are none
 * @param first the position of the first element that is not finite, in row-major order; -1 if all
 *     are
 */
record Survey(NdArray array, double min, double max, int nans, int infinities, int first) {

  static Survey of(NdArray array) {
    double min = Double.POSITIVE_INFINITY;
    double max = Double.NEGATIVE_INFINITY;
    int nans = 0;
    int infinities = 0;
    int first = -1;
    for (int i = 0; i < array.size(); i++) {
      double value = array.at(i);
      if (Double.isFinite(value)) {
        min = Math.min(min, value);
        max = Math.max(max, value);
      } else {
        first = first < 0 ? i : first;
        nans += Double.isNaN(value) ? 1 : 0;
        infinities += Double.isNaN(value) ? 0 : 1;
      }
    }
    return new Survey(array, min, max, nans, infinities, first);
  }

  /** An element as its type prints it: the shortest digits that tell it from its neighbours. */
  static String number(NdArray array, double element) {
    return array.dtype() == DType.FLOAT32
        ? Float.toString((float) element)
        : Double.toString(element);
  }

  /** For example {@code 2 of 6 elements NaN or infinite, the first Infinity at [0, 1]}. */
  String faults() {
    return "%s of %s elements NaN or infinite, the first %s at %s"
        .formatted(
            nans + infinities,
            array.size(),
            number(array, array.at(first)),
            Arrays.toString(indices(first)));
  }

  private int[] indices(int flat) {
    int[] dims = array.shape().toArray();
    int[] indices = new int[dims.length];
    int rest = flat;
    for (int axis = dims.length - 1; axis >= 0; axis--) {
      indices[axis] = rest % dims[axis];
      rest /= dims[axis];
    }
    return indices;
  }

  /** For example {@code FLOAT32 [64, 10], -0.5 to 2.0, 1 NaN, 3 infinite}. */
  @Override
  public String toString() {
    return array.dtype()
        + " "
        + array.shape()
        + (min <= max ? ", " + number(array, min) + " to " + number(array, max) : "")
        + (nans > 0 ? ", " + nans + " NaN" : "")
        + (infinities > 0 ? ", " + infinities + " infinite" : "");
  }
}
