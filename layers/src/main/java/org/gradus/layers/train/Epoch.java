package org.gradus.layers.train;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.gradus.autograd.array.Nulls;

/**
 * How one epoch went.
 *
 * @param number from 1
 * @param steps of the optimiser up to its end
 * @param rate of the last step, of the first group of parameters
 * @param values by name, in order: {@code loss} and the metrics over the training examples, each
 *     when it was met; then, with {@code val_} in front, over the validation examples at the end
 * @param seconds that it took, with the validation
 */
public record Epoch(
    int number, long steps, double rate, Map<String, Double> values, double seconds) {

  /** Takes a copy of the values. */
  public Epoch {
    Nulls.refuse("epoch: values", values);
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }

  /**
   * A value.
   *
   * @param name such as {@code val_accuracy}
   * @throws IllegalArgumentException if there is none of this name
   */
  public double value(String name) {
    Double value = values.get(Nulls.given("value: name", name));
    if (value == null) {
      throw new IllegalArgumentException(
          "epoch: there is no value %s, only %s".formatted(name, values.keySet()));
    }
    return value;
  }
}
