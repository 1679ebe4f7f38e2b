package org.gradus.autograd.internal.kernel.plain;

import org.gradus.autograd.internal.kernel.Kernels;
import org.gradus.autograd.internal.number.Integers;
import org.gradus.autograd.internal.number.Scaled;
import org.gradus.autograd.internal.parallel.Parallel;

/** The length of all elements as one vector, in double precision. */
@SuppressWarnings("cast") // (double) is needed in the float twin, where it reads (float)
final class DoubleNorms {
  /** Elements that are added up by one thread; part of the result's bits. */
  private static final int CHUNK = 1 << 12;

  /** A sum of squares below it may have lost some; no square of a float32 is lost. */
  private static final /*wide*/ double LEAST = 0x1p-900;

  /** How far elements are moved towards 1 at most: the power of two must not be too far, either. */
  private static final int FAR = 1000;

  private DoubleNorms() {}

  /** As {@link Kernels#norm}. */
  static /*wide*/ double norm(double[] x) {
    /*wide*/ double squares = squares(x, 1);
    if (squares >= LEAST && squares < Double.POSITIVE_INFINITY) {
      return Math.sqrt(squares);
    }
    /*wide*/ double largest = 0;
    for (double element : x) {
      largest = Math.max(largest, Math.abs(element));
    }
    if (largest == 0 || !(largest < Double.POSITIVE_INFINITY)) {
      return largest;
    }
    int exponent = Math.max(-FAR, Math.min(Scaled.exponent(largest), FAR));
    /*wide*/ double scale = Math.scalb(1.0, -exponent);
    return Math.sqrt(squares(x, scale)) / scale;
  }

  /** The sum of squares of the elements times a power of two. */
  private static /*wide*/ double squares(double[] x, /*wide*/ double scale) {
    /*wide*/ double[] totals = new /*wide*/ double[Integers.ceilDiv(x.length, CHUNK)];
    Parallel.ranges(
        totals.length,
        CHUNK * 2L,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            int end = Math.min(x.length, (i + 1) * CHUNK);
            totals[i] = squares(x, scale, i * CHUNK, end);
          }
        });
    return LineSums.of(1, totals.length, 1, totals)[0];
  }

  /** Four running sums, because one would wait for itself at every addition. */
  private static /*wide*/ double squares(double[] x, /*wide*/ double scale, int from, int to) {
    /*wide*/ double first = 0;
    /*wide*/ double second = 0;
    /*wide*/ double third = 0;
    /*wide*/ double fourth = 0;
    int i = from;
    for (; i < to - 3; i += 4) {
      /*wide*/ double a = x[i] * scale;
      /*wide*/ double b = x[i + 1] * scale;
      /*wide*/ double c = x[i + 2] * scale;
      /*wide*/ double d = x[i + 3] * scale;
      first += a * a;
      second += b * b;
      third += c * c;
      fourth += d * d;
    }
    for (; i < to; i++) {
      /*wide*/ double a = x[i] * scale;
      first += a * a;
    }
    return (first + second) + (third + fourth);
  }
}
