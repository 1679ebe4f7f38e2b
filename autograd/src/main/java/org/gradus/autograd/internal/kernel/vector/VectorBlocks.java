package org.gradus.autograd.internal.kernel.vector;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.gradus.autograd.internal.kernel.BlockFunctions;
import org.gradus.autograd.internal.kernel.ColumnFunctions;
import org.gradus.autograd.internal.kernel.PairFunctions;
import org.gradus.autograd.internal.kernel.RowFunctions;
import org.gradus.autograd.internal.kernel.SingleFunctions;
import org.gradus.autograd.internal.kernel.plain.DoubleRuns;
import org.gradus.autograd.internal.kernel.plain.PlainRows;
import org.gradus.autograd.internal.number.Elementary;
import org.gradus.autograd.internal.number.SpecialFunctions;

/**
 * As many numbers at once as a vector has, by the steps of {@link Elementary}, each operation
 * rounded by itself: the bits are the same. What is special there is chosen at the end.
 */
final class VectorBlocks implements BlockFunctions {
  static {
    MixedProfiles.make();
  }

  private static final VectorSpecies<Double> SPECIES = WideLanes.SPECIES;
  private static final int WIDTH = SPECIES.length();
  private static final long ONE = Double.doubleToRawLongBits(1);
  private static final DoubleRuns RUNS = DoubleRunLanes.make();
  private static final ColumnFunctions COLUMNS = new VectorColumns();
  private static final RowFunctions ROWS = WideLanes.SUITS ? new VectorRows() : new PlainRows();
  private static final PairFunctions PAIRS = new VectorPairs();
  private static final SingleFunctions SINGLES = new VectorSingles();

  @Override
  public SingleFunctions singles() {
    return SINGLES;
  }

  @Override
  public ColumnFunctions columns() {
    return COLUMNS;
  }

  @Override
  public RowFunctions rows() {
    return ROWS;
  }

  @Override
  public PairFunctions pairs() {
    return PAIRS;
  }

  @Override
  public int speed() {
    return 2 * WIDTH;
  }

  @Override
  public boolean areWithin(double least, double most, double[] x, int n) {
    int i = 0;
    for (; i <= n - WIDTH; i += WIDTH) {
      DoubleVector v = DoubleVector.fromArray(SPECIES, x, i);
      if (!v.compare(VectorOperators.GE, least)
          .and(v.compare(VectorOperators.LE, most))
          .allTrue()) {
        return false;
      }
    }
    for (; i < n; i++) {
      if (!(x[i] >= least && x[i] <= most)) {
        return false;
      }
    }
    return true;
  }

  /** Exponents are added, where a vector holds nothing that becomes infinite or subnormal. */
  @Override
  public void exp(double[] x, double[] y, int n) {
    for (int i = 0; i < n; i += WIDTH) {
      DoubleVector v = DoubleVector.fromArray(SPECIES, x, i);
      if (!v.abs().compare(VectorOperators.LE, Elementary.EXP_USUAL).allTrue()) {
        anyExp(x, y, i);
        continue;
      }
      DoubleVector t = v.mul(Elementary.LOG2_E).add(Elementary.TO_WHOLE);
      DoubleVector k = t.sub(Elementary.TO_WHOLE);
      DoubleVector high = v.sub(k.mul(Elementary.LN2_HIGH));
      DoubleVector low = k.mul(Elementary.LN2_LOW);
      DoubleVector r = high.sub(low);
      DoubleVector lost = high.sub(r).sub(low);
      DoubleVector s = r.mul(r);
      DoubleVector q =
          s.mul(r.mul(Elementary.E9).add(Elementary.E8))
              .add(r.mul(Elementary.E7).add(Elementary.E6));
      q = s.mul(q).add(r.mul(Elementary.E5).add(Elementary.E4));
      q = s.mul(q).add(r.mul(Elementary.E3).add(Elementary.E2));
      q = s.mul(q).add(r.mul(Elementary.E1).add(Elementary.E0));
      LongVector exponent =
          t.viewAsIntegralLanes().lanewise(VectorOperators.LSHL, Elementary.EXPONENT);
      DoubleVector power = s.mul(r.mul(q).add(0.5)).add(lost).add(r).add(1);
      power.viewAsIntegralLanes().add(exponent).viewAsFloatingLanes().intoArray(y, i);
    }
  }

  /** Of one vector, multiplied by two powers of two, each of which a double holds. */
  private static void anyExp(double[] x, double[] y, int i) {
    DoubleVector v = DoubleVector.fromArray(SPECIES, x, i);
    v =
        v.blend(Elementary.EXP_MOST, v.compare(VectorOperators.GT, Elementary.EXP_MOST))
            .blend(Elementary.EXP_LEAST, v.compare(VectorOperators.LT, Elementary.EXP_LEAST));
    DoubleVector t = v.mul(Elementary.LOG2_E).add(Elementary.TO_WHOLE);
    DoubleVector k = t.sub(Elementary.TO_WHOLE);
    DoubleVector high = v.sub(k.mul(Elementary.LN2_HIGH));
    DoubleVector low = k.mul(Elementary.LN2_LOW);
    DoubleVector r = high.sub(low);
    DoubleVector lost = high.sub(r).sub(low);
    DoubleVector s = r.mul(r);
    DoubleVector q =
        s.mul(r.mul(Elementary.E9).add(Elementary.E8)).add(r.mul(Elementary.E7).add(Elementary.E6));
    q = s.mul(q).add(r.mul(Elementary.E5).add(Elementary.E4));
    q = s.mul(q).add(r.mul(Elementary.E3).add(Elementary.E2));
    q = s.mul(q).add(r.mul(Elementary.E1).add(Elementary.E0));
    LongVector whole = t.viewAsIntegralLanes().sub(Elementary.WHOLE_BITS); // k
    // Half of k, rounded down: of numbers that are not negative, by a shift.
    LongVector half = whole.add(2048).lanewise(VectorOperators.LSHR, 1).sub(1024);
    LongVector rest = whole.sub(half);
    s.mul(r.mul(q).add(0.5))
        .add(lost)
        .add(r)
        .add(1)
        .mul(
            half.add(Elementary.BIAS)
                .lanewise(VectorOperators.LSHL, Elementary.EXPONENT)
                .viewAsFloatingLanes())
        .mul(
            rest.add(Elementary.BIAS)
                .lanewise(VectorOperators.LSHL, Elementary.EXPONENT)
                .viewAsFloatingLanes())
        .intoArray(y, i);
  }

  @Override
  public void expm1(double[] x, double[] y, int n) {
    for (int i = 0; i < n; i += WIDTH) {
      DoubleVector given = DoubleVector.fromArray(SPECIES, x, i);
      DoubleVector v =
          given
              .blend(Elementary.EXP_MOST, given.compare(VectorOperators.GT, Elementary.EXP_MOST))
              .blend(
                  Elementary.EXPM1_LEAST,
                  given.compare(VectorOperators.LT, Elementary.EXPM1_LEAST));
      DoubleVector t = v.mul(Elementary.LOG2_E).add(Elementary.TO_WHOLE);
      DoubleVector k = t.sub(Elementary.TO_WHOLE);
      DoubleVector high = v.sub(k.mul(Elementary.LN2_HIGH));
      DoubleVector low = k.mul(Elementary.LN2_LOW);
      DoubleVector r = high.sub(low);
      DoubleVector lost = high.sub(r).sub(low);
      DoubleVector s = r.mul(r);
      DoubleVector q =
          s.mul(r.mul(Elementary.E9).add(Elementary.E8))
              .add(r.mul(Elementary.E7).add(Elementary.E6));
      q = s.mul(q).add(r.mul(Elementary.E5).add(Elementary.E4));
      q = s.mul(q).add(r.mul(Elementary.E3).add(Elementary.E2));
      q = s.mul(q).add(r.mul(Elementary.E1).add(Elementary.E0));
      DoubleVector half =
          t.viewAsIntegralLanes()
              .add(Elementary.BIAS - 1)
              .lanewise(VectorOperators.LSHL, Elementary.EXPONENT)
              .viewAsFloatingLanes();
      half.mul(s.mul(r.mul(q).add(0.5)).add(lost).add(r))
          .add(half.sub(0.5))
          .mul(2)
          .blend(given, given.abs().compare(VectorOperators.LT, Elementary.EXPM1_LINEAR))
          .intoArray(y, i);
    }
  }

  @Override
  public void log(double[] x, double[] y, int n) {
    for (int i = 0; i < n; i += WIDTH) {
      DoubleVector given = DoubleVector.fromArray(SPECIES, x, i);
      VectorMask<Double> isSubnormal = given.compare(VectorOperators.LT, Double.MIN_NORMAL);
      LongVector bits =
          given.blend(given.mul(Elementary.NORMAL), isSubnormal).viewAsIntegralLanes();
      LongVector exponent =
          bits.add(Elementary.ROOT_BITS).lanewise(VectorOperators.LSHR, Elementary.EXPONENT);
      DoubleVector f =
          bits.sub(
                  exponent.sub(Elementary.BIAS).lanewise(VectorOperators.LSHL, Elementary.EXPONENT))
              .viewAsFloatingLanes()
              .sub(1);
      DoubleVector k =
          exponent
              .add(Elementary.WHOLE_BITS)
              .viewAsFloatingLanes()
              .sub(Elementary.TO_WHOLE + Elementary.BIAS);
      k = k.blend(k.sub(54), isSubnormal);
      DoubleVector s = f.div(f.add(2));
      DoubleVector z = s.mul(s);
      DoubleVector w = z.mul(z);
      DoubleVector even =
          w.mul(w.mul(w.mul(Elementary.L6).add(Elementary.L4)).add(Elementary.L2))
              .add(Elementary.L0);
      DoubleVector odd = w.mul(w.mul(Elementary.L5).add(Elementary.L3)).add(Elementary.L1);
      DoubleVector half = f.mul(0.5).mul(f);
      DoubleVector r = z.mul(z.mul(odd).add(even));
      DoubleVector value =
          k.mul(Elementary.LN2_HIGH)
              .sub(half.sub(s.mul(half.add(r)).add(k.mul(Elementary.LN2_LOW))).sub(f));
      given
          .blend(value, given.compare(VectorOperators.LT, Double.POSITIVE_INFINITY))
          .blend(Double.NaN, given.compare(VectorOperators.LT, 0))
          .blend(Double.NEGATIVE_INFINITY, given.compare(VectorOperators.EQ, 0))
          .intoArray(y, i);
    }
  }

  @Override
  public void log1p(double[] x, double[] y, int n) {
    for (int i = 0; i < n; i += WIDTH) {
      DoubleVector given = DoubleVector.fromArray(SPECIES, x, i);
      DoubleVector u = given.add(1);
      LongVector bits = u.viewAsIntegralLanes();
      LongVector exponent =
          bits.add(Elementary.ROOT_BITS).lanewise(VectorOperators.LSHR, Elementary.EXPONENT);
      DoubleVector k =
          exponent
              .add(Elementary.WHOLE_BITS)
              .viewAsFloatingLanes()
              .sub(Elementary.TO_WHOLE + Elementary.BIAS);
      VectorMask<Double> isNear = k.compare(VectorOperators.EQ, 0);
      DoubleVector one = u.sub(given);
      DoubleVector rest = one.neg().add(1).add(given.sub(u.sub(one))).div(u).blend(0, isNear);
      DoubleVector f =
          bits.sub(
                  exponent.sub(Elementary.BIAS).lanewise(VectorOperators.LSHL, Elementary.EXPONENT))
              .viewAsFloatingLanes()
              .sub(1)
              .blend(given, isNear);
      DoubleVector s = f.div(f.add(2));
      DoubleVector z = s.mul(s);
      DoubleVector w = z.mul(z);
      DoubleVector even =
          w.mul(w.mul(w.mul(Elementary.L6).add(Elementary.L4)).add(Elementary.L2))
              .add(Elementary.L0);
      DoubleVector odd = w.mul(w.mul(Elementary.L5).add(Elementary.L3)).add(Elementary.L1);
      DoubleVector half = f.mul(0.5).mul(f);
      DoubleVector r = z.mul(z.mul(odd).add(even));
      DoubleVector value =
          k.mul(Elementary.LN2_HIGH)
              .sub(half.sub(s.mul(half.add(r)).add(k.mul(Elementary.LN2_LOW).add(rest))).sub(f));
      given
          .blend(value, given.compare(VectorOperators.LT, Double.POSITIVE_INFINITY))
          .blend(given, given.compare(VectorOperators.EQ, 0))
          .blend(Double.NaN, given.compare(VectorOperators.LT, -1))
          .blend(Double.NEGATIVE_INFINITY, given.compare(VectorOperators.EQ, -1))
          .intoArray(y, i);
    }
  }

  @Override
  public void sin(double[] x, double[] y, int n) {
    waves(0, x, y, n);
    if (!areWithin(-Elementary.WAVE_MOST, Elementary.WAVE_MOST, x, n)) {
      for (int i = 0; i < n; i++) {
        y[i] = Math.abs(x[i]) <= Elementary.WAVE_MOST ? y[i] : Elementary.sin(x[i]);
      }
    }
  }

  @Override
  public void cos(double[] x, double[] y, int n) {
    waves(1, x, y, n);
    if (!areWithin(-Elementary.WAVE_MOST, Elementary.WAVE_MOST, x, n)) {
      for (int i = 0; i < n; i++) {
        y[i] = Math.abs(x[i]) <= Elementary.WAVE_MOST ? y[i] : Elementary.cos(x[i]);
      }
    }
  }

  private static void waves(int quarter, double[] x, double[] y, int n) {
    for (int i = 0; i < n; i += WIDTH) {
      DoubleVector v = DoubleVector.fromArray(SPECIES, x, i);
      DoubleVector t = v.mul(Elementary.TWO_OVER_PI).add(Elementary.TO_WHOLE);
      DoubleVector k = t.sub(Elementary.TO_WHOLE);
      DoubleVector first = v.sub(k.mul(Elementary.HALF_PI_HIGH));
      DoubleVector second = k.mul(Elementary.HALF_PI_MIDDLE);
      DoubleVector near = first.sub(second);
      DoubleVector low = k.mul(Elementary.HALF_PI_LOW).sub(first.sub(near).sub(second));
      DoubleVector r = near.sub(low);
      DoubleVector rest = near.sub(r).sub(low);
      DoubleVector z = r.mul(r);
      DoubleVector odd =
          z.mul(
                  z.mul(z.mul(z.mul(Elementary.S5).add(Elementary.S4)).add(Elementary.S3))
                      .add(Elementary.S2))
              .add(Elementary.S1);
      DoubleVector cube = z.mul(r);
      DoubleVector sine =
          r.sub(z.mul(rest.mul(0.5).sub(cube.mul(odd))).sub(rest).sub(cube.mul(Elementary.S0)));
      DoubleVector even =
          z.mul(
                  z.mul(
                          z.mul(z.mul(z.mul(Elementary.C5).add(Elementary.C4)).add(Elementary.C3))
                              .add(Elementary.C2))
                      .add(Elementary.C1))
              .add(Elementary.C0);
      DoubleVector half = z.mul(0.5);
      DoubleVector w = half.neg().add(1);
      DoubleVector cosine =
          w.add(w.neg().add(1).sub(half).add(z.mul(z).mul(even).sub(r.mul(rest))));
      LongVector number = t.viewAsIntegralLanes().add(quarter);
      DoubleVector parity = // -1 or 1: comparisons of longs make no masks for doubles
          number
              .lanewise(VectorOperators.LSHL, 63)
              .lanewise(VectorOperators.OR, ONE)
              .viewAsFloatingLanes();
      LongVector sign = number.lanewise(VectorOperators.LSHR, 1).lanewise(VectorOperators.LSHL, 63);
      sine.blend(cosine, parity.compare(VectorOperators.LT, 0))
          .viewAsIntegralLanes()
          .lanewise(VectorOperators.XOR, sign)
          .viewAsFloatingLanes()
          .intoArray(y, i);
    }
  }

  @Override
  public void scaledErfc(double[] x, double[] y, int n) {
    for (int i = 0; i < n; i += WIDTH) {
      DoubleVector v =
          DoubleVector.fromArray(SPECIES, x, i).abs().min(SpecialFunctions.QUOTIENT_MOST);
      DoubleVector p = v.mul(SpecialFunctions.P9).add(SpecialFunctions.P8);
      p = p.mul(v).add(SpecialFunctions.P7);
      p = p.mul(v).add(SpecialFunctions.P6);
      p = p.mul(v).add(SpecialFunctions.P5);
      p = p.mul(v).add(SpecialFunctions.P4);
      p = p.mul(v).add(SpecialFunctions.P3);
      p = p.mul(v).add(SpecialFunctions.P2);
      p = p.mul(v).add(SpecialFunctions.P1);
      p = p.mul(v).add(1);
      DoubleVector q = v.mul(SpecialFunctions.Q10).add(SpecialFunctions.Q9);
      q = q.mul(v).add(SpecialFunctions.Q8);
      q = q.mul(v).add(SpecialFunctions.Q7);
      q = q.mul(v).add(SpecialFunctions.Q6);
      q = q.mul(v).add(SpecialFunctions.Q5);
      q = q.mul(v).add(SpecialFunctions.Q4);
      q = q.mul(v).add(SpecialFunctions.Q3);
      q = q.mul(v).add(SpecialFunctions.Q2);
      q = q.mul(v).add(SpecialFunctions.Q1);
      q = q.mul(v).add(1);
      p.div(q).intoArray(y, i);
    }
  }

  @Override
  public void erfNearZero(double[] x, double[] y, int n) {
    for (int i = 0; i < n; i += WIDTH) {
      DoubleVector v = DoubleVector.fromArray(SPECIES, x, i);
      DoubleVector u = v.mul(v);
      DoubleVector sum = u.mul(SpecialFunctions.T11).add(SpecialFunctions.T10);
      sum = sum.mul(u).add(SpecialFunctions.T9);
      sum = sum.mul(u).add(SpecialFunctions.T8);
      sum = sum.mul(u).add(SpecialFunctions.T7);
      sum = sum.mul(u).add(SpecialFunctions.T6);
      sum = sum.mul(u).add(SpecialFunctions.T5);
      sum = sum.mul(u).add(SpecialFunctions.T4);
      sum = sum.mul(u).add(SpecialFunctions.T3);
      sum = sum.mul(u).add(SpecialFunctions.T2);
      sum = sum.mul(u).add(SpecialFunctions.T1);
      sum = sum.mul(u).add(1);
      v.mul(sum.mul(SpecialFunctions.TWO_OVER_SQRT_PI)).intoArray(y, i);
    }
  }

  @Override
  public void choose(double[] x, double[] a, double[] b, double[] y, int n) {
    for (int i = 0; i < n; i += WIDTH) {
      DoubleVector.fromArray(SPECIES, b, i)
          .blend(
              DoubleVector.fromArray(SPECIES, a, i),
              DoubleVector.fromArray(SPECIES, x, i).compare(VectorOperators.GT, 0))
          .intoArray(y, i);
    }
  }

  @Override
  public void copySign(double[] x, double[] signs, double[] y, int n) {
    for (int i = 0; i < n; i += WIDTH) {
      DoubleVector.fromArray(SPECIES, x, i)
          .viewAsIntegralLanes()
          .lanewise(VectorOperators.AND, Long.MAX_VALUE)
          .lanewise(
              VectorOperators.OR,
              DoubleVector.fromArray(SPECIES, signs, i)
                  .viewAsIntegralLanes()
                  .lanewise(VectorOperators.AND, Long.MIN_VALUE))
          .viewAsFloatingLanes()
          .intoArray(y, i);
    }
  }

  @Override
  public void widen(float[] x, int from, double[] y, int n) {
    int i = 0;
    if (WideLanes.SUITS) {
      for (; i <= n - WideLanes.PAIR; i += WideLanes.PAIR) {
        WideLanes.load(x, from + i).intoArray(y, i);
        WideLanes.second(x, from + i).intoArray(y, i + WIDTH);
      }
    }
    for (; i < n; i++) {
      y[i] = x[from + i];
    }
  }

  @Override
  public void narrow(double[] x, float[] y, int from, int n) {
    int i = 0;
    if (WideLanes.SUITS) {
      for (; i <= n - WideLanes.PAIR; i += WideLanes.PAIR) {
        DoubleVector first = DoubleVector.fromArray(SPECIES, x, i);
        WideLanes.store(first, DoubleVector.fromArray(SPECIES, x, i + WIDTH), y, from + i);
      }
    }
    for (; i < n; i++) {
      y[from + i] = (float) x[i];
    }
  }

  @Override
  public double largest(double[] x, int n) {
    DoubleVector most = DoubleVector.broadcast(SPECIES, Double.NEGATIVE_INFINITY);
    int i = 0;
    for (; i <= n - WIDTH; i += WIDTH) {
      most = DoubleVector.fromArray(SPECIES, x, i).max(most);
    }
    double largest = most.reduceLanes(VectorOperators.MAX);
    for (; i < n; i++) {
      largest = Math.max(largest, x[i]);
    }
    return largest;
  }

  @Override
  public int indexOf(double value, double[] x, int n) {
    int i = 0;
    while (i <= n - WIDTH
        && !DoubleVector.fromArray(SPECIES, x, i).compare(VectorOperators.EQ, value).anyTrue()) {
      i += WIDTH;
    }
    while (i < n && x[i] != value) {
      i++;
    }
    return i;
  }

  @Override
  public double sum(double[] x, int n, double[] lanes) {
    return RUNS.tree(x, 0, n, lanes);
  }
}
