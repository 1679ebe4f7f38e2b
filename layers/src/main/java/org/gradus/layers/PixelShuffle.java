package org.gradus.layers;

import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.array.ShapeException;
import org.gradus.autograd.ops.Ops;

/**
 * Larger images made of channels, x [N, C scale^2, H, W] to [N, C, H scale, W scale]; see {@link
 * Ops#depthToSpace}.
 *
 * @param scale at least 1
 */
public record PixelShuffle(int scale) implements Layer {

  /**
   * Checks the scale.
   *
   * @throws IllegalArgumentException if it is below 1
   */
  public PixelShuffle {
    Affine.requirePositive("pixelShuffle", "scale", scale);
  }

  @Override
  public Tensor forward(Tensor x) {
    Nulls.refuse("pixelShuffle: x", x);
    if (x.shape().rank() != 4 || x.shape().dim(1) % ((long) scale * scale) != 0) {
      throw new ShapeException(
          name(),
          "input %s, expected [N, channels that %s x %s divides, H, W]"
              .formatted(x.shape(), scale, scale));
    }
    return Ops.depthToSpace(x, scale);
  }
}
