package org.gradus.autograd.internal.number;

/**
 * Functions of one number that {@link Math} does not have: accurate to a few units in the last
 * place, far out in the tails too, and never NaN where a limit exists.
 */
public final class SpecialFunctions {
  private static final double SQRT_HALF = Math.sqrt(0.5);
  public static final double TWO_OVER_SQRT_PI = 2 / Math.sqrt(Math.PI);
  private static final double ONE_OVER_SQRT_TWO_PI = 1 / Math.sqrt(2 * Math.PI);

  /** Between the series around 0 and the function that is scaled by its tail. */
  public static final double NEAR = 0.5;

  /**
   * Of e^(x^2) (1 - erf(x)) for x from 0 to 28, a quotient of polynomials from 1 on: as W. J. Cody
   * has it (Rational Chebyshev approximations for the error function, Mathematics of Computation
   * 23, 1969), but one for the whole range, fitted in 70 digits with a relative error of 2^-54.
   */
  public static final double P1 = 2.192646988283578;

  public static final double P2 = 2.378179736598569;
  public static final double P3 = 1.6387292171473187;
  public static final double P4 = 0.7828760377196223;
  public static final double P5 = 0.26781132627810017;
  public static final double P6 = 0.06559561655197492;
  public static final double P7 = 0.01113098705174748;
  public static final double P8 = 0.001196519645281152;
  public static final double P9 = 6.298638939113141e-05;
  public static final double Q1 = 3.3210261553790756;
  public static final double Q2 = 5.125556463708287;
  public static final double Q3 = 4.853526973240404;
  public static final double Q4 = 3.132189449066278;
  public static final double Q5 = 1.4446837966263864;
  public static final double Q6 = 0.48449198009157535;
  public static final double Q7 = 0.11732559096387568;
  public static final double Q8 = 0.01978498110153676;
  public static final double Q9 = 0.0021207758529164593;
  public static final double Q10 = 0.00011164046843125849;

  /** Up to which that holds. */
  public static final double QUOTIENT_MOST = 28;

  /** Of erf(x) / x, divided by 2 / pi^(1/2): 1 / (n! (2 n + 1)), with alternating signs. */
  public static final double T1 = -1 / 3.0;

  public static final double T2 = 1 / 10.0;
  public static final double T3 = -1 / 42.0;
  public static final double T4 = 1 / 216.0;
  public static final double T5 = -1 / 1_320.0;
  public static final double T6 = 1 / 9_360.0;
  public static final double T7 = -1 / 75_600.0;
  public static final double T8 = 1 / 685_440.0;
  public static final double T9 = -1 / 6_894_720.0;
  public static final double T10 = 1 / 76_204_800.0;
  public static final double T11 = -1 / 918_086_400.0;

  private SpecialFunctions() {}

  // ---- of the logistic distribution ------------------------------------------------------------

  /** 1 / (1 + e^-x). */
  public static double sigmoid(double x) {
    double e = Elementary.exp(-Math.abs(x));
    return (x < 0 ? e : 1) / (1 + e);
  }

  /** ln(1 + e^x). */
  public static double softplus(double x) {
    return Math.max(x, 0) + Elementary.log1p(Elementary.exp(-Math.abs(x)));
  }

  /** x sigmoid(x). */
  public static double silu(double x) {
    double s = sigmoid(x);
    return s == 0 ? -0.0 : x * s; // at -infinity too
  }

  /** Derivative number n of x sigmoid(x), n at least 1: x f_n + n f_(n - 1), f the logistic one. */
  public static double siluDerivative(int n, double x) {
    double e = Elementary.exp(-Math.abs(x));
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
    double t = Elementary.tanh(x / 2);
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
    double power = Elementary.exp(difference);
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
    double tail = 0.5 * expOfSquare(-0.5, x) * scaledErfc(Math.abs(x * SQRT_HALF));
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
  public static double erfOverArgument(double x) {
    double u = x * x;
    double sum = u * T11 + T10;
    sum = u * sum + T9;
    sum = u * sum + T8;
    sum = u * sum + T7;
    sum = u * sum + T6;
    sum = u * sum + T5;
    sum = u * sum + T4;
    sum = u * sum + T3;
    sum = u * sum + T2;
    sum = u * sum + T1;
    return TWO_OVER_SQRT_PI * (u * sum + 1);
  }

  /** e^(x^2) (1 - erf(x)) for x from 0 on. */
  public static double scaledErfc(double x) {
    return x > QUOTIENT_MOST ? scaledErfcFarOut(x) : scaledErfcNear(x);
  }

  /**
   * The quotient of polynomials for x up to 28. All terms are positive, so that nothing cancels.
   */
  private static double scaledErfcNear(double x) {
    double p = P9 * x + P8;
    p = p * x + P7;
    p = p * x + P6;
    p = p * x + P5;
    p = p * x + P4;
    p = p * x + P3;
    p = p * x + P2;
    p = p * x + P1;
    p = p * x + 1;
    double q = Q10 * x + Q9;
    q = q * x + Q8;
    q = q * x + Q7;
    q = q * x + Q6;
    q = q * x + Q5;
    q = q * x + Q4;
    q = q * x + Q3;
    q = q * x + Q2;
    q = q * x + Q1;
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
    return c * square < -750 ? 0 : Elementary.exp(c * square) * (1 + c * restOfSquare(x));
  }

  /** What rounding cuts off x^2, found with the help of a head of x, whose square is exact. */
  public static double restOfSquare(double x) {
    double head = (float) x;
    return (x - head) * (x + head) - (x * x - head * head);
  }
}
