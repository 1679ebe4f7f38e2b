package org.gradus.layers;

import org.gradus.autograd.Tensor;
import org.gradus.autograd.ops.Ops;

/** y = min(max(x, 0), 6), for x of any shape; see {@link Ops#relu6}. */
public record Relu6() implements Layer {
  @Override
  public Tensor forward(Tensor x) {
    return Ops.relu6(x);
  }
}
