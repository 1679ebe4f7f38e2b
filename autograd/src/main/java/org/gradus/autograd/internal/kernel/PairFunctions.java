package org.gradus.autograd.internal.kernel;

/**
 * Slopes of losses of pairs of floats, in double precision and rounded once, element by element, so
 * that the bits are the same whoever implements this. Arrays have the same index throughout, and y
 * is another one than a and b.
 */
public interface PairFunctions {
  /** y = factor sign(a - b), and 0 where they are equal. */
  void signs(double factor, float[] a, float[] b, float[] y, int from, int n);

  /** y = factor (a - b), where the difference is held within c to either side. */
  void held(double factor, double c, float[] a, float[] b, float[] y, int from, int n);

  /** y = factor ((1 - b) sigmoid(a) - b sigmoid(-a)). */
  void logistic(double factor, float[] a, float[] b, float[] y, int from, int n);
}
