package org.gradus.autograd.ops;

import static org.gradus.autograd.ops.Ops.conv2d;
import static org.gradus.autograd.ops.Ops.conv2dWeight;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.internal.kernel.ConvSizes;

/**
 * The op of {@link Ops#conv2dInput}, which says what it computes.
 *
 * <pre>
 *   VJP w: conv2dWeight(g, y)
 *   VJP y: conv2d(g, w)
 * </pre>
 */
record Conv2dInput(ConvGeometry geometry) implements BinaryOp {
  /** Refuses null. */
  Conv2dInput {
    Nulls.refuse("conv2dInput: geometry", geometry);
  }

  @Override
  public NdArray forward(List<NdArray> in) {
    NdArray w = in.get(0);
    NdArray y = in.get(1);
    ConvSizes sizes = geometry.sizesOfWY(name(), w.shape(), y.shape());
    Shape shape =
        Shape.of(
            name(),
            sizes.batch(),
            sizes.channels(),
            geometry.rows().input(),
            geometry.columns().input());
    NdArray x = ArrayMath.result(w, shape);
    ArrayMath.kernels(w)
        .conv2dInput(sizes, ArrayMath.array(w), ArrayMath.array(y), ArrayMath.array(x));
    return x;
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor x, List<Tensor> in) {
    return input == 0 ? conv2dWeight(g, in.get(1), geometry) : conv2d(g, in.get(0), geometry);
  }
}
