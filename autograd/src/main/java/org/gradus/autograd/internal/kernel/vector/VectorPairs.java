package org.gradus.autograd.internal.kernel.vector;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.gradus.autograd.internal.kernel.Loss;
import org.gradus.autograd.internal.kernel.plain.DoubleRuns;
import org.gradus.autograd.internal.kernel.plain.PlainPairs;
import org.gradus.autograd.internal.parallel.Wide;

/** As many pairs at once as a vector has doubles; the last ones, one by one. */
final class VectorPairs extends PlainPairs {
  private static final VectorSpecies<Double> SPECIES = WideLanes.SPECIES;
  private static final int WIDTH = WideLanes.LANES;
  private static final int OCTET = DoubleRuns.OCTET;

  /** Elements that are computed at once, in the nearest cache: a whole number of vectors. */
  private static final int BLOCK = 512;

  VectorPairs() {}

  /** Where vectors end: the last one must not write what is behind these pairs. */
  private static int end(int from, int n) {
    int fewer = Math.max(0, n - WIDTH);
    return WideLanes.SUITS ? from + fewer - fewer % WIDTH : from;
  }

  @Override
  public boolean sum(Loss f, double c, float[] a, float[] b, int from, int n, double[] lanes) {
    boolean covers = WideLanes.cover(a, from + n) && WideLanes.cover(b, from + n);
    boolean has = f == Loss.SQUARED || f == Loss.ABSOLUTE || f == Loss.HUBER;
    if (!WideLanes.SUITS || !covers || !has) {
      return false;
    }
    int step = n <= DoubleRuns.FEW ? OCTET : 4 * OCTET;
    int whole = n & -OCTET;
    for (int lane = 0; lane < step; lane += WIDTH) {
      switch (f) {
        case SQUARED -> squares(a, b, from, lane, whole, step, lanes);
        case ABSOLUTE -> distances(a, b, from, lane, whole, step, lanes);
        default -> bounded(c, a, b, from, lane, whole, step, lanes);
      }
    }
    for (int i = 0; step > OCTET && i < OCTET; i++) {
      lanes[i] = (lanes[i] + lanes[2 * OCTET + i]) + (lanes[OCTET + i] + lanes[3 * OCTET + i]);
    }
    for (int i = whole; i < n; i++) {
      double distance = Math.abs((double) a[from + i] - b[from + i]);
      double m = Math.min(distance, c);
      lanes[i - whole] +=
          switch (f) {
            case SQUARED -> distance * distance;
            case ABSOLUTE -> distance;
            default -> m * (distance - m / 2);
          };
    }
    lanes[0] = DoubleRuns.total(lanes, 0);
    return true;
  }

  /** What is behind the last turn of whole steps goes to the first octet. */
  private static void squares(
      float[] a, float[] b, int from, int lane, int n, int step, double[] lanes) {
    DoubleVector sum = WideLanes.zero();
    int turns = n - n % step;
    int i = lane;
    for (; i < turns; i += step) {
      DoubleVector d = WideLanes.load(a, from + i).sub(WideLanes.load(b, from + i));
      sum = d.mul(d).add(sum);
    }
    for (; lane < OCTET && i < n; i += OCTET) {
      DoubleVector d = WideLanes.load(a, from + i).sub(WideLanes.load(b, from + i));
      sum = d.mul(d).add(sum);
    }
    sum.intoArray(lanes, lane);
  }

  private static void distances(
      float[] a, float[] b, int from, int lane, int n, int step, double[] lanes) {
    DoubleVector sum = WideLanes.zero();
    int turns = n - n % step;
    int i = lane;
    for (; i < turns; i += step) {
      sum = WideLanes.load(a, from + i).sub(WideLanes.load(b, from + i)).abs().add(sum);
    }
    for (; lane < OCTET && i < n; i += OCTET) {
      sum = WideLanes.load(a, from + i).sub(WideLanes.load(b, from + i)).abs().add(sum);
    }
    sum.intoArray(lanes, lane);
  }

  /** The least by a comparison: {@code min} is five instructions, for NaN and -0.0. */
  private static void bounded(
      double c, float[] a, float[] b, int from, int lane, int n, int step, double[] lanes) {
    DoubleVector most = WideLanes.all(c);
    DoubleVector half = WideLanes.all(0.5);
    DoubleVector sum = WideLanes.zero();
    int turns = n - n % step;
    int i = lane;
    for (; i < turns; i += step) {
      DoubleVector d = WideLanes.load(a, from + i).sub(WideLanes.load(b, from + i)).abs();
      DoubleVector m = d.blend(most, d.compare(VectorOperators.GT, most));
      sum = d.sub(m.mul(half)).mul(m).add(sum);
    }
    for (; lane < OCTET && i < n; i += OCTET) {
      DoubleVector d = WideLanes.load(a, from + i).sub(WideLanes.load(b, from + i)).abs();
      DoubleVector m = d.blend(most, d.compare(VectorOperators.GT, most));
      sum = d.sub(m.mul(half)).mul(m).add(sum);
    }
    sum.intoArray(lanes, lane);
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
    if (c == Double.POSITIVE_INFINITY) {
      free(factor, a, b, y, from, end);
      super.held(factor, c, a, b, y, end, from + n - end);
      return;
    }
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

  /** Of distances that no bound holds, for which comparisons are half of the work. */
  private static void free(double factor, float[] a, float[] b, float[] y, int from, int end) {
    for (int i = from; i < end; i += WIDTH) {
      DoubleVector distance = WideLanes.load(a, i).sub(WideLanes.load(b, i));
      WideLanes.storeAhead(distance.mul(factor), y, i);
    }
  }

  /** In loops of their own: one of all these operations ends with objects. */
  @Override
  public void logistic(double factor, float[] a, float[] b, float[] y, int from, int n) {
    int end = end(from, n);
    double[] powers = Wide.take(BLOCK);
    for (int i = from; i < end; i += BLOCK) {
      int length = Math.min(BLOCK, end - i);
      distances(a, i, powers, length);
      VectorColumns.powersOf(powers, 0, powers, length);
      logistic(factor, a, b, powers, y, i, length);
    }
    Wide.give(powers);
    super.logistic(factor, a, b, y, end, from + n - end);
  }

  /** -|a|. */
  private static void distances(float[] a, int from, double[] y, int n) {
    for (int i = 0; i < n; i += WIDTH) {
      WideLanes.load(a, from + i).abs().neg().intoArray(y, i);
    }
  }

  /** Of whole vectors, given e^-|a|. */
  private static void logistic(
      double factor, float[] a, float[] b, double[] powers, float[] y, int from, int n) {
    DoubleVector one = DoubleVector.broadcast(SPECIES, 1);
    DoubleVector scale = DoubleVector.broadcast(SPECIES, factor);
    for (int i = 0; i < n; i += WIDTH) {
      DoubleVector e = WideLanes.load(powers, i);
      DoubleVector large = one.div(e.add(one));
      DoubleVector small = e.mul(large);
      VectorMask<Double> below = WideLanes.load(a, from + i).compare(VectorOperators.LT, 0);
      DoubleVector target = WideLanes.load(b, from + i);
      DoubleVector own = one.sub(target).mul(large.blend(small, below));
      DoubleVector other = target.mul(small.blend(large, below));
      WideLanes.storeAhead(own.sub(other).mul(scale), y, from + i);
    }
  }
}
