package org.gradus.autograd.internal.kernel;

/** Linear functions of g along a line with the shares y = softmax(x), which sum to 1. */
public enum SoftmaxSlope {
  /** y (g - sum of y g): the derivative of the softmax, its own adjoint. */
  SHARES,
  /** y g: the shares as weights. */
  WEIGHTED,
  /** g - sum of y g: the adjoint of {@link #LOGARITHM}. */
  CENTRED,
  /** g - y (sum of g): the adjoint of the derivative of the softmax's logarithm. */
  LOGARITHM
}
