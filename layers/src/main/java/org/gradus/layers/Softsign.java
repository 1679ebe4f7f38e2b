package org.gradus.layers;

import org.gradus.autograd.Tensor;
import org.gradus.autograd.ops.Ops;

/** y = x / (1 + |x|), for x of any shape; see {@link Ops#softsign}. */
public record Softsign() implements Layer {
  @Override
  public Tensor forward(Tensor x) {
    return Ops.softsign(x);
  }
}
