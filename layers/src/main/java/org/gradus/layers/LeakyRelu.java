package org.gradus.layers;

import org.gradus.autograd.Tensor;
import org.gradus.autograd.ops.Ops;

/**
 * The rectified linear unit that keeps a slope below 0; see {@link Ops#leakyRelu}.
 *
 * @param slope the slope below 0, finite
 */
public record LeakyRelu(double slope) implements Layer {

  /**
   * Checks the slope.
   *
   * @throws IllegalArgumentException if it is NaN or infinite
   */
  public LeakyRelu {
    Affine.requireFinite("leakyRelu", "slope", slope);
  }

  @Override
  public Tensor forward(Tensor x) {
    return Ops.leakyRelu(x, slope);
  }
}
