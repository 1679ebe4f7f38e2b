package org.gradus.autograd.internal.kernel;

/**
 * Random numbers without a state: each is a hash of a seed and of its place, so that any thread can
 * have any of them. They are those of {@link java.util.SplittableRandom}, in whatever version.
 *
 * @see <a href="https://doi.org/10.1145/2660193.2660195">Steele, Lea and Flood, Fast splittable
 *     pseudorandom number generators</a>
 */
final class Hash {
  /** The golden ratio's fraction, as an odd number: multiples of it are spread evenly. */
  private static final long GAMMA = 0x9e3779b97f4a7c15L;

  private Hash() {}

  /** Where the numbers of a seed begin: neighbouring seeds do not begin beside each other. */
  static long start(long seed) {
    return mixed(seed + GAMMA);
  }

  /** The number at a place, uniform in [0, 1). */
  static double uniform(long start, int place) {
    return (mixed(start + (place + 1) * GAMMA) >>> 11) * 0x1p-53;
  }

  /** Each bit of the result depends on every bit. */
  private static long mixed(long bits) {
    long z = (bits ^ (bits >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
