package org.gradus.autograd.internal.kernel.plain;

import org.gradus.autograd.internal.kernel.Kernels;
import org.gradus.autograd.internal.kernel.Slices;
import org.gradus.autograd.internal.number.Scaled;
import org.gradus.autograd.internal.parallel.Parallel;

/**
 * Normalisation, and what belongs to it, of each slice by itself. Means and squares are those of
 * double precision. Where they would overflow or be lost all the same, the numbers are first
 * divided by a power of two of their size.
 */
@SuppressWarnings("cast") // (double) is needed in the float twin, where it reads (float)
final class DoubleMoments {
  private static final /*wide*/ double ONE = 1;

  /** Elements whose sum is added to that of others. */
  private static final int BLOCK = 128;

  /** Whether products of elements cannot come near the ends of a double. */
  private static final boolean NARROW = Double.MAX_EXPONENT < 200;

  private DoubleMoments() {}

  /** As {@link Kernels#normalize}. */
  static void normalize(Slices slices, /*wide*/ double epsilon, double[] x, double[] y) {
    forEachSlice(
        slices,
        y,
        (moments, slice) -> {
          moments.read(x, slice, epsilon);
          moments.normalize(x, y);
        });
  }

  /** As {@link Kernels#normalizeInput}. */
  static void normalizeInput(
      Slices slices, /*wide*/ double epsilon, double[] x, double[] g, double[] y) {
    forEachSlice(
        slices,
        y,
        (moments, slice) -> {
          moments.read(x, slice, epsilon);
          moments.normalizeInput(x, g, y);
        });
  }

  /** As {@link Kernels#deviation}. */
  static void deviation(Slices slices, /*wide*/ double epsilon, double[] x, double[] y) {
    forEachSlice(
        slices,
        y,
        (moments, slice) -> {
          moments.read(x, slice, epsilon);
          y[slice] = (double) Math.scalb(moments.deviation, moments.deviationExponent);
        });
  }

  /** As {@link Kernels#variance}. */
  static void variance(Slices slices, /*wide*/ double divisor, double[] x, double[] y) {
    forEachSlice(
        slices,
        y,
        (moments, slice) -> {
          moments.read(x, slice, 0);
          y[slice] = (double) Math.scalb(moments.squares / divisor, 2 * moments.exponent);
        });
  }

  /** As {@link Kernels#moments}. */
  static void moments(Slices slices, double[] x, double[] y) {
    forEachSlice(
        slices,
        y,
        (moments, slice) -> {
          moments.read(x, slice, 0);
          y[slice] = (double) Math.scalb(moments.mean(), moments.exponent);
          y[slices.count() + slice] =
              (double) Math.scalb(moments.squares / slices.size(), 2 * moments.exponent);
        });
  }

  /** As {@link Kernels#centre}. */
  static void centre(
      Slices slices, /*wide*/ double factor, double[] x, double[] scales, double[] y) {
    forEachSlice(
        slices,
        y,
        (moments, slice) -> {
          moments.read(x, slice, 0);
          moments.centre(factor, scales[slice], x, y);
        });
  }

  /** The work on one slice. */
  @FunctionalInterface
  private interface Work {
    void on(Moments moments, int slice);
  }

  /** Nothing is done for results y that are empty, as those of empty slices may be. */
  private static void forEachSlice(Slices slices, double[] y, Work work) {
    Parallel.ranges(
        y.length == 0 ? 0 : slices.count(),
        slices.size() * 8L,
        (from, to) -> {
          Moments moments = new Moments(slices);
          for (int slice = from; slice < to; slice++) {
            work.on(moments, slice);
          }
        });
  }

  /** Two sums of many parts; for doubles, with what each addition has rounded away beside them. */
  private static final class Sums {
    private /*wide*/ double first;
    private /*wide*/ double second;
    private /*wide*/ double firstLost;
    private /*wide*/ double secondLost;

    void clear() {
      first = 0;
      second = 0;
      firstLost = 0;
      secondLost = 0;
    }

    void add(/*wide*/ double a, /*wide*/ double b) {
      /*wide*/ double firstBefore = first;
      /*wide*/ double secondBefore = second;
      first += a;
      second += b;
      if (!NARROW) {
        firstLost += DoubleSums.lost(firstBefore, a, first);
        secondLost += DoubleSums.lost(secondBefore, b, second);
      }
    }

    /*wide*/ double first() {
      return whole(first, firstLost);
    }

    /*wide*/ double second() {
      return whole(second, secondLost);
    }

    /** What is not finite has lost NaN. */
    private static /*wide*/ double whole(/*wide*/ double sum, /*wide*/ double lost) {
      return sum * 0 == 0 ? sum + lost : sum;
    }
  }

  /** Mean and deviation of one slice, of its elements divided by a power of two. */
  private static final class Moments {
    private final Slices slices;
    private final Sums sums = new Sums();
    private int start;
    private int exponent; // of that power
    private /*wide*/ double scale; // its inverse
    private /*wide*/ double mean; // rounded
    private /*wide*/ double rest; // of the mean, which that has lost
    private /*wide*/ double left; // the sum of differences to the rounded mean
    private /*wide*/ double squares; // the sum of squares of differences to the mean
    private /*wide*/ double deviation; // divided by a power of two of its own
    private int deviationExponent; // of that power

    Moments(Slices slices) {
      this.slices = slices;
    }

    void read(double[] x, int slice, /*wide*/ double epsilon) {
      start = slices.start(slice);
      exponent = 0;
      measure(x);
      if (!(squares > 0x1p-900 && squares < 0x1p900)) {
        /*wide*/ double largest = largest(x);
        scaleBy(exponentOf(Math.max(largest, Math.sqrt(epsilon))), x);
        if (squares == 0 && largest < Math.sqrt(epsilon)) { // as nothing beside epsilon
          scaleBy(0, x);
        }
      }
      if (squares == 0) { // beside 0, epsilon is not to vanish
        deviation = Math.sqrt(epsilon);
        deviationExponent = 0;
      } else {
        deviation = Math.sqrt(squares / slices.size() + epsilon * scale * scale);
        deviationExponent = exponent;
      }
    }

    private void scaleBy(int power, double[] x) {
      if (power != exponent) {
        exponent = power;
        measure(x);
      }
    }

    /** The mean is subtracted before anything is squared, and then what rounding has left of it. */
    private void measure(double[] x) {
      scale = Math.scalb(ONE, -exponent);
      int n = slices.size();
      mean = 0;
      sum(x);
      mean = left / n;
      sum(x);
      rest = left / n;
      squares = Math.max(squares - left * rest, 0);
    }

    /** The mean, which an infinite element makes infinite: to that, nothing is left to add. */
    /*wide*/ double mean() {
      return mean * 0 == 0 ? mean + rest : mean;
    }

    /** The sums of differences to the mean, and of their squares, from short ones to long ones. */
    private void sum(double[] x) {
      sums.clear();
      for (int row = 0; row < slices.rows(); row++) {
        int from = start + row * slices.stride();
        for (int i = from; i < from + slices.length(); i += BLOCK) {
          sum(x, i, Math.min(BLOCK, from + slices.length() - i));
        }
      }
      left = sums.first();
      squares = sums.second();
    }

    /** Two running sums each, because one would wait for itself at every addition. */
    private void sum(double[] x, int from, int n) {
      /*wide*/ double even = 0;
      /*wide*/ double odd = 0;
      /*wide*/ double evenSquares = 0;
      /*wide*/ double oddSquares = 0;
      int i = from;
      for (; i < from + n - 1; i += 2) {
        /*wide*/ double first = x[i] * scale - mean;
        /*wide*/ double second = x[i + 1] * scale - mean;
        even += first;
        odd += second;
        evenSquares += first * first;
        oddSquares += second * second;
      }
      if (i < from + n) {
        /*wide*/ double last = x[i] * scale - mean;
        even += last;
        evenSquares += last * last;
      }
      sums.add(even + odd, evenSquares + oddSquares);
    }

    private /*wide*/ double largest(double[] x) {
      /*wide*/ double largest = 0;
      for (int row = 0; row < slices.rows(); row++) {
        int from = start + row * slices.stride();
        for (int i = from; i < from + slices.length(); i++) {
          largest = Math.max(largest, Math.abs(x[i]));
        }
      }
      return largest;
    }

    void normalize(double[] x, double[] y) {
      /*wide*/ double factor = 1 / deviation;
      for (int row = 0; row < slices.rows(); row++) {
        int from = start + row * slices.stride();
        for (int i = from; i < from + slices.length(); i++) {
          y[i] = (double) ((x[i] * scale - mean - rest) * factor);
        }
      }
    }

    void normalizeInput(double[] x, double[] g, double[] y) {
      int own = NARROW ? 0 : exponentOf(largest(g));
      int power = own - deviationExponent;
      /*wide*/ double shrink = Math.scalb(ONE, -own);
      /*wide*/ double factor = 1 / deviation;
      sums.clear();
      for (int row = 0; row < slices.rows(); row++) {
        int from = start + row * slices.stride();
        int end = from + slices.length();
        for (int i = from; i < end; i += BLOCK) {
          sumAlong(x, g, shrink, i, Math.min(end, i + BLOCK));
        }
      }
      /*wide*/ double sum = sums.first() / slices.size();
      /*wide*/ double along = sums.second() / slices.size();
      for (int row = 0; row < slices.rows(); row++) {
        int from = start + row * slices.stride();
        for (int i = from; i < from + slices.length(); i++) {
          /*wide*/ double normalized = (x[i] * scale - mean - rest) * factor;
          /*wide*/ double gradient = (g[i] * shrink - sum - normalized * along) * factor;
          y[i] = (double) (power == 0 ? gradient : Math.scalb(gradient, power));
        }
      }
    }

    /** The sums of g, and of its products with the normalized x. */
    private void sumAlong(double[] x, double[] g, /*wide*/ double shrink, int from, int end) {
      /*wide*/ double factor = 1 / deviation;
      /*wide*/ double sum = 0;
      /*wide*/ double along = 0;
      for (int i = from; i < end; i++) {
        /*wide*/ double value = g[i] * shrink;
        sum += value;
        along += value * ((x[i] * scale - mean - rest) * factor);
      }
      sums.add(sum, along);
    }

    /** 0 for what is far from the ends of a double. */
    private static int exponentOf(/*wide*/ double size) {
      boolean usual = size > 0x1p-400 && size < 0x1p400;
      return usual || size == 0 || !(size < Double.POSITIVE_INFINITY)
          ? 0
          : Math.max(-1000, Scaled.exponent(size));
    }

    void centre(/*wide*/ double c, /*wide*/ double s, double[] x, double[] y) {
      int own = NARROW ? 0 : exponentOf(Math.abs(s));
      int power = exponent + own;
      /*wide*/ double factor = c * (own == 0 ? s : Math.scalb(s, -own));
      for (int row = 0; row < slices.rows(); row++) {
        int from = start + row * slices.stride();
        for (int i = from; i < from + slices.length(); i++) {
          /*wide*/ double product = (x[i] * scale - mean - rest) * factor;
          y[i] = (double) (power == 0 ? product : Math.scalb(product, power));
        }
      }
    }
  }
}
