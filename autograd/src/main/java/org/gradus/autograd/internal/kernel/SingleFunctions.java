package org.gradus.autograd.internal.kernel;

/**
 * Elementary functions in single precision, step by step, over blocks of floats: each operation is
 * rounded by itself, and none is a fused multiply-add, so that the bits are the same whoever
 * implements this. What one step cannot round it hands on as a rest, so that results are off by
 * less than 2 units in the last place.
 *
 * <p>A block is n elements from an index on, n a multiple of {@link #ROOM}. A result may be written
 * over an input at the same index.
 */
public interface SingleFunctions {
  /** Blocks have a multiple of this length: of the longest vector of floats. */
  int ROOM = 16;

  /** The leading 12 bits of a float, with its sign and exponent: products of two are exact. */
  int LEADING = 0xfffff000;

  /** 1 / ln 2. */
  float LOG2_E = 1.442695f;

  /** ln 2 in 14 bits, of which multiples up to 2^10 are exact, and the rest of it. */
  float LN2_HIGH = 0x1.62e4p-1f;

  float LN2_LOW = 1.4286068e-06f;

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

  /** Of this size of x and more, e^(-x^2 / 2) is 0 beside all floats. */
  double NORMAL_FAR = 14.6;

  /**
   * e^(x^2 / 2) (1 - Phi(x)) (x + 4) by 4 / (x + 4), x from 0 to {@link #NORMAL_FAR}, Phi the
   * standard normal distribution function.
   */
  double N0 = 0.39890844704794504;

  double N1 = 0.3997693016767803;
  double N2 = 0.36511412746032695;
  double N3 = 0.3795928525853469;
  double N4 = 0.03195500105760912;
  double N5 = 0.7696527024551532;
  double N6 = -0.9933307068137143;
  double N7 = 1.343416257805027;
  double N8 = -0.9971592938499656;
  double N9 = 0.34925090271753184;
  double N10 = -0.04716958975180781;

  /**
   * The slope of the normal gelu is computed up to this size of x, and taken as that of it beyond.
   */
  double GELU_SLOPE_FAR = 25;

  /** Likewise e^-|x| in that of silu. */
  double SILU_SLOPE_FAR = 700;

  /** Where gelu has its least value, and its slope near that, by powers of the distance. */
  double GELU_LEAST = -0.7517915246935645;

  double G1 = 0.4314939923140469;
  double G2 = 0.388284982990552;
  double G3 = -0.018199676398671087;
  double G4 = -0.1140082332972217;

  /** Likewise of silu. */
  double SILU_LEAST = -1.2784645427610737;

  double S1 = 0.2178117057198001;
  double S2 = 0.1466487969969469;
  double S3 = 0.018874814223782312;
  double S4 = -0.015222655223188032;

  /** The largest distance that is near. */
  double NEAR_LEAST = 0x1p-6;

  /** (ln((1 + s) / (1 - s)) - 2 s) / (s z), z = s^2, for s up to 1/3, to 40 bits with 2 s. */
  double B0 = 0.6666666666709817;

  double B1 = 0.3999999961980292;
  double B2 = 0.2857148303407252;
  double B3 = 0.2221931172031761;
  double B4 = 0.1825530344879272;
  double B5 = 0.1444609483538129;
  double B6 = 0.19065788945808865;

  /** 1 / (2 pi)^(1/2). */
  double DENSITY = 0.3989422804014327;

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

  /** d + rest = e^(-2 |x|) - 1, where |x| is at most {@link #TANH_ONE}. */
  void decayLessOne(float[] x, int from, float[] d, float[] rest, int n);

  /**
   * y = 1 / (1 + e^-x), given e + rest = e^-|x|.
   *
   * @param scaled whether y is x times that, for x that is not infinite
   */
  void logistic(
      boolean scaled, float[] x, int from, float[] e, float[] rest, float[] y, int to, int n);

  /**
   * y = max(x, 0) + ln(1 + e), given e + rest = e^-|x|; or the hyperbolic tangent of x, given e +
   * rest = e^(-2 |x|) - 1.
   */
  void softplusOrTanh(
      boolean tanh, float[] x, int from, float[] e, float[] rest, float[] y, int to, int n);

  /**
   * y = g / (1 + e^-x), given e + rest = e^-|x|; or c g e / (1 + e)^2, given e + rest. The first
   * elements of g and x are those from an index on.
   */
  void slope(
      boolean bell,
      float c,
      float[] g,
      float[] x,
      int from,
      float[] e,
      float[] rest,
      float[] y,
      int to,
      int n);

  /**
   * e = e^(-|x|), or e^(-x^2 / 2), in double precision, to 40 bits.
   *
   * @param most what |x| is taken as where it is more
   */
  void decay(boolean normal, double most, double[] x, double[] e, int n);

  /**
   * y = b softplus(-a) + (1 - b) softplus(a), given e = e^-|a|, in double precision: ln(1 + e), to
   * 40 bits, and b max(-a, 0) + (1 - b) max(a, 0).
   */
  void binaryCrossEntropies(double[] a, double[] b, double[] e, double[] y, int n);

  /** e = x Phi(x), given e = e^(-x^2 / 2), in double precision. */
  void gelu(double[] x, double[] e, int n);

  /** e = the slope of x / (1 + e^-x), given e = e^-|x|, in double precision; of finite floats. */
  void siluSlope(double[] x, double[] e, int n);

  /** e = the slope of x Phi(x), given e = e^(-x^2 / 2), in double precision; of finite floats. */
  void geluSlope(double[] x, double[] e, int n);
}
