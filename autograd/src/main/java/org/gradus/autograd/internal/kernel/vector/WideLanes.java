package org.gradus.autograd.internal.kernel.vector;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * Vectors of double precision for kernels of both: floats are widened as they are loaded, and
 * rounded as they are stored. These methods are small enough to be inlined wherever they are
 * called.
 */
final class WideLanes {
  static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;
  static final int LANES = SPECIES.length();

  /** Whether floats can be loaded as half a vector: there are none of 32 bits. */
  static final boolean SUITS = LANES >= 2 && LANES <= 8;

  private static final VectorSpecies<Float> FLOATS =
      VectorSpecies.of(
          float.class, VectorShape.forBitSize(Math.max(64, SPECIES.vectorBitSize() / 2)));

  private WideLanes() {}

  static DoubleVector load(float[] x, int i) {
    return (DoubleVector)
        FloatVector.fromArray(FLOATS, x, i).convertShape(VectorOperators.F2D, SPECIES, 0);
  }

  static DoubleVector load(double[] x, int i) {
    return DoubleVector.fromArray(SPECIES, x, i);
  }

  static void store(DoubleVector v, float[] y, int i) {
    ((FloatVector) v.convertShape(VectorOperators.D2F, FLOATS, 0)).intoArray(y, i);
  }

  static void store(DoubleVector v, double[] y, int i) {
    v.intoArray(y, i);
  }

  static DoubleVector zero() {
    return DoubleVector.zero(SPECIES);
  }

  static DoubleVector all(double value) {
    return DoubleVector.broadcast(SPECIES, value);
  }
}
