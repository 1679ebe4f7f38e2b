package org.gradus.autograd.internal.kernel.vector;

import static org.gradus.autograd.internal.kernel.vector.DoubleTiles.LANES;
import static org.gradus.autograd.internal.kernel.vector.DoubleTiles.VIRTUAL_LANES;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/** The innermost loops of {@link DoubleDepthwise}, whose planes they go over. */
final class DoubleDepthwiseLoops {
  private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;

  /** From a lane of the first half to two side by side, and from one of the second half. */
  private static final VectorShuffle<Double> LOW = VectorShuffle.fromOp(SPECIES, lane -> lane / 2);

  private static final VectorShuffle<Double> HIGH =
      VectorShuffle.fromOp(SPECIES, lane -> (LANES + lane) / 2);

  /** The right lane of each pair. */
  private static final VectorMask<Double> ODD =
      VectorMask.fromArray(SPECIES, DoubleRowCopies.lanes(1, 2), 0);

  private DoubleDepthwiseLoops() {}

  /** Outputs from the first to the end, whole vectors of them. */
  static void outputs(
      int first,
      int end,
      double[] x,
      int[] offsets,
      double[] w,
      int at,
      double[] columns,
      double last,
      double[] y,
      int to) {
    DoubleVector w0 = DoubleVector.broadcast(SPECIES, w[at]);
    DoubleVector w1 = DoubleVector.broadcast(SPECIES, w[at + 1]);
    DoubleVector w2 = DoubleVector.broadcast(SPECIES, w[at + 2]);
    DoubleVector w3 = DoubleVector.broadcast(SPECIES, w[at + 3]);
    DoubleVector w4 = DoubleVector.broadcast(SPECIES, w[at + 4]);
    DoubleVector w5 = DoubleVector.broadcast(SPECIES, w[at + 5]);
    DoubleVector w6 = DoubleVector.broadcast(SPECIES, w[at + 6]);
    DoubleVector w7 = DoubleVector.broadcast(SPECIES, w[at + 7]);
    DoubleVector w8 = DoubleVector.broadcast(SPECIES, w[at + 8]);
    int o0 = offsets[0];
    int o1 = offsets[1];
    int o2 = offsets[2];
    int o3 = offsets[3];
    int o4 = offsets[4];
    int o5 = offsets[5];
    int o6 = offsets[6];
    int o7 = offsets[7];
    int o8 = offsets[8];
    DoubleVector zero = DoubleVector.zero(SPECIES);
    for (int p = first; p < end; p += LANES) {
      DoubleVector column = DoubleVector.fromArray(SPECIES, columns, p);
      DoubleVector left = DoubleVector.fromArray(SPECIES, x, o0 + p).fma(w0, zero);
      DoubleVector middle = DoubleVector.fromArray(SPECIES, x, o1 + p).fma(w1, zero);
      DoubleVector right = DoubleVector.fromArray(SPECIES, x, o2 + p).fma(w2, zero);
      left = DoubleVector.fromArray(SPECIES, x, o3 + p).fma(w3, left);
      middle = DoubleVector.fromArray(SPECIES, x, o4 + p).fma(w4, middle);
      right = DoubleVector.fromArray(SPECIES, x, o5 + p).fma(w5, right);
      left = DoubleVector.fromArray(SPECIES, x, o6 + p).fma(w6, left);
      middle = DoubleVector.fromArray(SPECIES, x, o7 + p).fma(w7, middle);
      right = DoubleVector.fromArray(SPECIES, x, o8 + p).fma(w8, right);
      left = left.blend(zero, column.compare(VectorOperators.EQ, 0));
      right = right.blend(zero, column.compare(VectorOperators.EQ, last));
      left.add(middle).add(right).intoArray(y, to + p);
    }
  }

  /**
   * Writes pairs of neighbours in even rows of inputs, and, {@code next} behind, in odd rows, which
   * have taps of two rows of outputs. Odd columns have taps of two columns.
   *
   * @param width from one row of outputs to the next
   */
  static void phases(
      int n,
      double[] y,
      int at,
      int width,
      double[] w,
      int atW,
      double[] columns,
      double last,
      double[] x,
      int next) {
    DoubleVector w0 = DoubleVector.broadcast(SPECIES, w[atW]);
    DoubleVector w1 = DoubleVector.broadcast(SPECIES, w[atW + 1]);
    DoubleVector w2 = DoubleVector.broadcast(SPECIES, w[atW + 2]);
    DoubleVector w3 = DoubleVector.broadcast(SPECIES, w[atW + 3]);
    DoubleVector w4 = DoubleVector.broadcast(SPECIES, w[atW + 4]);
    DoubleVector w5 = DoubleVector.broadcast(SPECIES, w[atW + 5]);
    DoubleVector w6 = DoubleVector.broadcast(SPECIES, w[atW + 6]);
    DoubleVector w7 = DoubleVector.broadcast(SPECIES, w[atW + 7]);
    DoubleVector w8 = DoubleVector.broadcast(SPECIES, w[atW + 8]);
    DoubleVector zero = DoubleVector.zero(SPECIES);
    for (int p = 0; p < n; p += LANES) {
      VectorMask<Double> end =
          DoubleVector.fromArray(SPECIES, columns, p).compare(VectorOperators.EQ, last);
      DoubleVector own = DoubleVector.fromArray(SPECIES, y, at + p);
      DoubleVector right = DoubleVector.fromArray(SPECIES, y, at + p + 1).blend(zero, end);
      DoubleVector below = DoubleVector.fromArray(SPECIES, y, at + p + width);
      DoubleVector corner = DoubleVector.fromArray(SPECIES, y, at + p + width + 1).blend(zero, end);
      DoubleVector even = own.fma(w4, zero);
      DoubleVector odd = own.fma(w5, right.fma(w3, zero));
      int to = 2 * p;
      if (DoubleRowCopies.SHUFFLES) {
        even.rearrange(LOW).blend(odd.rearrange(LOW), ODD).intoArray(x, to);
        even.rearrange(HIGH).blend(odd.rearrange(HIGH), ODD).intoArray(x, to + LANES);
      } else {
        even.intoArray(x, to);
        odd.intoArray(x, to + LANES);
        swap(x, to + 1);
      }
      even = own.fma(w7, below.fma(w1, zero));
      odd = own.fma(w8, right.fma(w6, below.fma(w2, corner.fma(w0, zero))));
      to = next + 2 * p;
      if (DoubleRowCopies.SHUFFLES) {
        even.rearrange(LOW).blend(odd.rearrange(LOW), ODD).intoArray(x, to);
        even.rearrange(HIGH).blend(odd.rearrange(HIGH), ODD).intoArray(x, to + LANES);
      } else {
        even.intoArray(x, to);
        odd.intoArray(x, to + LANES);
        swap(x, to + 1);
      }
    }
  }

  /** Puts the neighbours of two pairs of two lanes each side by side. */
  private static void swap(double[] x, int at) {
    if (LANES == 2) {
      double second = x[at];
      x[at] = x[at + 1];
      x[at + 1] = second;
    }
  }

  /**
   * Adds to nine sums the products of a cotangent with what its taps meet, in vectors that are
   * VIRTUAL_LANES apart. Where a tap is outside of the image, the cotangent is taken to be 0.
   */
  static void weights(
      int first,
      int end,
      double[] x,
      int[] offsets,
      double[] y,
      double[] columns,
      double last,
      double[] sums,
      int lane) {
    DoubleVector s0 = DoubleVector.fromArray(SPECIES, sums, lane);
    DoubleVector s1 = DoubleVector.fromArray(SPECIES, sums, lane + VIRTUAL_LANES);
    DoubleVector s2 = DoubleVector.fromArray(SPECIES, sums, lane + 2 * VIRTUAL_LANES);
    DoubleVector s3 = DoubleVector.fromArray(SPECIES, sums, lane + 3 * VIRTUAL_LANES);
    DoubleVector s4 = DoubleVector.fromArray(SPECIES, sums, lane + 4 * VIRTUAL_LANES);
    DoubleVector s5 = DoubleVector.fromArray(SPECIES, sums, lane + 5 * VIRTUAL_LANES);
    DoubleVector s6 = DoubleVector.fromArray(SPECIES, sums, lane + 6 * VIRTUAL_LANES);
    DoubleVector s7 = DoubleVector.fromArray(SPECIES, sums, lane + 7 * VIRTUAL_LANES);
    DoubleVector s8 = DoubleVector.fromArray(SPECIES, sums, lane + 8 * VIRTUAL_LANES);
    int o0 = offsets[0];
    int o1 = offsets[1];
    int o2 = offsets[2];
    int o3 = offsets[3];
    int o4 = offsets[4];
    int o5 = offsets[5];
    int o6 = offsets[6];
    int o7 = offsets[7];
    int o8 = offsets[8];
    DoubleVector zero = DoubleVector.zero(SPECIES);
    for (int p = first; p < end; p += VIRTUAL_LANES) {
      DoubleVector column = DoubleVector.fromArray(SPECIES, columns, p);
      DoubleVector middle = DoubleVector.fromArray(SPECIES, y, p);
      DoubleVector left = middle.blend(zero, column.compare(VectorOperators.EQ, 0));
      DoubleVector right = middle.blend(zero, column.compare(VectorOperators.EQ, last));
      s0 = DoubleVector.fromArray(SPECIES, x, o0 + p).fma(left, s0);
      s1 = DoubleVector.fromArray(SPECIES, x, o1 + p).fma(middle, s1);
      s2 = DoubleVector.fromArray(SPECIES, x, o2 + p).fma(right, s2);
      s3 = DoubleVector.fromArray(SPECIES, x, o3 + p).fma(left, s3);
      s4 = DoubleVector.fromArray(SPECIES, x, o4 + p).fma(middle, s4);
      s5 = DoubleVector.fromArray(SPECIES, x, o5 + p).fma(right, s5);
      s6 = DoubleVector.fromArray(SPECIES, x, o6 + p).fma(left, s6);
      s7 = DoubleVector.fromArray(SPECIES, x, o7 + p).fma(middle, s7);
      s8 = DoubleVector.fromArray(SPECIES, x, o8 + p).fma(right, s8);
    }
    s0.intoArray(sums, lane);
    s1.intoArray(sums, lane + VIRTUAL_LANES);
    s2.intoArray(sums, lane + 2 * VIRTUAL_LANES);
    s3.intoArray(sums, lane + 3 * VIRTUAL_LANES);
    s4.intoArray(sums, lane + 4 * VIRTUAL_LANES);
    s5.intoArray(sums, lane + 5 * VIRTUAL_LANES);
    s6.intoArray(sums, lane + 6 * VIRTUAL_LANES);
    s7.intoArray(sums, lane + 7 * VIRTUAL_LANES);
    s8.intoArray(sums, lane + 8 * VIRTUAL_LANES);
  }
}
