package org.gradus.layers;

import org.gradus.autograd.Tensor;
import org.gradus.autograd.ops.Ops;

/**
 * The sigmoid linear unit, also called swish, y = x sigmoid(x), for x of any shape; see {@link
 * Ops#silu}.
 */
public record Silu() implements Layer {
  @Override
  public Tensor forward(Tensor x) {
    return Ops.silu(x);
  }
}
