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
    Compute.kernels(x)
        .conv2dWeight(sizes, x.buffer().array(), y.buffer().array(), w.buffer().array());
    return w;
  }

  @Override
  public Tensor vjp(int input, Tensor g, Tensor w, List<Tensor> in) {
    return input == 0 ? conv2dInput(g, in.get(1), geometry) : conv2d(in.get(0), g, geometry);
  }
}
