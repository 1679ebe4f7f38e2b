package org.gradus.autograd.internal.kernel.vector;

import java.util.List;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.gradus.autograd.internal.kernel.Kernels;
import org.gradus.autograd.internal.kernel.Update;
import org.gradus.autograd.internal.kernel.plain.DoubleUpdates;
import org.gradus.autograd.internal.parallel.Parallel;

/**
 * Steps of optimisers by vectors: the same operations in the same order as in {@link
 * DoubleUpdates}, so the same bits. That does what is left behind the last whole vector. Each loop
 * says where that begins.
 */
@SuppressWarnings("cast") // (double) is needed in the float twin, where it reads (float)
final class DoubleUpdateLanes {
  private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;
  private static final int LANES = SPECIES.length();
  private static final double ROOT = DoubleUpdates.ROOT;
  private static final double MOST = Double.MAX_VALUE;

  /** About how many elementary operations one element takes, by any rule. */
  private static final long COST = 3;

  private DoubleUpdateLanes() {}

  /** As {@link Kernels#update}. */
  static void update(Update rule, double[] g, double[] p, List<double[]> kept, double[] y) {
    Parallel.ranges(
        y.length,
        COST,
        (first, end) -> {
          int rest = lanes(rule, g, p, kept, y, first, end);
          DoubleUpdates.update(rule, g, p, kept, y, rest, end);
        });
  }

  private static int lanes(
      Update rule, double[] g, double[] p, List<double[]> kept, double[] y, int first, int end) {
    if (rule instanceof Update.Descent descent) {
      return descend(descent, g, p, y, first, end);
    }
    if (rule instanceof Update.Momentum momentum) {
      return momentum.ahead()
          ? descendAhead(momentum, g, p, kept.get(0), y, first, end)
          : descend(momentum, g, p, kept.get(0), y, first, end);
    }
    if (rule instanceof Update.Moments moments) {
      return moments(moments, g, p, kept.get(0), kept.get(1), y, first, end);
    }
    if (rule instanceof Update.RootMeanSquare root) {
      return root.centred()
          ? centred(root, g, p, kept, y, first, end)
          : rootMeanSquare(root, g, p, kept, y, first, end);
    }
    if (rule instanceof Update.SquareSum sum) {
      return squareSum(sum, g, p, kept.get(0), y, first, end);
    }
    return sign((Update.Sign) rule, g, p, kept.get(0), y, first, end);
  }

  private static int descend(
      Update.Descent rule, double[] g, double[] p, double[] y, int first, int end) {
    double decay = (double) rule.decay();
    double rate = (double) rule.rate();
    int i = first;
    for (; i <= end - LANES; i += LANES) {
      DoubleVector value = DoubleVector.fromArray(SPECIES, p, i);
      DoubleVector slope = DoubleVector.fromArray(SPECIES, g, i).add(value.mul(decay));
      value.sub(slope.mul(rate)).intoArray(y, i);
    }
    return i;
  }

  private static int descend(
      Update.Momentum rule, double[] g, double[] p, double[] v, double[] y, int first, int end) {
    double momentum = (double) rule.momentum();
    double share = (double) rule.share();
    double decay = (double) rule.decay();
    double rate = (double) rule.rate();
    int i = first;
    for (; i <= end - LANES; i += LANES) {
      DoubleVector value = DoubleVector.fromArray(SPECIES, p, i);
      DoubleVector slope = DoubleVector.fromArray(SPECIES, g, i).add(value.mul(decay));
      DoubleVector velocity =
          slope.mul(share).add(DoubleVector.fromArray(SPECIES, v, i).mul(momentum));
      velocity.intoArray(v, i);
      value.sub(velocity.mul(rate)).intoArray(y, i);
    }
    return i;
  }

  private static int descendAhead(
      Update.Momentum rule, double[] g, double[] p, double[] v, double[] y, int first, int end) {
    double momentum = (double) rule.momentum();
    double share = (double) rule.share();
    double decay = (double) rule.decay();
    double rate = (double) rule.rate();
    int i = first;
    for (; i <= end - LANES; i += LANES) {
      DoubleVector value = DoubleVector.fromArray(SPECIES, p, i);
      DoubleVector slope = DoubleVector.fromArray(SPECIES, g, i).add(value.mul(decay));
      DoubleVector velocity =
          slope.mul(share).add(DoubleVector.fromArray(SPECIES, v, i).mul(momentum));
      velocity.intoArray(v, i);
      value.sub(slope.add(velocity.mul(momentum)).mul(rate)).intoArray(y, i);
    }
    return i;
  }

  private static int moments(
      Update.Moments rule,
      double[] g,
      double[] p,
      double[] mean,
      double[] square,
      double[] y,
      int first,
      int end) {
    double c = (double) rule.first();
    double c2 = (double) rule.second();
    double epsilon = DoubleUpdates.positive(rule.epsilon());
    double decay = (double) rule.decay();
    double shrink = (double) rule.shrink();
    double widen = (double) rule.widen();
    double rate = (double) rule.rate();
    int i = first;
    for (; i <= end - LANES; i += LANES) {
      DoubleVector value = DoubleVector.fromArray(SPECIES, p, i);
      DoubleVector slope =
          DoubleVector.fromArray(SPECIES, g, i).add(value.mul(decay)).min(ROOT).max(-ROOT);
      DoubleVector m = DoubleVector.fromArray(SPECIES, mean, i);
      DoubleVector v = DoubleVector.fromArray(SPECIES, square, i);
      m = m.add(slope.mul(c).sub(m.mul(c)));
      v = v.add(slope.mul(slope).mul(c2).sub(v.mul(c2)));
      m.intoArray(mean, i);
      v.intoArray(square, i);
      DoubleVector root = v.lanewise(VectorOperators.SQRT).mul(widen).add(epsilon);
      value.sub(value.mul(shrink).add(m.div(root).mul(rate))).intoArray(y, i);
    }
    return i;
  }

  private static int rootMeanSquare(
      Update.RootMeanSquare rule,
      double[] g,
      double[] p,
      List<double[]> kept,
      double[] y,
      int first,
      int end) {
    double c2 = (double) rule.second();
    double epsilon = DoubleUpdates.positive(rule.epsilon());
    double momentum = (double) rule.momentum();
    double decay = (double) rule.decay();
    double rate = (double) rule.rate();
    double[] square = kept.get(0);
    double[] velocity = rule.momentum() > 0 ? kept.get(1) : new double[0];
    int i = first;
    for (; i <= end - LANES; i += LANES) {
      DoubleVector value = DoubleVector.fromArray(SPECIES, p, i);
      DoubleVector slope =
          DoubleVector.fromArray(SPECIES, g, i).add(value.mul(decay)).min(ROOT).max(-ROOT);
      DoubleVector v = DoubleVector.fromArray(SPECIES, square, i);
      v = slope.mul(slope).mul(c2).sub(v.mul(c2)).add(v);
      v.intoArray(square, i);
      DoubleVector step = slope.div(v.lanewise(VectorOperators.SQRT).add(epsilon));
      if (velocity.length > 0) {
        step = DoubleVector.fromArray(SPECIES, velocity, i).mul(momentum).add(step);
        step.intoArray(velocity, i);
      }
      value.sub(step.mul(rate)).intoArray(y, i);
    }
    return i;
  }

  private static int centred(
      Update.RootMeanSquare rule,
      double[] g,
      double[] p,
      List<double[]> kept,
      double[] y,
      int first,
      int end) {
    double c2 = (double) rule.second();
    double epsilon = DoubleUpdates.positive(rule.epsilon());
    double momentum = (double) rule.momentum();
    double decay = (double) rule.decay();
    double rate = (double) rule.rate();
    double[] square = kept.get(0);
    double[] velocity = rule.momentum() > 0 ? kept.get(1) : new double[0];
    double[] mean = kept.get(kept.size() - 1);
    int i = first;
    for (; i <= end - LANES; i += LANES) {
      DoubleVector value = DoubleVector.fromArray(SPECIES, p, i);
      DoubleVector slope =
          DoubleVector.fromArray(SPECIES, g, i).add(value.mul(decay)).min(ROOT).max(-ROOT);
      DoubleVector v = DoubleVector.fromArray(SPECIES, square, i);
      DoubleVector m = DoubleVector.fromArray(SPECIES, mean, i);
      v = slope.mul(slope).mul(c2).sub(v.mul(c2)).add(v);
      m = slope.mul(c2).sub(m.mul(c2)).add(m);
      v.intoArray(square, i);
      m.intoArray(mean, i);
      DoubleVector spread = v.sub(m.mul(m)).max(0);
      DoubleVector step = slope.div(spread.lanewise(VectorOperators.SQRT).add(epsilon));
      if (velocity.length > 0) {
        step = DoubleVector.fromArray(SPECIES, velocity, i).mul(momentum).add(step);
        step.intoArray(velocity, i);
      }
      value.sub(step.mul(rate)).intoArray(y, i);
    }
    return i;
  }

  private static int squareSum(
      Update.SquareSum rule, double[] g, double[] p, double[] sum, double[] y, int first, int end) {
    double epsilon = DoubleUpdates.positive(rule.epsilon());
    double decay = (double) rule.decay();
    double rate = (double) rule.rate();
    int i = first;
    for (; i <= end - LANES; i += LANES) {
      DoubleVector value = DoubleVector.fromArray(SPECIES, p, i);
      DoubleVector slope =
          DoubleVector.fromArray(SPECIES, g, i).add(value.mul(decay)).min(ROOT).max(-ROOT);
      DoubleVector s = DoubleVector.fromArray(SPECIES, sum, i).add(slope.mul(slope)).min(MOST);
      s.intoArray(sum, i);
      DoubleVector root = s.lanewise(VectorOperators.SQRT).add(epsilon);
      value.sub(slope.div(root).mul(rate)).intoArray(y, i);
    }
    return i;
  }

  private static int sign(
      Update.Sign rule, double[] g, double[] p, double[] mean, double[] y, int first, int end) {
    double c = (double) rule.first();
    double c2 = (double) rule.second();
    double shrink = (double) rule.shrink();
    double rate = (double) rule.rate();
    DoubleVector zero = DoubleVector.zero(SPECIES);
    DoubleVector one = zero.add(1);
    int i = first;
    for (; i <= end - LANES; i += LANES) {
      DoubleVector value = DoubleVector.fromArray(SPECIES, p, i);
      DoubleVector slope = DoubleVector.fromArray(SPECIES, g, i);
      DoubleVector m = DoubleVector.fromArray(SPECIES, mean, i);
      DoubleVector u = m.add(slope.mul(c).sub(m.mul(c)));
      DoubleVector direction =
          u.blend(one, u.compare(VectorOperators.GT, zero))
              .blend(one.neg(), u.compare(VectorOperators.LT, zero));
      m.add(slope.mul(c2).sub(m.mul(c2))).intoArray(mean, i);
      value.sub(value.mul(shrink).add(direction.mul(rate))).intoArray(y, i);
    }
    return i;
  }
}
