package org.gradus.autograd.internal.number;

/**
 * Units x s(x), where s is a smooth gate that rises from 0 to 1, and their derivatives of any
 * order. Far out a derivative falls like an exponential, below what a double holds: so each is
 * given as a mantissa, and a power of two by itself.
 *
 * <p>The derivatives are n! (x s_n + s_(n - 1)), with the coefficients of Taylor's series of the
 * gate at x. All of them but the first have the same exponential as a factor, which is left out of
 * the sums: in the tails nothing cancels then, and nothing vanishes.
 */
public final class SmoothUnits {
  /** Further out, derivatives are 0 beside all numbers; a bound that keeps the powers finite. */
  private static final double FAR = 1e5;

  /** Further out, a gate made of a cube is 0 or 1, and its derivatives are 0. */
  private static final double CUBE_FAR = 40;

  /** 2 sqrt(2 / pi), and 0.044715 of it, each with what a double leaves of it. */
  public static final double LINEAR = 1.5957691216057308;

  private static final double LINEAR_REST = -9.96930880911092e-17;
  public static final double CUBIC = 0.07135481627260025;
  private static final double CUBIC_REST = -6.175149918155315e-19;

  private SmoothUnits() {}

  // ---- mish ------------------------------------------------------------------------------------

  /** x tanh(ln(1 + e^x)); the gate is (e^2 + 2 e) / (e^2 + 2 e + 2) with e = e^x. */
  public static double mish(double x) {
    if (x > 0) {
      double f = Elementary.exp(-x);
      return x * ((1 + 2 * f) / (1 + 2 * f * (1 + f)));
    }
    if (x < -1000) {
      return -0.0; // at -infinity too
    }
    double e = Elementary.exp(x);
    double ratio = (e + 2) / (e * (e + 2) + 2);
    return x < -700
        ? Math.scalb(x * Scaled.exp(x) * ratio, Scaled.exponentOfExp(x))
        : x * (e * ratio);
  }

  /** Derivative number n of {@link #mish}, n at least 1, divided by 2 to the exponent. */
  public static double mishMantissa(int n, double x) {
    if (Math.abs(x) > FAR) {
      return beyond(n, x);
    }
    if (x < 0) {
      double e = Elementary.exp(x);
      double d = e * (e + 2) + 2;
      double sum =
          n == 1 ? (e + 2) / d + 4 * x * (e + 1) / (d * d) : coefficient(n, x, risingGate(n, e));
      return Scaled.exp(x) * sum;
    }
    double f = Elementary.exp(-x);
    if (n == 1) {
      double d = 1 + 2 * f * (1 + f);
      return (1 + 2 * f) / d + 4 * x * f * f * (1 + f) / (d * d);
    }
    return -Scaled.exp(-2 * x) * coefficient(n, x, fallingGate(n, f));
  }

  /** The power of two of which {@link #mishMantissa} is a multiple. */
  public static int mishExponent(int n, double x) {
    return Math.abs(x) > FAR || (n == 1 && x >= 0) ? 0 : Scaled.exponentOfExp(x < 0 ? x : -2 * x);
  }

  /** Of s = N / (N + 2), N = e^2 + 2 e, the coefficients up to n, divided by e. */
  private static double[] risingGate(int n, double e) {
    double[] s = new double[n + 1];
    double[] numerator = new double[n + 1];
    double factorial = 1;
    for (int k = 0; k <= n; k++) {
      factorial *= Math.max(1, k);
      numerator[k] = (Math.scalb(e, k) + 2) / factorial;
      double rest = numerator[k];
      for (int j = 1; j <= k; j++) {
        rest -= e * numerator[j] * s[k - j];
      }
      s[k] = rest / (e * numerator[0] + 2);
    }
    return s;
  }

  /** Of 1 - s = 2 f^2 / (1 + 2 f + 2 f^2), f = e^-x, the coefficients, divided by f^2. */
  private static double[] fallingGate(int n, double f) {
    double[] r = new double[n + 1];
    double[] denominator = new double[n + 1];
    double factorial = 1;
    for (int k = 0; k <= n; k++) {
      factorial *= Math.max(1, k);
      double sign = k % 2 == 0 ? 1 : -1;
      denominator[k] = sign * (2 * f + 2 * f * Math.scalb(f, k)) / factorial;
      double rest = sign * Math.scalb(2.0, k) / factorial;
      for (int j = 1; j <= k; j++) {
        rest -= denominator[j] * r[k - j];
      }
      r[k] = rest / (1 + denominator[0]);
    }
    return r;
  }

  // ---- gelu by the hyperbolic tangent ----------------------------------------------------------

  /**
   * x / (1 + e^-u), which is x (1 + tanh(u / 2)) / 2, with u = 2 sqrt(2 / pi) (x + 0.044715 x^3).
   */
  public static double geluTanh(double x) {
    if (Math.abs(x) > CUBE_FAR) {
      return x > 0 ? x : -0.0;
    }
    double u = exponentOf(x);
    double e = Elementary.exp(-Math.abs(u)) * lost(x, u);
    if (x >= 0) {
      return x / (1 + e);
    }
    return u < -700
        ? Math.scalb(x * Scaled.exp(u) * lost(x, u), Scaled.exponentOfExp(u))
        : x * (e / (1 + e));
  }

  /** Derivative number n of {@link #geluTanh}, n at least 1, divided by 2 to the exponent. */
  public static double geluTanhMantissa(int n, double x) {
    if (Math.abs(x) > CUBE_FAR) {
      return beyond(n, x);
    }
    double u = exponentOf(x);
    double lost = lost(x, u);
    double e = Elementary.exp(-Math.abs(u)) * lost;
    double[] s = cubicGate(n, x, e);
    if (n == 1 && x >= 0) {
      return 1 / (1 + e) + x * (e * s[1]);
    }
    double power = Scaled.exp(-Math.abs(u)) * lost;
    return power * (n == 1 ? 1 / (1 + e) + x * s[1] : coefficient(n, x, s));
  }

  /** The power of two of which {@link #geluTanhMantissa} is a multiple. */
  public static int geluTanhExponent(int n, double x) {
    return Math.abs(x) > CUBE_FAR || (n == 1 && x >= 0)
        ? 0
        : Scaled.exponentOfExp(-Math.abs(exponentOf(x)));
  }

  /** Of s = 1 / (1 + e^-u), the coefficients from number 1 up to n, divided by e = e^-|u|. */
  private static double[] cubicGate(int n, double x, double e) {
    double[] u = {0, LINEAR + 3 * CUBIC * x * x, 3 * CUBIC * x, CUBIC};
    double[] s = new double[n + 1];
    double[] slope = new double[n]; // of s by u, which is s (1 - s)
    double difference = (x >= 0 ? e - 1 : 1 - e) / (1 + e); // of 1 - s and s
    for (int k = 0; k < n; k++) {
      double sum = difference * s[k];
      for (int j = 1; j < k; j++) {
        sum -= e * s[j] * s[k - j];
      }
      slope[k] = k == 0 ? 1 / ((1 + e) * (1 + e)) : sum;
      double next = 0;
      for (int j = 1; j <= Math.min(3, k + 1); j++) {
        next += j * u[j] * slope[k + 1 - j];
      }
      s[k + 1] = next / (k + 1);
    }
    return s;
  }

  /** u, rounded. */
  private static double exponentOf(double x) {
    return x * (LINEAR + CUBIC * (x * x));
  }

  /**
   * e to what rounding has taken from -|u|. One unit of a large u would be many of the exponential.
   */
  private static double lost(double x, double rounded) {
    double square = x * x;
    double squareLost = Math.fma(x, x, -square);
    double cubic = CUBIC * square;
    double cubicLost = Math.fma(CUBIC, square, -cubic) + CUBIC * squareLost + CUBIC_REST * square;
    double sum = LINEAR + cubic;
    double added = sum - LINEAR;
    double sumLost = (LINEAR - (sum - added)) + (cubic - added);
    double exact = Math.fma(x, sum, -rounded) + x * (sumLost + cubicLost + LINEAR_REST);
    return 1 - exact * Math.signum(rounded);
  }

  // ---- what they share -------------------------------------------------------------------------

  /** The derivative far out, where the gate is 0 or 1, or NaN. */
  private static double beyond(int n, double x) {
    return n > 1 ? 0 : x > 0 ? 1 : -0.0;
  }

  /** n! (x s_n + s_(n - 1)). */
  private static double coefficient(int n, double x, double[] s) {
    double factorial = 1;
    for (int k = 2; k <= n; k++) {
      factorial *= k;
    }
    return factorial * (x * s[n] + s[n - 1]);
  }
}
