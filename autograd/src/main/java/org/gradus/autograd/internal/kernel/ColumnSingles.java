package org.gradus.autograd.internal.kernel;

/**
 * What a softmax does in single precision with lines of floats that lie side by side, as columns: a
 * row has one element of each of n lines, a multiple of {@link SingleFunctions#ROOM}. Rows of what
 * is given and of results are a step apart; those in between follow each other, so that {@link
 * RowSingles} makes powers of all distances at once. The bits are the same whoever implements this.
 */
public interface ColumnSingles {
  /** The largest number of each column; NaN is the largest. */
  void largest(float[] x, int from, int step, int rows, int n, float[] most);

  /** As {@link RowSingles#distances}. */
  void distances(
      float[] x,
      int from,
      int step,
      int rows,
      int n,
      float[] most,
      float[] distances,
      float[] lost);

  /** The sum of each column, in double precision, from its first element on. */
  void sum(float[] x, int rows, int n, double[] sums);

  /** As {@link RowSingles#shares}, with a factor and what it has lost for each column. */
  void shares(
      float[] powers,
      float[] rests,
      int rows,
      int n,
      float[] factors,
      float[] less,
      float[] y,
      int to,
      int step);

  /** As {@link RowSingles#logarithms}, with a logarithm and a rest of it for each column. */
  void logarithms(
      float[] distances,
      float[] lost,
      int rows,
      int n,
      float[] logs,
      float[] less,
      float[] y,
      int to,
      int step);
}
