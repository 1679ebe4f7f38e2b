package org.gradus.autograd.internal.kernel;

/**
 * The sizes of matrix products: for each i, the m x n matrix number i of the result is op(a_i)
 * op(b_i), where op transposes or not.
 *
 * @param offsetsA where the matrix a_i begins: m x k, or k x m if it is to be transposed
 * @param offsetsB where the matrix b_i begins: k x n, or n x k if it is to be transposed
 */
@SuppressWarnings("ArrayRecordComponent") // a parameter object, which is never compared
public record MatmulSizes(
    boolean transposeA, boolean transposeB, int m, int n, int k, int[] offsetsA, int[] offsetsB) {

  /** How many products. */
  public int batch() {
    return offsetsA.length;
  }

  /** From one row of op(a) to the next. */
  public int downA() {
    return transposeA ? 1 : k;
  }

  /** From one column of op(a) to the next. */
  public int acrossA() {
    return transposeA ? m : 1;
  }

  /** From one row of op(b) to the next. */
  public int downB() {
    return transposeB ? 1 : n;
  }

  /** From one column of op(b) to the next. */
  public int acrossB() {
    return transposeB ? k : 1;
  }
}
