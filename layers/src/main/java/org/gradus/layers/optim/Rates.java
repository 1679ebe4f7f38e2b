package org.gradus.layers.optim;

import java.util.List;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;

/** The learning rates of an optimiser's groups, and what multiplies them. */
final class Rates {
  private final double[] given;
  private Schedule schedule = Schedule.constant();
  private @Nullable Plateau plateau;
  private Plateau.Memory memory = new Plateau().first();

  Rates(List<Optimizer.Group> groups) {
    this.given = new double[groups.size()];
    for (int group = 0; group < given.length; group++) {
      set("optimizer", group, groups.get(group).method().rate());
    }
  }

  int groups() {
    return given.length;
  }

  void schedule(Schedule factors) {
    schedule = factors;
  }

  void plateau(Plateau rule) {
    plateau = rule;
    memory = rule.first();
  }

  void observe(double measure) {
    if (plateau == null) {
      throw new IllegalStateException("observe: there is no plateau to tell; call plateau first");
    }
    if (Double.isNaN(measure)) {
      throw new IllegalArgumentException("observe: measure NaN, expected a number");
    }
    memory = plateau.after(memory, measure);
  }

  /** The only group, for functions that name none. */
  int only() {
    if (given.length > 1) {
      throw new IllegalStateException(
          "rate: there are %s groups of parameters; say which one by rateOf"
              .formatted(given.length));
    }
    return 0;
  }

  void requireGroup(int group) {
    if (group < 0 || group >= given.length) {
      throw new IllegalArgumentException(
          "rateOf: group %s, expected 0 to %s".formatted(group, given.length - 1));
    }
  }

  void set(String function, int group, double rate) {
    if (!(rate >= 0 && rate <= Float.MAX_VALUE)) { // also of a method of somebody else's
      throw new IllegalArgumentException(
          "%s: rate %s, expected a finite number of at least 0, in FLOAT32, too"
              .formatted(function, rate));
    }
    given[group] = rate;
  }

  /** The rate of a group as it was given. */
  double given(int group) {
    return given[group];
  }

  /** What all rates are multiplied by after so many steps. */
  double factor(String function, long steps) {
    double factor = schedule.factor(steps);
    if (!(factor >= 0 && Double.isFinite(factor))) {
      throw new IllegalStateException(
          "%s: the schedule gives the factor %s for step %s, expected a finite number of at least 0"
              .formatted(function, factor, steps));
    }
    double all = factor * (plateau == null ? 1 : memory.scale());
    for (double rate : given) {
      if (rate * all > Float.MAX_VALUE) {
        throw new IllegalStateException(
            "%s: the schedule makes the rate %s of %s in step %s, which is not finite in FLOAT32"
                .formatted(function, rate * all, rate, steps));
      }
    }
    return all;
  }

  boolean hasPlateau() {
    return plateau != null;
  }

  /** With a count of steps, what an optimiser's state holds besides that of the parameters. */
  OptimizerState.Scalars after(long steps) {
    List<Double> rates = DoubleStream.of(given).boxed().toList();
    return new OptimizerState.Scalars(steps, rates, plateau == null ? null : memory);
  }

  void restore(OptimizerState.Scalars scalars) {
    for (int group = 0; group < given.length; group++) {
      given[group] = scalars.rates().get(group);
    }
    Plateau.@Nullable Memory before = scalars.plateau();
    if (before != null) {
      memory = before;
    }
  }
}
