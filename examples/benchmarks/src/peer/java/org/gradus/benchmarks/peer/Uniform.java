package org.gradus.benchmarks.peer;

import java.util.SplittableRandom;

/** Numbers to compute with. */
final class Uniform {
  private Uniform() {}

  /** Numbers from -1 to 1; the same seed gives the same ones. */
  static float[] floats(long seed, int count) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextDouble(-1, 1);
    }
    return values;
  }
}
