package org.gradus.autograd.internal.number;

/**
 * Numbers with exponents far beyond those of a double: a mantissa, and a power of two by itself.
 */
public final class Scaled {
  /** Beyond it, e^x is out of all reach; a bound that keeps the exponent an int. */
  private static final double FAR = 1e6;

  /** ln 2 = HIGH + LOW, where multiples of HIGH by whole numbers up to 2^21 are exact. */
  private static final double HIGH = 0x1.62e42feep-1;

  private static final double LOW = 0x1.a39ef35793c76p-33;

  private Scaled() {}

  /** The power of two that leaves a finite x other than 0 a size from 1 on and below 2. */
  public static int exponent(double x) {
    return Math.abs(x) < Double.MIN_NORMAL
        ? Math.getExponent(x * 0x1p54) - 54
        : Math.getExponent(x);
  }

  /** e^x divided by 2 to the {@link #exponentOfExp}. */
  public static double exp(double x) {
    int n = exponentOfExp(x);
    double near = Math.max(-FAR, Math.min(x, FAR));
    return Double.isInfinite(x) ? Elementary.exp(x) : Elementary.exp((near - n * HIGH) - n * LOW);
  }

  /** e^(c x^2), for c = -1 or -1/2, divided by 2 to the {@link #exponentOfExp} of c x^2. */
  public static double expOfSquare(double c, double x) {
    return exp(c * x * x) * (1 + c * SpecialFunctions.restOfSquare(x));
  }

  /** The power of two that is nearest to e^x; 0 if x is not finite. */
  public static int exponentOfExp(double x) {
    double near = Math.max(-FAR, Math.min(x, FAR));
    return Double.isInfinite(x) ? 0 : (int) Math.rint(near * Elementary.LOG2_E);
  }
}
