package org.gradus.autograd.internal.kernel.plain;

import java.util.Arrays;
import java.util.List;
import org.gradus.autograd.internal.kernel.BlockFunctions;
import org.gradus.autograd.internal.kernel.Factor;
import org.gradus.autograd.internal.kernel.Kernels;
import org.gradus.autograd.internal.kernel.Pointwise;
import org.gradus.autograd.internal.parallel.Parallel;

/** Products of functions, in double precision and without overflow or loss on the way. */
@SuppressWarnings("cast") // (double) is needed in the float twin, where it reads (float)
final class DoubleProducts {
  private static final /*wide*/ double ONE = 1;

  /** What is smaller or larger has become 0 or infinite, though it is not. */
  private static final /*wide*/ double LEAST = 0x1p-1074;

  private static final /*wide*/ double MOST = 0x1.fffffffffffffp1023;

  /** Whether products of three elements or squares of them cannot leave the range of a double. */
  private static final boolean NARROW = Double.MAX_EXPONENT < 160;

  private DoubleProducts() {}

  /** As {@link Kernels#product}. */
  static void product(
      BlockFunctions functions,
      DoubleRuns runs,
      /*wide*/ double c,
      Factor[] factors,
      int[] shape,
      List<double[]> x,
      int[][] strides,
      double[] y) {
    // Products of so many numbers, each no smaller and its inverse no larger, are normal.
    /*wide*/ double least = Math.scalb(ONE, -1000 / (factors.length + 1));
    if (isScaling(factors, x, y) && isNormal(c, least)) {
      double[] one = x.get(x.get(0).length == 1 ? 0 : 1);
      scale(runs, c * one[0], x.get(one == x.get(0) ? 1 : 0), y);
      return;
    }
    DoubleElementwise.spans(
        shape,
        x.toArray(new double[0][]),
        strides,
        y,
        (z, to, first, end) -> {
          if (SmoothSingles.slope(functions, c, factors, z, to, first, end)) {
            return;
          }
          try (SmoothBlocks block = new SmoothBlocks(functions, DoubleUnary.NARROW, end - first)) {
            for (int i = first; i < end; i += SmoothBlocks.BLOCK) {
              product(c, factors, least, z, block, to, i, Math.min(SmoothBlocks.BLOCK, end - i));
            }
          }
        });
  }

  /** Whether all elements of one operand are multiplied by the only one of the other. */
  private static boolean isScaling(Factor[] factors, List<double[]> x, double[] y) {
    return NARROW
        && factors.length == 2
        && factors[0].equals(Factor.Power.one())
        && factors[1].equals(Factor.Power.one())
        && Math.min(x.get(0).length, x.get(1).length) == 1
        && Math.max(x.get(0).length, x.get(1).length) == y.length;
  }

  /** y = c x. */
  private static void scale(DoubleRuns runs, /*wide*/ double c, double[] x, double[] y) {
    Centre centre = new Centre(1, 0, 0, c);
    Parallel.ranges(
        y.length, 1, (from, end) -> runs.normalize(x, from, end - from, centre, y, end));
  }

  /** The n elements from an index on. */
  private static void product(
      /*wide*/ double c,
      Factor[] factors,
      /*wide*/ double least,
      double[][] x,
      SmoothBlocks block,
      double[] y,
      int index,
      int n) {
    /*wide*/ double[] products = block.product;
    boolean safe = c == 0 || isNormal(c, least);
    boolean trusted = isTrusted(factors);
    Arrays.fill(products, 0, n, c);
    for (int j = 0; j < factors.length; j++) {
      block.functions().widen(x[j], index, block.x, n);
      /*wide*/ double p = factors[j] instanceof Factor.Power power ? power.p() : 0;
      if (p == 1) {
        safe &= multiply(trusted, block.x, n, least, products);
      } else if (p == -1 || p == -2) {
        safe &= divide(trusted, p == -2, block.x, n, least, products);
      } else {
        block.compute(factors[j], n);
        multiply(true, block.y, n, least, products);
        safe &= isSafe(trusted, factors[j], block, n, least);
      }
    }
    if (!safe) {
      careful(c, factors, least, x, products, index, n);
    }
    block.functions().narrow(products, y, index, n);
  }

  /** Returns whether all factors are within bounds, or 0. */
  private static boolean multiply(
      boolean trusted,
      /*wide*/ double[] x,
      int n,
      /*wide*/ double least,
      /*wide*/ double[] products) {
    for (int i = 0; i < n; i++) {
      products[i] *= x[i];
    }
    boolean safe = true;
    for (int i = 0; i < n && !trusted; i++) {
      safe &= x[i] == 0 || isNormal(x[i], least);
    }
    return safe;
  }

  private static boolean divide(
      boolean trusted,
      boolean twice,
      /*wide*/ double[] x,
      int n,
      /*wide*/ double least,
      /*wide*/ double[] products) {
    boolean safe = true;
    for (int i = 0; i < n; i++) {
      /*wide*/ double divisor = twice ? x[i] * x[i] : x[i];
      products[i] /= divisor;
      safe &= isNormal(divisor, least);
    }
    return safe || trusted;
  }

  /** Whether no slope, in the block's y, is too large or too small. */
  private static boolean isSafe(
      boolean trusted, Factor factor, SmoothBlocks block, int n, /*wide*/ double least) {
    return trusted
        ? isExact(factor) || block.areSizesWithin(LEAST, MOST, n)
        : block.areSizesWithin(least, 1 / least, n);
  }

  /** Whether the factor is no smaller or larger than a double can be. */
  private static boolean isExact(Factor factor) {
    return factor instanceof Factor.HardSlope || factor instanceof Factor.Wave;
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
    /*wide*/ double value = factor.at(x);
    return trusted
        ? isExact(factor) || (Math.abs(value) >= LEAST && Math.abs(value) <= MOST)
        : isNormal(value, least);
  }

  /** Whether what a double holds of a factor suffices: what it does not hold, no product needs. */
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
      BlockFunctions functions,
      /*wide*/ double c,
      int[] shape,
      List<double[]> x,
      int[][] strides,
      double[] y) {
    if (LossSlopes.scaledDifference(functions, c, x.get(0), x.get(1), x.get(2), y)) {
      return;
    }
    DoubleElementwise.spans(
        shape,
        x.toArray(new double[0][]),
        strides,
        y,
        (z, to, first, end) -> {
          try (SmoothBlocks block = new SmoothBlocks(functions, DoubleUnary.NARROW, end - first)) {
            for (int i = first; i < end; i += SmoothBlocks.BLOCK) {
              scaledDifference(block, c, z, to, i, Math.min(SmoothBlocks.BLOCK, end - i));
            }
          }
        });
  }

  private static void scaledDifference(
      SmoothBlocks block, /*wide*/ double c, double[][] z, double[] y, int index, int n) {
    /*wide*/ double[] differences = block.x;
    /*wide*/ double[] scales = block.y;
    /*wide*/ double[] products = block.product;
    block.functions().widen(z[0], index, differences, n);
    block.functions().widen(z[1], index, products, n);
    block.functions().widen(z[2], index, scales, n);
    subtract(differences, products, n);
    multiply(c, differences, scales, products, n);
    for (int i = 0; i < n && !NARROW; i++) {
      if (!isUsual(differences[i], scales[i], products[i])) {
        products[i] = careful(c, z[0][index + i], z[1][index + i], z[2][index + i]);
      }
    }
    block.functions().narrow(products, y, index, n);
  }

  private static void subtract(/*wide*/ double[] a, /*wide*/ double[] b, int n) {
    for (int i = 0; i < n; i++) {
      a[i] -= b[i];
    }
  }

  private static void multiply(
      /*wide*/ double c,
      /*wide*/ double[] a,
      /*wide*/ double[] b,
      /*wide*/ double[] products,
      int n) {
    for (int i = 0; i < n; i++) {
      products[i] = a[i] * c * b[i];
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
