package org.gradus.autograd.internal.kernel.vector;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * As many floats at once as a vector has, by the steps of the plain loops: the bits are the same. A
 * method has at most some 40 operations on vectors: in one that has more, the JIT makes objects of
 * them. Most have more than 325 bytes of code, too, so that they are never inlined, and no caller
 * has more. Therefore two functions share a method, and constants are vectors from the beginning.
 */
final class VectorSingles extends VectorSlopes {

  /**
   * Bits of floats are in the order of whole numbers, if those of negative ones are turned but for
   * the sign. The least of the bounds becomes the least whole number, so that what is below it, or
   * NaN, becomes large: one number is kept. Masks became objects in a process that had used all
   * functions.
   */
  @Override
  public boolean areWithin(float least, float most, float[] x, int from, int n) {
    int shift = ordered(least) - Integer.MIN_VALUE;
    int bound = ordered(most) - shift;
    IntVector largest = IntVector.broadcast(INTEGERS, Integer.MIN_VALUE);
    int i = from;
    for (; i <= from + n - WIDTH; i += WIDTH) {
      IntVector bits = FloatVector.fromArray(SPECIES, x, i).viewAsIntegralLanes();
      largest =
          bits.lanewise(VectorOperators.ASHR, 31)
              .lanewise(VectorOperators.LSHR, 1)
              .lanewise(VectorOperators.XOR, bits)
              .sub(shift)
              .max(largest);
    }
    return largest.reduceLanes(VectorOperators.MAX) <= bound
        && super.areWithin(least, most, x, i, from + n - i);
  }

  private static int ordered(float number) {
    int bits = Float.floatToRawIntBits(number);
    return bits ^ ((bits >> 31) >>> 1);
  }

  @Override
  public void exp(float[] x, int from, float[] y, int to, int n) {
    FloatVector e0 = FloatVector.broadcast(SPECIES, E0);
    FloatVector e1 = FloatVector.broadcast(SPECIES, E1);
    FloatVector e2 = FloatVector.broadcast(SPECIES, E2);
    FloatVector e3 = FloatVector.broadcast(SPECIES, E3);
    FloatVector e4 = FloatVector.broadcast(SPECIES, E4);
    FloatVector perLog = FloatVector.broadcast(SPECIES, LOG2_E);
    FloatVector toWhole = FloatVector.broadcast(SPECIES, TO_WHOLE);
    FloatVector log = FloatVector.broadcast(SPECIES, -LN2);
    FloatVector logRest = FloatVector.broadcast(SPECIES, -LN2_REST);
    for (int i = 0; i < n; i += WIDTH) {
      FloatVector given = FloatVector.fromArray(SPECIES, x, from + i);
      FloatVector v =
          given
              .blend(EXP_MOST, given.compare(VectorOperators.GT, EXP_MOST))
              .blend(EXP_LEAST, given.compare(VectorOperators.LT, EXP_LEAST));
      FloatVector t = v.fma(perLog, toWhole);
      FloatVector k = t.sub(toWhole);
      FloatVector r = k.fma(logRest, k.fma(log, v));
      FloatVector q = r.fma(e4, e3).fma(r, e2).fma(r, e1).fma(r, e0);
      FloatVector power = r.mul(r).fma(q, r).add(1);
      IntVector bits = t.viewAsIntegralLanes();
      IntVector half = bits.lanewise(VectorOperators.LSHR, 1);
      IntVector first = half.lanewise(VectorOperators.LSHL, EXPONENT).add(ONE_BITS);
      IntVector second = bits.sub(half).lanewise(VectorOperators.LSHL, EXPONENT).add(ONE_BITS);
      power.mul(first.viewAsFloatingLanes()).mul(second.viewAsFloatingLanes()).intoArray(y, to + i);
    }
  }

  @Override
  public void log(float[] x, int from, float[] y, int to, int n) {
    FloatVector l0 = FloatVector.broadcast(SPECIES, L0);
    FloatVector l1 = FloatVector.broadcast(SPECIES, L1);
    FloatVector l2 = FloatVector.broadcast(SPECIES, L2);
    FloatVector l3 = FloatVector.broadcast(SPECIES, L3);
    FloatVector l4 = FloatVector.broadcast(SPECIES, L4);
    FloatVector l5 = FloatVector.broadcast(SPECIES, L5);
    FloatVector l6 = FloatVector.broadcast(SPECIES, L6);
    FloatVector l7 = FloatVector.broadcast(SPECIES, L7);
    FloatVector l8 = FloatVector.broadcast(SPECIES, L8);
    FloatVector logHigh = FloatVector.broadcast(SPECIES, LN2_HIGH);
    FloatVector logLow = FloatVector.broadcast(SPECIES, LN2_LOW);
    FloatVector toWhole = FloatVector.broadcast(SPECIES, TO_WHOLE);
    for (int i = 0; i < n; i += WIDTH) {
      IntVector bits = FloatVector.fromArray(SPECIES, x, from + i).viewAsIntegralLanes();
      IntVector exponent = bits.add(ROOT_BITS).lanewise(VectorOperators.LSHR, EXPONENT);
      FloatVector f =
          bits.sub(exponent.lanewise(VectorOperators.LSHL, EXPONENT))
              .add(ONE_BITS)
              .viewAsFloatingLanes()
              .sub(1);
      FloatVector k = exponent.add(WHOLE_LESS_BIAS).viewAsFloatingLanes().sub(toWhole);
      FloatVector q = f.mul(l8).add(l7).mul(f).add(l6).mul(f).add(l5).mul(f).add(l4);
      q = q.mul(f).add(l3).mul(f).add(l2).mul(f).add(l1).mul(f).add(l0);
      FloatVector z = f.mul(f);
      FloatVector rest = f.mul(z).mul(q).add(k.mul(logLow)).sub(z.mul(0.5f));
      f.add(rest).add(k.mul(logHigh)).intoArray(y, to + i);
    }
  }

  @Override
  public void decay(float c, float[] x, int from, float[] e, float[] rest, int n) {
    FloatVector e0 = FloatVector.broadcast(SPECIES, E0);
    FloatVector e1 = FloatVector.broadcast(SPECIES, E1);
    FloatVector e2 = FloatVector.broadcast(SPECIES, E2);
    FloatVector e3 = FloatVector.broadcast(SPECIES, E3);
    FloatVector e4 = FloatVector.broadcast(SPECIES, E4);
    FloatVector perLog = FloatVector.broadcast(SPECIES, LOG2_E);
    FloatVector toWhole = FloatVector.broadcast(SPECIES, TO_WHOLE);
    FloatVector log = FloatVector.broadcast(SPECIES, -LN2);
    FloatVector logRest = FloatVector.broadcast(SPECIES, -LN2_REST);
    FloatVector one = FloatVector.broadcast(SPECIES, 1);
    IntVector most = bits(-DECAY_LEAST / c);
    FloatVector factor = FloatVector.broadcast(SPECIES, -c);
    for (int i = 0; i < n; i += WIDTH) {
      FloatVector v =
          FloatVector.fromArray(SPECIES, x, from + i)
              .abs()
              .viewAsIntegralLanes()
              .min(most)
              .viewAsFloatingLanes()
              .mul(factor);
      FloatVector t = v.fma(perLog, toWhole);
      FloatVector k = t.sub(toWhole);
      FloatVector high = k.fma(log, v);
      FloatVector less = k.mul(logRest);
      FloatVector r = high.add(less);
      FloatVector q = r.fma(e4, e3).fma(r, e2).fma(r, e1).fma(r, e0);
      FloatVector p = r.mul(r).fma(q, less);
      FloatVector s = high.add(p);
      FloatVector power = s.add(one);
      FloatVector scale =
          t.viewAsIntegralLanes()
              .lanewise(VectorOperators.LSHL, EXPONENT)
              .add(ONE_BITS)
              .viewAsFloatingLanes();
      power.mul(scale).intoArray(e, i);
      s.sub(power.sub(one)).add(high.sub(s).add(p)).mul(scale).intoArray(rest, i);
    }
  }

  @Override
  public void normalDecay(float[] x, int from, float[] e, float[] rest, int n) {
    FloatVector e0 = FloatVector.broadcast(SPECIES, E0);
    FloatVector e1 = FloatVector.broadcast(SPECIES, E1);
    FloatVector e2 = FloatVector.broadcast(SPECIES, E2);
    FloatVector e3 = FloatVector.broadcast(SPECIES, E3);
    FloatVector e4 = FloatVector.broadcast(SPECIES, E4);
    FloatVector perLog = FloatVector.broadcast(SPECIES, LOG2_E);
    FloatVector toWhole = FloatVector.broadcast(SPECIES, TO_WHOLE);
    FloatVector log = FloatVector.broadcast(SPECIES, -LN2);
    FloatVector logRest = FloatVector.broadcast(SPECIES, -LN2_REST);
    FloatVector one = FloatVector.broadcast(SPECIES, 1);
    IntVector most = bits(NORMAL_FAR);
    for (int i = 0; i < n; i += WIDTH) {
      FloatVector near =
          FloatVector.fromArray(SPECIES, x, from + i)
              .abs()
              .viewAsIntegralLanes()
              .min(most)
              .viewAsFloatingLanes();
      FloatVector half = near.mul(-0.5f);
      FloatVector v = half.mul(near);
      FloatVector t = v.fma(perLog, toWhole);
      FloatVector k = t.sub(toWhole);
      FloatVector high = k.fma(log, v);
      FloatVector less = k.fma(logRest, half.fma(near, v.neg()));
      FloatVector r = high.add(less);
      FloatVector q = r.fma(e4, e3).fma(r, e2).fma(r, e1).fma(r, e0);
      FloatVector p = r.mul(r).fma(q, less);
      FloatVector s = high.add(p);
      FloatVector power = s.add(one);
      FloatVector scale =
          t.viewAsIntegralLanes()
              .lanewise(VectorOperators.LSHL, EXPONENT)
              .add(ONE_BITS)
              .viewAsFloatingLanes();
      power.mul(scale).intoArray(e, i);
      s.sub(power.sub(one)).add(high.sub(s).add(p)).mul(scale).intoArray(rest, i);
    }
  }

  @Override
  public void decayLessOne(float[] x, int from, float[] d, float[] rest, int n) {
    FloatVector first = FloatVector.broadcast(SPECIES, E0);
    FloatVector e1 = FloatVector.broadcast(SPECIES, E1);
    FloatVector e2 = FloatVector.broadcast(SPECIES, E2);
    FloatVector e3 = FloatVector.broadcast(SPECIES, E3);
    FloatVector e4 = FloatVector.broadcast(SPECIES, E4);
    FloatVector perLog = FloatVector.broadcast(SPECIES, LOG2_E);
    FloatVector toWhole = FloatVector.broadcast(SPECIES, TO_WHOLE);
    FloatVector logHigh = FloatVector.broadcast(SPECIES, LN2_HIGH);
    FloatVector logLow = FloatVector.broadcast(SPECIES, LN2_LOW);
    for (int i = 0; i < n; i += WIDTH) {
      FloatVector size = FloatVector.fromArray(SPECIES, x, from + i).abs();
      FloatVector v = size.blend(TANH_ONE, size.compare(VectorOperators.GT, TANH_ONE)).mul(-2);
      FloatVector t = v.mul(perLog).add(toWhole);
      FloatVector k = t.sub(toWhole);
      FloatVector high = v.sub(k.mul(logHigh));
      FloatVector low = k.mul(logLow);
      FloatVector r = high.sub(low);
      FloatVector lost = high.sub(r).sub(low);
      FloatVector q = r.mul(e4).add(e3).mul(r).add(e2).mul(r).add(e1).mul(r).add(first);
      FloatVector curve = r.mul(r).mul(q).add(lost);
      FloatVector s = curve.add(r);
      FloatVector scale =
          t.viewAsIntegralLanes()
              .lanewise(VectorOperators.LSHL, EXPONENT)
              .add(ONE_BITS)
              .viewAsFloatingLanes();
      FloatVector more = s.mul(scale);
      FloatVector less = scale.sub(1);
      FloatVector sum = less.add(more);
      sum.intoArray(d, i);
      less.sub(sum).add(more).add(r.sub(s).add(curve).mul(scale)).intoArray(rest, i);
    }
  }

  @Override
  public void logistic(float[] a, int first, float[] x, int from, float[] y, int to, int n) {
    FloatVector e0 = FloatVector.broadcast(SPECIES, E0);
    FloatVector e1 = FloatVector.broadcast(SPECIES, E1);
    FloatVector e2 = FloatVector.broadcast(SPECIES, E2);
    FloatVector e3 = FloatVector.broadcast(SPECIES, E3);
    FloatVector e4 = FloatVector.broadcast(SPECIES, E4);
    FloatVector perLog = FloatVector.broadcast(SPECIES, LOG2_E);
    FloatVector toWhole = FloatVector.broadcast(SPECIES, TO_WHOLE);
    FloatVector log = FloatVector.broadcast(SPECIES, -LN2);
    FloatVector logRest = FloatVector.broadcast(SPECIES, -LN2_REST);
    FloatVector one = FloatVector.broadcast(SPECIES, 1);
    IntVector most = bits(-DECAY_LEAST);
    IntVector twice = IntVector.broadcast(INTEGERS, 2 * ONE_BITS);
    for (int i = 0; i < n; i += WIDTH) {
      FloatVector v =
          FloatVector.fromArray(SPECIES, x, from + i)
              .viewAsIntegralLanes()
              .min(most)
              .viewAsFloatingLanes()
              .neg();
      FloatVector t = v.fma(perLog, toWhole);
      FloatVector k = t.sub(toWhole);
      FloatVector r = k.fma(logRest, k.fma(log, v));
      FloatVector q = r.fma(e4, e3).fma(r, e2).fma(r, e1).fma(r, e0);
      FloatVector s = r.mul(r).fma(q, r);
      IntVector bits =
          t.viewAsIntegralLanes().lanewise(VectorOperators.LSHL, EXPONENT).add(ONE_BITS);
      FloatVector scale = bits.viewAsFloatingLanes();
      FloatVector inverse = twice.sub(bits).viewAsFloatingLanes();
      FloatVector sum = scale.add(one);
      FloatVector lost = one.sub(sum.sub(scale));
      FloatVector.fromArray(SPECIES, a, first + i)
          .div(scale.fma(lost.fma(inverse, s), sum))
          .intoArray(y, to + i);
    }
  }

  @Override
  public void softplusOrTanh(
      boolean tanh, float[] x, int from, float[] e, float[] rest, float[] y, int to, int n) {
    if (tanh) {
      for (int i = 0; i < n; i += WIDTH) {
        FloatVector f = FloatVector.fromArray(SPECIES, e, i);
        FloatVector sum = f.add(2);
        FloatVector left = FloatVector.fromArray(SPECIES, rest, i);
        FloatVector lost = FloatVector.broadcast(SPECIES, 2).sub(sum).add(f).add(left);
        FloatVector quotient = f.div(sum);
        left.sub(quotient.mul(lost))
            .mul(f.mul(-0.25f).add(0.5f))
            .add(quotient)
            .viewAsIntegralLanes()
            .lanewise(VectorOperators.AND, Integer.MAX_VALUE)
            .lanewise(
                VectorOperators.OR,
                FloatVector.fromArray(SPECIES, x, from + i)
                    .viewAsIntegralLanes()
                    .lanewise(VectorOperators.AND, Integer.MIN_VALUE))
            .viewAsFloatingLanes()
            .intoArray(y, to + i);
      }
      return;
    }
    for (int i = 0; i < n; i += WIDTH) {
      FloatVector f = FloatVector.fromArray(SPECIES, e, i);
      FloatVector s = f.div(f.add(2));
      FloatVector z = s.mul(s);
      FloatVector r = z.mul(A3).add(A2).mul(z).add(A1).mul(z).add(A0).mul(z);
      FloatVector half = f.mul(0.5f).mul(f);
      FloatVector v = FloatVector.fromArray(SPECIES, x, from + i);
      FloatVector positive = FloatVector.zero(SPECIES).blend(v, v.compare(VectorOperators.GT, 0));
      FloatVector more = FloatVector.fromArray(SPECIES, rest, i).mul(f.mul(-0.5f).add(1));
      FloatVector tail = half.sub(s.mul(half.add(r))).sub(more);
      FloatVector sum = f.sub(tail);
      positive.add(f.sub(sum).sub(tail)).add(sum).intoArray(y, to + i);
    }
  }

  @Override
  public void binaryCrossEntropies(double[] a, double[] b, double[] e, double[] y, int n) {
    if (!WideLanes.SUITS) {
      super.binaryCrossEntropies(a, b, e, y, n);
      return;
    }
    DoubleVector nothing = WideLanes.all(0);
    DoubleVector one = WideLanes.all(1);
    DoubleVector two = WideLanes.all(2);
    DoubleVector b0 = WideLanes.all(B0);
    DoubleVector b1 = WideLanes.all(B1);
    DoubleVector b2 = WideLanes.all(B2);
    DoubleVector b3 = WideLanes.all(B3);
    DoubleVector b4 = WideLanes.all(B4);
    DoubleVector b5 = WideLanes.all(B5);
    DoubleVector b6 = WideLanes.all(B6);
    for (int i = 0; i < n; i += WideLanes.LANES) {
      DoubleVector v = WideLanes.load(e, i);
      DoubleVector s = v.div(v.add(two));
      DoubleVector z = s.mul(s);
      DoubleVector q = z.mul(b6).add(b5).mul(z).add(b4).mul(z).add(b3).mul(z);
      q = q.add(b2).mul(z).add(b1).mul(z).add(b0).mul(z);
      DoubleVector logit = WideLanes.load(a, i);
      DoubleVector target = WideLanes.load(b, i);
      DoubleVector weight =
          target.blend(one.sub(target), logit.compare(VectorOperators.GT, nothing));
      q.mul(s).add(s.add(s)).add(weight.mul(logit.abs())).intoArray(y, i);
    }
  }
}
