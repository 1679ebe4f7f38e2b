package org.gradus.layers.files;

import java.util.Arrays;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;

/** What readers and writers share of the elements of arrays. */
final class Elements {
  /** The most axes of an array in a file, as in NumPy. */
  static final int MOST_AXES = 64;

  private Elements() {}

  /**
   * An array over memory that was filled.
   *
   * @param storage a {@code float[]} or {@code double[]}
   */
  static NdArray wrapped(Object storage, Shape shape) {
    return storage instanceof float[] floats
        ? NdArray.wrap(floats, shape)
        : NdArray.wrap((double[]) storage, shape);
  }

  /**
   * The indices of an element by its number, such as {@code [0, 2]}.
   *
   * @param inColumns whether elements are numbered along the first axis first, as in Fortran
   */
  static String place(Shape shape, int number, boolean inColumns) {
    int rank = shape.rank();
    int[] indices = new int[rank];
    int rest = number;
    for (int i = 0; i < rank; i++) {
      int axis = inColumns ? i : rank - 1 - i;
      indices[axis] = rest % shape.dim(axis);
      rest /= shape.dim(axis);
    }
    return Arrays.toString(indices);
  }
}
