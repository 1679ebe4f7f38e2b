package org.gradus.autograd.internal.kernel;

/**
 * Losses of pairs of floats, and their slopes, in double precision; slopes are rounded once, so
 * that the bits are the same whoever implements this. Arrays have the same index throughout, and y
 * is another one than a and b.
 */
public interface PairFunctions {
  /**
   * Has the first lane be the sum of the losses of at most 512 pairs, if it is one that is added up
   * as it is computed: with the bits of a sum of what was computed before.
   *
   * @param c the constant of the loss where it has one
   * @param lanes four octets, to work in
   */
  boolean sum(Loss f, double c, float[] a, float[] b, int from, int n, double[] lanes);

  /** y = factor sign(a - b), and 0 where they are equal. */
  void signs(double factor, float[] a, float[] b, float[] y, int from, int n);

  /** y = factor (a - b), where the difference is held within c to either side. */
  void held(double factor, double c, float[] a, float[] b, float[] y, int from, int n);

  /** y = factor ((1 - b) sigmoid(a) - b sigmoid(-a)). */
  void logistic(double factor, float[] a, float[] b, float[] y, int from, int n);
}
