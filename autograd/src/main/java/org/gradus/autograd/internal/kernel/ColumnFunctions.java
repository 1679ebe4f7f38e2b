package org.gradus.autograd.internal.kernel;

/**
 * What the slopes of a softmax do with lines of floats that lie side by side, as columns: a row has
 * one element of each of n lines. All is computed in double precision, element by element, so that
 * the bits are the same whoever implements this. Arrays of doubles have room for n rounded up to a
 * multiple of {@link BlockFunctions#ROOM}, from where a row begins.
 */
public interface ColumnFunctions {
  /** (e^r - 1 - r) / r^2 for |r| up to ln 2 / 2, to 40 bits. */
  double E0 = 0.49999999999999994;

  double E1 = 0.16666666719154777;
  double E2 = 0.04166666671913392;
  double E3 = 0.00833329841395492;
  double E4 = 0.0013888853981454936;
  double E5 = 0.00019899332042390113;
  double E6 = 2.485963508043136e-05;

  /** Below, a power is taken as 0. */
  double LEAST = -708;

  /** What is done with columns in single precision. */
  ColumnSingles singles();

  /** Copies n floats from an index on to a row. */
  void read(float[] x, int from, double[] row, int at, int n);

  /** Raises the largest numbers to those of a row that are larger; NaN is the largest. */
  void raise(double[] row, int at, double[] most, int n);

  /** Makes of a row its distances from the largest numbers. */
  void lower(double[] row, int at, double[] most, int n);

  /**
   * e to distances of any kind, none of which is above 0, to 40 bits, or 0 below {@link #LEAST}; of
   * both arrays from an index on. They may be one array.
   */
  void powers(double[] distances, int at, double[] powers, int n);

  /**
   * Adds up powers.
   *
   * @param sums of the powers of distances that are below 0: added to
   * @param counts of the other distances: added to
   */
  void addPowers(
      double[] distances, int at, double[] powers, double[] sums, double[] counts, int n);

  /** Where a distance is 0, chosen = g. */
  void choose(double[] distances, int at, double[] g, double[] chosen, int n);

  /** Subtracts less from a row g, and adds its products with the powers to sums. */
  void addProducts(double[] g, int at, double[] less, double[] powers, double[] sums, int n);

  /** y = (a row g less the mean) times the powers and factors. */
  void slopes(
      double[] g,
      int at,
      double[] mean,
      double[] powers,
      double[] factors,
      float[] y,
      int to,
      int n);

  /** Adds a row g to sums, and to rests what each addition has rounded away. */
  void addExactly(double[] g, int at, double[] sums, double[] rests, int n);

  /**
   * y = (g times the other powers, less the power times the others of g) times factors: with others
   * + 1 - power, and sums - g + rests.
   */
  void slopesOfLogarithm(
      double[] g,
      int at,
      double[] sums,
      double[] rests,
      double[] powers,
      double[] others,
      double[] factors,
      float[] y,
      int to,
      int n);
}
