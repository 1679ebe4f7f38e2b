package org.gradus.autograd.array;

import org.gradus.autograd.internal.kernel.Buffer;

/** The element type of an {@link NdArray}: single or double precision. */
public enum DType {
  /** IEEE 754 single precision, stored in a {@code float[]}. For training. */
  FLOAT32,
  /** IEEE 754 double precision, stored in a {@code double[]}. For checking gradients. */
  FLOAT64;

  /** Memory for elements of this type. It holds anything. */
  Buffer newBuffer(int size) {
    return this == FLOAT32 ? Buffer.floats(size) : Buffer.doubles(size);
  }
}
