package org.gradus.autograd.internal.kernel.plain;

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
      Loss f, /*wide*/ double c, /*wide*/ double divisor, double[] a, double[] b) {
    /*wide*/ double loss = total(f, c, 1, a, b) / divisor;
    return Math.abs(loss) <= Double.MAX_VALUE || b.length == 0
        ? loss
        : total(f, c, LARGE, a, b) / divisor * LARGE * LARGE;
  }

  private static /*wide*/ double total(
      Loss f, /*wide*/ double c, /*wide*/ double unit, double[] a, double[] b) {
    /*wide*/ double[] totals = new /*wide*/ double[Integers.ceilDiv(b.length, CHUNK)];
    Parallel.ranges(
        totals.length,
        CHUNK * 8L,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            int end = Math.min(b.length, (i + 1) * CHUNK);
            totals[i] =
                f == Loss.SQUARED && unit == 1
                    ? squares(a, b, i * CHUNK, end)
                    : losses(f, c, unit, a, b, i * CHUNK, end);
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

  /** Two running sums, because one would wait for itself at every addition. */
  private static /*wide*/ double squares(double[] a, double[] b, int from, int to) {
    /*wide*/ double even = 0;
    /*wide*/ double odd = 0;
    int i = from;
    for (; i < to - 1; i += 2) {
      /*wide*/ double first = a[i];
      /*wide*/ double second = a[i + 1];
      first -= b[i];
      second -= b[i + 1];
      even += first * first;
      odd += second * second;
    }
    for (; i < to; i++) {
      /*wide*/ double last = a[i];
      last -= b[i];
      even += last * last;
    }
    return even + odd;
  }
}
