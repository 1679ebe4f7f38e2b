package org.gradus.autograd.internal.kernel;

import java.util.List;

/**
 * A function of one number, as a factor of products that must not overflow or vanish on the way: it
 * is also known as a mantissa times a power of two that may be far outside of what a double holds.
 * The derivative is made of factors again.
 */
public sealed interface Factor {

  /** The function itself; infinite or 0 where it is too large or too small for a double. */
  double at(double x);

  /** The function divided by 2 to the {@link #exponent}. */
  double mantissa(double x);

  /**
   * The power of two of which the {@link #mantissa} is a multiple; 0 if x or that is not finite.
   */
  int exponent(double x);

  /** The sum that the derivative is; without terms, if that is 0. */
  List<Term> derivative();

  /** A number times a function. */
  record Term(double coefficient, Factor factor) {}

  /** x^p, p not 0. */
  record Power(double p) implements Factor {
    private static final Power ONE = new Power(1);

    /** x itself. */
    public static Power one() {
      return ONE;
    }

    @Override
    public double at(double x) {
      return p == 1 ? x : p == -1 ? 1 / x : Math.pow(x, p);
    }

    @Override
    public double mantissa(double x) {
      if (x == 0 || !Double.isFinite(x) || Math.abs(p) > 1000) {
        return at(x);
      }
      double power = Scaled.exponent(x) * p;
      double head = Math.pow(Math.scalb(x, -Scaled.exponent(x)), p);
      return power == Math.rint(power) ? head : head * Math.pow(2, power - Math.rint(power));
    }

    @Override
    public int exponent(double x) {
      return x == 0 || !Double.isFinite(x) || Math.abs(p) > 1000
          ? 0
          : (int) Math.rint(Scaled.exponent(x) * p);
    }

    @Override
    public List<Term> derivative() {
      return List.of(new Term(p, new Power(p - 1)));
    }
  }

  /** e^x. */
  record Exponential() implements Factor {
    @Override
    public double at(double x) {
      return Math.exp(x);
    }

    @Override
    public double mantissa(double x) {
      return Scaled.exp(x);
    }

    @Override
    public int exponent(double x) {
      return Scaled.exponentOfExp(x);
    }

    @Override
    public List<Term> derivative() {
      return List.of(new Term(1, this));
    }
  }

  /** 1 / (1 + e^-x). */
  record Logistic() implements Factor {
    @Override
    public double at(double x) {
      return SpecialFunctions.sigmoid(x);
    }

    @Override
    public double mantissa(double x) {
      return x > 0 ? at(x) : Scaled.exp(x) / (1 + Math.exp(x));
    }

    @Override
    public int exponent(double x) {
      return x > 0 ? 0 : Scaled.exponentOfExp(x);
    }

    /** 1 / (4 cosh(x / 2)^2). */
    @Override
    public List<Term> derivative() {
      return List.of(new Term(0.25, new Hyperbolic(0.5, 0, 2)));
    }
  }

  /**
   * tanh(s x)^a / cosh(s x)^b: the derivatives of the hyperbolic tangent, and of the logistic
   * function, which is (1 + tanh(x / 2)) / 2.
   *
   * @param a at least 0
   * @param b at least 1
   */
  record Hyperbolic(double s, int a, int b) implements Factor {
    @Override
    public double at(double x) {
      return of(x, Math.exp(-2 * Math.abs(s * x)), Math.exp(-b * Math.abs(s * x)));
    }

    @Override
    public double mantissa(double x) {
      double square = Math.exp(-2 * Math.abs(s * x));
      return of(x, square, Scaled.exp(-b * Math.abs(s * x)));
    }

    @Override
    public int exponent(double x) {
      return Scaled.exponentOfExp(-b * Math.abs(s * x));
    }

    /** With 1 / cosh(u)^b = e^(-b u) (2 / (1 + e^(-2 u)))^b for u = |s x|. */
    private double of(double x, double square, double power) {
      double ratio = 2 / (1 + square);
      double product = power;
      for (int i = 0; i < b; i++) {
        product *= ratio;
      }
      return a == 0 ? product : product * Math.pow(Math.tanh(s * x), a);
    }

    @Override
    public List<Term> derivative() {
      Term falling = new Term(-s * b, new Hyperbolic(s, a + 1, b));
      return a == 0
          ? List.of(falling)
          : List.of(new Term(s * a, new Hyperbolic(s, a - 1, b + 2)), falling);
    }
  }

  /** Derivative number n of x / (1 + e^-x), n at least 1. */
  record SiluSlope(int n) implements Factor {
    @Override
    public double at(double x) {
      return SpecialFunctions.siluDerivative(n, x);
    }

    @Override
    public double mantissa(double x) {
      return isTail(x) ? Scaled.exp(x) * (1 + x) : at(x);
    }

    @Override
    public int exponent(double x) {
      return isTail(x) ? Scaled.exponentOfExp(x) : 0;
    }

    /** Whether the slope is e^x (1 + x), to the last bit. */
    private boolean isTail(double x) {
      return n == 1 && x < -50 && x > Double.NEGATIVE_INFINITY;
    }

    @Override
    public List<Term> derivative() {
      return List.of(new Term(1, new SiluSlope(n + 1)));
    }
  }

  /**
   * Derivative number n of x Phi(x), Phi the standard normal distribution function; n at least 1.
   */
  record GeluSlope(int n) implements Factor {
    @Override
    public double at(double x) {
      return SpecialFunctions.geluDerivative(n, x);
    }

    @Override
    public double mantissa(double x) {
      return at(x);
    }

    @Override
    public int exponent(double x) {
      return 0;
    }

    @Override
    public List<Term> derivative() {
      return List.of(new Term(1, new GeluSlope(n + 1)));
    }
  }

  /** Derivative number n of the error function, n at least 1. */
  record ErrorSlope(int n) implements Factor {
    @Override
    public double at(double x) {
      return SpecialFunctions.erfDerivative(n, x);
    }

    @Override
    public double mantissa(double x) {
      return at(x);
    }

    @Override
    public int exponent(double x) {
      return 0;
    }

    @Override
    public List<Term> derivative() {
      return List.of(new Term(1, new ErrorSlope(n + 1)));
    }
  }
}
