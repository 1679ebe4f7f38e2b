package org.gradus.autograd.internal.kernel.plain;

import java.util.Arrays;
import org.gradus.autograd.internal.kernel.BlockFunctions;
import org.gradus.autograd.internal.kernel.SoftmaxSlope;
import org.gradus.autograd.internal.number.Elementary;
import org.gradus.autograd.internal.number.Integers;
import org.gradus.autograd.internal.parallel.DoubleMemory;
import org.gradus.autograd.internal.parallel.Parallel;

/**
 * One line of [before, axis, after] along the axis: the exponentials of its elements, each divided
 * by that of the first largest one, and what is made of them and of a second line.
 */
final class SoftmaxLine implements Parallel.State {
  /** What the largest numbers are divided by: a power of two. */
  static final double LARGE = 0x1p64;

  private final BlockFunctions f;
  private final int axis;
  private final int after;
  private final DoubleMemory memory;
  private final double[] x;
  private final double[] second;
  private final double[] distances; // from the largest element
  private final double[] powers;
  private final double[] terms; // of a sum, or a result
  private final double[] lanes = new double[DoubleRuns.OCTET];
  private boolean isNarrow; // what was read comes from floats
  private int first; // where the largest element is
  private double max;
  private double rest; // the sum of the powers but the first largest one, which is 1
  private double total;

  SoftmaxLine(BlockFunctions f, int axis, int after) {
    this.f = f;
    this.axis = axis;
    this.after = after;
    int room = Integers.roundUp(axis, BlockFunctions.ROOM);
    this.memory = new DoubleMemory(room, room, room, room, room);
    this.x = memory.array(0);
    this.second = memory.array(1);
    this.distances = memory.array(2);
    this.powers = memory.array(3);
    this.terms = memory.array(4);
  }

  @Override
  public void close() {
    memory.close();
  }

  // ---- elements --------------------------------------------------------------------------------

  /** Where line number i begins. */
  private int offset(int i) {
    return i / after * axis * after + i % after;
  }

  private void copy(float[] from, int line, double[] to) {
    int offset = offset(line);
    if (after == 1) {
      f.widen(from, offset, to, axis);
    } else {
      for (int i = 0; i < axis; i++) {
        to[i] = from[offset + i * after];
      }
    }
  }

  private void copy(double[] from, int line, double[] to) {
    int offset = offset(line);
    for (int i = 0; i < axis; i++) {
      to[i] = from[offset + i * after];
    }
  }

  void read(float[] from, int line) {
    copy(from, line, x);
    isNarrow = true;
    begin();
  }

  void read(double[] from, int line) {
    copy(from, line, x);
    isNarrow = false;
    begin();
  }

  void readSecond(float[] from, int line) {
    copy(from, line, second);
  }

  void readSecond(double[] from, int line) {
    copy(from, line, second);
  }

  void write(double[] values, float[] to, int line) {
    int offset = offset(line);
    if (after == 1) {
      f.narrow(values, to, offset, axis);
    } else {
      for (int i = 0; i < axis; i++) {
        to[offset + i * after] = (float) values[i];
      }
    }
  }

  void write(double[] values, double[] to, int line) {
    int offset = offset(line);
    for (int i = 0; i < axis; i++) {
      to[offset + i * after] = values[i];
    }
  }

  /** All of one line of floats: its softmax, or the logarithm of that. */
  void softmax(boolean logarithm, float[] from, float[] to, int line) {
    read(from, line);
    write(logarithm ? logarithms() : shares(), to, line);
  }

  /** All of one line of floats: a linear function of g. */
  void slope(SoftmaxSlope slope, float[] from, float[] g, float[] to, int line) {
    read(from, line);
    readSecond(g, line);
    write(slope(slope), to, line);
  }

  // ---- exponentials ----------------------------------------------------------------------------

  private void begin() {
    max = f.largest(x, axis);
    first = Double.isNaN(max) ? 0 : f.indexOf(max, x, axis);
    if (isLeftOut()) {
      Arrays.fill(distances, 0, axis, Double.NEGATIVE_INFINITY);
      Arrays.fill(powers, 0, axis, 0);
      rest = 0;
    } else {
      subtract(max, x, distances, axis);
      if (isNarrow) {
        f.columns().powers(distances, 0, powers, axis);
      } else {
        f.exp(distances, powers, axis);
        giveBack();
      }
      rest = max * 0 + sumOfOthers(); // NaN, if the largest is infinite
    }
    total = 1 + rest;
  }

  /** The sum of the exponentials but the first largest one, which has no part in it. */
  private double sumOfOthers() {
    double largest = powers[first];
    powers[first] = 0;
    double sum = sum(powers);
    powers[first] = largest;
    return sum;
  }

  private static void subtract(double c, double[] x, double[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = x[i] - c;
    }
  }

  /** What rounding has taken from the distances. */
  private void giveBack() {
    for (int i = 0; i < axis; i++) {
      if (distances[i] > -Elementary.EXP_MOST) {
        double undone = x[i] - distances[i];
        double lost = (x[i] - (distances[i] + undone)) + (undone - max);
        powers[i] *= 1 + lost;
      }
    }
  }

  private double sum(double[] x) {
    return f.sum(x, axis, lanes);
  }

  /** Whether all elements are -infinity, so that there is no distribution. */
  private boolean isLeftOut() {
    return max == Double.NEGATIVE_INFINITY;
  }

  // ---- results ---------------------------------------------------------------------------------

  double[] shares() {
    divide(total, powers, terms, axis);
    return terms;
  }

  private static void divide(double c, double[] x, double[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = x[i] / c;
    }
  }

  double[] logarithms() {
    subtract(Elementary.log1p(rest), distances, terms, axis);
    return terms;
  }

  double logarithmOfSum() {
    return Math.abs(max) <= Double.MAX_VALUE ? max + Elementary.log1p(rest) : max;
  }

  /** The sum of the targets, the second line, times minus the logarithms, divided by a unit. */
  double crossEntropy(double unit) {
    double logTotal = Elementary.log1p(rest) / unit;
    if (unit != 1 && !isLeftOut()) {
      divide(unit, x, distances, axis);
      subtract(max / unit, distances, distances, axis);
    }
    weigh(logTotal, second, distances, terms, axis);
    Arrays.fill(powers, 0, axis, 0);
    f.choose(second, terms, powers, terms, axis);
    return (Double.isNaN(max) ? max : 0) + sum(terms); // NaN, whatever the targets are
  }

  /** Minus the logarithm at a label, and of a part, the smoothing, their mean; by a unit. */
  double labelCrossEntropy(int label, double smoothing, double unit) {
    double logTotal = Elementary.log1p(rest) / unit;
    if (unit != 1 && !isLeftOut()) {
      divide(unit, x, distances, axis);
      subtract(max / unit, distances, distances, axis);
    }
    double loss = Double.isNaN(max) ? max : logTotal - distances[label];
    return smoothing == 0
        ? loss
        : (1 - smoothing) * loss + smoothing * (logTotal - sum(distances) / axis);
  }

  /** A factor times the shares less the targets; no share is taken from 1. */
  double[] labelSlope(int label, double smoothing, double factor) {
    if (isLeftOut()) {
      Arrays.fill(terms, 0, axis, 0);
    } else {
      double less = smoothing / axis;
      labelSlopes(total, less, factor, powers, terms, axis);
      double slope = -(label == first ? rest : total - powers[label]) / total + smoothing;
      terms[label] = (slope - less) * factor + 0.0;
    }
    return terms;
  }

  private static void labelSlopes(
      double total, double less, double factor, double[] powers, double[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = (powers[i] / total - less) * factor + 0.0; // 0 where it is -0.0
    }
  }

  private static void weigh(double c, double[] weights, double[] x, double[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = weights[i] * (c - x[i]);
    }
  }

  /** A linear function of the second line. */
  double[] slope(SoftmaxSlope slope) {
    if (isLeftOut()) {
      Arrays.fill(terms, 0, axis, 0);
    } else {
      switch (slope) {
        case SHARES -> slopeOfShares(false);
        case CENTRED -> slopeOfShares(true);
        case WEIGHTED -> products(total, second, powers, terms, axis);
        case LOGARITHM -> slopeOfLogarithm();
      }
    }
    return terms;
  }

  private static void products(double total, double[] g, double[] powers, double[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = g[i] * (powers[i] / total);
    }
  }

  /**
   * The shares times what g is above its mean by the shares, or that by itself. From all of g its
   * element at the first largest share is subtracted, which changes nothing: so that share, which
   * may be all but 1, has no part in the sum.
   */
  private void slopeOfShares(boolean centred) {
    double unit = unit();
    divide(unit, second, second, axis);
    subtract(second[first], second, second, axis);
    multiply(powers, second, terms, axis);
    terms[first] = 0;
    double mean = sum(terms) / total;
    subtract(mean, second, terms, axis);
    if (!centred) {
      products(total, terms, powers, terms, axis);
    }
    multiply(unit, terms, axis);
  }

  private static void multiply(double[] a, double[] b, double[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = a[i] * b[i];
    }
  }

  private static void multiply(double c, double[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] *= c;
    }
  }

  /** Where the first g of the largest size is. */
  private int largestOfSecond() {
    SmoothBlocks.sizes(1, second, terms, axis);
    double largest = f.largest(terms, axis);
    return Double.isNaN(largest) ? 0 : f.indexOf(largest, terms, axis);
  }

  /** What g is divided by before anything can overflow: a power of two. */
  private double unit() {
    return isNarrow || Math.abs(second[largestOfSecond()]) < 0x1p900 ? 1 : LARGE;
  }

  /**
   * g less the shares times the sum of g: g_i times the other shares, less share i times the others
   * of g.
   */
  private void slopeOfLogarithm() {
    int largest = largestOfSecond();
    double unit = unit();
    divide(unit, second, second, axis);
    double size = second[largest];
    second[largest] = 0;
    double others = sum(second); // of g, without the largest
    second[largest] = size;
    differences(total, others, size, second, powers, terms, axis);
    terms[largest] = difference(total, total - powers[largest], others, size, powers[largest]);
    double own = second[first];
    double otherGs = first == largest ? others : others - own + size;
    terms[first] = difference(total, rest, otherGs, own, powers[first]);
    multiply(unit, terms, axis);
    subtract(-0.0, terms, terms, axis); // 0 where it is -0.0
  }

  private static void differences(
      double total, double others, double size, double[] g, double[] powers, double[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = g[i] * ((total - powers[i]) / total) - powers[i] / total * (others - g[i] + size);
    }
  }

  private static double difference(
      double total, double otherPowers, double otherGs, double g, double power) {
    return g * (otherPowers / total) - power / total * otherGs;
  }
}
