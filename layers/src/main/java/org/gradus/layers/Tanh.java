package org.gradus.layers;

import org.gradus.autograd.Tensor;
import org.gradus.autograd.ops.Ops;

/** The hyperbolic tangent, for x of any shape; see {@link Ops#tanh}. */
public record Tanh() implements Layer {
  @Override
  public Tensor forward(Tensor x) {
    return Ops.tanh(x);
  }
}
