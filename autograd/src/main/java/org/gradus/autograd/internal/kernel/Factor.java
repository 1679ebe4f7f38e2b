package org.gradus.autograd.internal.kernel;

import java.util.List;
import org.gradus.autograd.internal.number.Elementary;
import org.gradus.autograd.internal.number.Scaled;
import org.gradus.autograd.internal.number.SmoothUnits;
import org.gradus.autograd.internal.number.SpecialFunctions;

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

  /**
   * x^(p + rest), p not 0.
   *
   * @param rest what rounding has taken from p
   */
  record Power(double p, double rest) implements Factor {
    private static final Power ONE = new Power(1);

    /** Of more than a thousandth power, nothing is known but what a double holds. */
    private static final double MOST = 1000;

    /** x^p. */
    public Power(double p) {
      this(p, 0);
    }

    /** x itself. */
    public static Power one() {
      return ONE;
    }

    @Override
    public double at(double x) {
      if (p == 1 || p == -1) {
        return p == 1 ? x : 1 / x;
      }
      double power = p == -0.5 ? 1 / Math.sqrt(x + 0.0) : StrictMath.pow(x, p); // at -0.0 as at 0
      return rest == 0 || isSpecial(x) ? power : power * (1 + rest * Elementary.log(x));
    }

    @Override
    public double mantissa(double x) {
      if (isSpecial(x)) {
        return at(x);
      }
      double power = Scaled.exponent(x) * p;
      double lost = Math.fma(Scaled.exponent(x), p, -power) * Elementary.log(2);
      double less = rest == 0 ? lost : lost + rest * Elementary.log(x);
      double head = StrictMath.pow(Math.scalb(x, -Scaled.exponent(x)), p) * (1 + less);
      return head * StrictMath.pow(2, power - Math.rint(power));
    }

    @Override
    public int exponent(double x) {
      return isSpecial(x) ? 0 : (int) Math.rint(Scaled.exponent(x) * p);
    }

    private boolean isSpecial(double x) {
      return x == 0 || !Double.isFinite(x) || Math.abs(p) > MOST;
    }

    /** p - 1 is rounded to q; what is lost is found as Knuth does it, without a branch. */
    @Override
    public List<Term> derivative() {
      double q = p - 1;
      double one = p - q;
      double lost = (p - (q + one)) + (one - 1);
      return List.of(new Term(p, new Power(q, rest + lost)));
    }
  }

  /** e^x. */
  record Exponential() implements Factor {
    @Override
    public double at(double x) {
      return Elementary.exp(x);
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
      return x > 0 ? at(x) : Scaled.exp(x) / (1 + Elementary.exp(x));
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
      return of(x, Elementary.exp(-2 * Math.abs(s * x)), Elementary.exp(-b * Math.abs(s * x)));
    }

    @Override
    public double mantissa(double x) {
      if (isNearZero(x)) {
        return StrictMath.pow(s * Math.scalb(x, -Scaled.exponent(x)), a);
      }
      double square = Elementary.exp(-2 * Math.abs(s * x));
      return of(x, square, Scaled.exp(-b * Math.abs(s * x)));
    }

    @Override
    public int exponent(double x) {
      return isNearZero(x) ? a * Scaled.exponent(x) : Scaled.exponentOfExp(-b * Math.abs(s * x));
    }

    /** Whether the function is (s x)^a, to the last bit. */
    private boolean isNearZero(double x) {
      return a > 0 && x != 0 && Math.abs(x) < 0x1p-300;
    }

    /** With 1 / cosh(u)^b = e^(-b u) (2 / (1 + e^(-2 u)))^b for u = |s x|. */
    private double of(double x, double square, double power) {
      double ratio = 2 / (1 + square);
      double product = power;
      for (int i = 0; i < b; i++) {
        product *= ratio;
      }
      return a == 0 ? product : product * StrictMath.pow(Elementary.tanh(s * x), a);
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

    /** In a tail, the sigmoid's derivatives are e^x, or by turns e^-x and its negative. */
    @Override
    public double mantissa(double x) {
      if (!isTail(x)) {
        return at(x);
      }
      double sign = x > 0 && n % 2 == 0 ? -1 : 1;
      return sign * Scaled.exp(-Math.abs(x)) * (x < 0 ? x + n : x - n);
    }

    @Override
    public int exponent(double x) {
      return isTail(x) ? Scaled.exponentOfExp(-Math.abs(x)) : 0;
    }

    private boolean isTail(double x) {
      return (n > 1 || x < 0) && Math.abs(x) > 50 && Math.abs(x) < Double.POSITIVE_INFINITY;
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
      return isTail(x) ? Scaled.expOfSquare(-0.5, x) * SpecialFunctions.geluTail(n, x) : at(x);
    }

    @Override
    public int exponent(double x) {
      return isTail(x) ? Scaled.exponentOfExp(-0.5 * x * x) : 0;
    }

    private boolean isTail(double x) {
      return (n > 1 || x < 0) && Math.abs(x) > 30 && Math.abs(x) < 100;
    }

    @Override
    public List<Term> derivative() {
      return List.of(new Term(1, new GeluSlope(n + 1)));
    }
  }

  /** Derivative number n of x tanh(ln(1 + e^x)), n at least 1. */
  record MishSlope(int n) implements Factor {
    @Override
    public double at(double x) {
      return Math.scalb(mantissa(x), exponent(x));
    }

    @Override
    public double mantissa(double x) {
      return SmoothUnits.mishMantissa(n, x);
    }

    @Override
    public int exponent(double x) {
      return SmoothUnits.mishExponent(n, x);
    }

    @Override
    public List<Term> derivative() {
      return List.of(new Term(1, new MishSlope(n + 1)));
    }
  }

  /** Derivative number n of x Phi(x), n at least 1, where Phi is approximated by tanh. */
  record GeluTanhSlope(int n) implements Factor {
    @Override
    public double at(double x) {
      return Math.scalb(mantissa(x), exponent(x));
    }

    @Override
    public double mantissa(double x) {
      return SmoothUnits.geluTanhMantissa(n, x);
    }

    @Override
    public int exponent(double x) {
      return SmoothUnits.geluTanhExponent(n, x);
    }

    @Override
    public List<Term> derivative() {
      return List.of(new Term(1, new GeluTanhSlope(n + 1)));
    }
  }

  /**
   * Derivative number n of x^power min(max(x + 3, 0), 6) / 6, n at least 1: from the left at -3 and
   * 3, NaN at NaN.
   *
   * @param power 0 or 1
   */
  record HardSlope(int power, int n) implements Factor {
    @Override
    public double at(double x) {
      if (Double.isNaN(x)) {
        return x;
      }
      if (x <= -3 || x > 3) {
        return n == 1 && x > 3 ? power : 0;
      }
      if (n == 1) {
        return power == 0 ? 1 / 6.0 : (2 * x + 3) / 6;
      }
      return n == 2 && power == 1 ? 1 / 3.0 : 0;
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
      return List.of(new Term(1, new HardSlope(power, n + 1)));
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
      return isTail(x) ? Scaled.expOfSquare(-1, x) * SpecialFunctions.erfTail(n, x) : at(x);
    }

    @Override
    public int exponent(double x) {
      return isTail(x) ? Scaled.exponentOfExp(-x * x) : 0;
    }

    private static boolean isTail(double x) {
      return Math.abs(x) > 20 && Math.abs(x) < 100;
    }

    @Override
    public List<Term> derivative() {
      return List.of(new Term(1, new ErrorSlope(n + 1)));
    }
  }

  /** sin(x + n pi / 2): the sine and its derivatives. */
  record Wave(int n) implements Factor {
    @Override
    public double at(double x) {
      double size = n % 2 == 0 ? Elementary.sin(x) : Elementary.cos(x);
      return n % 4 < 2 ? size : -size;
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
      return List.of(new Term(1, new Wave(n + 1)));
    }
  }

  /** c times the product of the factors at these numbers, rounded once it is complete. */
  static double product(double c, Factor[] factors, double[] x) {
    double mantissa = c;
    long exponent = 0;
    for (int i = 0; i < factors.length; i++) {
      int own = ownExponent(mantissa);
      double factor = factors[i].mantissa(x[i]);
      int more = ownExponent(factor);
      mantissa = Math.scalb(mantissa, -own) * Math.scalb(factor, -more);
      exponent += (long) own + more + factors[i].exponent(x[i]);
    }
    return Math.scalb(mantissa, (int) Math.max(-5000, Math.min(exponent, 5000)));
  }

  /** The exponent, or 0 for what has none. */
  private static int ownExponent(double x) {
    return x != 0 && Math.abs(x) <= Double.MAX_VALUE ? Scaled.exponent(x) : 0;
  }
}
