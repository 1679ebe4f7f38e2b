package org.gradus.layers.data;

import java.util.SplittableRandom;

/** Seeds that are functions of numbers, and look as if they were not. */
final class Seeds {
  private Seeds() {}

  /** The seed of an epoch of a run, or of an example of an epoch. */
  static long of(long seed, long number) {
    return new SplittableRandom(new SplittableRandom(seed).nextLong() + number).nextLong();
  }

  /** The seed of a batch of an epoch, which is that of no example: those have numbers from 0 on. */
  static long ofBatch(long epochSeed, int number) {
    return of(epochSeed, -1L - number);
  }
}
