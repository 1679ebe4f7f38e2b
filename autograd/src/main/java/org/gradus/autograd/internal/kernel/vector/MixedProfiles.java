package org.gradus.autograd.internal.kernel.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Operators of all kinds, in turn, before any kernel runs: so that the JIT does not take the first
 * kind that it sees for the only one.
 *
 * <p>All operations of vectors share a few methods of the JDK, and their profiles. A convolution
 * alone calls them some hundred thousand times with additions, while it is interpreted; and they
 * are compiled for additions. Other operators are then traps in the compiled code, four for each of
 * those methods. The JIT counts the traps of all that it inlines, and from a hundred on, which are
 * 25 operations, it trusts no profile, and vectors become objects until the process ends: after one
 * depthwise convolution, softmax, tanh and gelu took 2 to 9 times as long.
 */
final class MixedProfiles {
  /** The profiles begin after some hundred calls, and the compilation for them after thousands. */
  private static final int ROUNDS = 600;

  /** The first JDK whose JIT is not so; those between 17 and this have not been tried. */
  private static final int MENDED = 25;

  private MixedProfiles() {}

  /** Makes them, if this JDK is one that needs them. */
  static void make() {
    if (Runtime.version().feature() >= MENDED) {
      return;
    }
    FloatVector x = FloatVector.broadcast(FloatVector.SPECIES_PREFERRED, 1);
    IntVector bits = x.viewAsIntegralLanes();
    for (int round = 0; round < ROUNDS; round++) {
      x.fma(x, x);
      x.add(x);
      x.sub(x);
      x.abs();
      if (round >= ROUNDS / 2) { // the first use of an operator is part of a profile, too
        bits.add(bits);
        bits.sub(bits);
        bits.abs();
        bits.lanewise(VectorOperators.LSHL, 1);
      }
    }
  }
}
