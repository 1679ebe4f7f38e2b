package org.gradus.layers;

import org.gradus.autograd.Tensor;
import org.gradus.autograd.ops.Ops;

/** y = x hardSigmoid(x), for x of any shape; see {@link Ops#hardSwish}. */
public record HardSwish() implements Layer {
  @Override
  public Tensor forward(Tensor x) {
    return Ops.hardSwish(x);
  }
}
