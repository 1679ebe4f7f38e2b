package org.gradus.autograd.internal.kernel.vector;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;
import org.gradus.autograd.internal.kernel.Kernels;
import org.gradus.autograd.internal.kernel.WindowSizes;
import org.gradus.autograd.internal.kernel.plain.DoublePooling;

/**
 * Max-pooling by windows of 2 x 2, or 1 x 2, side by side. A vector lies over the upper pairs of
 * some windows, another one over their lower pairs; in both, each lane is compared with the other
 * lane of its pair, to find the window's first maximum: where the left one has it, it is the left
 * one, and where it has not, the right one. What is left of a row behind the last whole vector, or
 * from the first NaN on, is left to {@link DoublePooling}, and so are all other windows.
 */
final class DoubleQuads {
  private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;
  private static final int LANES = SPECIES.length();

  /** Lanes of shorter vectors are moved by no instruction, but one by one, and slowly. */
  private static final boolean FAST = LANES >= 4;

  /** From each lane to the other lane of its pair. */
  private static final VectorShuffle<Double> OTHER =
      VectorShuffle.fromOp(SPECIES, lane -> lane ^ 1);

  /** From each pair of lanes to the lane of its number. */
  private static final VectorShuffle<Double> SPREAD =
      VectorShuffle.fromOp(SPECIES, lane -> lane / 2);

  /** From each lane of the first half to the pair of its number. */
  private static final VectorShuffle<Double> GATHERED =
      VectorShuffle.fromOp(SPECIES, lane -> lane * 2 % LANES);

  /** The left lane of each pair. */
  private static final VectorMask<Double> LEFT = VectorMask.fromArray(SPECIES, left(), 0);

  private DoubleQuads() {}

  private static boolean[] left() {
    boolean[] lanes = new boolean[LANES];
    for (int lane = 0; lane < LANES; lane += 2) {
      lanes[lane] = true;
    }
    return lanes;
  }

  /** As {@link Kernels#maxPool}. */
  static void maxPool(int planes, WindowSizes s, double[] x, double[] h, double[] y) {
    if (!s.areQuads() || !FAST) {
      DoublePooling.maxPool(planes, s, x, h, y);
      return;
    }
    DoublePooling.forEachRowOfQuads(
        planes,
        s,
        (upper, out) -> {
          int end = (out / s.outPlane() + 1) * s.outPlane();
          int done =
              x == h
                  ? larger(s.columns().output(), x, upper, s.fromUpperToLower(), y, out, end)
                  : pick(s.columns().output(), x, h, upper, s.fromUpperToLower(), y, out, end);
          DoublePooling.pickFromQuads(
              s.columns().output() - done,
              x,
              h,
              upper + 2 * done,
              s.fromUpperToLower(),
              y,
              out + done);
        });
  }

  /**
   * Returns how many windows of a row it has done. A vector holds half as many results as it has
   * lanes; the rest of it lies over results still to come, of the same plane.
   */
  private static int pick(
      int n, double[] x, double[] h, int upper, int apart, double[] y, int to, int end) {
    DoubleVector nothing =
        DoubleVector.broadcast(SPECIES, -0.0f); // changes no number it is added to
    int j = 0;
    for (; j + LANES / 2 <= n && to + j + LANES <= end; j += LANES / 2) {
      int at = upper + 2 * j;
      DoubleVector u = DoubleVector.fromArray(SPECIES, x, at);
      DoubleVector l = DoubleVector.fromArray(SPECIES, x, at + apart);
      DoubleVector top = u.max(u.rearrange(OTHER));
      DoubleVector bottom = l.max(l.rearrange(OTHER));
      DoubleVector both = top.add(bottom);
      if (both.compare(VectorOperators.NE, both).anyTrue()) { // NaN
        return j;
      }
      VectorMask<Double> below = top.compare(VectorOperators.LT, bottom);
      DoubleVector c = DoubleVector.fromArray(SPECIES, h, at);
      DoubleVector left = nothing.blend(c, u.compare(VectorOperators.EQ, top));
      DoubleVector right = c.blend(nothing, u.rearrange(OTHER).compare(VectorOperators.EQ, top));
      DoubleVector high = right.blend(left, LEFT).blend(nothing, below);
      c = DoubleVector.fromArray(SPECIES, h, at + apart);
      left = nothing.blend(c, l.compare(VectorOperators.EQ, bottom));
      right = c.blend(nothing, l.rearrange(OTHER).compare(VectorOperators.EQ, bottom));
      DoubleVector either = high.add(nothing.blend(right.blend(left, LEFT), below));
      either.add(either.rearrange(OTHER)).rearrange(GATHERED).intoArray(y, to + j);
    }
    return j;
  }

  /** As {@link #pick}, of the largest elements themselves. */
  private static int larger(int n, double[] x, int upper, int apart, double[] y, int to, int end) {
    int j = 0;
    for (; j + LANES / 2 <= n && to + j + LANES <= end; j += LANES / 2) {
      int at = upper + 2 * j;
      DoubleVector u = DoubleVector.fromArray(SPECIES, x, at);
      DoubleVector l = DoubleVector.fromArray(SPECIES, x, at + apart);
      DoubleVector other = u.rearrange(OTHER);
      DoubleVector top = u.blend(other, other.compare(VectorOperators.GT, u));
      other = l.rearrange(OTHER);
      DoubleVector bottom = l.blend(other, other.compare(VectorOperators.GT, l));
      DoubleVector all = u.add(l);
      if (all.compare(VectorOperators.NE, all).anyTrue()) { // NaN
        return j;
      }
      top.blend(bottom, bottom.compare(VectorOperators.GT, top))
          .rearrange(GATHERED)
          .intoArray(y, to + j);
    }
    return j;
  }

  /** As {@link Kernels#maxPoolInput}. */
  static void maxPoolInput(int planes, WindowSizes s, double[] x, double[] g, double[] h) {
    if (!s.areQuads() || !FAST) {
      DoublePooling.maxPoolInput(planes, s, x, g, h);
      return;
    }
    DoublePooling.forEachRowOfQuads(
        planes,
        s,
        (upper, out) -> {
          int done = add(s.columns().output(), x, upper, s.fromUpperToLower(), g, out, h);
          DoublePooling.addToQuads(
              s.columns().output() - done,
              x,
              upper + 2 * done,
              s.fromUpperToLower(),
              g,
              out + done,
              h);
        });
  }

  /** Returns how many windows of a row it has done. */
  private static int add(
      int n, double[] x, int upper, int apart, double[] g, int from, double[] h) {
    DoubleVector zero = DoubleVector.zero(SPECIES);
    int j = 0;
    for (; j + LANES / 2 <= n && from + j + LANES <= g.length; j += LANES / 2) {
      int at = upper + 2 * j;
      DoubleVector u = DoubleVector.fromArray(SPECIES, x, at);
      DoubleVector l = DoubleVector.fromArray(SPECIES, x, at + apart);
      DoubleVector top = u.max(u.rearrange(OTHER));
      DoubleVector bottom = l.max(l.rearrange(OTHER));
      DoubleVector both = top.add(bottom);
      if (both.compare(VectorOperators.NE, both).anyTrue()) { // NaN
        return j;
      }
      VectorMask<Double> below = top.compare(VectorOperators.LT, bottom);
      DoubleVector c =
          DoubleVector.fromArray(SPECIES, g, from + j)
              .rearrange(SPREAD)
              .add(zero); // 0 for -0.0, as a sum
      DoubleVector left = zero.blend(c, u.compare(VectorOperators.EQ, top));
      DoubleVector right = c.blend(zero, u.rearrange(OTHER).compare(VectorOperators.EQ, top));
      right.blend(left, LEFT).blend(zero, below).intoArray(h, at);
      left = zero.blend(c, l.compare(VectorOperators.EQ, bottom));
      right = c.blend(zero, l.rearrange(OTHER).compare(VectorOperators.EQ, bottom));
      if (apart > 0) { // or else it is the same pair
        zero.blend(right.blend(left, LEFT), below).intoArray(h, at + apart);
      }
    }
    return j;
  }
}
