package org.gradus.autograd.array;

/** The element type of an {@link NdArray}: single or double precision. */
public enum DType {
  /** IEEE 754 single precision, stored in a {@code float[]}. For training. */
  FLOAT32,
  /** IEEE 754 double precision, stored in a {@code double[]}. For checking gradients. */
  FLOAT64;

  /** A new array of this element type, all zero: a {@code float[]} or a {@code double[]}. */
  Object newStorage(int size) {
    return this == FLOAT32 ? new float[size] : new double[size];
  }
}
