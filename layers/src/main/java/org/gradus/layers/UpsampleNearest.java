package org.gradus.layers;

import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.ops.Ops;

/**
 * Larger images, x [N, C, H, W] to [N, C, H scale, W scale]: each pixel as a square of pixels; see
 * {@link Ops#upsampleNearest(Tensor, int)}.
 *
 * @param scale at least 1
 */
public record UpsampleNearest(int scale) implements Layer {

  /**
   * Checks the scale.
   *
   * @throws IllegalArgumentException if it is below 1
   */
  public UpsampleNearest {
    Affine.requirePositive("upsampleNearest", "scale", scale);
  }

  @Override
  public Tensor forward(Tensor x) {
    return Ops.upsampleNearest(Nulls.given("upsampleNearest: x", x), scale);
  }
}
