package org.gradus.autograd.internal.kernel;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Compares the products of some kernels with those of the plain ones, the oracle: exactly where all
 * sums are whole numbers, and within what two orders of summation may differ by where they are not.
 */
final class AgainstPlain {
  private AgainstPlain() {}

  /** The products of {@code batch} pairs of matrices, m x k and k x n, or their transposes. */
  record Matrices(int batch, int m, int n, int k, boolean transposeA, boolean transposeB) {}

  /** Compares matrix products, called with some matrices of those in an array, and some often. */
  static void matmul(Precision precision, Matrices p, long seed) {
    Random random = new Random(seed);
    int sizeA = p.m() * p.k();
    int sizeB = p.k() * p.n();
    int[] offsetsA = random.ints(p.batch(), 0, p.batch() + 1).map(i -> i * sizeA).toArray();
    int[] offsetsB = random.ints(p.batch(), 0, p.batch() + 1).map(i -> i * sizeB).toArray();
    int lengthA = sizeA + IntStream.of(offsetsA).max().orElse(0);
    int lengthB = sizeB + IntStream.of(offsetsB).max().orElse(0);
    int lengthC = p.batch() * p.m() * p.n();
    Bilinear kernel =
        (k, a, b, c) ->
            k.matmul(
                new MatmulSizes(
                    p.transposeA(), p.transposeB(), p.m(), p.n(), p.k(), offsetsA, offsetsB),
                a,
                b,
                c);
    new Product("matmul", lengthA, lengthB, lengthC, p.k(), true, kernel).compare(precision, seed);
  }

  /** Compares all three kernels of one convolution, by each way that they can go. */
  static void convolutions(Precision precision, ConvSizes s, long seed) {
    for (Way way : Way.values()) {
      if (precision.kernels().forcedTo(way).ways(s).contains(way)) {
        convolutions(precision, s, way, seed);
      }
    }
  }

  private static void convolutions(Precision precision, ConvSizes s, Way way, long seed) {
    WindowSizes v = s.window();
    int x = ConvolutionKernelsTest.sizeOfX(s);
    int w = ConvolutionKernelsTest.sizeOfW(s);
    int y = ConvolutionKernelsTest.sizeOfY(s);
    int inputTerms = s.groupFilters() * v.rows().kernel() * v.columns().kernel();
    int weightTerms = s.batch() * v.outPlane();
    boolean exact = !precision.kernels().forcedTo(way).ways(s).contains(Way.WINOGRAD);
    Object bias = precision.generate(s.filters(), i -> i % 3);
    new Product(
            "conv2d",
            x,
            w,
            y,
            s.filterSize(),
            exact,
            (k, a, b, c) -> k.forcedTo(way).conv2d(s, a, b, bias, c))
        .compare(precision, seed);
    new Product(
            "conv2dInput",
            w,
            y,
            x,
            inputTerms,
            exact,
            (k, a, b, c) -> k.forcedTo(way).conv2dInput(s, a, b, c))
        .compare(precision, seed);
    new Product(
            "conv2dWeight",
            x,
            y,
            w,
            weightTerms,
            exact,
            (k, a, b, c) -> k.forcedTo(way).conv2dWeight(s, a, b, c))
        .compare(precision, seed);
  }

  /** One kernel, which writes what a and b make to c. */
  @FunctionalInterface
  private interface Bilinear {
    void run(Kernels<Object> kernels, Object a, Object b, Object c);
  }

  /**
   * A kernel and its sizes.
   *
   * @param terms how many products each element of c is the sum of, at most
   * @param exact whether whole numbers give whole numbers
   */
  private record Product(
      String name,
      int lengthA,
      int lengthB,
      int lengthC,
      int terms,
      boolean exact,
      Bilinear kernel) {

    void compare(Precision precision, long seed) {
      compare(
          precision, precision.wholes(lengthA, seed), precision.wholes(lengthB, seed + 1), exact);
      compare(
          precision,
          precision.fractions(lengthA, seed),
          precision.fractions(lengthB, seed + 1),
          false);
    }

    private void compare(Precision precision, Object a, Object b, boolean exact) {
      double[] expected = run(precision.plain(), a, b);
      double[] actual = run(precision, a, b);
      double[] allowed = exact ? new double[lengthC] : allowed(precision.plain(), a, b);
      for (int i = 0; i < lengthC; i++) {
        if (!(Math.abs(expected[i] - actual[i]) <= allowed[i])) {
          throw new AssertionError(
              "%s: element %s of %s is %s by the plain kernels and %s by %s, allowed are %s"
                  .formatted(name, i, lengthC, expected[i], actual[i], precision, allowed[i]));
        }
      }
    }

    /**
     * Sums of n products, rounded in any two orders, differ by at most n ulps of 1 times the sum of
     * what is added without the signs. So do those of ordinary numbers by transforms.
     */
    private double[] allowed(Precision plain, Object a, Object b) {
      double[] sums = run(plain, absolute(plain, a), absolute(plain, b));
      return Arrays.stream(sums).map(sum -> plain.ulp(1) * (terms + 1) * sum).toArray();
    }

    private static Object absolute(Precision precision, Object x) {
      return precision.generate(Precision.length(x), i -> Math.abs(Precision.at(x, i)));
    }

    private double[] run(Precision precision, Object a, Object b) {
      double[] beforeA = Precision.values(a);
      double[] beforeB = Precision.values(b);
      Object c = precision.zeros(lengthC);
      kernel.run(precision.kernels(), a, b, c);
      precision.assertExactly(beforeA, a);
      precision.assertExactly(beforeB, b);
      return Precision.values(c);
    }
  }
}
