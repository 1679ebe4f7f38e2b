package org.gradus.layers;

import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.array.ShapeException;
import org.gradus.autograd.ops.Ops;

/**
 * Each image as one row: x [N, C, H, W] becomes [N, C H W], and in general [N, ...] becomes [N, the
 * product of the rest]; [N] becomes [N, 1]. A scalar is refused with a {@link ShapeException}.
 */
public record Flatten() implements Layer {
  @Override
  public Tensor forward(Tensor x) {
    Nulls.refuse("flatten: x", x);
    if (x.shape().rank() == 0) {
      throw new ShapeException(
          name(), "input %s has rank 0, expected 1 or higher".formatted(x.shape()));
    }
    return Ops.flatten(x);
  }
}
