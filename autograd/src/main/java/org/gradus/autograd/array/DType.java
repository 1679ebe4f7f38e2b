package org.gradus.autograd.array;

import org.gradus.autograd.internal.kernel.Buffer;

/** The element type of an {@link NdArray}: single or double precision. */
public enum DType {
  /** IEEE 754 single precision, stored in a {@code float[]}. For training. */
  FLOAT32,
  /** IEEE 754 double precision, stored in a {@code double[]}. For checking gradients. */
  FLOAT64;

  /**
   * Refuses another type than this one, which is that of an op's input 0.
   *
   * @param op named in the error
   * @param what has the other type, as {@code input 1}
   * @param actual its type
   * @throws DTypeException if it is another one
   */
  public void require(String op, String what, DType actual) {
    if (op == null || what == null || actual != this) { // ops ask often, and refuse seldom
      Nulls.refuse("dtype: op, what, actual", op, what, actual);
      throw new DTypeException(
          op,
          "%s is %s, but input 0 is %s; convert one with NdArray.as".formatted(what, actual, this));
    }
  }

  /**
   * As {@link #require(String, String, DType)}, of an array.
   *
   * @throws NullPointerException if it is null, as {@code op: what is null}
   */
  public void require(String op, String what, NdArray array) {
    if (op == null || what == null || array == null) {
      Nulls.refuse("dtype: op, what", op, what);
      throw new NullPointerException(op + ": " + what + " is null");
    }
    require(op, what, array.dtype());
  }

  /** Memory for elements of this type, zeros, which is never taken back. */
  Buffer newBuffer(int size) {
    return Buffer.of(this == FLOAT32 ? new float[size] : new double[size]);
  }
}
