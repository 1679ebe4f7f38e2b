package org.gradus.autograd.internal.kernel;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The linear maps of Winograd's F(4x4, 3x3), on vectors of channels. With the points 0, a, -a, b,
 * -b and infinity, a convolution of 4 outputs with 3 weights is y = A^T ((G w) * (B^T x)), element
 * by element in the middle; in two dimensions each map is applied down the columns and along the
 * rows. Its adjoints in w and x are made of the transposed maps.
 *
 * <p>Each method maps n lines of vectors. A line's vectors are {@code step} apart, the next line is
 * {@code next} away; likewise in y.
 *
 * <p>The points 3/4 and 3/2 are exact in binary, as are their products in A and B, and lose half of
 * what the usual 1 and 2 lose.
 */
@SuppressWarnings("cast") // (double) is needed in the float twin, where it reads (float)
final class DoubleVectorTransforms {
  private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;

  /** Elements along one axis of a transformed tile. */
  static final int POINTS = 6;

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

  private DoubleVectorTransforms() {}

  /** B^T: from 6 inputs. */
  static void input(
      int n, double[] x, int at, int next, int step, double[] y, int to, int nextTo, int stepTo) {
    for (int i = 0; i < n; i++) {
      int atX = at + i * next;
      int atY = to + i * nextTo;
      DoubleVector x0 = DoubleVector.fromArray(SPECIES, x, atX);
      DoubleVector x1 = DoubleVector.fromArray(SPECIES, x, atX + step);
      DoubleVector x2 = DoubleVector.fromArray(SPECIES, x, atX + 2 * step);
      DoubleVector x3 = DoubleVector.fromArray(SPECIES, x, atX + 3 * step);
      DoubleVector x4 = DoubleVector.fromArray(SPECIES, x, atX + 4 * step);
      DoubleVector x5 = DoubleVector.fromArray(SPECIES, x, atX + 5 * step);
      x4.add(x0.mul(AB2)).sub(x2.mul(A2 + B2)).intoArray(y, atY);
      DoubleVector even = x4.sub(x2.mul(B2));
      DoubleVector odd = x3.sub(x1.mul(B2)).mul(A);
      even.add(odd).intoArray(y, atY + stepTo);
      even.sub(odd).intoArray(y, atY + 2 * stepTo);
      even = x4.sub(x2.mul(A2));
      odd = x3.sub(x1.mul(A2)).mul(B);
      even.add(odd).intoArray(y, atY + 3 * stepTo);
      even.sub(odd).intoArray(y, atY + 4 * stepTo);
      x5.add(x1.mul(AB2)).sub(x3.mul(A2 + B2)).intoArray(y, atY + 5 * stepTo);
    }
  }

  /** A^T: to 4 outputs. */
  static void output(
      int n, double[] x, int at, int next, int step, double[] y, int to, int nextTo, int stepTo) {
    for (int i = 0; i < n; i++) {
      int atX = at + i * next;
      int atY = to + i * nextTo;
      DoubleVector x0 = DoubleVector.fromArray(SPECIES, x, atX);
      DoubleVector x1 = DoubleVector.fromArray(SPECIES, x, atX + step);
      DoubleVector x2 = DoubleVector.fromArray(SPECIES, x, atX + 2 * step);
      DoubleVector x3 = DoubleVector.fromArray(SPECIES, x, atX + 3 * step);
      DoubleVector x4 = DoubleVector.fromArray(SPECIES, x, atX + 4 * step);
      DoubleVector x5 = DoubleVector.fromArray(SPECIES, x, atX + 5 * step);
      DoubleVector evenA = x1.add(x2);
      DoubleVector oddA = x1.sub(x2);
      DoubleVector evenB = x3.add(x4);
      DoubleVector oddB = x3.sub(x4);
      x0.add(evenA).add(evenB).intoArray(y, atY);
      oddA.mul(A).add(oddB.mul(B)).intoArray(y, atY + stepTo);
      evenA.mul(A2).add(evenB.mul(B2)).intoArray(y, atY + 2 * stepTo);
      oddA.mul(A * A2).add(oddB.mul(B * B2)).add(x5).intoArray(y, atY + 3 * stepTo);
    }
  }

  /** A: from 4 cotangents of outputs. */
  static void cotangent(
      int n, double[] x, int at, int next, int step, double[] y, int to, int nextTo, int stepTo) {
    for (int i = 0; i < n; i++) {
      int atX = at + i * next;
      int atY = to + i * nextTo;
      DoubleVector x0 = DoubleVector.fromArray(SPECIES, x, atX);
      DoubleVector x1 = DoubleVector.fromArray(SPECIES, x, atX + step);
      DoubleVector x2 = DoubleVector.fromArray(SPECIES, x, atX + 2 * step);
      DoubleVector x3 = DoubleVector.fromArray(SPECIES, x, atX + 3 * step);
      x0.intoArray(y, atY);
      DoubleVector even = x0.add(x2.mul(A2));
      DoubleVector odd = x1.add(x3.mul(A2)).mul(A);
      even.add(odd).intoArray(y, atY + stepTo);
      even.sub(odd).intoArray(y, atY + 2 * stepTo);
      even = x0.add(x2.mul(B2));
      odd = x1.add(x3.mul(B2)).mul(B);
      even.add(odd).intoArray(y, atY + 3 * stepTo);
      even.sub(odd).intoArray(y, atY + 4 * stepTo);
      x3.intoArray(y, atY + 5 * stepTo);
    }
  }

  /** G: from 3 weights. */
  static void weights(
      int n, double[] x, int at, int next, int step, double[] y, int to, int nextTo, int stepTo) {
    for (int i = 0; i < n; i++) {
      int atX = at + i * next;
      int atY = to + i * nextTo;
      DoubleVector x0 = DoubleVector.fromArray(SPECIES, x, atX);
      DoubleVector x1 = DoubleVector.fromArray(SPECIES, x, atX + step);
      DoubleVector x2 = DoubleVector.fromArray(SPECIES, x, atX + 2 * step);
      x0.mul(G0).intoArray(y, atY);
      DoubleVector even = x0.add(x2.mul(A2)).mul(GA);
      DoubleVector odd = x1.mul(A * GA);
      even.add(odd).intoArray(y, atY + stepTo);
      even.sub(odd).intoArray(y, atY + 2 * stepTo);
      even = x0.add(x2.mul(B2)).mul(GB);
      odd = x1.mul(B * GB);
      even.add(odd).intoArray(y, atY + 3 * stepTo);
      even.sub(odd).intoArray(y, atY + 4 * stepTo);
      x2.intoArray(y, atY + 5 * stepTo);
    }
  }

  /** G^T: to the gradients of 3 weights. */
  static void gradient(
      int n, double[] x, int at, int next, int step, double[] y, int to, int nextTo, int stepTo) {
    for (int i = 0; i < n; i++) {
      int atX = at + i * next;
      int atY = to + i * nextTo;
      DoubleVector x0 = DoubleVector.fromArray(SPECIES, x, atX);
      DoubleVector x1 = DoubleVector.fromArray(SPECIES, x, atX + step);
      DoubleVector x2 = DoubleVector.fromArray(SPECIES, x, atX + 2 * step);
      DoubleVector x3 = DoubleVector.fromArray(SPECIES, x, atX + 3 * step);
      DoubleVector x4 = DoubleVector.fromArray(SPECIES, x, atX + 4 * step);
      DoubleVector x5 = DoubleVector.fromArray(SPECIES, x, atX + 5 * step);
      DoubleVector evenA = x1.add(x2).mul(GA);
      DoubleVector evenB = x3.add(x4).mul(GB);
      x0.mul(G0).add(evenA).add(evenB).intoArray(y, atY);
      x1.sub(x2).mul(A * GA).add(x3.sub(x4).mul(B * GB)).intoArray(y, atY + stepTo);
      evenA.mul(A2).add(evenB.mul(B2)).add(x5).intoArray(y, atY + 2 * stepTo);
    }
  }
}
