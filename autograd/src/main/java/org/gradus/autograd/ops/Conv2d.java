package org.gradus.autograd.ops;

import static org.gradus.autograd.ops.Ops.conv2dInput;
import static org.gradus.autograd.ops.Ops.conv2dWeight;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.internal.kernel.ConvSizes;

/**
 * The op of {@link Ops#conv2d(Tensor, Tensor, ConvOptions)}, which says what it computes.
 *
 * <pre>
 *   VJP x: conv2dInput(w, g)
 *   VJP w: conv2dWeight(x, g)
 * </pre>
 *
 * @param geometry how the window slides
 */
record Conv2d(ConvGeometry geometry) implements BinaryOp {
  /** Refuses null. */
  Conv2d {
    Nulls.refuse("conv2d: geometry", geometry);
  }

  @Override
  public NdArray forward(List<NdArray> in) {
    NdArray x = in.get(0);
    NdArray w = in.get(1);
    ConvSizes sizes = geometry.sizesOfXW(name(), x.shape(), w.shape());
    return compute(name(), sizes, x, w, NdArray.zeros(x.dtype(), Shape.of(0)));
  }

  /** With a bias for each filter, or with none, an array of 0 elements. */
  static NdArray compute(String op, ConvSizes sizes, NdArray x, NdArray w, NdArray b) {
    Shape shape =
        Shape.of(
            op,
            sizes.batch(),
            sizes.filters(),
            sizes.window().rows().output(),
            sizes.window().columns().output());
    NdArray y = ArrayMath.result(x, shape);
    ArrayMath.kernels(x)
        .conv2d(
            sizes, ArrayMath.array(x), ArrayMath.array(w), ArrayMath.array(b), ArrayMath.array(y));
    return y;
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor y, List<Tensor> in) {
    return input == 0 ? conv2dInput(in.get(1), g, geometry) : conv2dWeight(in.get(0), g, geometry);
  }
}
