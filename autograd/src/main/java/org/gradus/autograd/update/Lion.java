package org.gradus.autograd.update;

import java.util.List;
import org.gradus.autograd.internal.kernel.Update;

/**
 * Lion: every element moves as far as the rate, in the direction of an average of gradients.
 *
 * <pre>
 *   u = beta1 m + (1 - beta1) g
 *   p = p - rate (sign(u) + weightDecay p)
 *   m = beta2 m + (1 - beta2) g          kept as exp_avg
 * </pre>
 *
 * <p>p is an element of a parameter, g its gradient; the sign of 0 is 0. This is the form of the
 * paper, with the defaults of its authors' program.
 *
 * <p>Computed in the element type of the parameter, to which all numbers are rounded first.
 *
 * @param rate how far a step goes, finite and at least 0; a third to a tenth of Adam's
 * @param beta1 the share of m in the direction, at least 0 and below 1
 * @param beta2 the share of m that a step keeps, at least 0 and below 1
 * @param weightDecay the share of the element that is taken off, times the rate, finite and at
 *     least 0
 * @see <a href="https://arxiv.org/abs/2302.06675">Chen and others: Symbolic discovery of
 *     optimization algorithms, 2023</a>
 */
public record Lion(double rate, double beta1, double beta2, double weightDecay)
    implements UpdateMethod {

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if one is out of its range
   */
  public Lion {
    Numbers.requireFinite("lion", "rate", rate);
    Numbers.requireShare("lion", "beta1", beta1);
    Numbers.requireShare("lion", "beta2", beta2);
    Numbers.requireFinite("lion", "weight decay", weightDecay);
  }

  /** This rate; beta1 0.9, beta2 0.99, no weight decay. */
  public Lion(double rate) {
    this(rate, 0.9, 0.99, 0);
  }

  /**
   * With other shares of the average.
   *
   * @param inDirection beta1
   * @param inAverage beta2
   */
  public Lion betas(double inDirection, double inAverage) {
    return new Lion(rate, inDirection, inAverage, weightDecay);
  }

  /** With a weight decay: the share of an element that is taken off, times the rate. */
  public Lion weightDecay(double share) {
    return new Lion(rate, beta1, beta2, share);
  }

  @Override
  public List<String> kept() {
    return List.of("exp_avg");
  }

  @Override
  public UpdateRule rule(double rateOfStep, long step) {
    Numbers.requireFinite("lion", "rate", rateOfStep);
    Numbers.requireStep("lion", step);
    return new Fused(new Update.Sign(1 - beta1, 1 - beta2, rateOfStep * weightDecay, rateOfStep));
  }
}
