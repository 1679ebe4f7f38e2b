package org.gradus.autograd.internal.kernel.plain;

import java.util.Arrays;
import java.util.List;
import org.gradus.autograd.internal.kernel.Factor;
import org.gradus.autograd.internal.kernel.Kernels;
import org.gradus.autograd.internal.kernel.Pointwise;

/** Products of functions, in double precision and without overflow or loss on the way. */
@SuppressWarnings("cast") // (double) is needed in the float twin, where it reads (float)
final class DoubleProducts {
  /** Elements that are multiplied in one go: they stay in the first-level cache. */
  private static final int BLOCK = 512;

  private static final /*wide*/ double ONE = 1;

  /** Whether products of three elements or squares of them cannot leave the range of a double. */
  private static final boolean NARROW = Double.MAX_EXPONENT < 160;

  private DoubleProducts() {}

  /** As {@link Kernels#product}. */
  static void product(
      /*wide*/ double c,
      Factor[] factors,
      int[] shape,
      List<double[]> x,
      int[][] strides,
      double[] y) {
    // Products of so many numbers, each no smaller and its inverse no larger, are normal.
    /*wide*/ double least = Math.scalb(ONE, -1000 / (factors.length + 1));
    DoubleElementwise.spans(
        shape,
        x.toArray(new double[0][]),
        strides,
        y,
        (z, to, first, end) -> {
          /*wide*/ double[] products = new /*wide*/ double[Math.min(BLOCK, end - first)];
          for (int i = first; i < end; i += BLOCK) {
            product(c, factors, least, z, products, to, i, Math.min(BLOCK, end - i));
          }
        });
  }

  /** The n elements from an index on. */
  private static void product(
      /*wide*/ double c,
      Factor[] factors,
      /*wide*/ double least,
      double[][] x,
      /*wide*/ double[] products,
      double[] y,
      int index,
      int n) {
    Arrays.fill(products, 0, n, c);
    boolean safe = c == 0 || isNormal(c, least);
    boolean trusted = isTrusted(factors);
    for (int j = 0; j < factors.length; j++) {
      /*wide*/ double p = factors[j] instanceof Factor.Power power ? power.p() : 0;
      if (p == 1) {
        safe &= multiply(trusted, x[j], index, n, least, products);
      } else if (p == -1 || p == -2) {
        safe &= divide(trusted, p == -2, x[j], index, n, least, products);
      } else if (factors[j] instanceof Factor.Hyperbolic h && h.a() == 0 && h.b() == 2) {
        safe &= multiplySlope(h.s(), x[j], index, n, least, products);
      } else {
        safe &= multiply(factors[j], x[j], index, n, least, products);
      }
    }
    if (!safe) {
      careful(c, factors, least, x, products, index, n);
    }
    for (int i = 0; i < n; i++) {
      y[index + i] = (double) products[i];
    }
  }

  /** Returns whether all factors are within bounds, or an x of 0. */
  private static boolean multiply(
      boolean trusted,
      double[] x,
      int index,
      int n,
      /*wide*/ double least,
      /*wide*/ double[] products) {
    if (trusted) {
      for (int i = 0; i < n; i++) {
        products[i] *= x[index + i];
      }
      return true;
    }
    boolean safe = true;
    for (int i = 0; i < n; i++) {
      /*wide*/ double value = x[index + i];
      products[i] *= value;
      safe &= value == 0 || (Math.abs(value) >= least && Math.abs(value) * least <= 1);
    }
    return safe;
  }

  private static boolean divide(
      boolean trusted,
      boolean twice,
      double[] x,
      int index,
      int n,
      /*wide*/ double least,
      /*wide*/ double[] products) {
    boolean safe = true;
    for (int i = 0; i < n; i++) {
      /*wide*/ double value = x[index + i];
      /*wide*/ double divisor = twice ? value * value : value;
      products[i] /= divisor;
      safe &= Math.abs(divisor) >= least && Math.abs(divisor) * least <= 1;
    }
    return safe || trusted;
  }

  /** 1 / cosh(s x)^2, as a loop that the JIT compiles by itself: sigmoid and tanh have it. */
  private static boolean multiplySlope(
      /*wide*/ double s,
      double[] x,
      int index,
      int n,
      /*wide*/ double least,
      /*wide*/ double[] products) {
    boolean safe = true;
    for (int i = 0; i < n; i++) {
      /*wide*/ double power = Math.exp(-2 * Math.abs(s * x[index + i]));
      products[i] *= 4 * power / ((1 + power) * (1 + power));
      safe &= power >= least;
    }
    return safe;
  }

  private static boolean multiply(
      Factor factor,
      double[] x,
      int index,
      int n,
      /*wide*/ double least,
      /*wide*/ double[] products) {
    boolean safe = true;
    for (int i = 0; i < n; i++) {
      /*wide*/ double value = factor.at(x[index + i]);
      products[i] *= value;
      safe &= Math.abs(value) >= least && Math.abs(value) * least <= 1;
    }
    return safe;
  }

  /**
   * Only those that are not safe, so that no product depends on those beside it in the block, to
   * the last bit.
   */
  private static void careful(
      /*wide*/ double c,
      Factor[] factors,
      /*wide*/ double least,
      double[][] x,
      /*wide*/ double[] products,
      int index,
      int n) {
    /*wide*/ double[] own = new /*wide*/ double[factors.length];
    boolean usual = c == 0 || isNormal(c, least);
    for (int i = 0; i < n; i++) {
      boolean safe = usual;
      for (int j = 0; j < own.length; j++) {
        own[j] = x[j][index + i];
        safe &= isSafe(isTrusted(factors), factors[j], own[j], least);
      }
      if (!safe) {
        products[i] = Factor.product(c, factors, own);
      }
    }
  }

  private static boolean isSafe(
      boolean trusted, Factor factor, /*wide*/ double x, /*wide*/ double least) {
    /*wide*/ double p = factor instanceof Factor.Power power ? power.p() : 0;
    if (p == 1 || p == -1 || p == -2) {
      return trusted || (p == 1 && x == 0) || isNormal(p == -2 ? x * x : x, least);
    }
    return isNormal(factor.at(x), least);
  }

  private static boolean isTrusted(Factor[] factors) {
    return NARROW && factors.length <= 3;
  }

  private static boolean isNormal(/*wide*/ double value, /*wide*/ double least) {
    return Math.abs(value) >= least && Math.abs(value) * least <= 1;
  }

  /** As {@link Kernels#pointwise}. */
  static void pointwise(Pointwise f, int[] shape, List<double[]> x, int[][] strides, double[] y) {
    DoubleElementwise.spans(
        shape,
        x.toArray(new double[0][]),
        strides,
        y,
        (z, to, first, end) -> {
          /*wide*/ double[] own = new /*wide*/ double[z.length];
          for (int i = first; i < end; i++) {
            for (int j = 0; j < own.length; j++) {
              own[j] = z[j][i];
            }
            to[i] = (double) f.at(own);
          }
        });
  }

  /** As {@link Kernels#scaledDifference}. */
  static void scaledDifference(
      /*wide*/ double c, int[] shape, List<double[]> x, int[][] strides, double[] y) {
    DoubleElementwise.spans(
        shape,
        x.toArray(new double[0][]),
        strides,
        y,
        (z, to, first, end) -> scaledDifference(c, z[0], z[1], z[2], to, first, end));
  }

  private static void scaledDifference(
      /*wide*/ double c, double[] a, double[] b, double[] s, double[] y, int first, int end) {
    for (int i = first; i < end; i++) {
      /*wide*/ double difference = a[i];
      difference -= b[i];
      /*wide*/ double product = difference * c * s[i];
      boolean usual = NARROW || isUsual(difference, s[i], product);
      y[i] = (double) (usual ? product : careful(c, a[i], b[i], s[i]));
    }
  }

  /** Whether nothing has come near the ends of a double, other than by a 0. */
  private static boolean isUsual(
      /*wide*/ double difference, /*wide*/ double scale, /*wide*/ double product) {
    return Math.abs(difference) < 0x1p1000
        && Math.abs(product) < 0x1p1000
        && (difference == 0 || scale == 0 || Math.abs(product) > 0x1p-900);
  }

  private static /*wide*/ double careful(
      /*wide*/ double c, /*wide*/ double a, /*wide*/ double b, /*wide*/ double s) {
    /*wide*/ double difference = a - b;
    boolean finite = Math.abs(difference) <= Double.MAX_VALUE;
    Factor[] factors = {Factor.Power.one(), Factor.Power.one()};
    /*wide*/ double[] x = {finite ? difference : a / 2 - b / 2, s};
    return Factor.product(finite ? c : 2 * c, factors, x);
  }
}
