package org.gradus.autograd.internal.kernel;

/**
 * Finds out whether this JVM multiplies and adds in one instruction. Where the processor or an
 * option denies it, {@link Math#fma} computes with decimal numbers of any length, more than a
 * hundred times as slowly, and fused operations on vectors do so for each lane. No property tells
 * it; so a few products are timed. The interpreter knows the instruction too, so that nothing needs
 * to be compiled first.
 */
final class FusedProbe {
  /** The best of so many counts: a pause of the thread spoils one or two of them. */
  private static final int ROUNDS = 8;

  private static final int PRODUCTS = 32;

  /** In one instruction, a fused product takes about as long as one in two steps. */
  private static final int MUCH_SLOWER = 12;

  private FusedProbe() {}

  static boolean isFast() {
    long fused = Long.MAX_VALUE;
    long separate = Long.MAX_VALUE;
    double sum = 0;
    for (int round = 0; round < ROUNDS; round++) {
      long start = System.nanoTime();
      sum = fused(sum);
      long middle = System.nanoTime();
      sum = separate(sum);
      fused = Math.min(fused, middle - start);
      separate = Math.min(separate, System.nanoTime() - middle);
    }
    return fused <= MUCH_SLOWER * separate && sum > 0;
  }

  private static double fused(double start) {
    double sum = start;
    for (int i = 0; i < PRODUCTS; i++) {
      sum = Math.fma(0.1, i, sum);
    }
    return sum;
  }

  private static double separate(double start) {
    double sum = start;
    for (int i = 0; i < PRODUCTS; i++) {
      sum = 0.1 * i + sum;
    }
    return sum;
  }
}
