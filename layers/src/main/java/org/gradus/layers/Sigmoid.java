package org.gradus.layers;

import org.gradus.autograd.Tensor;
import org.gradus.autograd.ops.Ops;

/** The logistic function, y = 1 / (1 + e^-x), for x of any shape; see {@link Ops#sigmoid}. */
public record Sigmoid() implements Layer {
  @Override
  public Tensor forward(Tensor x) {
    return Ops.sigmoid(x);
  }
}
