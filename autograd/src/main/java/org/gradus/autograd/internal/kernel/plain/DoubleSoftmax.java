package org.gradus.autograd.internal.kernel.plain;

import org.gradus.autograd.internal.kernel.Kernels;
import org.gradus.autograd.internal.kernel.SoftmaxSlope;
import org.gradus.autograd.internal.number.Elementary;
import org.gradus.autograd.internal.number.SpecialFunctions;
import org.gradus.autograd.internal.parallel.Parallel;

/**
 * Softmax along the middle axis of [before, axis, after], and what belongs to it. In each line the
 * largest element is taken apart: its exponential is 1, and what the others add to it is kept by
 * itself, so that nothing of a sure line is lost beside 1. All is computed in double precision.
 */
@SuppressWarnings("cast") // (double) is needed in the float twin, where it reads (float)
final class DoubleSoftmax {
  /** What logarithms too large for their sum are divided by: a power of two. */
  private static final /*wide*/ double LARGE = 0x1p64;

  /** Whether differences and sums of elements cannot come near the ends of a double. */
  private static final boolean NARROW = Double.MAX_EXPONENT < 200;

  private DoubleSoftmax() {}

  /** As {@link Kernels#softmax}. */
  static void softmax(boolean logarithm, int before, int axis, int after, double[] x, double[] y) {
    forEachLine(
        before,
        axis,
        after,
        (line, offset) -> {
          line.read(x, offset);
          /*wide*/ double logTotal = logarithm ? line.logarithmOfTotal() : 0;
          for (int i = 0; i < axis; i++) {
            y[offset + i * after] =
                (double) (logarithm ? line.distances[i] - logTotal : line.share(i));
          }
        });
  }

  /** As {@link Kernels#logSumExp}. */
  static void logSumExp(int before, int axis, int after, double[] x, double[] y) {
    forEachLine(
        before,
        axis,
        after,
        (line, offset) -> {
          line.read(x, offset);
          y[offset / (axis * after) * after + offset % after] = (double) line.logarithmOfSum();
        });
  }

  /** As {@link Kernels#softmaxSlope}. */
  static void slope(
      SoftmaxSlope f, int before, int axis, int after, double[] x, double[] g, double[] y) {
    forEachLine(
        before,
        axis,
        after,
        (line, offset) -> {
          line.read(x, offset);
          if (line.isLeftOut()) {
            for (int i = 0; i < axis; i++) {
              y[offset + i * after] = 0;
            }
          } else {
            switch (f) {
              case LOGARITHM -> line.slopeOfLogarithm(g, y, offset);
              case WEIGHTED -> line.weigh(g, y, offset);
              default -> line.slopeOfShares(f == SoftmaxSlope.CENTRED, g, y, offset);
            }
          }
        });
  }

  /** As {@link Kernels#crossEntropy}. */
  static /*wide*/ double crossEntropy(
      int before, int axis, int after, /*wide*/ double divisor, double[] x, double[] t) {
    /*wide*/ double mean = crossEntropies(before, axis, after, 1, x, t) / divisor;
    return Math.abs(mean) <= Double.MAX_VALUE
        ? mean
        : crossEntropies(before, axis, after, LARGE, x, t) / divisor * LARGE;
  }

  /** The sum over all lines, of logarithms that are divided by a number. */
  private static /*wide*/ double crossEntropies(
      int before, int axis, int after, /*wide*/ double unit, double[] x, double[] t) {
    /*wide*/ double[] totals = new /*wide*/ double[axis == 0 ? 0 : before * after];
    forEachLine(
        before,
        axis,
        after,
        (line, offset) -> {
          line.read(x, offset);
          int at = offset / (axis * after) * after + offset % after;
          totals[at] = line.crossEntropy(unit, x, t, offset);
        });
    return LineSums.of(1, totals.length, 1, totals)[0];
  }

  /** The work on one line, which begins at this element. */
  @FunctionalInterface
  private interface Work {
    void on(Line line, int offset);
  }

  private static void forEachLine(int before, int axis, int after, Work work) {
    Parallel.ranges(
        axis == 0 ? 0 : before * after,
        axis * 32L,
        (from, to) -> {
          Line line = new Line(axis, after);
          for (int i = from; i < to; i++) {
            work.on(line, i / after * axis * after + i % after);
          }
        });
  }

  /** The exponentials of one line, each divided by that of the largest element. */
  private static final class Line {
    private final int axis;
    private final int stride;
    private final /*wide*/ double[] distances;
    private final /*wide*/ double[] powers;
    private final /*wide*/ double[] terms; // of a sum
    private int first; // where the largest element is
    private /*wide*/ double max;
    private /*wide*/ double rest; // the sum of the powers but the first largest one, which is 1
    private /*wide*/ double total;

    Line(int axis, int stride) {
      this.axis = axis;
      this.stride = stride;
      this.distances = new /*wide*/ double[axis];
      this.powers = new /*wide*/ double[axis];
      this.terms = new /*wide*/ double[axis];
    }

    void read(double[] x, int offset) {
      first = 0;
      for (int i = 1; i < axis; i++) {
        double value = x[offset + i * stride];
        if (value > x[offset + first * stride] || Double.isNaN(value)) {
          first = i;
        }
      }
      max = x[offset + first * stride];
      rest = isLeftOut() ? 0 : max * 0; // NaN, if that is infinite
      for (int i = 0; i < axis; i++) {
        /*wide*/ double value = x[offset + i * stride];
        distances[i] = isLeftOut() ? Double.NEGATIVE_INFINITY : value - max;
        powers[i] = isLeftOut() ? 0 : SpecialFunctions.expOfDifference(value, max);
      }
      /*wide*/ double largest = powers[first];
      powers[first] = 0; // it has no part in the rest
      rest += LineSums.of(1, axis, 1, powers)[0];
      powers[first] = largest;
      total = 1 + rest;
    }

    /** Whether all elements are -infinity, so that there is no distribution. */
    boolean isLeftOut() {
      return max == Double.NEGATIVE_INFINITY;
    }

    /*wide*/ double share(int i) {
      return powers[i] / total;
    }

    /*wide*/ double logarithmOfTotal() {
      return Elementary.log1p(rest);
    }

    /*wide*/ double logarithmOfSum() {
      return Math.abs(max) <= Double.MAX_VALUE ? max + Elementary.log1p(rest) : max;
    }

    private /*wide*/ double sumOfTerms() {
      return LineSums.of(1, axis, 1, terms)[0];
    }

    /*wide*/ double crossEntropy(/*wide*/ double unit, double[] x, double[] t, int offset) {
      /*wide*/ double logTotal = Elementary.log1p(rest) / unit;
      /*wide*/ double missing = Double.isNaN(x[offset + first * stride]) ? max : 0; // whatever t is
      for (int i = 0; i < axis; i++) {
        /*wide*/ double weight = t[offset + i * stride];
        terms[i] = 0;
        if (weight != 0) {
          /*wide*/ double distance =
              unit == 1 || isLeftOut() ? distances[i] : x[offset + i * stride] / unit - max / unit;
          terms[i] = weight * (logTotal - distance);
        }
      }
      return missing + sumOfTerms();
    }

    /**
     * The shares times what {@code g} is above its mean by the shares, or that by itself. From all
     * of g its element at the first largest share is subtracted, which changes nothing: so that
     * share, which may be all but 1, has no part in the sum.
     */
    void slopeOfShares(boolean centred, double[] g, double[] y, int offset) {
      /*wide*/ double unit = unit(g[offset + largest(g, offset) * stride]);
      /*wide*/ double base = g[offset + first * stride] / unit;
      for (int i = 0; i < axis; i++) {
        terms[i] = i == first ? 0 : (g[offset + i * stride] / unit - base) * powers[i];
      }
      /*wide*/ double mean = sumOfTerms() / total;
      for (int i = 0; i < axis; i++) {
        int at = offset + i * stride;
        /*wide*/ double above = g[at] / unit - base - mean;
        y[at] = (double) ((centred ? above : above * share(i)) * unit);
      }
    }

    /** Each g by its share. */
    void weigh(double[] g, double[] y, int offset) {
      for (int i = 0; i < axis; i++) {
        int at = offset + i * stride;
        y[at] = (double) (g[at] * share(i));
      }
    }

    /** Where the first g of the largest size is. */
    private int largest(double[] g, int offset) {
      int largest = 0;
      for (int i = 1; i < axis; i++) {
        if (Math.abs(g[offset + i * stride]) > Math.abs(g[offset + largest * stride])) {
          largest = i;
        }
      }
      return largest;
    }

    /** What g is divided by before anything can overflow, given the largest: a power of two. */
    private static /*wide*/ double unit(/*wide*/ double largest) {
      return NARROW || Math.abs(largest) < 0x1p900 ? 1 : LARGE;
    }

    /**
     * g less the shares times the sum of g: g_i times the other shares, less share i times the
     * others of g.
     */
    void slopeOfLogarithm(double[] g, double[] y, int offset) {
      int largest = largest(g, offset);
      /*wide*/ double size = g[offset + largest * stride];
      /*wide*/ double unit = unit(size);
      size /= unit;
      for (int i = 0; i < axis; i++) {
        terms[i] = i == largest ? 0 : g[offset + i * stride] / unit;
      }
      /*wide*/ double others = sumOfTerms(); // of g, without the largest
      for (int i = 0; i < axis; i++) {
        int at = offset + i * stride;
        /*wide*/ double own = g[at] / unit;
        /*wide*/ double otherPowers = i == first ? rest : total - powers[i];
        /*wide*/ double otherGs = i == largest ? others : others - own + size;
        /*wide*/ double gradient = own * (otherPowers / total) - powers[i] / total * otherGs;
        y[at] = (double) (gradient * unit + 0.0); // 0 where it is -0.0
      }
    }
  }
}
