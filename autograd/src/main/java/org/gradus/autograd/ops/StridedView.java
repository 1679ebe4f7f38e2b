package org.gradus.autograd.ops;

import java.util.Arrays;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Shape;

/**
 * An array as seen through strides: which of its elements are taken, in what shape and order. A
 * view is described step by step, and then copied to another view of the same shape; only then is
 * any element touched. Arguments are trusted.
 */
final class StridedView {
  private final NdArray array;
  private final Shape shape;
  private final int offset;
  private final int[] strides;

  private StridedView(NdArray array, Shape shape, int offset, int[] strides) {
    this.array = array;
    this.shape = shape;
    this.offset = offset;
    this.strides = strides;
  }

  /** All elements, as they lie. */
  static StridedView of(NdArray array) {
    return new StridedView(array, array.shape(), 0, array.shape().strides());
  }

  Shape shape() {
    return shape;
  }

  /** So many of the indices along an axis: the first, and then always a step further. */
  StridedView range(int axis, int first, int count, int step) {
    int[] changed = strides.clone();
    changed[axis] *= step;
    return new StridedView(array, shape.with(axis, count), offset + first * strides[axis], changed);
  }

  /** The axes in another order: axis k is what was axis axes[k]. */
  StridedView permute(int[] axes) {
    int[] dims = Arrays.stream(axes).map(shape::dim).toArray();
    int[] exchanged = Arrays.stream(axes).map(axis -> strides[axis]).toArray();
    return new StridedView(array, Shape.of(dims), offset, exchanged);
  }

  /** Repeated to a shape that it broadcasts to. */
  StridedView broadcastTo(Shape large) {
    int[] repeated = new int[large.rank()];
    System.arraycopy(strides, 0, repeated, large.rank() - strides.length, strides.length);
    return new StridedView(array, large, offset, repeated);
  }

  /** Writes these elements to the places of a view of another array, which is modified. */
  void copyTo(StridedView target) {
    ArrayMath.LoopNest loop = ArrayMath.LoopNest.over(shape, strides, target.strides);
    ArrayMath.kernels(array)
        .copy(
            loop.extents(),
            ArrayMath.array(array),
            offset,
            loop.strides(0),
            ArrayMath.array(target.array),
            target.offset,
            loop.strides(1));
  }

  /** These elements as an array of their own. */
  NdArray copy() {
    NdArray y = ArrayMath.result(array, shape);
    copyTo(of(y));
    return y;
  }
}
