package org.gradus.autograd.update;

import java.util.List;
import org.gradus.autograd.internal.kernel.Update;

/**
 * Adam: steps of about the size of the rate, along an average of gradients over the root of an
 * average of their squares.
 *
 * <pre>
 *   d = g + weightDecay p
 *   m = beta1 m + (1 - beta1) d          kept as exp_avg
 *   v = beta2 v + (1 - beta2) d^2        kept as exp_avg_sq
 *   p = p - rate (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + epsilon)
 * </pre>
 *
 * <p>p is an element of a parameter, g its gradient, t the number of steps that the parameter has
 * taken. This is PyTorch's form, with its defaults. Weight decay goes through the averages; {@link
 * AdamW} keeps it apart from them.
 *
 * <p>Computed in the element type of the parameter. What depends on t alone is computed in double
 * precision, and rounded once. A gradient beyond 2^63 (FLOAT32) or 2^511 counts as that.
 *
 * @param rate about how far a step goes, finite and at least 0
 * @param beta1 the share of the average of gradients that a step keeps, at least 0 and below 1
 * @param beta2 the share of the average of squares that a step keeps, at least 0 and below 1
 * @param epsilon what keeps the quotient small where gradients are, finite and above 0
 * @param weightDecay the share of the element that is added to its gradient, finite and at least 0
 * @see <a href="https://arxiv.org/abs/1412.6980">Kingma, Ba: Adam, a method for stochastic
 *     optimization, 2015</a>
 * @see <a href="https://docs.pytorch.org/docs/stable/generated/torch.optim.Adam.html">PyTorch's
 *     Adam</a>
 */
public record Adam(double rate, double beta1, double beta2, double epsilon, double weightDecay)
    implements UpdateMethod {
  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if one is out of its range
   */
  public Adam {
    require("adam", rate, beta1, beta2, epsilon, weightDecay);
  }

  static void require(
      String name, double rate, double beta1, double beta2, double epsilon, double weightDecay) {
    Numbers.requireFinite(name, "rate", rate);
    Numbers.requireShare(name, "beta1", beta1);
    Numbers.requireShare(name, "beta2", beta2);
    Numbers.requirePositive(name, "epsilon", epsilon);
    Numbers.requireFinite(name, "weight decay", weightDecay);
  }

  /** This rate; beta1 0.9, beta2 0.999, epsilon 1e-8, no weight decay. */
  public Adam(double rate) {
    this(rate, 0.9, 0.999, 1e-8, 0);
  }

  /**
   * With other shares of the averages that a step keeps.
   *
   * @param ofGradients beta1
   * @param ofSquares beta2
   */
  public Adam betas(double ofGradients, double ofSquares) {
    return new Adam(rate, ofGradients, ofSquares, epsilon, weightDecay);
  }

  /** With another number that keeps the quotient small: above 0. */
  public Adam epsilon(double number) {
    return new Adam(rate, beta1, beta2, number, weightDecay);
  }

  /** With a weight decay: the share of an element that is added to its gradient. */
  public Adam weightDecay(double share) {
    return new Adam(rate, beta1, beta2, epsilon, share);
  }

  @Override
  public List<String> kept() {
    return List.of("exp_avg", "exp_avg_sq");
  }

  @Override
  public UpdateRule rule(double rateOfStep, long step) {
    Numbers.requireFinite("adam", "rate", rateOfStep);
    Numbers.requireStep("adam", step);
    return rule(this, 0, rateOfStep, step);
  }

  /** The rule with a share of each element that is taken off besides. */
  static UpdateRule rule(Adam adam, double shrink, double rate, long step) {
    double widen = 1 / Math.sqrt(1 - StrictMath.pow(adam.beta2, (double) step));
    double far = rate / (1 - StrictMath.pow(adam.beta1, (double) step));
    return new Fused(
        new Update.Moments(
            1 - adam.beta1, 1 - adam.beta2, adam.epsilon, adam.weightDecay, shrink, widen, far));
  }
}
