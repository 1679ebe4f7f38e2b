package org.gradus.layers.optim;

/**
 * A step was refused because the loss or a gradient is NaN or infinite, which would make all
 * weights so; nothing was changed. The message names the parameter, and the first op to blame.
 *
 * @see Optimizer#allowNonFinite
 */
public final class NonFiniteStepException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  NonFiniteStepException(String message) {
    super(message);
  }
}
