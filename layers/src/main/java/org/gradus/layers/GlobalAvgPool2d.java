package org.gradus.layers;

import org.gradus.autograd.Tensor;
import org.gradus.autograd.ops.Ops;

/** The mean of each channel of x [N, C, H, W], as [N, C, 1, 1]; see {@link Ops#globalAvgPool2d}. */
public record GlobalAvgPool2d() implements Layer {
  @Override
  public Tensor forward(Tensor x) {
    return Ops.globalAvgPool2d(x);
  }
}
