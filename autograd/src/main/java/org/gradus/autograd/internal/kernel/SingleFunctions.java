package org.gradus.autograd.internal.kernel;

/**
 * Elementary functions in single precision, step by step, over blocks of floats: which products and
 * sums are rounded at once ({@link FusedFloats}) is part of a function, so that the bits are the
 * same whoever implements this. What one step cannot round it hands on as a rest, so that results
 * are off by less than 2 units in the last place.
 *
 * <p>A block is n elements from an index on, n a multiple of {@link #ROOM}. A result may be written
 * over an input at the same index.
 */
public interface SingleFunctions {
  /** Blocks have a multiple of this length: of the longest vector of floats. */
  int ROOM = 16;

  /** 1 / ln 2. */
  float LOG2_E = 1.442695f;

  /** ln 2 in 14 bits, of which multiples up to 2^10 are exact, and the rest of it. */
  float LN2_HIGH = 0x1.62e4p-1f;

  float LN2_LOW = 1.4286068e-06f;

  /** The nearest float to ln 2, where multiples are added to what is as large, and the rest. */
  float LN2 = 0.6931472f;

  float LN2_REST = -1.9046542e-09f;

  /** Added to a number of less than 2^22, it rounds that to a whole one, in the lowest bits. */
  float TO_WHOLE = 0x1.8p23f;

  /** The bits of 1, and where those of an exponent begin. */
  int ONE_BITS = 0x3f800000;

  int EXPONENT = 23;

  /** (e^r - 1 - r) / r^2 for |r| up to ln 2 / 2. */
  float E0 = 0.5f;

  float E1 = 0.16666576f;
  float E2 = 0.041666556f;
  float E3 = 0.008363203f;
  float E4 = 0.0013926213f;

  /** Beyond these, e^x is infinite or 0. */
  float EXP_MOST = 89;

  float EXP_LEAST = -105;

  /** Below, an exponential is not computed as a decay, which has no subnormal numbers. */
  float DECAY_LEAST = -87;

  /** The hyperbolic tangent of this and of more is 1. */
  float TANH_ONE = 9.1f;

  /** What brings a mantissa from the half root of 2 up to 1; bits that are added to a float's. */
  int ROOT_BITS = 0x3f800000 - 0x3f3504f3;

  /** The bits of {@link #TO_WHOLE}, less the exponent of 1. */
  int WHOLE_LESS_BIAS = 0x4b400000 - 127;

  /** (ln(1 + f) - f + f^2 / 2) / f^3 for f from the half root of 2 to the root of 2, less 1. */
  float L0 = 0.3333333f;

  float L1 = -0.24999997f;
  float L2 = 0.20000719f;
  float L3 = -0.16667812f;
  float L4 = 0.14248957f;
  float L5 = -0.12425359f;
  float L6 = 0.11686149f;
  float L7 = -0.11482691f;
  float L8 = 0.06973426f;

  /** (ln((1 + s) / (1 - s)) - 2 s) / (s z), z = s^2, for s up to 1/3. */
  float A0 = 0.6666664f;

  float A1 = 0.40007585f;
  float A2 = 0.28235888f;
  float A3 = 0.26856798f;

  /**
   * Of this size of x and more, what is multiplied by e^(-x^2 / 2) is nothing beside a usual
   * number, and below it every such product is normal.
   */
  float NORMAL_FAR = 12.9f;

  /** Minus where gelu has its least value, and what that lacks. */
  float GELU_LEAST = 0.75179154f;

  float GELU_LEAST_REST = -1.211445e-08f;

  /** Likewise of silu, and its slope near that, by powers of the distance. */
  float SILU_LEAST = 1.2784646f;

  float SILU_LEAST_REST = -1.2979283e-08f;

  float S1 = 0.2178117f;
  float S1_REST = 2.0378543e-09f;
  float S2 = 0.1466488f;
  float S3 = 0.018874815f;
  float S4 = -0.015222656f;

  /** The largest distance that is near. */
  float NEAR_LEAST = 0x1p-6f;

  /** (ln((1 + s) / (1 - s)) - 2 s) / (s z), z = s^2, for s up to 1/3, to 40 bits with 2 s. */
  double B0 = 0.6666666666709817;

  double B1 = 0.3999999961980292;
  double B2 = 0.2857148303407252;
  double B3 = 0.2221931172031761;
  double B4 = 0.1825530344879272;
  double B5 = 0.1444609483538129;
  double B6 = 0.19065788945808865;

  /** Whether all are from one number to another, and none is NaN; of any n elements. */
  boolean areWithin(float least, float most, float[] x, int from, int n);

  /** y = e^x. */
  void exp(float[] x, int from, float[] y, int to, int n);

  /** y = ln x, for x that is neither subnormal nor infinite, and above 0. */
  void log(float[] x, int from, float[] y, int to, int n);

  /**
   * e + rest = e^(-c |x|), or of {@link #DECAY_LEAST} at least; both from their first element on.
   */
  void decay(float c, float[] x, int from, float[] e, float[] rest, int n);

  /** Likewise e^(-x^2 / 2), of |x| up to {@link #NORMAL_FAR}. */
  void normalDecay(float[] x, int from, float[] e, float[] rest, int n);

  /** d + rest = e^(-2 |x|) - 1, where |x| is at most {@link #TANH_ONE}. */
  void decayLessOne(float[] x, int from, float[] d, float[] rest, int n);

  /** y = a / (1 + e^-x), for x from {@link #DECAY_LEAST} on. */
  void logistic(float[] a, int first, float[] x, int from, float[] y, int to, int n);

  /**
   * y = max(x, 0) + ln(1 + e), given e + rest = e^-|x|; or the hyperbolic tangent of x, given e +
   * rest = e^(-2 |x|) - 1.
   */
  void softplusOrTanh(
      boolean tanh, float[] x, int from, float[] e, float[] rest, float[] y, int to, int n);

  /** y = c g e / (1 + e)^2, given e + rest; of g from an index on. */
  void bell(float c, float[] g, int from, float[] e, float[] rest, float[] y, int to, int n);

  /**
   * y = g times the slope of x / (1 + e^-x), given e + rest = e^-|x|, and b = e / (1 + e)^2. The
   * first elements of g and x are those from an index on.
   */
  void siluSlope(
      float[] g, float[] x, int from, float[] e, float[] rest, float[] b, float[] y, int to, int n);

  /**
   * z = how far |x|, or 1 / (|x| + 2), is from the centre of the polynomial of a tail; of {@link
   * #NORMAL_FAR} where |x| is more, so that z is a number where x is infinite.
   */
  void tailDistance(NormalTail tail, float[] x, int from, float[] z, int n);

  /** p = a tail less its value at the centre, at that distance; p may be z. */
  void tail(NormalTail tail, float[] x, int from, float[] z, float[] p, int n);

  /** y = x Phi(x), given e + rest = e^(-x^2 / 2), and p of {@link #tail}. */
  void gelu(float[] x, int from, float[] e, float[] rest, float[] p, float[] y, int to, int n);

  /** y = g times the slope of x Phi(x), given e + rest = e^(-x^2 / 2), and p of {@link #tail}. */
  void geluSlope(
      float[] g, float[] x, int from, float[] e, float[] rest, float[] p, float[] y, int to, int n);

  /**
   * y = b softplus(-a) + (1 - b) softplus(a), given e = e^-|a|, in double precision: ln(1 + e), to
   * 40 bits, and |a| times b, or 1 - b if a > 0.
   */
  void binaryCrossEntropies(double[] a, double[] b, double[] e, double[] y, int n);
}
