package org.gradus.autograd.internal.kernel.plain;

import org.gradus.autograd.internal.kernel.BlockFunctions;
import org.gradus.autograd.internal.kernel.Kernels;
import org.gradus.autograd.internal.kernel.Loss;
import org.gradus.autograd.internal.number.Integers;
import org.gradus.autograd.internal.parallel.Parallel;

/** Sums of losses over all elements, in double precision. */
@SuppressWarnings("cast") // (double) is needed in the float twin, where it reads (float)
final class DoubleLosses {
  /** Elements that are added up by one thread; part of the result's bits. */
  private static final int CHUNK = 1 << 12;

  /** What the largest numbers are divided by: a power of two, whose square is one, too. */
  private static final /*wide*/ double LARGE = 0x1p300;

  private DoubleLosses() {}

  /** As {@link Kernels#loss}. */
  static /*wide*/ double loss(
      BlockFunctions functions,
      Loss f, /*wide*/
      double c, /*wide*/
      double divisor,
      double[] a,
      double[] b) {
    /*wide*/ double loss = usual(functions, f, c, a, b) / divisor;
    return Math.abs(loss) <= Double.MAX_VALUE || b.length == 0
        ? loss
        : total(f, c, LARGE, a, b) / divisor * LARGE * LARGE;
  }

  /** Block by block: the sums of blocks are added up as a tree. */
  private static /*wide*/ double usual(
      BlockFunctions functions, Loss f, /*wide*/ double c, double[] a, double[] b) {
    int length = LossBlock.BLOCK;
    /*wide*/ double[] totals = new /*wide*/ double[Integers.ceilDiv(b.length, length)];
    Parallel.each(
        totals.length,
        length * cost(f) / functions.speed(),
        () -> new LossBlock(functions, b.length),
        (block, i) -> {
          int n = Math.min(length, b.length - i * length);
          totals[i] = block.sum(f, c, a, b, i * length, n);
        });
    return LineSums.of(1, totals.length, 1, totals)[0];
  }

  /** About how many additions one pair is worth. */
  private static long cost(Loss f) {
    return f == Loss.BINARY_CROSS_ENTROPY || f == Loss.DIVERGENCE ? 50 : 10;
  }

  /** Pair by pair, for numbers of any size. */
  private static /*wide*/ double total(
      Loss f, /*wide*/ double c, /*wide*/ double unit, double[] a, double[] b) {
    /*wide*/ double[] totals = new /*wide*/ double[Integers.ceilDiv(b.length, CHUNK)];
    Parallel.ranges(
        totals.length,
        CHUNK * 8L,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            int end = Math.min(b.length, (i + 1) * CHUNK);
            totals[i] = losses(f, c, unit, a, b, i * CHUNK, end);
          }
        });
    return LineSums.of(1, totals.length, 1, totals)[0];
  }

  private static /*wide*/ double losses(
      Loss f, /*wide*/ double c, /*wide*/ double unit, double[] a, double[] b, int from, int to) {
    /*wide*/ double total = 0;
    for (int i = from; i < to; i++) {
      total += f.of(c, a[i], b[i], unit);
    }
    return total;
  }
}
