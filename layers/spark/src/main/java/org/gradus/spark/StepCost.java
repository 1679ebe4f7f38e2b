package org.gradus.spark;

import java.util.List;
import org.gradus.autograd.array.Nulls;

/**
 * What a step has cost. Times are in seconds; what is left of them is Spark's own, and the moving
 * of bytes.
 *
 * @param epoch its number
 * @param batch its number in the epoch, from 1
 * @param seconds of the step on the driver, without what the optimiser does
 * @param broadcasting the weights, as far as the driver waits for it
 * @param computing what each task has computed, in the order of blocks
 * @param adding gradients up on the driver
 * @param bytesOut of the weights that each executor gets
 * @param bytesBack of the gradients that come to the driver
 */
public record StepCost(
    int epoch,
    int batch,
    double seconds,
    double broadcasting,
    List<Double> computing,
    double adding,
    long bytesOut,
    long bytesBack) {

  /** Takes a copy of the list. */
  public StepCost {
    computing = Nulls.list("stepCost: computing", computing);
  }

  /** The seconds of the task that has computed longest. */
  public double longest() {
    return computing.stream().mapToDouble(each -> each).max().orElse(0);
  }

  /** The seconds that are none of the others': Spark's own, and the moving of bytes. */
  public double overhead() {
    return Math.max(0, seconds - broadcasting - longest() - adding);
  }
}
