package org.gradus.autograd.internal.kernel.vector;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.gradus.autograd.internal.kernel.RowSingles;
import org.gradus.autograd.internal.kernel.SingleFunctions;
import org.gradus.autograd.internal.kernel.plain.DoubleRuns;
import org.gradus.autograd.internal.kernel.plain.PlainRowSingles;
import org.gradus.autograd.internal.number.Elementary;

/**
 * As many floats at once as a vector has, by the steps of the plain loops: the bits are the same.
 * Numbers that are not negative are compared as whole numbers, and chosen by bits: that takes fewer
 * instructions than masks, and the largest of two floats, do.
 */
final class VectorRowSingles extends PlainRowSingles {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;
  private static final int WIDTH = SPECIES.length();
  private static final int OCTET = DoubleRuns.OCTET;
  private static final int SIGN = Integer.SIZE - 1;

  private static final int DISTANT_BITS = Float.floatToRawIntBits(DISTANT);
  private static final int FAR_BITS = Float.floatToRawIntBits(FAR);

  /** By {@link RowSingles#order}. */
  @Override
  public void largest(float[] x, int from, int stride, int count, float[] most) {
    for (int row = 0; row < count; row++) {
      int first = from + row * stride;
      IntVector largest = IntVector.broadcast(INTS, Integer.MIN_VALUE);
      for (int i = first; i < first + stride; i += WIDTH) {
        IntVector bits = FloatVector.fromArray(SPECIES, x, i).viewAsIntegralLanes();
        largest =
            bits.lanewise(VectorOperators.ASHR, SIGN)
                .lanewise(VectorOperators.LSHR, 1)
                .lanewise(VectorOperators.XOR, bits)
                .sub(NANS)
                .max(largest);
      }
      most[row] = RowSingles.ofOrder(largest.reduceLanes(VectorOperators.MAX));
    }
  }

  @Override
  public void distances(
      float[] x, int from, int stride, int count, float[] most, float[] distances, float[] lost) {
    IntVector positive = IntVector.broadcast(INTS, Integer.MAX_VALUE);
    for (int row = 0; row < count; row++) {
      FloatVector top = FloatVector.broadcast(SPECIES, most[row]);
      for (int i = row * stride; i < (row + 1) * stride; i += WIDTH) {
        FloatVector v = FloatVector.fromArray(SPECIES, x, from + i);
        FloatVector difference = top.sub(v);
        FloatVector undone = difference.sub(top);
        FloatVector left = top.sub(difference.sub(undone)).sub(v.add(undone));
        IntVector bits = difference.viewAsIntegralLanes().lanewise(VectorOperators.AND, positive);
        bits.viewAsFloatingLanes().intoArray(distances, i);
        bits.sub(DISTANT_BITS)
            .lanewise(VectorOperators.ASHR, SIGN)
            .lanewise(VectorOperators.AND, left.viewAsIntegralLanes())
            .viewAsFloatingLanes()
            .intoArray(lost, i);
      }
    }
  }

  @Override
  public int powers(
      float[] distances, float[] lost, int n, float[] powers, float[] rests, float[] others) {
    FloatVector e0 = FloatVector.broadcast(SPECIES, SingleFunctions.E0);
    FloatVector e1 = FloatVector.broadcast(SPECIES, SingleFunctions.E1);
    FloatVector e2 = FloatVector.broadcast(SPECIES, SingleFunctions.E2);
    FloatVector e3 = FloatVector.broadcast(SPECIES, SingleFunctions.E3);
    FloatVector e4 = FloatVector.broadcast(SPECIES, SingleFunctions.E4);
    FloatVector perLog = FloatVector.broadcast(SPECIES, SingleFunctions.LOG2_E);
    FloatVector toWhole = FloatVector.broadcast(SPECIES, SingleFunctions.TO_WHOLE);
    FloatVector logHigh = FloatVector.broadcast(SPECIES, SingleFunctions.LN2_HIGH);
    FloatVector logLow = FloatVector.broadcast(SPECIES, SingleFunctions.LN2_LOW);
    FloatVector one = FloatVector.broadcast(SPECIES, 1);
    IntVector far = IntVector.broadcast(INTS, FAR_BITS);
    IntVector bias = IntVector.broadcast(INTS, WHOLE_AND_BIAS);
    IntVector nothing = IntVector.zero(INTS);
    IntVector number = IntVector.zero(INTS);
    for (int i = 0; i < n; i += WIDTH) {
      IntVector bits = FloatVector.fromArray(SPECIES, distances, i).viewAsIntegralLanes();
      FloatVector v = bits.min(far).viewAsFloatingLanes();
      FloatVector t = v.mul(perLog).add(toWhole);
      FloatVector k = t.sub(toWhole);
      FloatVector high = k.mul(logHigh).sub(v);
      FloatVector low = k.mul(logLow);
      FloatVector r = high.add(low);
      FloatVector left = high.sub(r).add(low);
      FloatVector q = r.mul(e4).add(e3).mul(r).add(e2).mul(r).add(e1).mul(r).add(e0);
      FloatVector e = r.mul(r).mul(q).add(left).add(r);
      FloatVector s = e.sub(e.add(one).mul(FloatVector.fromArray(SPECIES, lost, i)));
      FloatVector power = s.add(one);
      FloatVector scale =
          bias.sub(t.viewAsIntegralLanes())
              .max(nothing)
              .lanewise(VectorOperators.LSHL, SingleFunctions.EXPONENT)
              .viewAsFloatingLanes();
      FloatVector scaled = power.mul(scale);
      scaled.intoArray(powers, i);
      s.sub(power.sub(one)).mul(scale).intoArray(rests, i);
      IntVector below = bits.add(Integer.MAX_VALUE).lanewise(VectorOperators.ASHR, SIGN);
      scaled
          .viewAsIntegralLanes()
          .lanewise(VectorOperators.AND, below)
          .viewAsFloatingLanes()
          .intoArray(others, i);
      number = below.add(number);
    }
    return n + number.reduceLanes(VectorOperators.ADD);
  }

  @Override
  public void sum(float[] x, int stride, int count, double[] lanes, double[] sums) {
    for (int row = 0; row < count; row++) {
      for (int lane = 0; lane < OCTET; lane += WideLanes.LANES) {
        DoubleVector sum = WideLanes.zero();
        for (int i = row * stride + lane; i < (row + 1) * stride; i += OCTET) {
          sum = WideLanes.load(x, i).add(sum);
        }
        sum.intoArray(lanes, row * OCTET + lane);
      }
    }
    total(lanes, count, sums);
  }

  @Override
  public void log1p(double[] x, double[] y, int n) {
    DoubleVector one = WideLanes.all(1);
    DoubleVector two = WideLanes.all(2);
    DoubleVector log = WideLanes.all(LN2);
    DoubleVector whole = WideLanes.all(Elementary.TO_WHOLE + Elementary.BIAS);
    DoubleVector nothing = WideLanes.zero();
    DoubleVector b0 = WideLanes.all(SingleFunctions.B0);
    DoubleVector b1 = WideLanes.all(SingleFunctions.B1);
    DoubleVector b2 = WideLanes.all(SingleFunctions.B2);
    DoubleVector b3 = WideLanes.all(SingleFunctions.B3);
    DoubleVector b4 = WideLanes.all(SingleFunctions.B4);
    DoubleVector b5 = WideLanes.all(SingleFunctions.B5);
    DoubleVector b6 = WideLanes.all(SingleFunctions.B6);
    for (int i = 0; i < n; i += WideLanes.LANES) {
      DoubleVector given = WideLanes.load(x, i);
      LongVector bits = given.add(one).viewAsIntegralLanes();
      LongVector exponent =
          bits.add(Elementary.ROOT_BITS).lanewise(VectorOperators.LSHR, Elementary.EXPONENT);
      DoubleVector k = exponent.add(Elementary.WHOLE_BITS).viewAsFloatingLanes().sub(whole);
      DoubleVector f =
          bits.sub(
                  exponent.sub(Elementary.BIAS).lanewise(VectorOperators.LSHL, Elementary.EXPONENT))
              .viewAsFloatingLanes()
              .sub(one)
              .blend(given, k.compare(VectorOperators.EQ, nothing));
      DoubleVector s = f.div(f.add(two));
      DoubleVector z = s.mul(s);
      DoubleVector q = z.mul(b6).add(b5).mul(z).add(b4).mul(z).add(b3).mul(z).add(b2);
      q = q.mul(z).add(b1).mul(z).add(b0).mul(z);
      q.mul(s).add(s.add(s)).add(k.mul(log)).intoArray(y, i);
    }
  }

  @Override
  public void shares(
      float[] powers,
      float[] rests,
      int stride,
      int count,
      float[] factors,
      float[] less,
      float[] y,
      int to) {
    FloatVector nothing = FloatVector.zero(SPECIES);
    for (int row = 0; row < count; row++) {
      FloatVector factor = FloatVector.broadcast(SPECIES, factors[row]);
      FloatVector low = FloatVector.broadcast(SPECIES, less[row]);
      for (int i = row * stride; i < (row + 1) * stride; i += WIDTH) {
        FloatVector power = FloatVector.fromArray(SPECIES, powers, i);
        FloatVector rest = FloatVector.fromArray(SPECIES, rests, i).mul(factor);
        power.mul(factor).add(power.mul(low).add(rest)).add(nothing).intoArray(y, to + i);
      }
    }
  }

  @Override
  public void logarithms(
      float[] distances,
      float[] lost,
      int stride,
      int count,
      float[] logs,
      float[] less,
      float[] y,
      int to) {
    FloatVector nothing = FloatVector.zero(SPECIES);
    for (int row = 0; row < count; row++) {
      FloatVector log = FloatVector.broadcast(SPECIES, logs[row]);
      FloatVector low = FloatVector.broadcast(SPECIES, less[row]);
      for (int i = row * stride; i < (row + 1) * stride; i += WIDTH) {
        FloatVector rest = FloatVector.fromArray(SPECIES, lost, i).add(low);
        FloatVector sum = FloatVector.fromArray(SPECIES, distances, i).add(log).add(rest);
        nothing.sub(sum).intoArray(y, to + i);
      }
    }
  }
}
