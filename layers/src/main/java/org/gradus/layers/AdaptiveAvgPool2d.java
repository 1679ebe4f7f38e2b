package org.gradus.layers;

import org.gradus.autograd.Tensor;
import org.gradus.autograd.ops.Ops;

/**
 * Images of one size, whatever that of x [N, C, H, W]: the mean of each of height x width windows;
 * see {@link Ops#adaptiveAvgPool2d}.
 *
 * @param height of the output, at least 1
 * @param width of the output, at least 1
 */
public record AdaptiveAvgPool2d(int height, int width) implements Layer {

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if one is below 1
   */
  public AdaptiveAvgPool2d {
    Affine.requirePositive("adaptiveAvgPool2d", "height", height);
    Affine.requirePositive("adaptiveAvgPool2d", "width", width);
  }

  @Override
  public Tensor forward(Tensor x) {
    return Ops.adaptiveAvgPool2d(x, height, width);
  }
}
