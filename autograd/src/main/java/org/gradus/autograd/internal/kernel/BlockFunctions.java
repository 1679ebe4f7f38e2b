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
   * The sum of n numbers, at most {@link #LEAF}: those of one place in groups of {@link #LANES} are
   * added up in order, and the sums of the places as a tree.
   *
   * @param lanes an array of {@link #LANES}, to work in
   */
  double sum(double[] x, int from, int n, double[] lanes);

  /** The running sums of a leaf, whatever the vectors are. */
  int LANES = 32;

  /** The most numbers that running sums add up. */
  int LEAF = 64 * LANES;

  /** The sum of the running sums. */
  static double tree(double[] lanes) {
    for (int half = LANES / 2; half > 0; half /= 2) {
      for (int i = 0; i < half; i++) {
        lanes[i] += lanes[half + i];
      }
    }
    return lanes[0];
  }
}
