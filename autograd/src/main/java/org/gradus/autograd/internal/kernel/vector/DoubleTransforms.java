package org.gradus.autograd.internal.kernel.vector;

import static org.gradus.autograd.internal.kernel.vector.DoubleTiles.LANES;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The linear maps of Winograd's F(4x4, 3x3), on vectors of channels. With the points 0, a, -a, b,
 * -b and infinity, a convolution of 4 outputs with 3 weights is y = A^T ((G w) * (B^T x)), element
 * by element in the middle; in two dimensions each map is applied down the columns and along the
 * rows. Its adjoints in w and x are made of the transposed maps.
 *
 * <p>Each method applies its map to both axes of n tiles of vectors. In x, a tile's rows are {@code
 * down} apart, or follow each other, and its columns {@code across}; {@code t} is memory for what
 * is in between; in y, the elements are {@code stepY} apart, row after row. The next tile is {@code
 * next} further in x, {@code nextY} in y. All of this is one method, and so too large for the JIT
 * to inline, and the walk over both axes stands in each of them. Smaller methods were inlined, and
 * in one process of ten the JIT then gave up, and all vectors became objects.
 *
 * <p>The points 3/4 and 3/2 are exact in binary, as are their products in A and B, and lose half of
 * what the usual 1 and 2 lose.
 */
@SuppressWarnings("cast") // (double) is needed in the float twin, where it reads (float)
final class DoubleTransforms {
  private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;

  /** Elements along one axis of a transformed tile. */
  static final int POINTS = 6;

  /** Input pixels of a tile, along one axis. */
  static final int IN = 6;

  /** Output pixels of a tile, along one axis. */
  static final int OUT = 4;

  /** Weights of a filter, along one axis. */
  static final int TAPS = 3;

  private static final double A = (double) 0.75;
  private static final double B = (double) 1.5;
  private static final double A2 = A * A;
  private static final double B2 = B * B;
  private static final double AB2 = A2 * B2;

  // G has one row for each point p: (1, p, p^2) divided by the product of p's distances from the
  // other points.
  private static final double G0 = 1 / AB2;
  private static final double GA = 1 / (2 * A2 * (A2 - B2));
  private static final double GB = 1 / (2 * B2 * (B2 - A2));

  private DoubleTransforms() {}

  /** B^T: from 6 inputs. */
  static void input(
      int n,
      double[] x,
      int at,
      int next,
      int down,
      int across,
      double[] t,
      double[] y,
      int to,
      int nextY,
      int stepY) {
    for (int tile = 0; tile < n; tile++) {
      double[] from = x;
      double[] into = t;
      int lines = IN;
      int line = at + tile * next;
      int nextLine = across;
      int step = down;
      int lineTo = 0;
      int nextTo = LANES;
      int stepTo = IN * LANES;
      for (int pass = 0; pass < 2; pass++) {
        for (int i = 0; i < lines; i++) {
          int a = line + i * nextLine;
          int b = lineTo + i * nextTo;
          DoubleVector x0 = DoubleVector.fromArray(SPECIES, from, a);
          DoubleVector x1 = DoubleVector.fromArray(SPECIES, from, a + step);
          DoubleVector x2 = DoubleVector.fromArray(SPECIES, from, a + 2 * step);
          DoubleVector x3 = DoubleVector.fromArray(SPECIES, from, a + 3 * step);
          DoubleVector x4 = DoubleVector.fromArray(SPECIES, from, a + 4 * step);
          DoubleVector x5 = DoubleVector.fromArray(SPECIES, from, a + 5 * step);
          x4.add(x0.mul(AB2)).sub(x2.mul(A2 + B2)).intoArray(into, b);
          DoubleVector even = x4.sub(x2.mul(B2));
          DoubleVector odd = x3.sub(x1.mul(B2)).mul(A);
          even.add(odd).intoArray(into, b + stepTo);
          even.sub(odd).intoArray(into, b + 2 * stepTo);
          even = x4.sub(x2.mul(A2));
          odd = x3.sub(x1.mul(A2)).mul(B);
          even.add(odd).intoArray(into, b + 3 * stepTo);
          even.sub(odd).intoArray(into, b + 4 * stepTo);
          x5.add(x1.mul(AB2)).sub(x3.mul(A2 + B2)).intoArray(into, b + 5 * stepTo);
        }
        from = t;
        into = y;
        lines = POINTS;
        line = 0;
        nextLine = IN * LANES;
        step = LANES;
        lineTo = to + tile * nextY;
        nextTo = POINTS * stepY;
        stepTo = stepY;
      }
    }
  }

  /** A^T: to 4 outputs. */
  static void output(
      int n,
      double[] x,
      int at,
      int next,
      int across,
      double[] t,
      double[] y,
      int to,
      int nextY,
      int stepY) {
    for (int tile = 0; tile < n; tile++) {
      double[] from = x;
      double[] into = t;
      int lines = POINTS;
      int line = at + tile * next;
      int nextLine = across;
      int step = POINTS * across;
      int lineTo = 0;
      int nextTo = LANES;
      int stepTo = POINTS * LANES;
      for (int pass = 0; pass < 2; pass++) {
        for (int i = 0; i < lines; i++) {
          int a = line + i * nextLine;
          int b = lineTo + i * nextTo;
          DoubleVector x0 = DoubleVector.fromArray(SPECIES, from, a);
          DoubleVector x1 = DoubleVector.fromArray(SPECIES, from, a + step);
          DoubleVector x2 = DoubleVector.fromArray(SPECIES, from, a + 2 * step);
          DoubleVector x3 = DoubleVector.fromArray(SPECIES, from, a + 3 * step);
          DoubleVector x4 = DoubleVector.fromArray(SPECIES, from, a + 4 * step);
          DoubleVector x5 = DoubleVector.fromArray(SPECIES, from, a + 5 * step);
          DoubleVector evenA = x1.add(x2);
          DoubleVector oddA = x1.sub(x2);
          DoubleVector evenB = x3.add(x4);
          DoubleVector oddB = x3.sub(x4);
          x0.add(evenA).add(evenB).intoArray(into, b);
          oddA.mul(A).add(oddB.mul(B)).intoArray(into, b + stepTo);
          evenA.mul(A2).add(evenB.mul(B2)).intoArray(into, b + 2 * stepTo);
          oddA.mul(A * A2).add(oddB.mul(B * B2)).add(x5).intoArray(into, b + 3 * stepTo);
        }
        from = t;
        into = y;
        lines = OUT;
        line = 0;
        nextLine = POINTS * LANES;
        step = LANES;
        lineTo = to + tile * nextY;
        nextTo = OUT * stepY;
        stepTo = stepY;
      }
    }
  }

  /** A: from 4 cotangents of outputs. */
  static void cotangent(
      int n,
      double[] x,
      int at,
      int next,
      int down,
      int across,
      double[] t,
      double[] y,
      int to,
      int nextY,
      int stepY) {
    for (int tile = 0; tile < n; tile++) {
      double[] from = x;
      double[] into = t;
      int lines = OUT;
      int line = at + tile * next;
      int nextLine = across;
      int step = down;
      int lineTo = 0;
      int nextTo = LANES;
      int stepTo = OUT * LANES;
      for (int pass = 0; pass < 2; pass++) {
        for (int i = 0; i < lines; i++) {
          int a = line + i * nextLine;
          int b = lineTo + i * nextTo;
          DoubleVector x0 = DoubleVector.fromArray(SPECIES, from, a);
          DoubleVector x1 = DoubleVector.fromArray(SPECIES, from, a + step);
          DoubleVector x2 = DoubleVector.fromArray(SPECIES, from, a + 2 * step);
          DoubleVector x3 = DoubleVector.fromArray(SPECIES, from, a + 3 * step);
          x0.intoArray(into, b);
          DoubleVector even = x0.add(x2.mul(A2));
          DoubleVector odd = x1.add(x3.mul(A2)).mul(A);
          even.add(odd).intoArray(into, b + stepTo);
          even.sub(odd).intoArray(into, b + 2 * stepTo);
          even = x0.add(x2.mul(B2));
          odd = x1.add(x3.mul(B2)).mul(B);
          even.add(odd).intoArray(into, b + 3 * stepTo);
          even.sub(odd).intoArray(into, b + 4 * stepTo);
          x3.intoArray(into, b + 5 * stepTo);
        }
        from = t;
        into = y;
        lines = POINTS;
        line = 0;
        nextLine = OUT * LANES;
        step = LANES;
        lineTo = to + tile * nextY;
        nextTo = POINTS * stepY;
        stepTo = stepY;
      }
    }
  }

  /** G: from 3 weights. */
  static void weights(
      int n,
      double[] x,
      int at,
      int next,
      int across,
      double[] t,
      double[] y,
      int to,
      int nextY,
      int stepY) {
    for (int tile = 0; tile < n; tile++) {
      double[] from = x;
      double[] into = t;
      int lines = TAPS;
      int line = at + tile * next;
      int nextLine = across;
      int step = TAPS * across;
      int lineTo = 0;
      int nextTo = LANES;
      int stepTo = TAPS * LANES;
      for (int pass = 0; pass < 2; pass++) {
        for (int i = 0; i < lines; i++) {
          int a = line + i * nextLine;
          int b = lineTo + i * nextTo;
          DoubleVector x0 = DoubleVector.fromArray(SPECIES, from, a);
          DoubleVector x1 = DoubleVector.fromArray(SPECIES, from, a + step);
          DoubleVector x2 = DoubleVector.fromArray(SPECIES, from, a + 2 * step);
          x0.mul(G0).intoArray(into, b);
          DoubleVector even = x0.add(x2.mul(A2)).mul(GA);
          DoubleVector odd = x1.mul(A * GA);
          even.add(odd).intoArray(into, b + stepTo);
          even.sub(odd).intoArray(into, b + 2 * stepTo);
          even = x0.add(x2.mul(B2)).mul(GB);
          odd = x1.mul(B * GB);
          even.add(odd).intoArray(into, b + 3 * stepTo);
          even.sub(odd).intoArray(into, b + 4 * stepTo);
          x2.intoArray(into, b + 5 * stepTo);
        }
        from = t;
        into = y;
        lines = POINTS;
        line = 0;
        nextLine = TAPS * LANES;
        step = LANES;
        lineTo = to + tile * nextY;
        nextTo = POINTS * stepY;
        stepTo = stepY;
      }
    }
  }

  /** G^T: to the gradients of 3 weights. */
  static void gradient(
      int n,
      double[] x,
      int at,
      int next,
      int across,
      double[] t,
      double[] y,
      int to,
      int nextY,
      int stepY) {
    for (int tile = 0; tile < n; tile++) {
      double[] from = x;
      double[] into = t;
      int lines = POINTS;
      int line = at + tile * next;
      int nextLine = across;
      int step = POINTS * across;
      int lineTo = 0;
      int nextTo = LANES;
      int stepTo = POINTS * LANES;
      for (int pass = 0; pass < 2; pass++) {
        for (int i = 0; i < lines; i++) {
          int a = line + i * nextLine;
          int b = lineTo + i * nextTo;
          DoubleVector x0 = DoubleVector.fromArray(SPECIES, from, a);
          DoubleVector x1 = DoubleVector.fromArray(SPECIES, from, a + step);
          DoubleVector x2 = DoubleVector.fromArray(SPECIES, from, a + 2 * step);
          DoubleVector x3 = DoubleVector.fromArray(SPECIES, from, a + 3 * step);
          DoubleVector x4 = DoubleVector.fromArray(SPECIES, from, a + 4 * step);
          DoubleVector x5 = DoubleVector.fromArray(SPECIES, from, a + 5 * step);
          DoubleVector evenA = x1.add(x2).mul(GA);
          DoubleVector evenB = x3.add(x4).mul(GB);
          x0.mul(G0).add(evenA).add(evenB).intoArray(into, b);
          x1.sub(x2).mul(A * GA).add(x3.sub(x4).mul(B * GB)).intoArray(into, b + stepTo);
          evenA.mul(A2).add(evenB.mul(B2)).add(x5).intoArray(into, b + 2 * stepTo);
        }
        from = t;
        into = y;
        lines = TAPS;
        line = 0;
        nextLine = POINTS * LANES;
        step = LANES;
        lineTo = to + tile * nextY;
        nextTo = TAPS * stepY;
        stepTo = stepY;
      }
    }
  }
}
