package org.gradus.autograd.internal.kernel.plain;

import org.gradus.autograd.internal.kernel.Kernels;
import org.gradus.autograd.internal.kernel.Known;
import org.gradus.autograd.internal.kernel.Slices;
import org.gradus.autograd.internal.number.Scaled;
import org.gradus.autograd.internal.parallel.Parallel;
import org.gradus.autograd.internal.parallel.Wide;
import org.jspecify.annotations.Nullable;

/**
 * Mean and deviation of one slice after the other. Means and squares are those of double precision.
 * Where they would overflow or be lost all the same, the numbers are first divided by a power of
 * two of their size.
 *
 * <p>The sums of a slice are those of its runs of neighbours, and then a tree over these sums, each
 * as {@link DoubleRuns} has them: a slice has the same bits by itself and among others.
 */
@SuppressWarnings("cast") // (double) is needed in the float twin, where it reads (float)
final class DoubleMoments implements Parallel.State {
  private static final /*wide*/ double ONE = 1;

  /** Whether products of elements cannot come near the ends of a double. */
  static final boolean NARROW = Double.MAX_EXPONENT < 200;

  private final DoubleRuns runs;
  private final Slices slices;
  private final Measured.Asked asked;
  private final /*wide*/ double[] lanes = Wide.take(2 * DoubleRuns.AT_ONCE * DoubleRuns.OCTET);
  private final /*wide*/ double[] sums = new /*wide*/ double[2 * DoubleRuns.LEVELS];
  private final /*wide*/ double[] firsts; // of sums, of each run
  private final /*wide*/ double[] seconds;
  private final /*wide*/ double[] block = Wide.take(DoubleRuns.LEAF);
  private final @Nullable Ahead ahead; // where slices are short runs, measured some at once
  private int end; // of slices that follow each other and are worked on one after the other
  private int start;
  private int exponent; // of the power of two
  private /*wide*/ double scale; // its inverse
  private /*wide*/ double mean; // rounded
  private /*wide*/ double rest; // of the mean, which that has lost
  private /*wide*/ double left; // the sum of differences to the rounded mean
  private /*wide*/ double squares; // the sum of squares of differences to the mean
  private /*wide*/ double deviation; // divided by a power of two of its own
  private int deviationExponent; // of that power

  private DoubleMoments(DoubleRuns runs, Slices slices, Measured.Asked asked) {
    this.runs = runs;
    this.slices = slices;
    this.asked = asked;
    this.firsts = Wide.take(slices.rows());
    this.seconds = Wide.take(slices.rows());
    boolean isShort = slices.rows() == 1 && slices.length() <= DoubleRuns.FEW;
    this.ahead = isShort && asked.found() == null ? new Ahead() : null;
  }

  /** What was measured of slices that follow each other. */
  private static final class Ahead {
    private int first; // of the slices
    private int end; // behind the last one
    private final /*wide*/ double[] means = new /*wide*/ double[DoubleRuns.AT_ONCE];
    private final /*wide*/ double[] rests = new /*wide*/ double[DoubleRuns.AT_ONCE];
    private final /*wide*/ double[] squares = new /*wide*/ double[DoubleRuns.AT_ONCE];
    private final /*wide*/ double[] both = new /*wide*/ double[2 * DoubleRuns.AT_ONCE];
  }

  @Override
  public void close() {
    Wide.give(lanes);
    Wide.give(firsts);
    Wide.give(seconds);
    Wide.give(block);
  }

  /** Memory for LEAF numbers, to work in. */
  /*wide*/ double[] block() {
    return block;
  }

  // ---- kernels ---------------------------------------------------------------------------------

  /** As {@link Kernels#deviation}. */
  static void deviation(
      DoubleRuns runs, Slices slices, /*wide*/ double epsilon, double[] x, double[] y) {
    forEachSlice(
        runs,
        slices,
        asked(Known.never(), slices),
        x,
        y,
        (moments, slice) -> {
          moments.read(x, slice, epsilon);
          y[slice] = (double) Math.scalb(moments.deviation, moments.deviationExponent);
        });
  }

  /** As {@link Kernels#variance}. */
  static void variance(
      DoubleRuns runs, Slices slices, /*wide*/ double divisor, double[] x, double[] y) {
    forEachSlice(
        runs,
        slices,
        asked(Known.never(), slices),
        x,
        y,
        (moments, slice) -> {
          moments.read(x, slice, 0);
          y[slice] = (double) Math.scalb(moments.squares / divisor, 2 * moments.exponent);
        });
  }

  /** As {@link Kernels#moments}. */
  static void moments(DoubleRuns runs, Slices slices, double[] x, Known known, double[] y) {
    if (DoubleColumnNormalization.suits(slices)) {
      DoubleColumnNormalization.moments(runs, slices, x, y);
      return;
    }
    forEachSlice(
        runs,
        slices,
        asked(known, slices),
        x,
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
      DoubleRuns runs,
      Slices slices,
      /*wide*/ double factor,
      double[] x,
      double[] scales,
      double[] y) {
    forEachSlice(
        runs,
        slices,
        asked(Known.never(), slices),
        x,
        y,
        (moments, slice) -> {
          moments.read(x, slice, 0);
          moments.centre(factor, scales[slice], x, y);
        });
  }

  /** The work on one slice. */
  @FunctionalInterface
  interface Work {
    void on(DoubleMoments moments, int slice);
  }

  /** Asks for what {@link #read} measures. */
  static Measured.Asked asked(Known known, Slices slices) {
    return new Measured.Asked(known, slices, slices, 3);
  }

  /** Nothing is done for results y that are empty, as those of empty slices may be. */
  static void forEachSlice(
      DoubleRuns runs, Slices slices, Measured.Asked asked, double[] x, double[] y, Work work) {
    if (y.length == 0) {
      return;
    }
    Parallel.ranges(
        slices.count(),
        slices.size() + 32L,
        () -> new DoubleMoments(runs, slices, asked),
        (moments, from, to) -> {
          moments.end = slices.rows() == 1 ? slices.start(to - 1) + slices.length() : 0;
          for (int slice = from; slice < to; slice++) {
            moments.readAhead(x, slice, to);
            work.on(moments, slice);
          }
        });
    asked.close();
  }

  /** The work on some short slices that follow each other, with their centres. */
  @FunctionalInterface
  interface FewWork {
    void on(DoubleMoments moments, int first, int count, Centre[] centres);
  }

  /** Whether slices are short runs of numbers that need not be scaled. */
  static boolean areShort(Slices slices) {
    return NARROW && slices.rows() == 1 && slices.length() <= DoubleRuns.FEW;
  }

  /**
   * As {@link #forEachSlice}, of short slices, at most {@link DoubleRuns#AT_ONCE} of them at a
   * time: what one of them waits for is done for all, before the next step begins.
   */
  static void forEachFew(
      DoubleRuns runs,
      Slices slices,
      Measured.Asked asked,
      /*wide*/ double epsilon,
      double[] x,
      double[] y,
      FewWork work) {
    if (y.length == 0) {
      return;
    }
    Parallel.ranges(
        slices.count(),
        slices.size() + 32L,
        () -> new DoubleMoments(runs, slices, asked),
        (moments, from, to) -> {
          Centre[] centres = new Centre[DoubleRuns.AT_ONCE];
          moments.end = slices.start(to - 1) + slices.length();
          for (int first = from; first < to; first += DoubleRuns.AT_ONCE) {
            int count = Math.min(DoubleRuns.AT_ONCE, to - first);
            for (int i = 0; i < count; i++) {
              moments.readAhead(x, first + i, to);
              moments.read(x, first + i, epsilon);
              centres[i] = moments.centre();
            }
            work.on(moments, first, count, centres);
          }
        });
    asked.close();
  }

  /** Memory for so many pairs of octets, to work in. */
  /*wide*/ double[] lanes() {
    return lanes;
  }

  /** Before which element results of short slices may be overwritten by those before them. */
  int end() {
    return end;
  }

  // ---- of some slices at once ------------------------------------------------------------------

  /** Measures a slice and those behind it, if they are short and it has not been measured yet. */
  private void readAhead(double[] x, int slice, int end) {
    if (ahead != null && !(slice >= ahead.first && slice < ahead.end)) {
      ahead.first = slice;
      ahead.end = Math.min(end, slice + DoubleRuns.AT_ONCE);
      measure(x, ahead);
    }
  }

  private void measure(double[] x, Ahead some) {
    int n = slices.length();
    int from = slices.start(some.first);
    int count = some.end - some.first;
    runs.rows(x, from, n, count, lanes, some.means, 0);
    for (int i = 0; i < count; i++) {
      some.means[i] /= n;
    }
    runs.differences(x, from, n, count, some.means, lanes, some.both);
    for (int i = 0; i < count; i++) {
      some.rests[i] = some.both[2 * i] / n;
      some.squares[i] = Math.max(some.both[2 * i + 1] - some.both[2 * i] * some.rests[i], 0);
    }
  }

  // ---- of one slice ----------------------------------------------------------------------------

  void read(double[] x, int slice, /*wide*/ double epsilon) {
    start = slices.start(slice);
    exponent = 0;
    @Nullable Measured found = asked.found();
    if (found != null) {
      recall(found, slice);
    } else {
      if (ahead == null) {
        measure(x);
      } else {
        recall(ahead, slice - ahead.first);
      }
      keep(asked.open(), slice);
    }
    if (!NARROW && !(squares > 0x1p-900 && squares < 0x1p900)) {
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

  private void keep(@Nullable Measured measured, int slice) {
    if (measured != null) {
      measured.numbers(0)[slice] = mean;
      measured.numbers(1)[slice] = rest;
      measured.numbers(2)[slice] = squares;
    }
  }

  private void recall(Measured measured, int slice) {
    scale = 1;
    mean = measured.numbers(0)[slice];
    rest = measured.numbers(1)[slice];
    squares = measured.numbers(2)[slice];
  }

  private void recall(Ahead measured, int i) {
    scale = 1;
    mean = measured.means[i];
    rest = measured.rests[i];
    squares = measured.squares[i];
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
    mean = (exponent == 0 ? sum(x) : sumOfScaled(x)) / n;
    sumDifferences(x);
    rest = left / n;
    squares = Math.max(squares - left * rest, 0);
  }

  /** The mean, which an infinite element makes infinite: to that, nothing is left to add. */
  private /*wide*/ double mean() {
    return mean * 0 == 0 ? mean + rest : mean;
  }

  /** What is done to the elements of the slice that was read. */
  Centre centre() {
    return new Centre(scale, mean, rest, 1 / deviation);
  }

  /** Of the power of two that the deviation is divided by. */
  int deviationExponent() {
    return deviationExponent;
  }

  /** Where the run of a number begins, in the slice that was read. */
  int start(int row) {
    return start + row * slices.stride();
  }

  /** Before which element results may be overwritten while those of a run are written. */
  int end(int row) {
    return Math.max(end, start(row) + slices.length());
  }

  private /*wide*/ double sum(double[] x) {
    if (slices.rows() == 1) {
      return runs.tree(x, start, slices.length(), lanes);
    }
    for (int row = 0; row < slices.rows(); row++) {
      firsts[row] = runs.tree(x, start(row), slices.length(), lanes);
    }
    return LineSums.of(slices.rows(), firsts, lanes);
  }

  private /*wide*/ double sumOfScaled(double[] x) {
    mean = 0;
    sumDifferences(x);
    return left;
  }

  private void sumDifferences(double[] x) {
    for (int row = 0; row < slices.rows(); row++) {
      differences(x, start(row), slices.length(), 0);
      keep(row);
    }
    left = first();
    squares = second();
  }

  private void differences(double[] x, int from, int n, int level) {
    if (n <= DoubleRuns.LEAF) {
      runs.differences(x, from, n, scale, mean, lanes, sums, 2 * level);
      return;
    }
    int half = DoubleSums.half(n, DoubleRuns.LEAF);
    differences(x, from, half, level);
    differences(x, from + half, n - half, level + 1);
    sums[2 * level] += sums[2 * level + 2];
    sums[2 * level + 1] += sums[2 * level + 3];
  }

  /** Keeps the two sums of a run. */
  private void keep(int row) {
    firsts[row] = sums[0];
    seconds[row] = sums[1];
  }

  /*wide*/ double first() {
    return slices.rows() == 1 ? sums[0] : LineSums.of(slices.rows(), firsts, lanes);
  }

  /*wide*/ double second() {
    return slices.rows() == 1 ? sums[1] : LineSums.of(slices.rows(), seconds, lanes);
  }

  /**
   * Has {@link #first} be the sum of some numbers, and {@link #second} that of their products with
   * the normalized x, of the slice that was read.
   */
  void along(double[] x, Cotangent v, Centre centre) {
    for (int row = 0; row < slices.rows(); row++) {
      along(x, start(row), slices.length(), v, centre);
      keep(row);
    }
  }

  /** The sum over neighbours of the products of some numbers and the normalized x. */
  /*wide*/ double along(double[] x, int from, int n, Cotangent v, Centre centre) {
    along(x, from, n, v, centre, 0);
    return sums[1];
  }

  private void along(double[] x, int from, int n, Cotangent v, Centre centre, int level) {
    if (n <= DoubleRuns.LEAF) {
      v.along(x, from, n, centre, lanes, sums, 2 * level);
      return;
    }
    int half = DoubleSums.half(n, DoubleRuns.LEAF);
    along(x, from, half, v, centre, level);
    along(x, from + half, n - half, v, centre, level + 1);
    sums[2 * level] += sums[2 * level + 2];
    sums[2 * level + 1] += sums[2 * level + 3];
  }

  /** Numbers beside the elements of x, in double precision. */
  @FunctionalInterface
  interface Cotangent {
    /**
     * The sums of n neighbours, at most LEAF, and of their products with the normalized x.
     *
     * @param lanes eight octets, to work in
     * @param sums two, modified
     * @param at where they are
     */
    void along(
        double[] x,
        int from,
        int n,
        Centre centre,
        /*wide*/ double[] lanes,
        /*wide*/ double[] sums,
        int at);
  }

  /** The largest size of an element in the slice that was read. */
  /*wide*/ double largest(double[] x) {
    /*wide*/ double largest = 0;
    for (int row = 0; row < slices.rows(); row++) {
      int from = start(row);
      for (int i = from; i < from + slices.length(); i++) {
        largest = Math.max(largest, Math.abs(x[i]));
      }
    }
    return largest;
  }

  /** 0 for what is far from the ends of a double. */
  static int exponentOf(/*wide*/ double size) {
    boolean usual = size > 0x1p-400 && size < 0x1p400;
    return usual || size == 0 || !(size < Double.POSITIVE_INFINITY)
        ? 0
        : Math.max(-1000, Scaled.exponent(size));
  }

  private void centre(/*wide*/ double c, /*wide*/ double s, double[] x, double[] y) {
    int own = NARROW ? 0 : exponentOf(Math.abs(s));
    int power = exponent + own;
    Centre centre = new Centre(scale, mean, rest, c * (own == 0 ? s : Math.scalb(s, -own)));
    for (int row = 0; row < slices.rows(); row++) {
      int from = start(row);
      if (power == 0) {
        runs.normalize(x, from, slices.length(), centre, y, end(row));
        continue;
      }
      for (int i = from; i < from + slices.length(); i++) {
        y[i] = (double) Math.scalb(centre.normalized(x[i]), power);
      }
    }
  }
}
