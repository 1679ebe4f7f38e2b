package org.gradus.autograd.internal.number;

/**
 * Random numbers without a state: each is a hash of a seed and of its place, so that any thread can
 * have any of them. They are those of {@link java.util.SplittableRandom}, in whatever version.
 *
 * @see <a href="https://doi.org/10.1145/2660193.2660195">Steele, Lea and Flood, Fast splittable
 *     pseudorandom number generators</a>
 */
public final class Hash {
  /** The golden ratio's fraction, as an odd number: multiples of it are spread evenly. */
  private static final long GAMMA = 0x9e3779b97f4a7c15L;

  private Hash() {}

  /** Where the numbers of a seed begin: neighbouring seeds do not begin beside each other. */
  public static long start(long seed) {
    return mixed(seed + GAMMA);
  }

  /** How many of the 2^53 numbers in [0, 1) that a place may have are below this one. */
  public static long below(double bound) {
    return (long) Math.ceil(bound * 0x1p53);
  }

  /**
   * The value if the number at a place is not among the first so many, otherwise 0. Without a
   * branch, which would be guessed wrong half of the time.
   */
  public static double keep(double value, long start, int place, long dropped) {
    long number = mixed(start + (place + 1) * GAMMA) >>> 11;
    long mask = (number - dropped) >> 63; // all ones if it is among them
    return Double.longBitsToDouble(Double.doubleToRawLongBits(value) & ~mask);
  }

  /** Each bit of the result depends on every bit. */
  private static long mixed(long bits) {
    long z = (bits ^ (bits >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
