package org.gradus.layers.optim;

import org.gradus.autograd.array.Nulls;

/**
 * What a learning rate is multiplied by, from step to step: a function of the number of steps that
 * an {@link Optimizer} has taken, and of nothing else. So a run that is resumed at step n goes on
 * with the same rates. Schedules are put together:
 *
 * <pre>{@code
 * warmUp(500).then(500, cosine(9500))    // up in 500 steps, then down in 9500
 * exponential(0.95).per(100)             // counts epochs of 100 steps
 * cosine(1000).times(steps(300, 0.5))    // the product of both
 * }</pre>
 *
 * <p>A schedule of your own is a function: {@code step -> 1 / Math.sqrt(1 + step)}.
 */
@FunctionalInterface
public interface Schedule {

  /**
   * The factor for the next step.
   *
   * @param step how many steps were taken before, from 0 on
   */
  double factor(long step);

  /**
   * This schedule times another.
   *
   * @param other by whose factor this one's is multiplied
   */
  default Schedule times(Schedule other) {
    Nulls.refuse("times: other", other);
    return step -> factor(step) * other.factor(step);
  }

  /**
   * This schedule for some steps, then another one.
   *
   * @param steps how long this one lasts, at least 0
   * @param next counts its own steps, from 0
   * @throws IllegalArgumentException if steps is negative
   */
  default Schedule then(long steps, Schedule next) {
    Nulls.refuse("then: next", next);
    requireAtLeast("then: steps", steps, 0);
    return step -> step < steps ? factor(step) : next.factor(step - steps);
  }

  /**
   * This schedule, counting epochs in place of steps: the factor changes only between them.
   *
   * @param steps of an epoch, at least 1
   * @throws IllegalArgumentException if steps is less
   */
  default Schedule per(long steps) {
    requireAtLeast("per: steps", steps, 1);
    return step -> factor(step / steps);
  }

  /** 1 throughout. */
  static Schedule constant() {
    return step -> 1;
  }

  /**
   * Falls at once, every so often: {@code ratio}^floor(step / every).
   *
   * @param every how many steps one factor lasts, at least 1
   * @param ratio of each factor to the one before, finite and at least 0
   * @throws IllegalArgumentException if one is out of its range
   */
  static Schedule steps(long every, double ratio) {
    requireAtLeast("steps: every", every, 1);
    requireFinite("steps: ratio", ratio);
    return exponential(ratio).per(every);
  }

  /**
   * Falls from step to step: {@code ratio}^step.
   *
   * @param ratio of each factor to the one before, finite and at least 0
   * @throws IllegalArgumentException if it is out of its range
   */
  static Schedule exponential(double ratio) {
    requireFinite("exponential: ratio", ratio);
    return step -> StrictMath.pow(ratio, (double) step);
  }

  /**
   * As {@link #cosine(long, double)}, down to 0.
   *
   * @param steps at least 1
   */
  static Schedule cosine(long steps) {
    return cosine(steps, 0);
  }

  /**
   * Falls from 1 as half a wave, {@code floor + (1 - floor) (1 + cos(pi step / steps)) / 2}, and
   * stays at its floor afterwards.
   *
   * @param steps how long it falls, at least 1
   * @param floor where it ends, finite and at least 0
   * @throws IllegalArgumentException if one is out of its range
   */
  static Schedule cosine(long steps, double floor) {
    requireAtLeast("cosine: steps", steps, 1);
    requireFinite("cosine: floor", floor);
    return step -> between(1, floor, (double) Math.min(step, steps) / steps);
  }

  /**
   * Falls as {@link #cosine(long, double)} again and again: after a fall it begins anew at 1, and
   * each fall lasts {@code growth} times as long as the one before.
   *
   * @param first how many steps the first fall lasts, at least 1
   * @param growth at least 1
   * @param floor where each fall ends, finite and at least 0
   * @throws IllegalArgumentException if one is out of its range
   * @see <a href="https://arxiv.org/abs/1608.03983">Loshchilov, Hutter: SGDR, stochastic gradient
   *     descent with warm restarts, 2017</a>
   */
  static Schedule cosineRestarts(long first, int growth, double floor) {
    requireAtLeast("cosineRestarts: first", first, 1);
    requireAtLeast("cosineRestarts: growth", growth, 1);
    requireFinite("cosineRestarts: floor", floor);
    return step -> {
      long length = first;
      long within = growth == 1 ? step % first : step;
      while (within >= length) {
        within -= length;
        length = length > Long.MAX_VALUE / growth ? Long.MAX_VALUE : length * growth;
      }
      return between(1, floor, (double) within / length);
    };
  }

  /**
   * Rises evenly to 1, (step + 1) / steps, and stays there.
   *
   * @param steps how many steps it takes, at least 1
   * @throws IllegalArgumentException if steps is less
   */
  static Schedule warmUp(long steps) {
    requireAtLeast("warmUp: steps", steps, 1);
    return step -> step + 1 >= steps ? 1 : (step + 1.0) / steps;
  }

  /**
   * As {@link #oneCycle(long, double, double, double)}, in PyTorch's proportions: rises for 0.3 of
   * all steps, from 1/25 to 1, and ends at 1/250000.
   *
   * @param steps of the whole cycle, at least 1
   */
  static Schedule oneCycle(long steps) {
    return oneCycle(steps, 0.3, 1.0 / 25, 1.0 / 25e4);
  }

  /**
   * Rises to 1, then falls, both as half a wave; stays at its end afterwards. As PyTorch's
   * OneCycleLR, but for the momentum, which stays as it is.
   *
   * @param steps of the whole cycle, at least 1
   * @param rising the share of steps in which it rises, at least 0 and below 1
   * @param start where it begins, finite and at least 0
   * @param end where it ends, finite and at least 0
   * @throws IllegalArgumentException if one is out of its range
   * @see <a href="https://arxiv.org/abs/1708.07120">Smith, Topin: Super-convergence, very fast
   *     training of neural networks using large learning rates, 2018</a>
   */
  static Schedule oneCycle(long steps, double rising, double start, double end) {
    requireAtLeast("oneCycle: steps", steps, 1);
    if (!(rising >= 0 && rising < 1)) {
      throw new IllegalArgumentException(
          "oneCycle: rising is %s, expected at least 0 and below 1".formatted(rising));
    }
    requireFinite("oneCycle: start", start);
    requireFinite("oneCycle: end", end);
    double peak = rising * steps - 1; // before the first step, if nothing rises
    double last = steps - 1.0;
    return step ->
        step < peak
            ? between(start, 1, step / peak)
            : step < last ? between(1, end, (step - peak) / (last - peak)) : end;
  }

  /** Half a wave from one number to another. */
  private static double between(double from, double to, double share) {
    return to + (from - to) * (1 + StrictMath.cos(Math.PI * share)) / 2;
  }

  private static void requireAtLeast(String what, long value, long least) {
    if (value < least) {
      throw new IllegalArgumentException(
          "%s is %s, expected at least %s".formatted(what, value, least));
    }
  }

  private static void requireFinite(String what, double value) {
    if (!(value >= 0 && Double.isFinite(value))) {
      throw new IllegalArgumentException(
          "%s is %s, expected a finite number of at least 0".formatted(what, value));
    }
  }
}
