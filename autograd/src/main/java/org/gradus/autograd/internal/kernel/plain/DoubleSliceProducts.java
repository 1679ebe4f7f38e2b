package org.gradus.autograd.internal.kernel.plain;

import java.util.List;
import org.gradus.autograd.internal.kernel.Kernels;
import org.gradus.autograd.internal.kernel.Slices;
import org.gradus.autograd.internal.number.Scaled;
import org.gradus.autograd.internal.parallel.Parallel;

/**
 * Products of the elements of slices, and their derivatives along directions, without a division:
 * so zeros are numbers like any others.
 *
 * <p>With a symbol t for each direction v, whose square is 0, the product of all x + t v + ... is a
 * polynomial: its term in all the symbols is the derivative along all directions. A set of symbols
 * is a number whose bits say which ones are in it. Coefficients are mantissas in double precision
 * with powers of two by themselves, so that nothing overflows or vanishes on the way.
 */
@SuppressWarnings("cast") // (double) is needed in the float twin, where it reads (float)
final class DoubleSliceProducts {
  private static final /*wide*/ double LARGE = 0x1p300;
  private static final /*wide*/ double SMALL = 0x1p-300;

  private DoubleSliceProducts() {}

  /** As {@link Kernels#products}. */
  static void products(Slices slices, double[] x, List<double[]> directions, double[] y) {
    int terms = 1 << directions.size();
    Parallel.ranges(
        y.length == 0 ? 0 : slices.count(),
        slices.size() * 4L * terms,
        (from, to) -> {
          Polynomials product = new Polynomials(1, directions.size());
          for (int slice = from; slice < to; slice++) {
            product.one(0);
            for (int row = 0; row < slices.rows(); row++) {
              int first = slices.start(slice) + row * slices.stride();
              for (int i = first; i < first + slices.length(); i++) {
                product.times(0, 0, x, directions, i);
              }
            }
            y[slice] = (double) product.value(0, terms - 1);
          }
        });
  }

  /** As {@link Kernels#productsOfOthers}. */
  static void productsOfOthers(
      Slices slices, double[] x, List<double[]> directions, double[] factors, double[] y) {
    int n = slices.size();
    Parallel.ranges(
        y.length == 0 ? 0 : slices.count(),
        n * (10L << directions.size()),
        (from, to) -> {
          Polynomials before = new Polynomials(n, directions.size()); // products of those before
          Polynomials after = new Polynomials(1, directions.size());
          for (int slice = from; slice < to; slice++) {
            before.one(0);
            for (int i = 1; i < n; i++) {
              before.times(i - 1, i, x, directions, place(slices, slice, i - 1));
            }
            after.one(0);
            for (int i = n - 1; i >= 0; i--) {
              int at = place(slices, slice, i);
              y[at] = (double) before.last(i, after, factors[slice]);
              after.times(0, 0, x, directions, at);
            }
          }
        });
  }

  /** Where element number i of a slice is. */
  private static int place(Slices slices, int slice, int i) {
    int length = slices.length();
    return slices.start(slice) + i / length * slices.stride() + i % length;
  }

  /** Some polynomials in some symbols. */
  private static final class Polynomials {
    private final int symbols;
    private final int terms;
    private final /*wide*/ double[] mantissas;
    private final long[] exponents;

    // the sum that is being added up
    private /*wide*/ double sum;
    private long power;

    Polynomials(int count, int symbols) {
      this.symbols = symbols;
      this.terms = 1 << symbols;
      this.mantissas = new /*wide*/ double[count * terms];
      this.exponents = new long[count * terms];
    }

    /** Makes a polynomial 1. */
    void one(int polynomial) {
      for (int set = 0; set < terms; set++) {
        mantissas[polynomial * terms + set] = set == 0 ? 1 : 0;
        exponents[polynomial * terms + set] = 0;
      }
    }

    /**
     * Writes the product of a polynomial and x + t v + ... to one, which may be the same: larger
     * sets, which need the smaller ones, come first.
     */
    void times(int from, int to, double[] x, List<double[]> directions, int element) {
      for (int set = terms - 1; set >= 0; set--) {
        clear();
        add(from * terms + set, x[element]);
        for (int symbol = 0; symbol < symbols; symbol++) {
          if ((set >> symbol & 1) == 1) {
            add(from * terms + (set ^ 1 << symbol), directions.get(symbol)[element]);
          }
        }
        mantissas[to * terms + set] = sum;
        exponents[to * terms + set] = power;
      }
    }

    /** The last term of the product of one of these, another polynomial, and a number. */
    /*wide*/ double last(int polynomial, Polynomials other, /*wide*/ double factor) {
      clear();
      for (int set = 0; set < terms; set++) {
        int own = polynomial * terms + set;
        int rest = terms - 1 - set;
        add(mantissas[own] * other.mantissas[rest], exponents[own] + other.exponents[rest]);
      }
      /*wide*/ double mantissa = sum;
      long exponent = power;
      clear();
      int more = isUsual(factor) ? 0 : Scaled.exponent(factor);
      add(mantissa * (more == 0 ? factor : Math.scalb(factor, -more)), exponent + more);
      return scaled(sum, power);
    }

    /** The coefficient of a set. */
    /*wide*/ double value(int polynomial, int set) {
      int at = polynomial * terms + set;
      return scaled(mantissas[at], exponents[at]);
    }

    private void clear() {
      sum = -0.0; // to which zeros of both signs can be added
      power = 0;
    }

    /** Adds a coefficient times a number. */
    private void add(int at, /*wide*/ double x) {
      int more = isUsual(x) ? 0 : Scaled.exponent(x);
      add(mantissas[at] * (more == 0 ? x : Math.scalb(x, -more)), exponents[at] + more);
    }

    /** Adds a number times a power of two. */
    private void add(/*wide*/ double mantissa, long exponent) {
      if (mantissa == 0) {
        sum += mantissa;
      } else if (sum == 0 || exponent == power) {
        sum += mantissa;
        power = exponent;
      } else if (exponent > power) {
        sum = scaled(sum, power - exponent) + mantissa;
        power = exponent;
      } else {
        sum += scaled(mantissa, exponent - power);
      }
      if (!isUsual(sum)) {
        int more = Scaled.exponent(sum);
        sum = Math.scalb(sum, -more);
        power += more;
      }
    }

    /** Whether it is no size that a product of two of its kind is lost at, or has none. */
    private static boolean isUsual(/*wide*/ double x) {
      /*wide*/ double size = Math.abs(x);
      return (size < LARGE && size > SMALL) || size == 0 || !(size < Double.POSITIVE_INFINITY);
    }

    private static /*wide*/ double scaled(/*wide*/ double x, long exponent) {
      return Math.scalb(x, (int) Math.max(-5000, Math.min(exponent, 5000)));
    }
  }
}
