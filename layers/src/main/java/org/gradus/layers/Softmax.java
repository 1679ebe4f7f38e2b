package org.gradus.layers;

import org.gradus.autograd.Tensor;
import org.gradus.autograd.ops.Ops;

/**
 * Probabilities along an axis, y = e^x / sum of e^x; see {@link Ops#softmax}.
 *
 * @param axis from 0, or negative to count from the end
 */
public record Softmax(int axis) implements Layer {
  @Override
  public Tensor forward(Tensor x) {
    return Ops.softmax(x, axis);
  }
}
