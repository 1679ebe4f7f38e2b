package org.gradus.autograd.ops;

import static org.gradus.autograd.ops.Ops.conv2d;
import static org.gradus.autograd.ops.Ops.conv2dInput;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.autograd.array.NdArray;
import org.gradus.autograd.array.Nulls;
import org.gradus.autograd.array.Shape;
import org.gradus.autograd.internal.kernel.ConvSizes;

/**
 * The op of {@link Ops#conv2dWeight}, which says what it computes.
 *
 * <pre>
 *   VJP x: conv2dInput(g, y)
 *   VJP y: conv2d(x, g)
 * </pre>
 */
record Conv2dWeight(ConvGeometry geometry) implements BinaryOp {
  /** Refuses null. */
  Conv2dWeight {
    Nulls.refuse("conv2dWeight: geometry", geometry);
  }

  @Override
  public NdArray forward(List<NdArray> in) {
    NdArray x = in.get(0);
    NdArray y = in.get(1);
    ConvSizes sizes = geometry.sizesOfXY(name(), x.shape(), y.shape());
    Shape shape =
        Shape.of(
            name(),
            sizes.filters(),
            sizes.channels() / sizes.groups(),
            geometry.rows().kernel(),
            geometry.columns().kernel());
    NdArray w = ArrayMath.result(x, shape);
    ArrayMath.kernels(x)
        .conv2dWeight(sizes, ArrayMath.array(x), ArrayMath.array(y), ArrayMath.array(w));
    return w;
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor w, List<Tensor> in) {
    return input == 0 ? conv2dInput(g, in.get(1), geometry) : conv2d(in.get(0), g, geometry);
  }
}
