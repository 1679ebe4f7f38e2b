package org.gradus.autograd.internal.kernel;

/**
 * What the slopes of a softmax do with rows of floats that follow each other. All is computed in
 * double precision, so that the bits are the same whoever implements this: a sum has eight lanes,
 * lane l for each eighth element from l on, which are added up by halves. In arrays of doubles,
 * rows are a stride apart, a multiple of eight, and are padded by what has no part in results.
 */
public interface RowFunctions {
  /** What is done with rows in single precision. */
  RowSingles singles();

  /** Copies rows of n floats each, and pads them by a value. */
  void read(float[] x, int from, int n, int count, double pad, double[] rows, int stride);

  /** The largest number of each row; NaN is the largest. */
  void largest(double[] rows, int stride, int count, double[] most);

  /** Makes of rows their distances from the largest numbers. */
  void lower(double[] rows, int stride, int count, double[] most);

  /**
   * Adds up powers, for each row.
   *
   * @param lanes two octets for each row, to work in
   * @param sums of the powers of distances that are below 0
   * @param counts of the other distances
   */
  void addPowers(
      double[] distances,
      double[] powers,
      int stride,
      int count,
      double[] lanes,
      double[] sums,
      double[] counts);

  /** For each row, the sum of g where distances are not below 0. */
  void choose(
      double[] distances, double[] g, int stride, int count, double[] lanes, double[] chosen);

  /**
   * Subtracts a number from each row of g, and finds the sums of its products with the powers.
   *
   * @param lanes two octets for each row, to work in, here and above
   */
  void sumProducts(
      double[] g,
      double[] less,
      double[] powers,
      int stride,
      int count,
      double[] lanes,
      double[] sums);

  /**
   * The sums of rows, and what additions have rounded away from them.
   *
   * @param lanes two octets for each row, to work in
   */
  void sumExactly(double[] g, int stride, int count, double[] lanes, double[] sums, double[] rests);

  /** y = (rows of g less the mean) times the powers and factors. */
  void slopes(
      double[] g,
      double[] mean,
      double[] powers,
      double[] factors,
      int stride,
      int count,
      float[] y,
      int to,
      int n);

  /** As {@link ColumnFunctions#slopesOfLogarithm}. */
  void slopesOfLogarithm(
      double[] g,
      double[] sums,
      double[] rests,
      double[] powers,
      double[] others,
      double[] factors,
      int stride,
      int count,
      float[] y,
      int to,
      int n);
}
