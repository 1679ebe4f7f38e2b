package org.gradus.autograd.internal.kernel;

import static java.lang.Double.NaN;
import static java.lang.Double.POSITIVE_INFINITY;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class MatmulKernelTest {

  /** Matrices of m x k and k x n, each factor transposed or not, as many as there are offsets. */
  record Product(boolean transposeA, boolean transposeB, int m, int n, int k) {

    /** Runs the kernel on matrices that begin where the numbers say, in matrices. */
    Object run(Precision precision, Object a, int[] whichA, Object b, int[] whichB) {
      Object c = precision.zeros(whichA.length * m * n);
      int[] offsetsA = IntStream.of(whichA).map(i -> i * m * k).toArray();
      int[] offsetsB = IntStream.of(whichB).map(i -> i * k * n).toArray();
      precision
          .kernels()
          .matmul(new MatmulSizes(transposeA, transposeB, m, n, k, offsetsA, offsetsB), a, b, c);
      return c;
    }

    /** The definition. */
    double[] naive(Object a, int[] whichA, Object b, int[] whichB) {
      double[] c = new double[whichA.length * m * n];
      for (int i = 0; i < whichA.length; i++) {
        for (int row = 0; row < m; row++) {
          for (int column = 0; column < n; column++) {
            double sum = 0;
            for (int p = 0; p < k; p++) {
              int atA = whichA[i] * m * k + (transposeA ? p * m + row : row * k + p);
              int atB = whichB[i] * k * n + (transposeB ? column * k + p : p * n + column);
              sum += Precision.at(a, atA) * Precision.at(b, atB);
            }
            c[(i * m + row) * n + column] = sum;
          }
        }
      }
      return c;
    }
  }

  private static final int[][] SIZES = {
    {1, 1, 1},
    {1, 7, 5},
    {1, 1, 33},
    {1, 84, 120},
    {1, 70, 263}, // deeper than one row's sums in order
    {1, 5, 37},
    {1, 131, 515},
    {43, 37, 1},
    {3, 1, 2},
    {2, 3, 4},
    {5, 4, 3},
    {17, 19, 23},
    {16, 16, 16},
    {15, 17, 20},
    {70, 33, 80}, // right factors that are turned
    {18, 65, 240},
    {64, 64, 64},
    {2, 1030, 3}, // wider than one tile
    {131, 5, 130}, // higher than one tile
    {70, 1025, 61},
    {0, 3, 2},
    {3, 0, 2},
    {3, 2, 0}
  };

  static Stream<Arguments> products() {
    List<Arguments> all = new ArrayList<>();
    for (Precision precision : Precision.values()) {
      for (int[] size : SIZES) {
        for (int transposes = 0; transposes < 4; transposes++) {
          boolean transposeA = transposes / 2 == 1;
          boolean transposeB = transposes % 2 == 1;
          all.add(
              Arguments.of(
                  precision, new Product(transposeA, transposeB, size[0], size[1], size[2])));
        }
      }
    }
    return all.stream();
  }

  @ParameterizedTest
  @MethodSource("products")
  void oneProduct(Precision precision, Product product) {
    check(precision, product, 1, new int[] {0}, 1, new int[] {0});
  }

  @ParameterizedTest
  @MethodSource("products")
  void aBatchInAnyOrderWithRepetitions(Precision precision, Product product) {
    if ((long) product.m() * product.n() * product.k() > 1 << 18) {
      return; // large sizes are for tiles, which a batch does not change
    }
    check(precision, product, 3, new int[] {2, 0, 1, 1}, 2, new int[] {1, 1, 0, 1});
    check(precision, product, 1, new int[] {0, 0, 0}, 3, new int[] {0, 1, 2});
    check(precision, product, 1, new int[0], 1, new int[0]);
  }

  private static void check(
      Precision precision, Product product, int countA, int[] a, int countB, int[] b) {
    int sizeA = countA * product.m() * product.k();
    int sizeB = countB * product.k() * product.n();
    Object x = precision.wholes(sizeA, 21);
    Object y = precision.wholes(sizeB, 22);
    precision.assertExactly(product.naive(x, a, y, b), product.run(precision, x, a, y, b));
    precision.assertExactly(Precision.values(precision.wholes(sizeA, 21)), x);
    precision.assertExactly(Precision.values(precision.wholes(sizeB, 22)), y);
  }

  @ParameterizedTest
  @MethodSource("products")
  void whatIsNotFiniteReachesItsOwnProductsAlone(Precision precision, Product product) {
    double[] a = Precision.values(precision.wholes(product.m() * product.k(), 23));
    double[] b = Precision.values(precision.wholes(product.k() * product.n(), 24));
    if (a.length * b.length == 0 || a.length * b.length > 1 << 22) {
      return; // nothing to be infinite, or too long by definition
    }
    a[a.length / 2] = POSITIVE_INFINITY;
    b[b.length / 3] = -POSITIVE_INFINITY;
    b[b.length - 1] = NaN;
    Object x = precision.array(a);
    Object y = precision.array(b);
    int[] only = {0};
    precision.assertExactly(
        product.naive(x, only, y, only), product.run(precision, x, only, y, only));
  }

  @ParameterizedTest
  @EnumSource
  void nanAndInfinityFlowThrough(Precision precision) {
    int[] only = {0};
    Object a = precision.array(0, 1, NaN, 0);
    Object b = precision.array(POSITIVE_INFINITY, 2, 3, 4);
    for (int transposes = 0; transposes < 4; transposes++) {
      Product product = new Product(transposes / 2 == 1, transposes % 2 == 1, 2, 2, 2);
      precision.assertExactly(
          product.naive(a, only, b, only), product.run(precision, a, only, b, only));
    }
    // 0 times infinity, and 0 times NaN, are NaN: no zero is skipped.
    precision.assertExactly(
        new double[] {NaN, 4, NaN, NaN},
        new Product(false, false, 2, 2, 2).run(precision, a, only, b, only));
  }
}
