package org.gradus.layers;

import org.gradus.autograd.Tensor;
import org.gradus.autograd.ops.Ops;

/**
 * The Gaussian error linear unit in its form with tanh, for x of any shape; see {@link
 * Ops#geluTanh}.
 */
public record GeluTanh() implements Layer {
  @Override
  public Tensor forward(Tensor x) {
    return Ops.geluTanh(x);
  }
}
