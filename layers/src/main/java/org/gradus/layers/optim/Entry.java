package org.gradus.layers.optim;

import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a parameter's gradient.
 *
 * @param variable what stood for the parameter
 * @param gradient null if the loss does not depend on it
 */
record Entry(Tensor variable, @Nullable NdArray gradient) {

  Entry with(@Nullable NdArray other) {
    return new Entry(variable, other);
  }
}
