package org.gradus.layers.train;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.gradus.autograd.array.Nulls;

/**
 * How far an epoch is, after a step.
 *
 * @param epoch its number, from 1
 * @param epochs how many there are to be
 * @param batch how many batches of the epoch are done, from 1
 * @param batches how many the epoch has
 * @param examples how many examples these batches had
 * @param loss of the step, before it
 * @param meanLoss over the epoch's examples so far
 * @param measures of them
 */
public record Step(
    int epoch,
    int epochs,
    int batch,
    int batches,
    long examples,
    double loss,
    double meanLoss,
    Measures measures) {

  /** Refuses null. */
  public Step {
    Nulls.refuse("step: measures", measures);
  }

  /** The mean loss, as {@code loss}, and the metrics, over the epoch's examples so far. */
  public Map<String, Double> values() {
    Map<String, Double> values = new LinkedHashMap<>();
    values.put(Trainer.LOSS, meanLoss);
    values.putAll(measures.values());
    return Collections.unmodifiableMap(values);
  }
}
