package org.gradus.autograd.internal.number;

/**
 * Functions of one number that {@link Math} does not have: accurate to a few units in the last
 * place, far out in the tails too, and never NaN where a limit exists.
 */
public final class SpecialFunctions {
  private static final double SQRT_HALF = Math.sqrt(0.5);
  private static final double TWO_OVER_SQRT_PI = 2 / Math.sqrt(Math.PI);
  private static final double ONE_OVER_SQRT_TWO_PI = 1 / Math.sqrt(2 * Math.PI);

  /** Between the series around 0 and the function that is scaled by its tail. */
  private static final double NEAR = 0.5;

  private SpecialFunctions() {}

  // ---- of the logistic distribution ------------------------------------------------------------

  /** 1 / (1 + e^-x). */
  public static double sigmoid(double x) {
    double e = Math.exp(-Math.abs(x));
    return (x < 0 ? e : 1) / (1 + e);
  }

  /** ln(1 + e^x). */
  public static double softplus(double x) {
    return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
  }

  /** x sigmoid(x). */
  public static double silu(double x) {
    double s = sigmoid(x);
    return s == 0 ? -0.0 : x * s; // at -infinity too
  }

  /** Derivative number n of x sigmoid(x), n at least 1: x f_n + n f_(n - 1), f the logistic one. */
  public static double siluDerivative(int n, double x) {
    double e = Math.exp(-Math.abs(x));
    double less = e / (1 + e); // of the two sigmoids of x and -x
    double more = 1 / (1 + e);
    if (less == 0) { // at infinity too
      return n > 1 ? 0 : x > 0 ? 1 : -0.0;
    }
    if (n == 1) {
      return x < 0 ? less * (1 + x * more) : more * (1 + x * less);
    }
    return x * sigmoidDerivative(n, x) + n * sigmoidDerivative(n - 1, x);
  }

  /**
   * Derivative number n of the sigmoid, n at least 1: its slope times a polynomial in tanh(x/2).
   */
  private static double sigmoidDerivative(int n, double x) {
    double t = Math.tanh(x / 2);
    double[] polynomial = {1}; // q, and then (1 - t^2) q' / 2 - t q
    for (int k = 1; k < n; k++) {
      double[] next = new double[k + 1];
      for (int i = 0; i < k; i++) {
        next[i + 1] -= polynomial[i] * (1 + i / 2.0);
        if (i > 0) {
          next[i - 1] += polynomial[i] * (i / 2.0);
        }
      }
      polynomial = next;
    }
    double sum = 0;
    for (int i = polynomial.length - 1; i >= 0; i--) {
      sum = sum * t + polynomial[i];
    }
    return sigmoid(x) * sigmoid(-x) * sum;
  }

  /** e^(a - b) for a up to b; what rounding takes from the difference is given back. */
  public static double expOfDifference(double a, double b) {
    double difference = a - b;
    double power = Math.exp(difference);
    if (!(difference > -750)) {
      return power; // 0 or NaN
    }
    double undone = a - difference;
    double lost = (a - (difference + undone)) + (undone - b);
    return power * (1 + lost);
  }

  // ---- of the normal distribution --------------------------------------------------------------

  /** x Phi(x). */
  public static double gelu(double x) {
    double p = normal(x);
    return p == 0 ? -0.0 : x * p; // at -infinity too
  }

  /** Phi(x), the standard normal distribution function. */
  private static double normal(double x) {
    double z = x * SQRT_HALF;
    if (Math.abs(z) < NEAR) {
      return 0.5 + 0.5 * z * erfOverArgument(z);
    }
    double tail = 0.5 * expOfSquare(-0.5, x) * scaledErfc(Math.abs(z));
    return x < 0 ? tail : 1 - tail;
  }

  /**
   * Derivative number n of Phi(x): Phi itself, the density e^(-x^2 / 2) / sqrt(2 pi), and after
   * them the density times (-1)^k He_k(x), k = n - 1, of Hermite polynomials.
   */
  public static double normal(int derivative, double x) {
    if (derivative == 0) {
      return normal(x);
    }
    double density = ONE_OVER_SQRT_TWO_PI * expOfSquare(-0.5, x);
    return density == 0 ? 0 : density * hermite(derivative - 1, x); // at the infinities too
  }

  /** (-1)^n He_n(x), with Hermite's polynomials as probabilists have them. */
  private static double hermite(int n, double x) {
    double polynomial = 1;
    double previous = 0;
    for (int k = 0; k < n; k++) {
      double next = -x * polynomial - k * previous;
      previous = polynomial;
      polynomial = next;
    }
    return polynomial;
  }

  /** As {@link #geluDerivative}, divided by e^(-x^2 / 2), in the left tail or for n above 1. */
  public static double geluTail(int n, double x) {
    if (n == 1) {
      return 0.5 * scaledErfc(-x * SQRT_HALF) + ONE_OVER_SQRT_TWO_PI * x;
    }
    return ONE_OVER_SQRT_TWO_PI * (x * hermite(n - 1, x) + n * hermite(n - 2, x));
  }

  /** Derivative number n of x Phi(x), n at least 1: x Phi_n + n Phi_(n - 1). */
  public static double geluDerivative(int n, double x) {
    if (n == 1 && Math.abs(x) >= 1) { // one exponential for both
      double power = expOfSquare(-0.5, x);
      double tail = 0.5 * power * scaledErfc(Math.abs(x) * SQRT_HALF);
      double slope = power == 0 ? 0 : x * (ONE_OVER_SQRT_TWO_PI * power);
      return (x < 0 ? tail : 1 - tail) + slope;
    }
    double last = normal(n, x);
    return (last == 0 ? 0 : x * last) + n * normal(n - 1, x);
  }

  /** The error function: 2 / sqrt(pi) times the integral of e^(-t^2) from 0 to x. */
  public static double erf(double x) {
    double size = Math.abs(x);
    return size < NEAR
        ? x * erfOverArgument(x)
        : Math.copySign(1 - expOfSquare(-1, size) * scaledErfc(size), x);
  }

  /**
   * Derivative number n of the error function, n at least 1: 2 / sqrt(pi) e^(-x^2) times (-1)^k
   * H_k(x), k = n - 1, of Hermite polynomials.
   */
  public static double erfDerivative(int n, double x) {
    double power = expOfSquare(-1, x);
    return power == 0 ? 0 : power * erfTail(n, x); // at the infinities too
  }

  /** As {@link #erfDerivative}, divided by e^(-x^2). */
  public static double erfTail(int n, double x) {
    double polynomial = TWO_OVER_SQRT_PI;
    double previous = 0;
    for (int k = 0; k < n - 1; k++) {
      double next = -2 * x * polynomial - 2 * k * previous;
      previous = polynomial;
      polynomial = next;
    }
    return polynomial;
  }

  /** erf(x) / x by Taylor's series; the terms left out are below 2^-57 of it up to 0.5. */
  private static double erfOverArgument(double x) {
    double u = x * x;
    double sum = 1 / 918_086_400.0; // n! (2n + 1) for n = 11, and so on
    sum = 1 / 76_204_800.0 - u * sum;
    sum = 1 / 6_894_720.0 - u * sum;
    sum = 1 / 685_440.0 - u * sum;
    sum = 1 / 75_600.0 - u * sum;
    sum = 1 / 9_360.0 - u * sum;
    sum = 1 / 1_320.0 - u * sum;
    sum = 1 / 216.0 - u * sum;
    sum = 1 / 42.0 - u * sum;
    sum = 1 / 10.0 - u * sum;
    sum = 1 / 3.0 - u * sum;
    return TWO_OVER_SQRT_PI * (1 - u * sum);
  }

  /**
   * e^(x^2) (1 - erf(x)) for x from 0.5 on. Up to 28 a quotient of polynomials, as W. J. Cody has
   * it (Rational Chebyshev approximations for the error function, Mathematics of Computation 23,
   * 1969), but one for the whole range: fitted in 80 digits, with a relative error below 2^-54. All
   * terms are positive, so that nothing cancels.
   */
  private static double scaledErfc(double x) {
    if (x > 28) {
      return scaledErfcFarOut(x);
    }
    double p = 9.703355943312426e-05;
    p = p * x + 0.0016897445040007584;
    p = p * x + 0.014727376246863964;
    p = p * x + 0.08226903378976298;
    p = p * x + 0.32085728031658145;
    p = p * x + 0.9008098247492944;
    p = p * x + 1.8177735824555084;
    p = p * x + 2.5491892862444865;
    p = p * x + 2.2729328716254047;
    p = p * x + 0.9999999999659601;
    double q = 0.00017198750608438072;
    q = q * x + 0.00299499415315137;
    q = q * x + 0.026189588496340385;
    q = q * x + 0.1473155627921238;
    q = q * x + 0.5816705267599139;
    q = q * x + 1.6680553558183817;
    q = q * x + 3.4934357080923952;
    q = q * x + 5.247472216041179;
    q = q * x + 5.387158934856832;
    q = q * x + 3.401312038187652;
    q = q * x + 1;
    return p / q;
  }

  /** The asymptotic series: terms that are left out are below 2^-56. */
  private static double scaledErfcFarOut(double x) {
    double u = 0.5 / x / x;
    double sum = 1 - 11 * u;
    for (int odd = 9; odd > 0; odd -= 2) {
      sum = 1 - odd * u * sum;
    }
    return TWO_OVER_SQRT_PI / 2 / x * sum;
  }

  /**
   * e^(c x^2) for c = -1 or -1/2. A rounding of x^2, where that is large, would be many of the
   * result.
   */
  private static double expOfSquare(double c, double x) {
    double square = x * x;
    return c * square < -750 ? 0 : Math.exp(c * square) * (1 + c * restOfSquare(x));
  }

  /** What rounding cuts off x^2, found with the help of a head of x, whose square is exact. */
  public static double restOfSquare(double x) {
    double head = (float) x;
    return (x - head) * (x + head) - (x * x - head * head);
  }
}
