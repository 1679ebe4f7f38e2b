package org.gradus.autograd.internal.kernel;

/**
 * Elementary functions of a block of numbers in double precision, of which those of many elements
 * are made, for both precisions: elements are widened, and the results narrowed. Each result has
 * the bits of {@code Elementary}, whoever implements this.
 *
 * <p>A block has room for a whole number of {@link #ROOM}, of which n are in use. What is behind
 * them may be read, and written to. x and y are different arrays.
 */
public interface BlockFunctions {
  /** Blocks have a multiple of this length: of the longest vector of doubles. */
  int ROOM = 8;

  /** Functions of blocks of floats, in single precision. */
  SingleFunctions singles();

  /** What is done with lines of floats side by side. */
  ColumnFunctions columns();

  /** What is done with rows of floats. */
  RowFunctions rows();

  /** Slopes of losses of pairs of floats. */
  PairFunctions pairs();

  /** About how many numbers are computed in the time that one takes by itself. */
  int speed();

  /** Whether all are from one number to another, and none is NaN. */
  boolean areWithin(double least, double most, double[] x, int n);

  /** y = e^x. */
  void exp(double[] x, double[] y, int n);

  /** y = e^x - 1. */
  void expm1(double[] x, double[] y, int n);

  /** y = ln x. */
  void log(double[] x, double[] y, int n);

  /** y = ln(1 + x). */
  void log1p(double[] x, double[] y, int n);

  /** y = sin x. */
  void sin(double[] x, double[] y, int n);

  /** y = cos x. */
  void cos(double[] x, double[] y, int n);

  /** y = e^(x^2) (1 - erf(|x|)); where x is of more than 28, as if it were 28. */
  void scaledErfc(double[] x, double[] y, int n);

  /** y = erf(x) for x up to 0.5. */
  void erfNearZero(double[] x, double[] y, int n);

  /** y = a where x is above 0, otherwise b; y may be a or b. */
  void choose(double[] x, double[] a, double[] b, double[] y, int n);

  /** y = x with the sign of another number; y may be x. */
  void copySign(double[] x, double[] signs, double[] y, int n);

  /** Copies n elements from an index on to the block y. */
  void widen(float[] x, int from, double[] y, int n);

  /** As for floats. */
  default void widen(double[] x, int from, double[] y, int n) {
    System.arraycopy(x, from, y, 0, n);
  }

  /** Copies the block x, rounded, to n elements from an index on. */
  void narrow(double[] x, float[] y, int from, int n);

  /** As for floats. */
  default void narrow(double[] x, double[] y, int from, int n) {
    System.arraycopy(x, 0, y, from, n);
  }

  /** The largest number; NaN if there is one. */
  double largest(double[] x, int n);

  /** Where the first number of this value is; n if it is nowhere. */
  int indexOf(double value, double[] x, int n);

  /**
   * The sum, in the order of all sums, which depends on n alone.
   *
   * @param lanes eight numbers, to work in
   */
  double sum(double[] x, int n, double[] lanes);
}
