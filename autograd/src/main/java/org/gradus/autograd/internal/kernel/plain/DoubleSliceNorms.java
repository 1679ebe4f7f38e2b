package org.gradus.autograd.internal.kernel.plain;

import org.gradus.autograd.internal.kernel.Kernels;
import org.gradus.autograd.internal.kernel.Slices;
import org.gradus.autograd.internal.number.Scaled;
import org.gradus.autograd.internal.parallel.Parallel;

/**
 * Euclidean norms, and what belongs to them, of each slice by itself. Squares are added up in
 * double precision. Where they would overflow or be lost all the same, the numbers are first
 * divided by a power of two of their size.
 */
@SuppressWarnings("cast") // (double) is needed in the float twin, where it reads (float)
final class DoubleSliceNorms {
  private static final /*wide*/ double ONE = 1;

  /** Elements whose sum is added to that of others. */
  private static final int BLOCK = 128;

  /** Whether squares of elements cannot come near the ends of a double. */
  private static final boolean NARROW = Double.MAX_EXPONENT < 200;

  private DoubleSliceNorms() {}

  /** As {@link Kernels#norm}. */
  static void norm(Slices slices, double[] x, double[] y) {
    forEachSlice(
        slices,
        y,
        (slice, at) -> {
          slice.read(x, at);
          y[at] = (double) Math.scalb(slice.norm, slice.exponent);
        });
  }

  /** As {@link Kernels#direction}. */
  static void direction(Slices slices, double[] x, double[] y) {
    forEachSlice(
        slices,
        y,
        (slice, at) -> {
          slice.read(x, at);
          slice.direction(x, y);
        });
  }

  /** As {@link Kernels#directionInput}. */
  static void directionInput(Slices slices, double[] x, double[] g, double[] y) {
    forEachSlice(
        slices,
        y,
        (slice, at) -> {
          slice.read(x, at);
          slice.directionInput(x, g, y);
        });
  }

  /** The work on the slice of a number. */
  @FunctionalInterface
  private interface Work {
    void on(Slice slice, int number);
  }

  /** Nothing is done for results y that are empty, as those of empty slices may be. */
  private static void forEachSlice(Slices slices, double[] y, Work work) {
    Parallel.ranges(
        y.length == 0 ? 0 : slices.count(),
        slices.size() * 4L,
        (from, to) -> {
          Slice slice = new Slice(slices);
          for (int number = from; number < to; number++) {
            work.on(slice, number);
          }
        });
  }

  /** A sum of many parts; for doubles, with what each addition has rounded away beside it. */
  private static final class Total {
    private /*wide*/ double sum;
    private /*wide*/ double lost;

    void clear() {
      sum = 0;
      lost = 0;
    }

    void add(/*wide*/ double x) {
      /*wide*/ double before = sum;
      sum += x;
      lost += NARROW ? 0 : DoubleSums.lost(before, x, sum);
    }

    /** What is not finite has lost NaN. */
    /*wide*/ double get() {
      return sum * 0 == 0 ? sum + lost : sum;
    }
  }

  /** One slice, whose elements are divided by a power of two, and its norm. */
  private static final class Slice {
    private final Slices slices;
    private final Total total = new Total();
    private int start;
    private int exponent; // of that power
    private /*wide*/ double scale; // its inverse
    private /*wide*/ double norm; // of the elements when they are divided

    Slice(Slices slices) {
      this.slices = slices;
    }

    void read(double[] x, int number) {
      start = slices.start(number);
      scaleBy(0);
      /*wide*/ double squares = squares(x);
      if (!(squares > 0x1p-900 && squares < 0x1p900)) {
        scaleBy(exponentOf(largest(x)));
        squares = squares(x);
      }
      norm = Math.sqrt(squares);
    }

    private void scaleBy(int power) {
      exponent = power;
      scale = Math.scalb(ONE, -power);
    }

    private /*wide*/ double squares(double[] x) {
      total.clear();
      for (int row = 0; row < slices.rows(); row++) {
        int from = start + row * slices.stride();
        for (int i = from; i < from + slices.length(); i += BLOCK) {
          total.add(squares(x, i, Math.min(from + slices.length(), i + BLOCK)));
        }
      }
      return total.get();
    }

    /** Two running sums, because one would wait for itself at every addition. */
    private /*wide*/ double squares(double[] x, int from, int end) {
      /*wide*/ double even = 0;
      /*wide*/ double odd = 0;
      int i = from;
      for (; i < end - 1; i += 2) {
        /*wide*/ double first = x[i] * scale;
        /*wide*/ double second = x[i + 1] * scale;
        even += first * first;
        odd += second * second;
      }
      if (i < end) {
        /*wide*/ double last = x[i] * scale;
        even += last * last;
      }
      return even + odd;
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

    /** 0 for what is far from the ends of a double, and for what has no size. */
    private static int exponentOf(/*wide*/ double size) {
      boolean usual = size > 0x1p-400 && size < 0x1p400;
      return usual || size == 0 || !(size < Double.POSITIVE_INFINITY)
          ? 0
          : Math.max(-1000, Scaled.exponent(size));
    }

    /** The norm, or infinity for a norm of 0: what is divided by it is then 0. */
    private /*wide*/ double divisor() {
      return norm == 0 ? Double.POSITIVE_INFINITY : norm;
    }

    void direction(double[] x, double[] y) {
      /*wide*/ double divisor = divisor();
      for (int row = 0; row < slices.rows(); row++) {
        int from = start + row * slices.stride();
        for (int i = from; i < from + slices.length(); i++) {
          y[i] = (double) (x[i] * scale / divisor);
        }
      }
    }

    void directionInput(double[] x, double[] g, double[] y) {
      int own = NARROW ? 0 : exponentOf(largest(g));
      int power = own - exponent;
      /*wide*/ double shrink = Math.scalb(ONE, -own);
      /*wide*/ double divisor = divisor();
      /*wide*/ double along = along(x, g, shrink);
      for (int row = 0; row < slices.rows(); row++) {
        int from = start + row * slices.stride();
        for (int i = from; i < from + slices.length(); i++) {
          /*wide*/ double direction = x[i] * scale / divisor;
          /*wide*/ double gradient = (g[i] * shrink - direction * along) / divisor;
          y[i] = (double) (power == 0 ? gradient : Math.scalb(gradient, power));
        }
      }
    }

    /** The sum of the products of g and the direction. */
    private /*wide*/ double along(double[] x, double[] g, /*wide*/ double shrink) {
      /*wide*/ double divisor = divisor();
      total.clear();
      for (int row = 0; row < slices.rows(); row++) {
        int from = start + row * slices.stride();
        for (int i = from; i < from + slices.length(); i++) {
          total.add(g[i] * shrink * (x[i] * scale / divisor));
        }
      }
      return total.get();
    }
  }
}
