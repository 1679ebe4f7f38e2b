package org.gradus.autograd.internal.kernel.vector;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.gradus.autograd.internal.kernel.ColumnFunctions;
import org.gradus.autograd.internal.kernel.plain.PlainPairs;
import org.gradus.autograd.internal.number.Elementary;

/** As many pairs at once as a vector has doubles; the last ones, one by one. */
final class VectorPairs extends PlainPairs {
  private static final VectorSpecies<Double> SPECIES = WideLanes.SPECIES;
  private static final int WIDTH = WideLanes.LANES;

  VectorPairs() {}

  /** Where vectors end: the last one must not write what is behind these pairs. */
  private static int end(int from, int n) {
    int fewer = Math.max(0, n - WIDTH);
    return WideLanes.SUITS ? from + fewer - fewer % WIDTH : from;
  }

  @Override
  public void signs(double factor, float[] a, float[] b, float[] y, int from, int n) {
    int end = end(from, n);
    for (int i = from; i < end; i += WIDTH) {
      DoubleVector distance = WideLanes.load(a, i).sub(WideLanes.load(b, i));
      DoubleVector sign =
          distance
              .blend(1, distance.compare(VectorOperators.GT, 0))
              .blend(-1, distance.compare(VectorOperators.LT, 0));
      WideLanes.storeAhead(sign.mul(factor), y, i);
    }
    super.signs(factor, a, b, y, end, from + n - end);
  }

  @Override
  public void held(double factor, double c, float[] a, float[] b, float[] y, int from, int n) {
    int end = end(from, n);
    for (int i = from; i < end; i += WIDTH) {
      DoubleVector distance = WideLanes.load(a, i).sub(WideLanes.load(b, i));
      DoubleVector held =
          distance
              .blend(c, distance.compare(VectorOperators.GT, c))
              .blend(-c, distance.compare(VectorOperators.LT, -c));
      WideLanes.storeAhead(held.mul(factor), y, i);
    }
    super.held(factor, c, a, b, y, end, from + n - end);
  }

  @Override
  public void logistic(double factor, float[] a, float[] b, float[] y, int from, int n) {
    int end = end(from, n);
    DoubleVector toWhole = DoubleVector.broadcast(SPECIES, Elementary.TO_WHOLE);
    DoubleVector logHigh = DoubleVector.broadcast(SPECIES, Elementary.LN2_HIGH);
    DoubleVector logLow = DoubleVector.broadcast(SPECIES, Elementary.LN2_LOW);
    DoubleVector one = DoubleVector.broadcast(SPECIES, 1);
    for (int i = from; i < end; i += WIDTH) {
      DoubleVector logit = WideLanes.load(a, i);
      DoubleVector size = logit.abs().neg();
      VectorMask<Double> far = size.compare(VectorOperators.LT, ColumnFunctions.LEAST);
      DoubleVector v = size.blend(ColumnFunctions.LEAST, far);
      DoubleVector t = v.mul(Elementary.LOG2_E).add(toWhole);
      DoubleVector k = t.sub(toWhole);
      DoubleVector r = v.sub(k.mul(logHigh)).sub(k.mul(logLow));
      DoubleVector q =
          r.mul(ColumnFunctions.E6)
              .add(ColumnFunctions.E5)
              .mul(r)
              .add(ColumnFunctions.E4)
              .mul(r)
              .add(ColumnFunctions.E3)
              .mul(r)
              .add(ColumnFunctions.E2)
              .mul(r)
              .add(ColumnFunctions.E1);
      DoubleVector scale =
          t.viewAsIntegralLanes()
              .add(Elementary.BIAS)
              .lanewise(VectorOperators.LSHL, Elementary.EXPONENT)
              .viewAsFloatingLanes();
      DoubleVector e =
          r.mul(r).mul(q.mul(r).add(ColumnFunctions.E0)).add(r).add(one).mul(scale).blend(0, far);
      DoubleVector large = one.div(e.add(one));
      DoubleVector small = e.mul(large);
      VectorMask<Double> below = logit.compare(VectorOperators.LT, 0);
      DoubleVector target = WideLanes.load(b, i);
      DoubleVector own = one.sub(target).mul(large.blend(small, below));
      DoubleVector other = target.mul(small.blend(large, below));
      WideLanes.storeAhead(own.sub(other).mul(factor), y, i);
    }
    super.logistic(factor, a, b, y, end, from + n - end);
  }
}
