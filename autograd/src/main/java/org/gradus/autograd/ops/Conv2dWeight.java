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
 * The adjoint of {@link Conv2d} in its weights: the function w = F_w(x, y) of the family that is
 * described there.
 *
 * <pre>
 *   x [N, C, H, W], y [N, F, OH, OW], w [F, C/G, KH, KW]
 *   w[f, c, a, b] = sum over n, i, j of  y[n, f, i, j] x[n, c', i s - p + a d, j s - p + b d]
 *   &lt;y, F_y(x, w)&gt; = &lt;w, F_w(x, y)&gt;  for all x, w, y
 *   VJP x: conv2dInput(g, y)
 *   VJP y: conv2d(x, g)
 * </pre>
 *
 * <p>Each filter f has weights of its own, for each channel c that it sees; images and places add
 * up. The sum over images is cut into parts that depend on the shapes alone.
 *
 * <p>Accuracy, of each weight by itself and for any values. Let u be half an ulp of 1, and m = N OH
 * OW the number of its products, or 8192 if that is smaller: long sums are added up in double part
 * by part. Its error is at most
 *
 * <pre>
 *   8 m u sum over n, i, j of  |y[n, f, i, j] x[n, c', ...]|     where it is summed up directly
 *   8 m u sum over tiles of  ||y_f|| ||x_c||                     where tiles are transformed
 * </pre>
 *
 * <p>with Euclidean norms over the 4x4 outputs of a tile and the pixels that the weight's own tap
 * meets there, and besides half an ulp of the weight, and m times the smallest number. Tiles are
 * transformed for windows of 3x3 of many channels, if less than about a third of y is 0, and only
 * if they are even enough for that bound and none is much of a sum. A weight whose products are all
 * 0 is 0. Infinities and NaN reach the weights that have them in their products, where padding is
 * no product, and no others. No sum overflows on the way to a weight that does not.
 *
 * <p>Refuses images and outputs that do not fit each other or the geometry.
 *
 * @param geometry how the window slides over x
 */
public record Conv2dWeight(ConvGeometry geometry) implements BinaryOp {
  /** Refuses null. */
  public Conv2dWeight {
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
    NdArray w = Compute.result(x, shape);
    Compute.kernels(x).conv2dWeight(sizes, Compute.array(x), Compute.array(y), Compute.array(w));
    return w;
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor w, List<Tensor> in) {
    return input == 0 ? conv2dInput(g, in.get(1), geometry) : conv2d(in.get(0), g, geometry);
  }
}
