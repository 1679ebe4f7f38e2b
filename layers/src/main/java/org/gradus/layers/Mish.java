package org.gradus.layers;

import org.gradus.autograd.Tensor;
import org.gradus.autograd.ops.Ops;

/** y = x tanh(softplus(x)), for x of any shape; see {@link Ops#mish}. */
public record Mish() implements Layer {
  @Override
  public Tensor forward(Tensor x) {
    return Ops.mish(x);
  }
}
