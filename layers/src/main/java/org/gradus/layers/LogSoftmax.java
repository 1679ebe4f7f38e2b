package org.gradus.layers;

import org.gradus.autograd.Tensor;
import org.gradus.autograd.ops.Ops;

/**
 * The logarithms of the probabilities along an axis; see {@link Ops#logSoftmax}.
 *
 * @param axis from 0, or negative to count from the end
 */
public record LogSoftmax(int axis) implements Layer {
  @Override
  public Tensor forward(Tensor x) {
    return Ops.logSoftmax(x, axis);
  }
}
