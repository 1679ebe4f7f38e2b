package org.gradus.layers;

import org.gradus.autograd.Tensor;
import org.gradus.autograd.ops.Ops;

/**
 * The maximum of each channel of x [N, C, H, W], as [N, C, 1, 1]; see {@link Ops#globalMaxPool2d}.
 */
public record GlobalMaxPool2d() implements Layer {
  @Override
  public Tensor forward(Tensor x) {
    return Ops.globalMaxPool2d(x);
  }
}
