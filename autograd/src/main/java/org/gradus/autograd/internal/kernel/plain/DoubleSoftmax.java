package org.gradus.autograd.internal.kernel.plain;

import org.gradus.autograd.internal.kernel.BlockFunctions;
import org.gradus.autograd.internal.kernel.Kernels;
import org.gradus.autograd.internal.kernel.SoftmaxSlope;
import org.gradus.autograd.internal.parallel.Parallel;

/**
 * Softmax along the middle axis of [before, axis, after], and what belongs to it. In each line the
 * largest element is taken apart: its exponential is 1, and what the others add to it is kept by
 * itself, so that nothing of a sure line is lost beside 1. All is computed in double precision, but
 * for the values of floats ({@link SoftmaxSingles}).
 */
@SuppressWarnings("cast") // (double) is needed in the float twin, where it reads (float)
final class DoubleSoftmax {
  private final BlockFunctions f;

  DoubleSoftmax(BlockFunctions f) {
    this.f = f;
  }

  /** As {@link Kernels#softmax}. */
  void softmax(boolean logarithm, int before, int axis, int after, double[] x, double[] y) {
    if (SoftmaxSingles.softmax(f, logarithm, before, axis, after, x, y)) {
      return;
    }
    forEachLine(
        before,
        axis,
        after,
        (line, i) -> {
          line.read(x, i);
          line.write(logarithm ? line.logarithms() : line.shares(), y, i);
        });
  }

  /** As {@link Kernels#logSumExp}. */
  void logSumExp(int before, int axis, int after, double[] x, double[] y) {
    forEachLine(
        before,
        axis,
        after,
        (line, i) -> {
          line.read(x, i);
          y[i] = (double) line.logarithmOfSum();
        });
  }

  /** As {@link Kernels#softmaxSlope}. */
  void slope(
      SoftmaxSlope slope, int before, int axis, int after, double[] x, double[] g, double[] y) {
    if (SoftmaxColumns.slope(f, slope, before, axis, after, x, g, y)) {
      return;
    }
    forEachLine(
        before,
        axis,
        after,
        (line, i) -> {
          line.read(x, i);
          line.readSecond(g, i);
          line.write(line.slope(slope), y, i);
        });
  }

  /** As {@link Kernels#crossEntropy}. */
  /*wide*/ double crossEntropy(
      int before, int axis, int after, /*wide*/ double divisor, double[] x, double[] t) {
    /*wide*/ double mean = crossEntropies(before, axis, after, 1, x, t) / divisor;
    return Math.abs(mean) <= Double.MAX_VALUE
        ? mean
        : crossEntropies(before, axis, after, SoftmaxLine.LARGE, x, t)
            / divisor
            * SoftmaxLine.LARGE;
  }

  /** The sum over all lines, of logarithms that are divided by a number. */
  private /*wide*/ double crossEntropies(
      int before, int axis, int after, /*wide*/ double unit, double[] x, double[] t) {
    /*wide*/ double[] totals = new /*wide*/ double[axis == 0 ? 0 : before * after];
    forEachLine(
        before,
        axis,
        after,
        (line, i) -> {
          line.read(x, i);
          line.readSecond(t, i);
          totals[i] = line.crossEntropy(unit);
        });
    return LineSums.of(1, totals.length, 1, totals)[0];
  }

  /** As {@link Kernels#labelCrossEntropy}. */
  /*wide*/ double labelCrossEntropy(
      int axis, /*wide*/ double smoothing, /*wide*/ double divisor, double[] x, int[] labels) {
    /*wide*/ double mean = labelCrossEntropies(axis, smoothing, 1, x, labels) / divisor;
    /*wide*/ double large = SoftmaxLine.LARGE;
    return Math.abs(mean) <= Double.MAX_VALUE || labels.length == 0
        ? mean
        : labelCrossEntropies(axis, smoothing, large, x, labels) / divisor * large;
  }

  private /*wide*/ double labelCrossEntropies(
      int axis, /*wide*/ double smoothing, /*wide*/ double unit, double[] x, int[] labels) {
    /*wide*/ double[] totals = new /*wide*/ double[labels.length];
    boolean usual = smoothing == 0 && unit == 1;
    if (!usual || !SoftmaxSingles.labelCrossEntropies(f, axis, x, labels, totals)) {
      forEachLine(
          labels.length,
          axis,
          1,
          (line, i) -> {
            line.read(x, i);
            totals[i] = line.labelCrossEntropy(labels[i], smoothing, unit);
          });
    }
    return LineSums.of(1, totals.length, 1, totals)[0];
  }

  /** As {@link Kernels#labelCrossEntropyInput}. */
  void labelCrossEntropyInput(
      int axis,
      /*wide*/ double smoothing,
      /*wide*/ double factor,
      double[] x,
      int[] labels,
      double[] y) {
    forEachLine(
        labels.length,
        axis,
        1,
        (line, i) -> {
          line.read(x, i);
          line.write(line.labelSlope(labels[i], smoothing, factor), y, i);
        });
  }

  /** The work on one line, of this number. */
  @FunctionalInterface
  private interface Work {
    void on(SoftmaxLine line, int i);
  }

  private void forEachLine(int before, int axis, int after, Work work) {
    int lines = axis == 0 ? 0 : before * after;
    int each = Math.max(1, 4096 / Math.max(1, axis)); // lines that one thread takes at a time
    Parallel.each(
        (lines + each - 1) / each,
        (long) each * axis * 32L / f.speed(),
        () -> new SoftmaxLine(f, axis, after),
        (line, part) -> {
          for (int i = part * each; i < Math.min(lines, (part + 1) * each); i++) {
            work.on(line, i);
          }
        });
  }
}
