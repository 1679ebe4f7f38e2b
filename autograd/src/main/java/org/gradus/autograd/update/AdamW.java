package org.gradus.autograd.update;

import java.util.List;

/**
 * Adam with a weight decay that stays out of its averages.
 *
 * <pre>
 *   m = beta1 m + (1 - beta1) g          kept as exp_avg
 *   v = beta2 v + (1 - beta2) g^2        kept as exp_avg_sq
 *   p = p - rate weightDecay p - rate (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + epsilon)
 * </pre>
 *
 * <p>As {@link Adam} in all else. This is PyTorch's form, with its defaults; both terms are taken
 * off p at once, which rounds once.
 *
 * @param rate about how far a step goes, finite and at least 0
 * @param beta1 the share of the average of gradients that a step keeps, at least 0 and below 1
 * @param beta2 the share of the average of squares that a step keeps, at least 0 and below 1
 * @param epsilon what keeps the quotient small where gradients are, finite and above 0
 * @param weightDecay the share of the element that is taken off, times the rate, finite and at
 *     least 0
 * @see <a href="https://arxiv.org/abs/1711.05101">Loshchilov, Hutter: Decoupled weight decay
 *     regularization, 2019</a>
 * @see <a href="https://docs.pytorch.org/docs/stable/generated/torch.optim.AdamW.html">PyTorch's
 *     AdamW</a>
 */
public record AdamW(double rate, double beta1, double beta2, double epsilon, double weightDecay)
    implements UpdateMethod {

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if one is out of its range
   */
  public AdamW {
    Adam.require("adamW", rate, beta1, beta2, epsilon, weightDecay);
  }

  /** This rate; beta1 0.9, beta2 0.999, epsilon 1e-8, weight decay 0.01. */
  public AdamW(double rate) {
    this(rate, 0.9, 0.999, 1e-8, 0.01);
  }

  /**
   * With other shares of the averages that a step keeps.
   *
   * @param ofGradients beta1
   * @param ofSquares beta2
   */
  public AdamW betas(double ofGradients, double ofSquares) {
    return new AdamW(rate, ofGradients, ofSquares, epsilon, weightDecay);
  }

  /** With another number that keeps the quotient small: above 0. */
  public AdamW epsilon(double number) {
    return new AdamW(rate, beta1, beta2, number, weightDecay);
  }

  /** With another weight decay: the share of an element that is taken off, times the rate. */
  public AdamW weightDecay(double share) {
    return new AdamW(rate, beta1, beta2, epsilon, share);
  }

  @Override
  public List<String> kept() {
    return List.of("exp_avg", "exp_avg_sq");
  }

  @Override
  public UpdateRule rule(double rateOfStep, long step) {
    Numbers.requireFinite("adamW", "rate", rateOfStep);
    Numbers.requireStep("adamW", step);
    Adam adam = new Adam(rate, beta1, beta2, epsilon, 0);
    return Adam.rule(adam, rateOfStep * weightDecay, rateOfStep, step);
  }
}
