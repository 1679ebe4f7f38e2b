package org.gradus.layers.optim;

/**
 * The numbers of {@link Sgd}. Start with {@link #learningRate(double)} and add to it:
 *
 * <pre>{@code
 * new Sgd(net.parameters(), learningRate(0.02).momentum(0.9).weightDecay(5e-4))
 * }</pre>
 *
 * @param learningRate how far a step goes along the velocity, finite and at least 0
 * @param momentum the share of its velocity that a parameter keeps, at least 0 and below 1
 * @param weightDecay the share of a parameter that is added to its gradient, finite and at least 0
 */
public record SgdOptions(double learningRate, double momentum, double weightDecay) {

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if one is out of its range
   */
  public SgdOptions {
    requireFinite("learning rate", learningRate);
    if (!(momentum >= 0 && momentum < 1)) {
      throw new IllegalArgumentException(
          "sgd: momentum %s, expected at least 0 and below 1".formatted(momentum));
    }
    requireFinite("weight decay", weightDecay);
  }

  private static void requireFinite(String what, double value) {
    if (!(value >= 0 && Double.isFinite(value))) {
      throw new IllegalArgumentException(
          "sgd: %s %s, expected a finite number of at least 0".formatted(what, value));
    }
  }

  /** This learning rate, no momentum, no weight decay. */
  public static SgdOptions learningRate(double rate) {
    return new SgdOptions(rate, 0, 0);
  }

  /** With a momentum: the share of the velocity that a step keeps, at least 0 and below 1. */
  public SgdOptions momentum(double share) {
    return new SgdOptions(learningRate, share, weightDecay);
  }

  /** With a weight decay: the share of a weight that is added to its gradient, at least 0. */
  public SgdOptions weightDecay(double share) {
    return new SgdOptions(learningRate, momentum, share);
  }
}
