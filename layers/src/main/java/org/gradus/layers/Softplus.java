package org.gradus.layers;

import org.gradus.autograd.Tensor;
import org.gradus.autograd.ops.Ops;

/** The smooth rectifier, y = ln(1 + e^x), for x of any shape; see {@link Ops#softplus}. */
public record Softplus() implements Layer {
  @Override
  public Tensor forward(Tensor x) {
    return Ops.softplus(x);
  }
}
