package org.gradus.layers.data;

import org.gradus.autograd.array.DType;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;

/** Elements of arrays as doubles, in loops over Java arrays: for what is done to every pixel. */
final class Values {
  private Values() {}

  /** The elements, in a new array. */
  static double[] of(NdArray array) {
    Object storage = array.storage();
    if (storage instanceof float[] floats) {
      double[] values = new double[floats.length];
      for (int i = 0; i < values.length; i++) {
        values[i] = floats[i];
      }
      return values;
    }
    return ((double[]) storage).clone();
  }

  /**
   * An array of these values, each rounded to the element type.
   *
   * @param values of a float64 array the storage, which must not be modified afterwards
   */
  static NdArray array(DType dtype, double[] values, Shape shape) {
    if (dtype == DType.FLOAT64) {
      return NdArray.wrap(values, shape);
    }
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return NdArray.wrap(floats, shape);
  }

  /** The value as an array of this element type holds it. */
  static double rounded(DType dtype, double value) {
    return dtype == DType.FLOAT32 ? (float) value : value;
  }
}
