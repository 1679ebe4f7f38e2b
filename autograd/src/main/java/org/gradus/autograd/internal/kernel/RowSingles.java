package org.gradus.autograd.internal.kernel;

/**
 * What a softmax does in single precision with rows of floats that follow each other, step by step:
 * each operation is rounded by itself, and none is a fused multiply-add, so that the bits are the
 * same whoever implements this. What rounding takes from a distance or from a power is handed on
 * beside it; sums are in double precision, of eight lanes, lane l for each eighth element from l
 * on, which are added up by halves. Arrays of doubles have room for a multiple of {@link
 * BlockFunctions#ROOM}. Rows are a stride apart, a multiple of {@link SingleFunctions#ROOM}; what
 * pads them is -infinity, whose power is 0.
 */
public interface RowSingles {
  /** Elements behind those of the rows that arrays have room for, whatever they hold. */
  int AHEAD = 16;

  /** Of this size and more, what a distance has lost is nothing beside it. */
  float DISTANT = 1024;

  /**
   * By so many powers of 2 are those of e raised, so that those are 0 or normal which add up to a
   * result that is not 0, though it may be subnormal.
   */
  int RAISED = 36;

  /** What lowers them again. */
  double LOWERED = 1.0 / (1L << RAISED);

  /** What a distance is taken as where it is more: its power is 0. */
  float FAR = 120;

  /** ln 2. */
  double LN2 = 0.6931471805599453;

  /** The bits of {@link SingleFunctions#TO_WHOLE} and the exponent of 1, raised. */
  int WHOLE_AND_BIAS = 0x4b400000 + 127 + RAISED;

  /** How many NaNs of one sign there are. */
  int NANS = (1 << SingleFunctions.EXPONENT) - 1;

  /**
   * Floats have the order of these whole numbers: the lower bits of negative ones are inverted, and
   * all are lowered by so much that a NaN with a sign, then the least, becomes one of the largest.
   */
  static int order(float x) {
    int bits = Float.floatToRawIntBits(x);
    return (bits ^ ((bits >> (Integer.SIZE - 1)) >>> 1)) - NANS;
  }

  /** The number whose order among all is this. */
  static float ofOrder(int order) {
    int bits = order + NANS;
    return Float.intBitsToFloat(bits ^ ((bits >> (Integer.SIZE - 1)) >>> 1));
  }

  /** The largest number of each row; NaN is the largest. */
  void largest(float[] x, int from, int stride, int count, float[] most);

  /** The distances from the largest numbers, at least 0, and what rounding has taken from them. */
  void distances(
      float[] x, int from, int stride, int count, float[] most, float[] distances, float[] lost);

  /**
   * e to minus n distances, {@link #RAISED}, which is a power and a rest.
   *
   * @param others the powers again, and 0 for a distance of 0
   * @return the number of distances of 0
   */
  int powers(float[] distances, float[] lost, int n, float[] powers, float[] rests, float[] others);

  /**
   * The sum of each row.
   *
   * @param lanes an octet for each row, to work in, here and below
   */
  void sum(float[] x, int stride, int count, double[] lanes, double[] sums);

  /** y = ln(1 + x), in double precision to 40 bits, for x from 0 to 2^50. */
  void log1p(double[] x, double[] y, int n);

  /** y = (powers + rests) (factors + less) + 0, with a factor and what it has lost for each row. */
  void shares(
      float[] powers,
      float[] rests,
      int stride,
      int count,
      float[] factors,
      float[] less,
      float[] y,
      int to);

  /** y = -(distances + lost + (logs + less)), with a logarithm and a rest of it for each row. */
  void logarithms(
      float[] distances,
      float[] lost,
      int stride,
      int count,
      float[] logs,
      float[] less,
      float[] y,
      int to);
}
