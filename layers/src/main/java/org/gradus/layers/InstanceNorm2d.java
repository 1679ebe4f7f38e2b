package org.gradus.layers;

import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.array.ShapeException;
import org.gradus.autograd.ops.Ops;

/**
 * Normalisation of each channel of each image by itself.
 *
 * <pre>
 *   x [N, C, H, W]
 *   y = (x - mean over H, W) / sqrt(variance over H, W + epsilon)
 * </pre>
 *
 * <p>It learns nothing, as PyTorch's by default; with a scale and a shift, it is {@link GroupNorm}
 * of as many groups as channels.
 *
 * @param epsilon added to the variance, above 0
 * @see <a href="https://arxiv.org/abs/1607.08022">Ulyanov, Vedaldi, Lempitsky: Instance
 *     Normalization, 2016</a>
 */
public record InstanceNorm2d(double epsilon) implements Layer {

  /**
   * Checks the number.
   *
   * @throws IllegalArgumentException if epsilon is not finite and above 0
   */
  public InstanceNorm2d {
    Norm.requireEpsilon("instanceNorm2d", epsilon);
  }

  /** With epsilon 1e-5. */
  public InstanceNorm2d() {
    this(1e-5);
  }

  @Override
  public Tensor forward(Tensor x) {
    Nulls.refuse("instanceNorm2d: x", x);
    if (x.shape().rank() != 4) {
      throw new ShapeException(
          name(), "input %s has rank %s, expected 4".formatted(x.shape(), x.shape().rank()));
    }
    return Ops.normalize(x, epsilon, 2, 3);
  }
}
