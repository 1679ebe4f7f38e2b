package org.gradus.autograd.internal.kernel.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.gradus.autograd.internal.kernel.NormalTail;
import org.gradus.autograd.internal.kernel.plain.PlainSingles;

/** Slopes of floats, and gelu, of exponentials with their rests: see {@link VectorSingles}. */
abstract class VectorSlopes extends PlainSingles {
  static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  static final int WIDTH = SPECIES.length();

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
      float[] g, float[] x, int from, float[] e, float[] rest, float[] y, int to, int n) {
    siluSlope(x, from, e, rest, y, to, n);
    FloatVector least = FloatVector.broadcast(SPECIES, SILU_LEAST);
    FloatVector leastRest = FloatVector.broadcast(SPECIES, SILU_LEAST_REST);
    FloatVector near = FloatVector.broadcast(SPECIES, NEAR_LEAST);
    FloatVector s1 = FloatVector.broadcast(SPECIES, S1);
    FloatVector rest1 = FloatVector.broadcast(SPECIES, S1_REST);
    FloatVector s2 = FloatVector.broadcast(SPECIES, S2);
    FloatVector s3 = FloatVector.broadcast(SPECIES, S3);
    FloatVector s4 = FloatVector.broadcast(SPECIES, S4);
    for (int i = 0; i < n; i += WIDTH) {
      FloatVector difference = FloatVector.fromArray(SPECIES, x, from + i).add(least);
      FloatVector d = difference.add(leastRest);
      FloatVector lost = difference.sub(d).add(leastRest);
      FloatVector curve = d.fma(s4, s3).fma(d, s2).fma(d, rest1);
      FloatVector series = d.fma(s1, lost.fma(s1, curve.mul(d)));
      FloatVector.fromArray(SPECIES, y, to + i)
          .blend(series, d.abs().compare(VectorOperators.LT, near))
          .mul(FloatVector.fromArray(SPECIES, g, from + i))
          .intoArray(y, to + i);
    }
  }

  private static void siluSlope(
      float[] x, int from, float[] e, float[] rest, float[] y, int to, int n) {
    FloatVector one = FloatVector.broadcast(SPECIES, 1);
    FloatVector most = FloatVector.broadcast(SPECIES, -DECAY_LEAST);
    FloatVector zero = FloatVector.broadcast(SPECIES, 0);
    for (int i = 0; i < n; i += WIDTH) {
      FloatVector v = FloatVector.fromArray(SPECIES, x, from + i);
      FloatVector size = v.abs();
      FloatVector f = FloatVector.fromArray(SPECIES, e, i);
      FloatVector left = FloatVector.fromArray(SPECIES, rest, i);
      FloatVector c = one.sub(size.blend(most, size.compare(VectorOperators.GT, most)));
      FloatVector factor = c.add(f);
      FloatVector factorRest = c.sub(factor).add(f).add(left);
      FloatVector product = f.mul(factor);
      FloatVector productRest = left.fma(factor, f.fma(factorRest, f.fma(factor, product.neg())));
      FloatVector sum = f.add(one);
      FloatVector lost = one.sub(sum).add(f).add(left);
      FloatVector square = sum.mul(sum);
      FloatVector more = sum.add(sum).fma(lost, sum.fma(sum, square.neg()));
      FloatVector inverse = one.div(square);
      FloatVector quotient = product.mul(inverse);
      FloatVector minus = quotient.neg();
      FloatVector below =
          minus.fma(more, minus.fma(square, product).add(productRest)).fma(inverse, quotient);
      one.sub(below).blend(below, v.compare(VectorOperators.LT, zero)).intoArray(y, to + i);
    }
  }

  @Override
  public void tail(NormalTail tail, float[] x, int from, float[] p, int n) {
    float[] near = tail.coefficients(true);
    float[] far = tail.coefficients(false);
    FloatVector nearCentre = FloatVector.broadcast(SPECIES, tail.centre(true));
    FloatVector farCentre = FloatVector.broadcast(SPECIES, tail.centre(false));
    FloatVector one = FloatVector.broadcast(SPECIES, NormalTail.EDGE);
    FloatVector shift = FloatVector.broadcast(SPECIES, NormalTail.SHIFT);
    FloatVector near8 = FloatVector.broadcast(SPECIES, near[8]);
    FloatVector far8 = FloatVector.broadcast(SPECIES, far[8]);
    FloatVector near7 = FloatVector.broadcast(SPECIES, near[7]);
    FloatVector far7 = FloatVector.broadcast(SPECIES, far[7]);
    FloatVector near6 = FloatVector.broadcast(SPECIES, near[6]);
    FloatVector far6 = FloatVector.broadcast(SPECIES, far[6]);
    FloatVector near5 = FloatVector.broadcast(SPECIES, near[5]);
    FloatVector far5 = FloatVector.broadcast(SPECIES, far[5]);
    FloatVector near4 = FloatVector.broadcast(SPECIES, near[4]);
    FloatVector far4 = FloatVector.broadcast(SPECIES, far[4]);
    FloatVector near3 = FloatVector.broadcast(SPECIES, near[3]);
    FloatVector far3 = FloatVector.broadcast(SPECIES, far[3]);
    FloatVector near2 = FloatVector.broadcast(SPECIES, near[2]);
    FloatVector far2 = FloatVector.broadcast(SPECIES, far[2]);
    FloatVector near1 = FloatVector.broadcast(SPECIES, near[1]);
    FloatVector far1 = FloatVector.broadcast(SPECIES, far[1]);
    for (int i = 0; i < n; i += WIDTH) {
      FloatVector size = FloatVector.fromArray(SPECIES, x, from + i).abs();
      VectorMask<Float> isNear = size.compare(VectorOperators.LT, one);
      FloatVector sum = size.add(shift);
      FloatVector inverse = one.div(sum);
      FloatVector distance = inverse.neg().fma(sum, one).fma(inverse, inverse.sub(farCentre));
      FloatVector z = distance.blend(size.sub(nearCentre), isNear);
      FloatVector q = far8.blend(near8, isNear);
      q = q.fma(z, far7.blend(near7, isNear));
      q = q.fma(z, far6.blend(near6, isNear));
      q = q.fma(z, far5.blend(near5, isNear));
      q = q.fma(z, far4.blend(near4, isNear));
      q = q.fma(z, far3.blend(near3, isNear));
      q = q.fma(z, far2.blend(near2, isNear));
      q = q.fma(z, far1.blend(near1, isNear));
      q.mul(z).intoArray(p, i);
    }
  }

  @Override
  public void gelu(
      float[] x, int from, float[] e, float[] rest, float[] p, float[] y, int to, int n) {
    NormalTail tail = new NormalTail(false);
    FloatVector near = FloatVector.broadcast(SPECIES, tail.coefficients(true)[0]);
    FloatVector far = FloatVector.broadcast(SPECIES, tail.coefficients(false)[0]);
    FloatVector one = FloatVector.broadcast(SPECIES, NormalTail.EDGE);
    FloatVector nothing = FloatVector.broadcast(SPECIES, -0.0f);
    for (int i = 0; i < n; i += WIDTH) {
      FloatVector v = FloatVector.fromArray(SPECIES, x, from + i);
      FloatVector size = v.abs();
      VectorMask<Float> isNear = size.compare(VectorOperators.LT, one);
      FloatVector factor = one.blend(size, isNear);
      FloatVector centre = far.blend(near, isNear);
      FloatVector f = FloatVector.fromArray(SPECIES, e, i);
      FloatVector head = factor.mul(centre);
      FloatVector more =
          factor.fma(FloatVector.fromArray(SPECIES, p, i), factor.fma(centre, head.neg()));
      FloatVector product = head.mul(f);
      FloatVector productRest = more.fma(f, head.fma(f, product.neg()));
      FloatVector left =
          product.add(head.fma(FloatVector.fromArray(SPECIES, rest, i), productRest));
      nothing.blend(v, v.compare(VectorOperators.GE, nothing)).sub(left).intoArray(y, to + i);
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
    NormalTail tail = new NormalTail(true);
    FloatVector near = FloatVector.broadcast(SPECIES, tail.coefficients(true)[0]);
    FloatVector far = FloatVector.broadcast(SPECIES, tail.coefficients(false)[0]);
    FloatVector one = FloatVector.broadcast(SPECIES, NormalTail.EDGE);
    FloatVector most = FloatVector.broadcast(SPECIES, NORMAL_FAR);
    FloatVector least = FloatVector.broadcast(SPECIES, GELU_LEAST);
    FloatVector leastRest = FloatVector.broadcast(SPECIES, GELU_LEAST_REST);
    FloatVector zero = FloatVector.broadcast(SPECIES, 0);
    for (int i = 0; i < n; i += WIDTH) {
      FloatVector v = FloatVector.fromArray(SPECIES, x, from + i);
      FloatVector given = v.abs();
      FloatVector size = given.blend(most, given.compare(VectorOperators.GT, most));
      FloatVector factor = least.sub(size);
      FloatVector factorRest = least.sub(factor.add(size)).add(leastRest);
      FloatVector centre = far.blend(near, size.compare(VectorOperators.LT, one));
      FloatVector f = FloatVector.fromArray(SPECIES, e, i);
      FloatVector distant = FloatVector.fromArray(SPECIES, p, i);
      FloatVector head = factor.mul(centre);
      FloatVector headRest = factorRest.fma(centre.add(distant), factor.fma(centre, head.neg()));
      FloatVector product = head.mul(f);
      FloatVector productRest = factor.fma(distant, headRest).fma(f, head.fma(f, product.neg()));
      FloatVector left = head.fma(FloatVector.fromArray(SPECIES, rest, i), productRest);
      one.sub(product)
          .sub(left)
          .blend(product.add(left), v.compare(VectorOperators.LT, zero))
          .mul(FloatVector.fromArray(SPECIES, g, from + i))
          .intoArray(y, to + i);
    }
  }
}
