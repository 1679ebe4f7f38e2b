package org.gradus.autograd.update;

import org.gradus.autograd.array.Nulls;

/**
 * Gradient descent with momentum and weight decay; v, the velocity, is kept.
 *
 * <pre>
 *   v = momentum v + (gradient + decay value)
 *   next = value - rate v
 * </pre>
 *
 * An {@link UpdateState} takes this step in one pass by a kernel, in the element type, to which
 * momentum, decay and rate are rounded first.
 *
 * @param momentum the share of the velocity that stays
 * @param decay the share of the value that is added to the gradient
 * @param rate how far the step goes along the velocity
 */
public record Momentum(double momentum, double decay, double rate) implements UpdateRule {
  @Override
  public int kept() {
    return 1;
  }

  @Override
  public double next(double value, double gradient, double[] kept) {
    Nulls.refuse("next: kept", kept);
    if (kept.length != 1) {
      throw new IllegalArgumentException(
          "next: kept holds %s numbers, expected 1".formatted(kept.length));
    }
    kept[0] = gradient + decay * value + momentum * kept[0];
    return value - rate * kept[0];
  }
}
