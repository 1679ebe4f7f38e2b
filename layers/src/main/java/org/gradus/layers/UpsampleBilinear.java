package org.gradus.layers;

import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.array.ShapeException;
import org.gradus.autograd.ops.Ops;

/**
 * Larger images, x [N, C, H, W] to [N, C, H scale, W scale], of pixels mixed from up to four
 * neighbours; see {@link Ops#upsampleBilinear}. Pixels are squares: edges go to edges.
 *
 * @param scale at least 1
 */
public record UpsampleBilinear(int scale) implements Layer {

  /**
   * Checks the scale.
   *
   * @throws IllegalArgumentException if it is below 1
   */
  public UpsampleBilinear {
    Affine.requirePositive("upsampleBilinear", "scale", scale);
  }

  @Override
  public Tensor forward(Tensor x) {
    Shape shape = Nulls.given("upsampleBilinear: x", x).shape();
    if (shape.rank() != 4) {
      throw new ShapeException(
          name(), "input %s has rank %s, expected 4".formatted(shape, shape.rank()));
    }
    long height = (long) scale * shape.dim(2);
    long width = (long) scale * shape.dim(3);
    if (Math.max(height, width) > Integer.MAX_VALUE) {
      throw new ShapeException(name(), "input %s times %s is too large".formatted(shape, scale));
    }
    return Ops.upsampleBilinear(x, (int) height, (int) width, false);
  }
}
