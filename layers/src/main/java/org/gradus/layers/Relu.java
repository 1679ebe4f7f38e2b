package org.gradus.layers;

import org.gradus.autograd.Tensor;
import org.gradus.autograd.ops.Ops;

/** The rectified linear unit, y = max(x, 0), for x of any shape; see {@link Ops#relu}. */
public record Relu() implements Layer {
  @Override
  public Tensor forward(Tensor x) {
    return Ops.relu(x);
  }
}
