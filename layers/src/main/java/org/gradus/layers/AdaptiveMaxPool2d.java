package org.gradus.layers;

import org.gradus.autograd.Tensor;
import org.gradus.autograd.ops.Ops;

/**
 * Images of one size, whatever that of x [N, C, H, W]: the largest element of each of height x
 * width windows; see {@link Ops#adaptiveMaxPool2d}.
 *
 * @param height of the output, at least 1
 * @param width of the output, at least 1
 */
public record AdaptiveMaxPool2d(int height, int width) implements Layer {

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if one is below 1
   */
  public AdaptiveMaxPool2d {
    Affine.requirePositive("adaptiveMaxPool2d", "height", height);
    Affine.requirePositive("adaptiveMaxPool2d", "width", width);
  }

  @Override
  public Tensor forward(Tensor x) {
    return Ops.adaptiveMaxPool2d(x, height, width);
  }
}
