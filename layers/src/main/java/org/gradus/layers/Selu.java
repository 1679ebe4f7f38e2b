package org.gradus.layers;

import org.gradus.autograd.Tensor;
import org.gradus.autograd.ops.Ops;

/** The scaled exponential linear unit, for x of any shape; see {@link Ops#selu}. */
public record Selu() implements Layer {
  @Override
  public Tensor forward(Tensor x) {
    return Ops.selu(x);
  }
}
