package org.gradus.autograd.internal.kernel.vector;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Vectors of double precision for kernels of both: floats are widened as they are loaded, and
 * rounded as they are stored, two vectors at once. These methods are small enough to be inlined
 * wherever they are called.
 *
 * <p>No vector of floats is narrower than those of other kernels. One class of vectors is all that
 * the JIT may see in methods such as {@code intoArray}: of two, it makes objects of vectors that it
 * has just loaded, in all kernels. So a load of floats reads twice as many as it widens.
 */
final class WideLanes {
  static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;
  static final int LANES = SPECIES.length();

  /** How many elements are stored at once: a vector of floats has so many. */
  static final int PAIR = 2 * LANES;

  /** Whether there are vectors of doubles, and sums of eight lanes are made for them. */
  static final boolean SUITS = LANES >= 2 && LANES <= 8;

  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;

  /** The classes of vectors, which the JIT does not know of what was just loaded or converted. */
  private static final Class<? extends DoubleVector> WIDE =
      SPECIES.vectorType().asSubclass(DoubleVector.class);

  private static final Class<? extends FloatVector> NARROW =
      FLOATS.vectorType().asSubclass(FloatVector.class);

  /** From the second half of the lanes to the first. */
  private static final VectorShuffle<Float> DOWN =
      VectorShuffle.fromOp(
          FLOATS, lane -> Math.min(FLOATS.length() - 1, lane + FLOATS.length() / 2));

  /** From the first half of the lanes to the second. */
  private static final VectorShuffle<Float> UP =
      VectorShuffle.fromOp(FLOATS, lane -> Math.max(0, lane - FLOATS.length() / 2));

  /** The second half of the lanes. */
  private static final VectorMask<Float> SECOND =
      VectorMask.fromLong(FLOATS, -1L << (FLOATS.length() / 2));

  private WideLanes() {}

  /** Reads PAIR elements, and takes the first half of them. */
  static DoubleVector load(float[] x, int i) {
    return WIDE.cast(
        FloatVector.fromArray(FLOATS, x, i).convertShape(VectorOperators.F2D, SPECIES, 0));
  }

  static DoubleVector load(double[] x, int i) {
    return WIDE.cast(DoubleVector.fromArray(SPECIES, x, i));
  }

  /** Reads PAIR elements, and takes the second half of them. */
  static DoubleVector second(float[] x, int i) {
    return WIDE.cast(
        FloatVector.fromArray(FLOATS, x, i)
            .rearrange(DOWN)
            .convertShape(VectorOperators.F2D, SPECIES, 0));
  }

  /** Writes PAIR elements. The second half of them is 0, and must be written afterwards. */
  static void storeAhead(DoubleVector v, float[] y, int i) {
    NARROW.cast(v.convertShape(VectorOperators.D2F, FLOATS, 0)).intoArray(y, i);
  }

  static void storeAhead(DoubleVector v, double[] y, int i) {
    v.intoArray(y, i);
  }

  static void store(DoubleVector a, DoubleVector b, float[] y, int i) {
    var first = NARROW.cast(a.convertShape(VectorOperators.D2F, FLOATS, 0));
    var second = NARROW.cast(b.convertShape(VectorOperators.D2F, FLOATS, 0));
    first.blend(second.rearrange(UP), SECOND).intoArray(y, i);
  }

  static void store(DoubleVector a, DoubleVector b, double[] y, int i) {
    a.intoArray(y, i);
    b.intoArray(y, i + LANES);
  }

  /** Whether all elements before {@code end} can be loaded, in whole vectors. */
  static boolean cover(float[] x, int end) {
    return end + LANES <= x.length;
  }

  static boolean cover(double[] x, int end) {
    return end <= x.length;
  }

  /** How many of n elements can be loaded in whole vectors. */
  static int whole(float[] x, int from, int n) {
    return Math.max(0, Math.min(n, x.length - LANES - from)) & -LANES;
  }

  static int whole(double[] x, int from, int n) {
    return n & -LANES;
  }

  static DoubleVector zero() {
    return DoubleVector.zero(SPECIES);
  }

  static DoubleVector all(double value) {
    return DoubleVector.broadcast(SPECIES, value);
  }
}
