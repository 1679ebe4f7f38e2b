package org.gradus.layers;

import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.ops.Ops;
import org.gradus.autograd.ops.PoolOptions;

/**
 * The maximum of each window of x [N, C, H, W]; see {@link Ops#maxPool2d(Tensor, PoolOptions)} for
 * shapes and errors.
 *
 * @param options the size of the window, and how it slides
 */
public record MaxPool2d(PoolOptions options) implements Layer {

  /** Refuses null. */
  public MaxPool2d {
    Nulls.refuse("maxPool2d: options", options);
  }

  /** Square windows that tile the image: the stride is the size. */
  public MaxPool2d(int size) {
    this(window("maxPool2d", size));
  }

  static PoolOptions window(String layer, int size) {
    Affine.requirePositive(layer, "size", size);
    return PoolOptions.window(size);
  }

  @Override
  public Tensor forward(Tensor x) {
    return Ops.maxPool2d(x, options);
  }

  /** For example {@code MaxPool2d[2 x 2]}. */
  @Override
  public String toString() {
    return "MaxPool2d[%s x %s]".formatted(options.height(), options.width());
  }
}
