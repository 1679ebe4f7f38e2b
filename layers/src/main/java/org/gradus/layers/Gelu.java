package org.gradus.layers;

import org.gradus.autograd.Tensor;
import org.gradus.autograd.ops.Ops;

/**
 * The Gaussian error linear unit, y = x P(a standard normal number is below x), for x of any shape;
 * see {@link Ops#gelu}.
 */
public record Gelu() implements Layer {
  @Override
  public Tensor forward(Tensor x) {
    return Ops.gelu(x);
  }
}
