package org.gradus.layers;

import org.gradus.autograd.Tensor;
import org.gradus.autograd.ops.Ops;

/**
 * The piecewise linear sigmoid, y = clamp(x / 6 + 1 / 2, 0, 1), for x of any shape; see {@link
 * Ops#hardSigmoid}.
 */
public record HardSigmoid() implements Layer {
  @Override
  public Tensor forward(Tensor x) {
    return Ops.hardSigmoid(x);
  }
}
