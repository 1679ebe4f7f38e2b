package org.gradus.layers.train;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.gradus.layers.Layer;

/** Finds the best epoch, and when there is no hope of a better one. */
final class Judge {
  private Optional<Metric> metric = Optional.empty();
  private OptionalInt patience = OptionalInt.empty();
  private Optional<Best> best = Optional.empty();

  /** The loss if there is none. */
  Optional<Metric> metric() {
    return metric;
  }

  void metric(Metric other) {
    metric = Optional.of(other);
  }

  /** After how many epochs without a better one the run ends; empty if it does not. */
  OptionalInt patience() {
    return patience;
  }

  void patience(int epochs) {
    patience = OptionalInt.of(epochs);
  }

  Optional<Best> best() {
    return best;
  }

  void restore(Optional<Best> earlier) {
    best = earlier;
  }

  /** What the best epoch is found by, and in which direction. */
  String text(String prefix) {
    return "%s%s, %s".formatted(prefix, name(), isHigherBetter() ? "higher" : "lower");
  }

  private String name() {
    return metric.map(Metric::name).orElse(Trainer.LOSS);
  }

  private boolean isHigherBetter() {
    return metric.map(Metric::isHigherBetter).orElse(false);
  }

  /** An epoch is over. */
  void judge(int epoch, Map<String, Double> values, Layer net) {
    double value = values.getOrDefault(name(), Double.NaN);
    if (best.isEmpty() || isBetter(value, best.get().value())) {
      best = Optional.of(new Best(epoch, value, net.state()));
    }
  }

  private boolean isBetter(double value, double before) {
    if (Double.isNaN(before)) {
      return !Double.isNaN(value);
    }
    return isHigherBetter() ? value > before : value < before;
  }

  /** Whether there is no hope, after so many epochs. */
  boolean isOver(int epochs) {
    return patience.isPresent()
        && best.isPresent()
        && epochs - best.get().epoch() >= patience.getAsInt();
  }
}
