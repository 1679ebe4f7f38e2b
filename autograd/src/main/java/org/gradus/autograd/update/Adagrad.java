package org.gradus.autograd.update;

import java.util.List;
import org.gradus.autograd.internal.kernel.Update;

/**
 * Adagrad: gradients over the root of the sum of all their squares so far.
 *
 * <pre>
 *   d = g + weightDecay p
 *   s = s + d^2                          kept as sum
 *   p = p - rate / (1 + (t - 1) rateDecay) d / (sqrt(s) + epsilon)
 * </pre>
 *
 * <p>p is an element of a parameter, g its gradient, t the number of steps that the parameter has
 * taken. This is PyTorch's form, with its defaults; the sum begins with 0.
 *
 * <p>Computed in the element type of the parameter, to which all numbers are rounded first. A
 * gradient beyond 2^63 (FLOAT32) or 2^511 counts as that, and a sum beyond it as its largest
 * number.
 *
 * @param rate how far a step goes, finite and at least 0
 * @param rateDecay how fast the rate falls from step to step, finite and at least 0
 * @param epsilon what keeps the quotient small where gradients are, finite and above 0
 * @param weightDecay the share of the element that is added to its gradient, finite and at least 0
 * @see <a href="https://jmlr.org/papers/v12/duchi11a.html">Duchi, Hazan, Singer: Adaptive
 *     subgradient methods for online learning and stochastic optimization, 2011</a>
 * @see <a href="https://docs.pytorch.org/docs/stable/generated/torch.optim.Adagrad.html">PyTorch's
 *     Adagrad</a>
 */
public record Adagrad(double rate, double rateDecay, double epsilon, double weightDecay)
    implements UpdateMethod {

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if one is out of its range
   */
  public Adagrad {
    Numbers.requireFinite("adagrad", "rate", rate);
    Numbers.requireFinite("adagrad", "rate decay", rateDecay);
    Numbers.requirePositive("adagrad", "epsilon", epsilon);
    Numbers.requireFinite("adagrad", "weight decay", weightDecay);
  }

  /** This rate; it does not fall, epsilon 1e-10, no weight decay. */
  public Adagrad(double rate) {
    this(rate, 0, 1e-10, 0);
  }

  /** With a rate that falls from step to step, as fast as the number says. */
  public Adagrad rateDecay(double number) {
    return new Adagrad(rate, number, epsilon, weightDecay);
  }

  /** With another number that keeps the quotient small: above 0. */
  public Adagrad epsilon(double number) {
    return new Adagrad(rate, rateDecay, number, weightDecay);
  }

  /** With a weight decay: the share of an element that is added to its gradient. */
  public Adagrad weightDecay(double share) {
    return new Adagrad(rate, rateDecay, epsilon, share);
  }

  @Override
  public List<String> kept() {
    return List.of("sum");
  }

  @Override
  public UpdateRule rule(double rateOfStep, long step) {
    Numbers.requireFinite("adagrad", "rate", rateOfStep);
    Numbers.requireStep("adagrad", step);
    double fallen = rateOfStep / (1 + (double) (step - 1) * rateDecay);
    return new Fused(new Update.SquareSum(epsilon, weightDecay, fallen));
  }
}
