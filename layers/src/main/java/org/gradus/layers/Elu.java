package org.gradus.layers;

import org.gradus.autograd.Tensor;
import org.gradus.autograd.ops.Ops;

/**
 * The exponential linear unit, y = x above 0, and alpha (e^x - 1) below; see {@link Ops#elu}.
 *
 * @param alpha minus the limit at -infinity, finite
 */
public record Elu(double alpha) implements Layer {

  /**
   * Checks alpha.
   *
   * @throws IllegalArgumentException if it is NaN or infinite
   */
  public Elu {
    Affine.requireFinite("elu", "alpha", alpha);
  }

  @Override
  public Tensor forward(Tensor x) {
    return Ops.elu(x, alpha);
  }
}
