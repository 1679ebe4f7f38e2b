package org.gradus.layers;

import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.ops.Ops;
import org.gradus.autograd.ops.PoolOptions;

/**
 * The mean of each window of x [N, C, H, W]; see {@link Ops#avgPool2d(Tensor, PoolOptions)} for
 * shapes and errors.
 *
 * @param options the size of the window, and how it slides
 */
public record AvgPool2d(PoolOptions options) implements Layer {

  /** Refuses null. */
  public AvgPool2d {
    Nulls.refuse("avgPool2d: options", options);
  }

  /** Square windows that tile the image: the stride is the size. */
  public AvgPool2d(int size) {
    this(MaxPool2d.window("avgPool2d", size));
  }

  @Override
  public Tensor forward(Tensor x) {
    return Ops.avgPool2d(x, options);
  }

  /** For example {@code AvgPool2d[2 x 2]}. */
  @Override
  public String toString() {
    return "AvgPool2d[%s x %s]".formatted(options.height(), options.width());
  }
}
