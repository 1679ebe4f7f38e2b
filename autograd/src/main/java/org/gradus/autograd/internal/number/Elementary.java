package org.gradus.autograd.internal.number;

/**
 * Elementary functions with one result, to the bit, on every processor and Java version, which
 * those of {@link Math} do not have: they may be instructions of the processor or code for it. Here
 * all is made of additions, multiplications and divisions of doubles, each rounded by itself, so
 * that vectors can follow step by step ({@code BlockFunctions}).
 *
 * <p>Results are off by less than 1 unit in the last place, and expm1 and log1p by less than 2.
 * Special values are those of {@code Math}. Polynomials interpolate in Chebyshev's nodes, computed
 * in 60 digits.
 */
public final class Elementary {
  /** 1 / ln 2. */
  public static final double LOG2_E = 1.4426950408889634;

  /** ln 2 in 42 bits, of which multiples up to 2^11 are exact, and the rest of it. */
  public static final double LN2_HIGH = 0x1.62e42fefa38p-1;

  public static final double LN2_LOW = 5.497923018708371e-14;

  /** Added to a number of less than 2^51, it rounds that to a whole one, in the lowest bits. */
  public static final double TO_WHOLE = 0x1.8p52;

  /** Its bits; and those of a double begin with the exponent from this bit on. */
  public static final long WHOLE_BITS = 0x4338000000000000L;

  public static final int EXPONENT = 52;

  /** (e^r - 1 - r - r^2 / 2) / r^3 for |r| up to ln 2 / 2. */
  public static final double E0 = 0.16666666666666669;

  public static final double E1 = 0.041666666666666664;
  public static final double E2 = 0.008333333333330051;
  public static final double E3 = 0.0013888888888886545;
  public static final double E4 = 0.00019841269863105968;
  public static final double E5 = 2.4801587317181886e-05;
  public static final double E6 = 2.7557268378684192e-06;
  public static final double E7 = 2.755728291148268e-07;
  public static final double E8 = 2.5100424157005067e-08;
  public static final double E9 = 2.0911264239196083e-09;

  /** Beyond these, e^x is infinite or 0. */
  public static final double EXP_MOST = 710;

  public static final double EXP_LEAST = -746;

  /** Up to this size of x, e^x is neither infinite nor subnormal. */
  public static final double EXP_USUAL = 708;

  /** Below, e^x - 1 is -1. */
  public static final double EXPM1_LEAST = -50;

  /** Of smaller x, e^x - 1 is x. */
  public static final double EXPM1_LINEAR = 0x1p-54;

  /** What brings a mantissa from the half root of 2 up to 1; bits that are added to a double's. */
  public static final long ROOT_BITS = 0x3ff0000000000000L - 0x3fe6a09e667f3bcdL;

  /** The exponent of 1, as a double has it. */
  public static final int BIAS = 1023;

  /** Times this, what is subnormal is not. */
  public static final double NORMAL = 0x1p54;

  /** (ln((1 + s) / (1 - s)) - 2 s) / (s z), z = s^2, for s up to (2^(1/2) - 1) / (2^(1/2) + 1). */
  public static final double L0 = 0.666666666666667;

  public static final double L1 = 0.39999999999899444;
  public static final double L2 = 0.2857142862600327;
  public static final double L3 = 0.22222211130259878;
  public static final double L4 = 0.18182889455674947;
  public static final double L5 = 0.15331710618210773;
  public static final double L6 = 0.14616585424888623;

  /** Up to this size of x, multiples of pi / 2 are known in enough digits here. */
  public static final double WAVE_MOST = 0x1p19;

  public static final double TWO_OVER_PI = 0x1.45f306dc9c883p-1;

  /** pi / 2 in 33 bits, what is left of it in 33 more, and what is left of that. */
  public static final double HALF_PI_HIGH = 0x1.921fb544p0;

  public static final double HALF_PI_MIDDLE = 0x1.0b4611a6p-34;
  public static final double HALF_PI_LOW = 0x1.3198a2e037073p-69;

  /** (sin r - r) / r^3 by r^2, for |r| up to pi / 4. */
  public static final double S0 = -0.16666666666666666;

  public static final double S1 = 0.008333333333330943;
  public static final double S2 = -0.0001984126983674956;
  public static final double S3 = 2.755731609787775e-06;
  public static final double S4 = -2.5051130870968297e-08;
  public static final double S5 = 1.591805913698281e-10;

  /** (cos r - 1 + r^2 / 2) / r^4 by r^2, likewise. */
  public static final double C0 = 0.041666666666666664;

  public static final double C1 = -0.0013888888888887393;
  public static final double C2 = 2.4801587298760048e-05;
  public static final double C3 = -2.755731726880539e-07;
  public static final double C4 = 2.0876145659059344e-09;
  public static final double C5 = -1.1382588535352522e-11;

  /** The hyperbolic tangent of this and of more is 1. */
  public static final double TANH_ONE = 40;

  private Elementary() {}

  /** e^x. */
  public static double exp(double x) {
    double v = x > EXP_MOST ? EXP_MOST : x < EXP_LEAST ? EXP_LEAST : x;
    double t = v * LOG2_E + TO_WHOLE;
    double power = powerLessOne(v, t) + 1;
    int k = (int) (t - TO_WHOLE);
    return Math.abs(x) <= EXP_USUAL
        ? Double.longBitsToDouble(
            Double.doubleToRawLongBits(power) + (Double.doubleToRawLongBits(t) << EXPONENT))
        : power * powerOfTwo(k >> 1) * powerOfTwo(k - (k >> 1));
  }

  /** e^x - 1, without loss near 0. */
  public static double expm1(double x) {
    if (Math.abs(x) < EXPM1_LINEAR) {
      return x;
    }
    double v = x > EXP_MOST ? EXP_MOST : x < EXPM1_LEAST ? EXPM1_LEAST : x;
    double t = v * LOG2_E + TO_WHOLE;
    double half = powerOfTwo((int) (t - TO_WHOLE) - 1);
    return (half * powerLessOne(v, t) + (half - 0.5)) * 2;
  }

  /**
   * e^r - 1 for r = x - k ln 2.
   *
   * @param t x / ln 2, rounded to the whole number k as {@link #TO_WHOLE} does it
   */
  private static double powerLessOne(double x, double t) {
    double k = t - TO_WHOLE;
    double high = x - k * LN2_HIGH;
    double low = k * LN2_LOW;
    double r = high - low;
    double lost = (high - r) - low;
    double s = r * r;
    double q = s * (r * E9 + E8) + (r * E7 + E6);
    q = s * q + (r * E5 + E4);
    q = s * q + (r * E3 + E2);
    q = s * q + (r * E1 + E0);
    return (s * (r * q + 0.5) + lost) + r;
  }

  /** 2^k, k from -1022 to 1023. */
  private static double powerOfTwo(int k) {
    return Double.longBitsToDouble((long) (k + BIAS) << EXPONENT);
  }

  /** The natural logarithm. */
  public static double log(double x) {
    if (!(x > 0 && x < Double.POSITIVE_INFINITY)) {
      return x == 0 ? Double.NEGATIVE_INFINITY : x < 0 ? Double.NaN : x;
    }
    boolean isSubnormal = x < Double.MIN_NORMAL;
    long bits = Double.doubleToRawLongBits(isSubnormal ? x * NORMAL : x);
    long exponent = (bits + ROOT_BITS) >>> EXPONENT;
    double f = Double.longBitsToDouble(bits - ((exponent - BIAS) << EXPONENT)) - 1;
    double k = Double.longBitsToDouble(exponent + WHOLE_BITS) - (TO_WHOLE + BIAS);
    return ofMantissa(f, 0, isSubnormal ? k - 54 : k);
  }

  /** ln(1 + x), without loss near 0. */
  public static double log1p(double x) {
    if (!(x > -1 && x < Double.POSITIVE_INFINITY) || x == 0) {
      return x == -1 ? Double.NEGATIVE_INFINITY : x < -1 ? Double.NaN : x;
    }
    double u = 1 + x;
    long bits = Double.doubleToRawLongBits(u);
    long exponent = (bits + ROOT_BITS) >>> EXPONENT;
    if (exponent == BIAS) {
      return ofMantissa(x, 0, 0);
    }
    double f = Double.longBitsToDouble(bits - ((exponent - BIAS) << EXPONENT)) - 1;
    double k = Double.longBitsToDouble(exponent + WHOLE_BITS) - (TO_WHOLE + BIAS);
    double one = u - x;
    double lost = (1 - one) + (x - (u - one)); // of u
    return ofMantissa(f, lost / u, k);
  }

  /** k ln 2 + ln(1 + f) + rest. */
  private static double ofMantissa(double f, double rest, double k) {
    double s = f / (2 + f);
    double z = s * s;
    double w = z * z;
    double even = w * (w * (w * L6 + L4) + L2) + L0;
    double odd = w * (w * L5 + L3) + L1;
    double half = 0.5 * f * f;
    double r = z * (z * odd + even);
    return k * LN2_HIGH - ((half - (s * (half + r) + (k * LN2_LOW + rest))) - f);
  }

  /** The hyperbolic tangent. */
  public static double tanh(double x) {
    double e = expm1(2 * Math.min(Math.abs(x), TANH_ONE));
    double d = e + 2;
    double lost = e - (d - 2);
    double quotient = e / d;
    return Math.copySign(quotient - quotient * (lost / d), x);
  }

  /** The sine. */
  public static double sin(double x) {
    return wave(0, x);
  }

  /** The cosine. */
  public static double cos(double x) {
    return wave(1, x);
  }

  /** sin(x + quarter pi / 2). */
  private static double wave(int quarter, double x) {
    if (!(Math.abs(x) <= WAVE_MOST)) {
      return quarter == 0 ? StrictMath.sin(x) : StrictMath.cos(x);
    }
    double t = x * TWO_OVER_PI + TO_WHOLE;
    double k = t - TO_WHOLE;
    double first = x - k * HALF_PI_HIGH;
    double second = k * HALF_PI_MIDDLE;
    double near = first - second;
    double low = k * HALF_PI_LOW - ((first - near) - second);
    double r = near - low;
    double rest = (near - r) - low;
    double z = r * r;
    long number = Double.doubleToRawLongBits(t) + quarter;
    double value;
    if ((number & 1) == 0) {
      double q = z * (z * (z * (z * S5 + S4) + S3) + S2) + S1;
      double v = z * r;
      value = r - ((z * (0.5 * rest - v * q) - rest) - v * S0);
    } else {
      double q = z * (z * (z * (z * (z * C5 + C4) + C3) + C2) + C1) + C0;
      double half = 0.5 * z;
      double w = 1 - half;
      value = w + (((1 - w) - half) + (z * z * q - r * rest));
    }
    return (number & 2) == 0 ? value : -value;
  }
}
