package org.gradus.autograd.internal.kernel.vector;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.gradus.autograd.internal.kernel.RowSingles;
import org.gradus.autograd.internal.kernel.plain.DoubleRuns;
import org.gradus.autograd.internal.kernel.plain.PlainRows;

/**
 * As many elements of a row at once as a vector has doubles. Results are stored ahead: what a
 * vector writes behind its row, the next row overwrites; the last ones are written one by one.
 */
final class VectorRows extends PlainRows {
  private static final VectorSpecies<Double> SPECIES = WideLanes.SPECIES;
  private static final int WIDTH = WideLanes.LANES;
  private static final int PAIR = WideLanes.PAIR;
  private static final int OCTET = DoubleRuns.OCTET;
  private static final RowSingles SINGLES = new VectorRowSingles();

  VectorRows() {}

  @Override
  public RowSingles singles() {
    return SINGLES;
  }

  @Override
  public void read(float[] x, int from, int n, int count, double pad, double[] rows, int stride) {
    for (int row = 0; row < count; row++) {
      int first = from + row * n;
      int at = row * stride;
      int i = 0;
      for (; i + WIDTH <= n && first + i + PAIR <= x.length; i += WIDTH) {
        WideLanes.load(x, first + i).intoArray(rows, at + i);
      }
      for (; i < n; i++) {
        rows[at + i] = x[first + i];
      }
      for (; i < stride; i++) {
        rows[at + i] = pad;
      }
    }
  }

  @Override
  public void largest(double[] rows, int stride, int count, double[] most) {
    for (int row = 0; row < count; row++) {
      DoubleVector largest = WideLanes.load(rows, row * stride);
      for (int i = row * stride + WIDTH; i < (row + 1) * stride; i += WIDTH) {
        largest = WideLanes.load(rows, i).max(largest);
      }
      most[row] = largest.reduceLanes(VectorOperators.MAX);
    }
  }

  @Override
  public void lower(double[] rows, int stride, int count, double[] most) {
    for (int row = 0; row < count; row++) {
      DoubleVector top = DoubleVector.broadcast(SPECIES, most[row]);
      for (int i = row * stride; i < (row + 1) * stride; i += WIDTH) {
        WideLanes.load(rows, i).sub(top).intoArray(rows, i);
      }
    }
  }

  @Override
  public void addPowers(
      double[] distances,
      double[] powers,
      int stride,
      int count,
      double[] lanes,
      double[] sums,
      double[] counts) {
    DoubleVector one = DoubleVector.broadcast(SPECIES, 1);
    DoubleVector zero = WideLanes.zero();
    for (int row = 0; row < count; row++) {
      for (int lane = 0; lane < OCTET; lane += WIDTH) {
        DoubleVector sum = WideLanes.zero();
        DoubleVector number = sum;
        for (int i = row * stride + lane; i < (row + 1) * stride; i += OCTET) {
          VectorMask<Double> below = WideLanes.load(distances, i).compare(VectorOperators.LT, zero);
          sum = zero.blend(WideLanes.load(powers, i), below).add(sum);
          number = one.blend(zero, below).add(number);
        }
        sum.intoArray(lanes, 2 * row * OCTET + lane);
        number.intoArray(lanes, 2 * row * OCTET + OCTET + lane);
      }
    }
    total(lanes, 0, count, sums);
    total(lanes, OCTET, count, counts);
  }

  @Override
  public void choose(
      double[] distances, double[] g, int stride, int count, double[] lanes, double[] chosen) {
    DoubleVector zero = WideLanes.zero();
    for (int row = 0; row < count; row++) {
      for (int lane = 0; lane < OCTET; lane += WIDTH) {
        DoubleVector sum = WideLanes.zero();
        for (int i = row * stride + lane; i < (row + 1) * stride; i += OCTET) {
          VectorMask<Double> below = WideLanes.load(distances, i).compare(VectorOperators.LT, zero);
          sum = WideLanes.load(g, i).blend(zero, below).add(sum);
        }
        sum.intoArray(lanes, 2 * row * OCTET + lane);
      }
    }
    total(lanes, 0, count, chosen);
  }

  @Override
  public void sumProducts(
      double[] g,
      double[] less,
      double[] powers,
      int stride,
      int count,
      double[] lanes,
      double[] sums) {
    for (int row = 0; row < count; row++) {
      DoubleVector own = DoubleVector.broadcast(SPECIES, less[row]);
      for (int lane = 0; lane < OCTET; lane += WIDTH) {
        DoubleVector sum = WideLanes.zero();
        for (int i = row * stride + lane; i < (row + 1) * stride; i += OCTET) {
          DoubleVector left = WideLanes.load(g, i).sub(own);
          left.intoArray(g, i);
          sum = left.mul(WideLanes.load(powers, i)).add(sum);
        }
        sum.intoArray(lanes, 2 * row * OCTET + lane);
      }
    }
    total(lanes, 0, count, sums);
  }

  @Override
  public void sumExactly(
      double[] g, int stride, int count, double[] lanes, double[] sums, double[] rests) {
    for (int row = 0; row < count; row++) {
      for (int lane = 0; lane < OCTET; lane += WIDTH) {
        DoubleVector sum = WideLanes.zero();
        DoubleVector rest = sum;
        for (int i = row * stride + lane; i < (row + 1) * stride; i += OCTET) {
          DoubleVector v = WideLanes.load(g, i);
          DoubleVector after = v.add(sum);
          DoubleVector added = after.sub(sum);
          DoubleVector lost = v.sub(added).add(after.sub(added).neg().add(sum));
          rest = lost.add(rest);
          sum = after;
        }
        sum.intoArray(lanes, 2 * row * OCTET + lane);
        rest.intoArray(lanes, 2 * row * OCTET + OCTET + lane);
      }
    }
    join(lanes, count, sums, rests);
  }

  @Override
  public void slopes(
      double[] g,
      double[] mean,
      double[] powers,
      double[] factors,
      int stride,
      int count,
      float[] y,
      int to,
      int n) {
    for (int row = 0; row < count; row++) {
      DoubleVector own = DoubleVector.broadcast(SPECIES, mean[row]);
      DoubleVector factor = DoubleVector.broadcast(SPECIES, factors[row]);
      int first = to + row * n;
      int at = row * stride;
      int last = to + count * n - PAIR - first;
      int i = 0;
      for (; i < n && i <= last; i += WIDTH) {
        DoubleVector share = WideLanes.load(powers, at + i).mul(factor);
        WideLanes.storeAhead(WideLanes.load(g, at + i).sub(own).mul(share), y, first + i);
      }
      for (; i < n; i++) {
        y[first + i] = (float) ((g[at + i] - mean[row]) * (powers[at + i] * factors[row]));
      }
    }
  }

  @Override
  public void slopesOfLogarithm(
      double[] g,
      double[] sums,
      double[] rests,
      double[] powers,
      double[] others,
      double[] factors,
      int stride,
      int count,
      float[] y,
      int to,
      int n) {
    DoubleVector one = DoubleVector.broadcast(SPECIES, 1);
    DoubleVector zero = WideLanes.zero();
    for (int row = 0; row < count; row++) {
      DoubleVector sum = DoubleVector.broadcast(SPECIES, sums[row]);
      DoubleVector rest = DoubleVector.broadcast(SPECIES, rests[row]);
      DoubleVector other = DoubleVector.broadcast(SPECIES, others[row]);
      DoubleVector factor = DoubleVector.broadcast(SPECIES, factors[row]);
      int first = to + row * n;
      int at = row * stride;
      int last = to + count * n - PAIR - first;
      int i = 0;
      for (; i < n && i <= last; i += WIDTH) {
        DoubleVector v = WideLanes.load(g, at + i);
        DoubleVector power = WideLanes.load(powers, at + i);
        DoubleVector less = sum.sub(v).add(rest).mul(power);
        DoubleVector own = one.sub(power).add(other).mul(v);
        WideLanes.storeAhead(own.sub(less).mul(factor).add(zero), y, first + i);
      }
      for (; i < n; i++) {
        double v = g[at + i];
        double power = powers[at + i];
        double own = (others[row] + (1 - power)) * v;
        double less = ((sums[row] - v) + rests[row]) * power;
        y[first + i] = (float) ((own - less) * factors[row] + 0.0);
      }
    }
  }
}
