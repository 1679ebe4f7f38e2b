package org.gradus.layers;

/** Seeds that have nothing to do with each other, from numbers and words that have. */
final class Mix {
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  private Mix() {}

  /** A function of all bits of the three; the same on every machine. */
  static long of(long seed, long step, String path) {
    long mixed = mix(mix(seed + GOLDEN) + step);
    for (int i = 0; i < path.length(); i++) {
      mixed = mix(mixed + path.charAt(i) + GOLDEN);
    }
    return mixed;
  }

  /** The finaliser of Stafford's thirteenth mixing function, as in SplittableRandom. */
  private static long mix(long x) {
    long y = (x ^ (x >>> 30)) * 0xBF58476D1CE4E5B9L;
    y = (y ^ (y >>> 27)) * 0x94D049BB133111EBL;
    return y ^ (y >>> 31);
  }
}
