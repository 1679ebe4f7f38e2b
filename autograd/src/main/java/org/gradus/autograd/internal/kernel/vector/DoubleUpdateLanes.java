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
 * Those steps of optimisers that choose, which the JIT makes no vectors of by itself: the same
 * operations in the same order as in {@link DoubleUpdates}, so the same bits. That does the other
 * steps, and what is left behind the last whole vector. Each loop says where that begins.
 */
@SuppressWarnings("cast") // (double) is needed in the float twin, where it reads (float)
final class DoubleUpdateLanes {
  private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;
  private static final int LANES = SPECIES.length();
  private static final double ROOT = DoubleUpdates.ROOT;

  private DoubleUpdateLanes() {}

  /** As {@link Kernels#update}. */
  static void update(Update rule, double[] g, double[] p, List<double[]> kept, double[] y) {
    Parallel.ranges(
        y.length,
        DoubleUpdates.cost(rule),
        (first, end) -> {
          int rest = lanes(rule, g, p, kept, y, first, end);
          DoubleUpdates.update(rule, g, p, kept, y, rest, end);
        });
  }

  private static int lanes(
      Update rule, double[] g, double[] p, List<double[]> kept, double[] y, int first, int end) {
    if (rule instanceof Update.RootMeanSquare root) {
      return root.centred()
          ? centred(root, g, p, kept, y, first, end)
          : rootMeanSquare(root, g, p, kept, y, first, end);
    }
    return rule instanceof Update.Sign sign ? sign(sign, g, p, kept.get(0), y, first, end) : first;
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
