package org.gradus.autograd.internal.kernel.plain;

import java.util.Arrays;
import org.gradus.autograd.internal.kernel.ColumnSingles;
import org.gradus.autograd.internal.kernel.RowSingles;
import org.gradus.autograd.internal.kernel.SingleFunctions;
import org.gradus.autograd.internal.number.Integers;
import org.gradus.autograd.internal.parallel.FloatMemory;

/**
 * Rows of any length, which follow each other without padding: what a row has one of is written out
 * for each of its elements, so that a block is one row of {@link ColumnSingles}. Where the number
 * of its elements is no multiple of {@link SingleFunctions#ROOM}, it is read and written on up to
 * the next one. The sum of a row goes from its first element on.
 */
final class ShortRowSingles implements RowSingles {
  private final RowSingles flat;
  private final ColumnSingles columns;
  private final float[] spread;
  private final float[] less;

  /** With two arrays to work in that have room for a block. */
  ShortRowSingles(RowSingles flat, ColumnSingles columns, FloatMemory memory) {
    this.flat = flat;
    this.columns = columns;
    this.spread = memory.array(0);
    this.less = memory.array(1);
  }

  /** Elements of a block, with those that are written on. */
  private static int elements(int stride, int count) {
    return Integers.roundUp(stride * count, SingleFunctions.ROOM);
  }

  private static void spread(float[] numbers, int stride, int count, float[] elements) {
    for (int row = 0, i = 0; row < count; row++) {
      float number = numbers[row];
      for (int end = i + stride; i < end; i++) {
        elements[i] = number;
      }
    }
    Arrays.fill(elements, stride * count, elements(stride, count), 0);
  }

  /** As whole numbers of the same order: that takes fewer instructions than the largest float. */
  @Override
  public void largest(float[] x, int from, int stride, int count, float[] most) {
    for (int row = 0, i = from; row < count; row++) {
      int largest = Integer.MIN_VALUE;
      for (int end = i + stride; i < end; i++) {
        largest = Math.max(largest, RowSingles.order(x[i]));
      }
      most[row] = RowSingles.ofOrder(largest);
    }
  }

  @Override
  public void distances(
      float[] x, int from, int stride, int count, float[] most, float[] distances, float[] lost) {
    spread(most, stride, count, spread);
    int n = elements(stride, count);
    columns.distances(x, from, n, 1, n, spread, distances, lost);
  }

  @Override
  public int powers(
      float[] distances, float[] lost, int n, float[] powers, float[] rests, float[] others) {
    return flat.powers(distances, lost, n, powers, rests, others);
  }

  @Override
  public void sum(float[] x, int stride, int count, double[] lanes, double[] sums) {
    for (int row = 0, i = 0; row < count; row++) {
      double sum = 0;
      for (int end = i + stride; i < end; i++) {
        sum += x[i];
      }
      sums[row] = sum;
    }
  }

  @Override
  public void log1p(double[] x, double[] y, int n) {
    flat.log1p(x, y, n);
  }

  @Override
  public void shares(
      float[] powers,
      float[] rests,
      int stride,
      int count,
      float[] factors,
      float[] lower,
      float[] y,
      int to) {
    spread(factors, stride, count, spread);
    spread(lower, stride, count, less);
    int n = elements(stride, count);
    columns.shares(powers, rests, 1, n, spread, less, y, to, n);
  }

  @Override
  public void logarithms(
      float[] distances,
      float[] lost,
      int stride,
      int count,
      float[] logs,
      float[] lower,
      float[] y,
      int to) {
    spread(logs, stride, count, spread);
    spread(lower, stride, count, less);
    int n = elements(stride, count);
    columns.logarithms(distances, lost, 1, n, spread, less, y, to, n);
  }
}
