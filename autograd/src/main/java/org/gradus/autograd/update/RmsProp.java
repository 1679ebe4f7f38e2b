package org.gradus.autograd.update;

import java.util.ArrayList;
import java.util.List;
import org.gradus.autograd.internal.kernel.Update;

/**
 * RMSprop: gradients over the root of an average of their squares.
 *
 * <pre>
 *   d = g + weightDecay p
 *   v = alpha v + (1 - alpha) d^2         kept as square_avg
 *   m = alpha m + (1 - alpha) d           kept as grad_avg, if centred; otherwise m = 0
 *   u = momentum u + d / (sqrt(v - m^2) + epsilon)    kept as momentum_buffer, if there is momentum
 *   p = p - rate u
 * </pre>
 *
 * <p>p is an element of a parameter, g its gradient. This is PyTorch's form, with its defaults. v -
 * m^2, which rounding may leave below 0, counts as 0 then.
 *
 * <p>Computed in the element type of the parameter, to which all numbers are rounded first. A
 * gradient beyond 2^63 (FLOAT32) or 2^511 counts as that.
 *
 * @param rate how far a step goes, finite and at least 0
 * @param alpha the share of the averages that a step keeps, at least 0 and below 1
 * @param epsilon what keeps the quotient small where gradients are, finite and above 0
 * @param momentum the share of u that a step keeps, at least 0 and below 1
 * @param isCentred whether the variance of gradients stands in place of the average square
 * @param weightDecay the share of the element that is added to its gradient, finite and at least 0
 * @see <a href="https://docs.pytorch.org/docs/stable/generated/torch.optim.RMSprop.html">PyTorch's
 *     RMSprop</a>
 * @see <a href="https://arxiv.org/abs/1308.0850">Graves: Generating sequences with recurrent neural
 *     networks, 2013, for the centred form</a>
 */
public record RmsProp(
    double rate,
    double alpha,
    double epsilon,
    double momentum,
    boolean isCentred,
    double weightDecay)
    implements UpdateMethod {

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if one is out of its range
   */
  public RmsProp {
    Numbers.requireFinite("rmsProp", "rate", rate);
    Numbers.requireShare("rmsProp", "alpha", alpha);
    Numbers.requirePositive("rmsProp", "epsilon", epsilon);
    Numbers.requireShare("rmsProp", "momentum", momentum);
    Numbers.requireFinite("rmsProp", "weight decay", weightDecay);
  }

  /** This rate; alpha 0.99, epsilon 1e-8, no momentum, not centred, no weight decay. */
  public RmsProp(double rate) {
    this(rate, 0.99, 1e-8, 0, false, 0);
  }

  /** With another share of the averages that a step keeps. */
  public RmsProp alpha(double share) {
    return new RmsProp(rate, share, epsilon, momentum, isCentred, weightDecay);
  }

  /** With another number that keeps the quotient small: above 0. */
  public RmsProp epsilon(double number) {
    return new RmsProp(rate, alpha, number, momentum, isCentred, weightDecay);
  }

  /** With a momentum: the share of u that a step keeps, at least 0 and below 1. */
  public RmsProp momentum(double share) {
    return new RmsProp(rate, alpha, epsilon, share, isCentred, weightDecay);
  }

  /** With the variance of gradients in place of the average of their squares. */
  public RmsProp centred() {
    return new RmsProp(rate, alpha, epsilon, momentum, true, weightDecay);
  }

  /** With a weight decay: the share of an element that is added to its gradient. */
  public RmsProp weightDecay(double share) {
    return new RmsProp(rate, alpha, epsilon, momentum, isCentred, share);
  }

  @Override
  public List<String> kept() {
    List<String> names = new ArrayList<>(List.of("square_avg"));
    if (momentum > 0) {
      names.add("momentum_buffer");
    }
    if (isCentred) {
      names.add("grad_avg");
    }
    return List.copyOf(names);
  }

  @Override
  public UpdateRule rule(double rateOfStep, long step) {
    Numbers.requireFinite("rmsProp", "rate", rateOfStep);
    Numbers.requireStep("rmsProp", step);
    return new Fused(
        new Update.RootMeanSquare(
            1 - alpha, epsilon, momentum, isCentred, weightDecay, rateOfStep));
  }
}
