package org.gradus.autograd.update;

import java.util.List;
import org.gradus.autograd.internal.kernel.Update;

/**
 * Stochastic gradient descent, with momentum and weight decay.
 *
 * <pre>
 *   d = g + weightDecay p
 *   v = momentum v + (1 - dampening) d,   in the first step v = d
 *   p = p - rate v,                       by Nesterov p - rate (d + momentum v)
 * </pre>
 *
 * <p>p is an element of a parameter, g its gradient, v its velocity, which is kept as {@code
 * momentum_buffer} if there is momentum; otherwise v = d. This is the form of PyTorch's SGD: the
 * rate stands outside of the velocity, so a new one acts at once, and weight decay goes through the
 * momentum. Every parameter of the method decays, biases too.
 *
 * <p>Computed in the element type of the parameter, to which all numbers are rounded first.
 *
 * <pre>{@code
 * new Sgd(0.02).momentum(0.9).nesterov().weightDecay(5e-4)
 * }</pre>
 *
 * @param rate how far a step goes along the velocity, finite and at least 0
 * @param momentum the share of its velocity that an element keeps, at least 0 and below 1
 * @param dampening the share of d that does not reach the velocity, at least 0 and below 1
 * @param isNesterov whether a step goes along what the velocity would be after one more step of the
 *     same gradient; it needs momentum, and no dampening
 * @param weightDecay the share of the element that is added to its gradient, finite and at least 0
 * @see <a href="https://docs.pytorch.org/docs/stable/generated/torch.optim.SGD.html">PyTorch's
 *     SGD</a>
 * @see <a href="https://proceedings.mlr.press/v28/sutskever13.html">Sutskever, Martens, Dahl,
 *     Hinton: On the importance of initialization and momentum in deep learning, 2013</a>
 */
public record Sgd(
    double rate, double momentum, double dampening, boolean isNesterov, double weightDecay)
    implements UpdateMethod {

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if one is out of its range
   */
  public Sgd {
    Numbers.requireFinite("sgd", "rate", rate);
    Numbers.requireShare("sgd", "momentum", momentum);
    Numbers.requireShare("sgd", "dampening", dampening);
    Numbers.requireFinite("sgd", "weight decay", weightDecay);
    if (isNesterov && !(momentum > 0 && dampening == 0)) {
      throw new IllegalArgumentException(
          "sgd: momentum %s and dampening %s, but Nesterov's form needs momentum above 0, given first, and no dampening"
              .formatted(momentum, dampening));
    }
  }

  /** This rate; no momentum, no weight decay. */
  public Sgd(double rate) {
    this(rate, 0, 0, false, 0);
  }

  /** With a momentum: the share of the velocity that a step keeps, at least 0 and below 1. */
  public Sgd momentum(double share) {
    return new Sgd(rate, share, dampening, isNesterov, weightDecay);
  }

  /** With a dampening: the share of d that does not reach the velocity. */
  public Sgd dampening(double share) {
    return new Sgd(rate, momentum, share, isNesterov, weightDecay);
  }

  /** In Nesterov's form. */
  public Sgd nesterov() {
    return new Sgd(rate, momentum, dampening, true, weightDecay);
  }

  /** With a weight decay: the share of an element that is added to its gradient. */
  public Sgd weightDecay(double share) {
    return new Sgd(rate, momentum, dampening, isNesterov, share);
  }

  @Override
  public List<String> kept() {
    return momentum > 0 ? List.of("momentum_buffer") : List.of();
  }

  @Override
  public UpdateRule rule(double rateOfStep, long step) {
    Numbers.requireFinite("sgd", "rate", rateOfStep);
    Numbers.requireStep("sgd", step);
    double share = step == 1 ? 1 : 1 - dampening;
    return new Fused(
        momentum > 0
            ? new Update.Momentum(momentum, share, isNesterov, weightDecay, rateOfStep)
            : new Update.Descent(weightDecay, rateOfStep));
  }
}
