package org.gradus.autograd.internal.kernel.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.gradus.autograd.internal.kernel.NormalTail;
import org.gradus.autograd.internal.kernel.plain.PlainSingles;

/** Slopes of floats, and gelu, of exponentials with their rests: see {@link VectorSingles}. */
abstract class VectorSlopes extends PlainSingles {
  static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  static final int WIDTH = SPECIES.length();
  static final VectorSpecies<Integer> INTEGERS = IntVector.SPECIES_PREFERRED;

  /** Of a positive number: those of floats without a sign are in the floats' order. */
  static IntVector bits(float number) {
    return IntVector.broadcast(INTEGERS, Float.floatToRawIntBits(number));
  }

  @Override
  public void bell(
      float c, float[] g, int from, float[] e, float[] rest, float[] y, int to, int n) {
    FloatVector one = FloatVector.broadcast(SPECIES, 1);
    FloatVector factor = FloatVector.broadcast(SPECIES, c);
    for (int i = 0; i < n; i += WIDTH) {
      FloatVector f = FloatVector.fromArray(SPECIES, e, i);
      FloatVector left = FloatVector.fromArray(SPECIES, rest, i);
      FloatVector sum = f.add(one);
      FloatVector lost = one.sub(sum).add(f).add(left);
      FloatVector square = sum.mul(sum);
      FloatVector more = sum.add(sum).fma(lost, sum.fma(sum, square.neg()));
      FloatVector inverse = one.div(square);
      FloatVector quotient = f.mul(inverse);
      FloatVector minus = quotient.neg();
      minus
          .fma(more, minus.fma(square, f).add(left))
          .fma(inverse, quotient)
          .mul(factor)
          .mul(FloatVector.fromArray(SPECIES, g, from + i))
          .intoArray(y, to + i);
    }
  }

  @Override
  public void siluSlope(
      float[] g,
      float[] x,
      int from,
      float[] e,
      float[] rest,
      float[] b,
      float[] y,
      int to,
      int n) {
    IntVector most = bits(-DECAY_LEAST);
    FloatVector one = FloatVector.broadcast(SPECIES, 1);
    FloatVector zero = FloatVector.broadcast(SPECIES, 0);
    FloatVector least = FloatVector.broadcast(SPECIES, SILU_LEAST);
    FloatVector leastRest = FloatVector.broadcast(SPECIES, SILU_LEAST_REST);
    FloatVector near = FloatVector.broadcast(SPECIES, NEAR_LEAST);
    FloatVector s1 = FloatVector.broadcast(SPECIES, S1);
    FloatVector rest1 = FloatVector.broadcast(SPECIES, S1_REST);
    FloatVector s2 = FloatVector.broadcast(SPECIES, S2);
    FloatVector s3 = FloatVector.broadcast(SPECIES, S3);
    FloatVector s4 = FloatVector.broadcast(SPECIES, S4);
    for (int i = 0; i < n; i += WIDTH) {
      FloatVector v = FloatVector.fromArray(SPECIES, x, from + i);
      FloatVector c = one.sub(v.abs().viewAsIntegralLanes().min(most).viewAsFloatingLanes());
      FloatVector f = FloatVector.fromArray(SPECIES, e, i);
      FloatVector factor = c.add(f);
      FloatVector factorRest = c.sub(factor).add(f).add(FloatVector.fromArray(SPECIES, rest, i));
      FloatVector bell = FloatVector.fromArray(SPECIES, b, i);
      FloatVector below = bell.fma(factor, bell.mul(factorRest));
      FloatVector difference = v.add(least);
      FloatVector d = difference.add(leastRest);
      FloatVector lost = difference.sub(d).add(leastRest);
      FloatVector curve = d.fma(s4, s3).fma(d, s2).fma(d, rest1);
      FloatVector series = d.fma(s1, lost.fma(s1, curve.mul(d)));
      one.sub(below)
          .blend(below, v.compare(VectorOperators.LT, zero))
          .blend(series, d.abs().compare(VectorOperators.LT, near))
          .mul(FloatVector.fromArray(SPECIES, g, from + i))
          .intoArray(y, to + i);
    }
  }

  @Override
  public void tailDistance(NormalTail tail, float[] x, int from, float[] z, int n) {
    FloatVector nearCentre = FloatVector.broadcast(SPECIES, tail.nearCentre);
    FloatVector farCentre = FloatVector.broadcast(SPECIES, tail.farCentre);
    FloatVector one = FloatVector.broadcast(SPECIES, NormalTail.EDGE);
    FloatVector shift = FloatVector.broadcast(SPECIES, NormalTail.SHIFT);
    IntVector most = bits(NORMAL_FAR);
    for (int i = 0; i < n; i += WIDTH) {
      FloatVector size =
          FloatVector.fromArray(SPECIES, x, from + i)
              .abs()
              .viewAsIntegralLanes()
              .min(most)
              .viewAsFloatingLanes();
      FloatVector sum = size.add(shift);
      FloatVector inverse = one.div(sum);
      inverse
          .neg()
          .fma(sum, one)
          .fma(inverse, inverse.sub(farCentre))
          .blend(size.sub(nearCentre), size.compare(VectorOperators.LT, one))
          .intoArray(z, i);
    }
  }

  /** A coefficient is chosen by bits: JDK 17 has no masks in registers. */
  @Override
  public void tail(NormalTail tail, float[] x, int from, float[] z, float[] p, int n) {
    IntVector edge = bits(NormalTail.EDGE);
    IntVector far8 = bits(tail.far(8));
    IntVector change8 = IntVector.broadcast(INTEGERS, tail.change(8));
    IntVector far7 = bits(tail.far(7));
    IntVector change7 = IntVector.broadcast(INTEGERS, tail.change(7));
    IntVector far6 = bits(tail.far(6));
    IntVector change6 = IntVector.broadcast(INTEGERS, tail.change(6));
    IntVector far5 = bits(tail.far(5));
    IntVector change5 = IntVector.broadcast(INTEGERS, tail.change(5));
    IntVector far4 = bits(tail.far(4));
    IntVector change4 = IntVector.broadcast(INTEGERS, tail.change(4));
    IntVector far3 = bits(tail.far(3));
    IntVector change3 = IntVector.broadcast(INTEGERS, tail.change(3));
    IntVector far2 = bits(tail.far(2));
    IntVector change2 = IntVector.broadcast(INTEGERS, tail.change(2));
    IntVector far1 = bits(tail.far(1));
    IntVector change1 = IntVector.broadcast(INTEGERS, tail.change(1));
    for (int i = 0; i < n; i += WIDTH) {
      IntVector isNear =
          FloatVector.fromArray(SPECIES, x, from + i)
              .abs()
              .viewAsIntegralLanes()
              .sub(edge)
              .lanewise(VectorOperators.ASHR, 31);
      FloatVector distance = FloatVector.fromArray(SPECIES, z, i);
      FloatVector q =
          far8.lanewise(VectorOperators.XOR, change8.lanewise(VectorOperators.AND, isNear))
              .viewAsFloatingLanes();
      q =
          q.fma(
              distance,
              far7.lanewise(VectorOperators.XOR, change7.lanewise(VectorOperators.AND, isNear))
                  .viewAsFloatingLanes());
      q =
          q.fma(
              distance,
              far6.lanewise(VectorOperators.XOR, change6.lanewise(VectorOperators.AND, isNear))
                  .viewAsFloatingLanes());
      q =
          q.fma(
              distance,
              far5.lanewise(VectorOperators.XOR, change5.lanewise(VectorOperators.AND, isNear))
                  .viewAsFloatingLanes());
      q =
          q.fma(
              distance,
              far4.lanewise(VectorOperators.XOR, change4.lanewise(VectorOperators.AND, isNear))
                  .viewAsFloatingLanes());
      q =
          q.fma(
              distance,
              far3.lanewise(VectorOperators.XOR, change3.lanewise(VectorOperators.AND, isNear))
                  .viewAsFloatingLanes());
      q =
          q.fma(
              distance,
              far2.lanewise(VectorOperators.XOR, change2.lanewise(VectorOperators.AND, isNear))
                  .viewAsFloatingLanes());
      q =
          q.fma(
              distance,
              far1.lanewise(VectorOperators.XOR, change1.lanewise(VectorOperators.AND, isNear))
                  .viewAsFloatingLanes());
      q.mul(distance).intoArray(p, i);
    }
  }

  @Override
  public void gelu(
      float[] x, int from, float[] e, float[] rest, float[] p, float[] y, int to, int n) {
    NormalTail tail = NormalTail.GELU;
    IntVector far = bits(tail.far(0));
    IntVector change = IntVector.broadcast(INTEGERS, tail.change(0));
    IntVector edge = bits(NormalTail.EDGE);
    IntVector sign = IntVector.broadcast(INTEGERS, Integer.MIN_VALUE);
    for (int i = 0; i < n; i += WIDTH) {
      FloatVector v = FloatVector.fromArray(SPECIES, x, from + i);
      FloatVector size = v.abs();
      IntVector isNear = size.viewAsIntegralLanes().sub(edge).lanewise(VectorOperators.ASHR, 31);
      FloatVector factor = size.viewAsIntegralLanes().min(edge).viewAsFloatingLanes();
      FloatVector centre =
          far.lanewise(VectorOperators.XOR, change.lanewise(VectorOperators.AND, isNear))
              .viewAsFloatingLanes();
      FloatVector f = FloatVector.fromArray(SPECIES, e, i);
      FloatVector head = factor.mul(centre);
      FloatVector more =
          factor.fma(FloatVector.fromArray(SPECIES, p, i), factor.fma(centre, head.neg()));
      FloatVector product = head.mul(f);
      FloatVector productRest = more.fma(f, head.fma(f, product.neg()));
      FloatVector left =
          product.add(head.fma(FloatVector.fromArray(SPECIES, rest, i), productRest));
      IntVector bits = v.viewAsIntegralLanes();
      bits.lanewise(VectorOperators.AND_NOT, bits.lanewise(VectorOperators.ASHR, 31))
          .lanewise(VectorOperators.OR, bits.lanewise(VectorOperators.AND, sign))
          .viewAsFloatingLanes()
          .sub(left)
          .intoArray(y, to + i);
    }
  }

  @Override
  public void geluSlope(
      float[] g,
      float[] x,
      int from,
      float[] e,
      float[] rest,
      float[] p,
      float[] y,
      int to,
      int n) {
    NormalTail tail = NormalTail.SLOPE;
    IntVector far = bits(tail.far(0));
    IntVector change = IntVector.broadcast(INTEGERS, tail.change(0));
    IntVector edge = bits(NormalTail.EDGE);
    FloatVector half = FloatVector.broadcast(SPECIES, 0.5f);
    FloatVector zero = FloatVector.broadcast(SPECIES, 0);
    IntVector most = bits(NORMAL_FAR);
    FloatVector least = FloatVector.broadcast(SPECIES, GELU_LEAST);
    FloatVector leastRest = FloatVector.broadcast(SPECIES, GELU_LEAST_REST);
    for (int i = 0; i < n; i += WIDTH) {
      FloatVector v = FloatVector.fromArray(SPECIES, x, from + i);
      FloatVector size = v.abs().viewAsIntegralLanes().min(most).viewAsFloatingLanes();
      FloatVector factor = least.sub(size);
      FloatVector factorRest = least.sub(factor.add(size)).add(leastRest);
      IntVector isNear = size.viewAsIntegralLanes().sub(edge).lanewise(VectorOperators.ASHR, 31);
      FloatVector centre =
          far.lanewise(VectorOperators.XOR, change.lanewise(VectorOperators.AND, isNear))
              .viewAsFloatingLanes();
      FloatVector f = FloatVector.fromArray(SPECIES, e, i);
      FloatVector distant = FloatVector.fromArray(SPECIES, p, i);
      FloatVector head = factor.mul(centre);
      FloatVector headRest = factorRest.fma(centre.add(distant), factor.fma(centre, head.neg()));
      FloatVector product = head.mul(f);
      FloatVector productRest = factor.fma(distant, headRest).fma(f, head.fma(f, product.neg()));
      FloatVector left = head.fma(FloatVector.fromArray(SPECIES, rest, i), productRest);
      half.sub(product)
          .sub(left)
          .add(half)
          .blend(product.add(left), v.compare(VectorOperators.LT, zero))
          .mul(FloatVector.fromArray(SPECIES, g, from + i))
          .intoArray(y, to + i);
    }
  }
}
