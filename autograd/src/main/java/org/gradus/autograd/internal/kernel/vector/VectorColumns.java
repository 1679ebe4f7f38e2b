package org.gradus.autograd.internal.kernel.vector;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.gradus.autograd.internal.kernel.ColumnFunctions;
import org.gradus.autograd.internal.kernel.ColumnSingles;
import org.gradus.autograd.internal.number.Elementary;

/** As many lines at once as a vector has doubles; those behind the last whole one, one by one. */
final class VectorColumns implements ColumnFunctions {
  private static final VectorSpecies<Double> SPECIES = WideLanes.SPECIES;
  private static final int WIDTH = WideLanes.LANES;
  private static final int PAIR = WideLanes.PAIR;
  private static final DoubleVector ONE = WideLanes.all(1);

  /** Its nearest multiple of ln 2 is that of -1023, and the bits of that scale are those of 0. */
  private static final double OF_SCALE_0 = -709.1;

  private static final ColumnSingles SINGLES = new VectorColumnSingles();

  @Override
  public ColumnSingles singles() {
    return SINGLES;
  }

  @Override
  public void read(float[] x, int from, double[] row, int at, int n) {
    int i = 0;
    if (WideLanes.SUITS) {
      for (; i <= n - PAIR; i += PAIR) {
        WideLanes.load(x, from + i).intoArray(row, at + i);
        WideLanes.second(x, from + i).intoArray(row, at + i + WIDTH);
      }
    }
    for (; i < n; i++) {
      row[at + i] = x[from + i];
    }
  }

  @Override
  public void raise(double[] row, int at, double[] most, int n) {
    for (int i = 0; i < n; i += WIDTH) {
      WideLanes.load(most, i).max(WideLanes.load(row, at + i)).intoArray(most, i);
    }
  }

  @Override
  public void lower(double[] row, int at, double[] most, int n) {
    for (int i = 0; i < n; i += WIDTH) {
      WideLanes.load(row, at + i).sub(WideLanes.load(most, i)).intoArray(row, at + i);
    }
  }

  @Override
  public void powers(double[] distances, int at, double[] powers, int n) {
    powersOf(distances, at, powers, n);
  }

  /** In one loop over many numbers: in short ones, row after row, it took half as long again. */
  static void powersOf(double[] distances, int at, double[] powers, int n) {
    DoubleVector least = DoubleVector.broadcast(SPECIES, LEAST);
    DoubleVector nothing = DoubleVector.broadcast(SPECIES, OF_SCALE_0);
    DoubleVector perLog = DoubleVector.broadcast(SPECIES, Elementary.LOG2_E);
    DoubleVector toWhole = DoubleVector.broadcast(SPECIES, Elementary.TO_WHOLE);
    DoubleVector logHigh = DoubleVector.broadcast(SPECIES, Elementary.LN2_HIGH);
    DoubleVector logLow = DoubleVector.broadcast(SPECIES, Elementary.LN2_LOW);
    DoubleVector e0 = DoubleVector.broadcast(SPECIES, E0);
    DoubleVector e1 = DoubleVector.broadcast(SPECIES, E1);
    DoubleVector e2 = DoubleVector.broadcast(SPECIES, E2);
    DoubleVector e3 = DoubleVector.broadcast(SPECIES, E3);
    DoubleVector e4 = DoubleVector.broadcast(SPECIES, E4);
    DoubleVector e5 = DoubleVector.broadcast(SPECIES, E5);
    DoubleVector e6 = DoubleVector.broadcast(SPECIES, E6);
    for (int i = at; i < at + n; i += WIDTH) {
      DoubleVector distance = DoubleVector.fromArray(SPECIES, distances, i);
      DoubleVector v = distance.blend(nothing, distance.compare(VectorOperators.LT, least));
      DoubleVector t = v.mul(perLog).add(toWhole);
      DoubleVector k = t.sub(toWhole);
      DoubleVector r = v.sub(k.mul(logHigh)).sub(k.mul(logLow));
      DoubleVector q = r.mul(e6).add(e5).mul(r).add(e4).mul(r).add(e3);
      q = q.mul(r).add(e2).mul(r).add(e1).mul(r).add(e0);
      DoubleVector scale =
          t.viewAsIntegralLanes()
              .add(Elementary.BIAS)
              .lanewise(VectorOperators.LSHL, Elementary.EXPONENT)
              .viewAsFloatingLanes();
      r.mul(r).mul(q).add(r).add(1).mul(scale).intoArray(powers, i);
    }
  }

  @Override
  public void addPowers(
      double[] distances, int at, double[] powers, double[] sums, double[] counts, int n) {
    DoubleVector nothing = WideLanes.zero();
    for (int i = 0; i < n; i += WIDTH) {
      VectorMask<Double> below =
          WideLanes.load(distances, at + i).compare(VectorOperators.LT, nothing);
      DoubleVector power = nothing.blend(WideLanes.load(powers, at + i), below);
      power.add(WideLanes.load(sums, i)).intoArray(sums, i);
      ONE.blend(nothing, below).add(WideLanes.load(counts, i)).intoArray(counts, i);
    }
  }

  @Override
  public void choose(double[] distances, int at, double[] g, double[] chosen, int n) {
    for (int i = 0; i < n; i += WIDTH) {
      WideLanes.load(g, at + i)
          .blend(
              WideLanes.load(chosen, i),
              WideLanes.load(distances, at + i).compare(VectorOperators.LT, 0))
          .intoArray(chosen, i);
    }
  }

  @Override
  public void addProducts(
      double[] g, int at, double[] less, double[] powers, double[] sums, int n) {
    for (int i = 0; i < n; i += WIDTH) {
      DoubleVector left = WideLanes.load(g, at + i).sub(WideLanes.load(less, i));
      left.intoArray(g, at + i);
      WideLanes.load(sums, i).add(left.mul(WideLanes.load(powers, at + i))).intoArray(sums, i);
    }
  }

  @Override
  public void slopes(
      double[] g,
      int at,
      double[] mean,
      double[] powers,
      double[] factors,
      float[] y,
      int to,
      int n) {
    int i = 0;
    if (WideLanes.SUITS) {
      for (; i <= n - PAIR; i += PAIR) {
        int next = i + WIDTH;
        DoubleVector a = WideLanes.load(powers, at + i).mul(WideLanes.load(factors, i));
        DoubleVector b = WideLanes.load(powers, at + next).mul(WideLanes.load(factors, next));
        WideLanes.store(
            WideLanes.load(g, at + i).sub(WideLanes.load(mean, i)).mul(a),
            WideLanes.load(g, at + next).sub(WideLanes.load(mean, next)).mul(b),
            y,
            to + i);
      }
    }
    for (; i < n; i++) {
      y[to + i] = (float) ((g[at + i] - mean[i]) * (powers[at + i] * factors[i]));
    }
  }

  @Override
  public void addExactly(double[] g, int at, double[] sums, double[] rests, int n) {
    for (int i = 0; i < n; i += WIDTH) {
      DoubleVector v = WideLanes.load(g, at + i);
      DoubleVector before = WideLanes.load(sums, i);
      DoubleVector sum = v.add(before);
      DoubleVector added = sum.sub(before);
      sum.intoArray(sums, i);
      before
          .sub(sum.sub(added))
          .add(v.sub(added))
          .add(WideLanes.load(rests, i))
          .intoArray(rests, i);
    }
  }

  @Override
  public void slopesOfLogarithm(
      double[] g,
      int at,
      double[] sums,
      double[] rests,
      double[] powers,
      double[] others,
      double[] factors,
      float[] y,
      int to,
      int n) {
    int i = 0;
    if (WideLanes.SUITS) {
      for (; i <= n - PAIR; i += PAIR) {
        int next = i + WIDTH;
        DoubleVector v = WideLanes.load(g, at + i);
        DoubleVector w = WideLanes.load(g, at + next);
        DoubleVector a = WideLanes.load(powers, at + i);
        DoubleVector b = WideLanes.load(powers, at + next);
        DoubleVector less = WideLanes.load(sums, i).sub(v).add(WideLanes.load(rests, i)).mul(a);
        DoubleVector lessW =
            WideLanes.load(sums, next).sub(w).add(WideLanes.load(rests, next)).mul(b);
        DoubleVector own = ONE.sub(a).add(WideLanes.load(others, i)).mul(v);
        DoubleVector ownW = ONE.sub(b).add(WideLanes.load(others, next)).mul(w);
        WideLanes.store(
            own.sub(less).mul(WideLanes.load(factors, i)).add(0),
            ownW.sub(lessW).mul(WideLanes.load(factors, next)).add(0),
            y,
            to + i);
      }
    }
    for (; i < n; i++) {
      double v = g[at + i];
      double power = powers[at + i];
      double own = (others[i] + (1 - power)) * v;
      double less = ((sums[i] - v) + rests[i]) * power;
      y[to + i] = (float) ((own - less) * factors[i] + 0.0);
    }
  }
}
