package org.gradus.autograd.internal.kernel.vector;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The copy of one vector, and its square roots.
 *
 * <p>The JIT does not know the class of a vector that was just loaded, only that of a result. In a
 * process that has stored vectors of two widths, it makes an object of each vector that is loaded
 * and stored at once, and a copy is 30 times slower. So the class is named here.
 */
final class DoubleMoves {
  private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;

  private static final Class<? extends DoubleVector> VECTOR =
      SPECIES.vectorType().asSubclass(DoubleVector.class);

  private DoubleMoves() {}

  /** Copies a vector from x[from] to y[to]. */
  static void move(double[] x, int from, double[] y, int to) {
    VECTOR.cast(DoubleVector.fromArray(SPECIES, x, from)).intoArray(y, to);
  }

  /** Puts the square roots of a vector in its place. */
  static void root(double[] x, int at) {
    VECTOR.cast(DoubleVector.fromArray(SPECIES, x, at)).sqrt().intoArray(x, at);
  }
}
